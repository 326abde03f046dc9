"""Regions have outlines and roads a course; the tables that say so are checked."""

import json

import pytest
from shapely.geometry import Point, shape

from gazetteer import PackError, load_gazetteer
from gazetteer.shapes import load_roads, load_shapes, read_roads, read_shapes


@pytest.fixture(scope="module")
def gazetteer():
    return load_gazetteer()


def test_regions_and_roads_of_the_war_have_a_shape(gazetteer):
    shapes = load_shapes(gazetteer)
    for place_id in ("ly:oil-crescent", "ly:jabal-nafusa", "ly:west-coast"):
        assert shapes[place_id]["type"] == "Polygon"
    for place_id in ("ly:shatt-road", "ly:coastal-road", "ly:airport-road"):
        assert shapes[place_id]["type"] == "LineString"


def test_shapes_are_valid_and_wound_as_rfc_7946_wants(gazetteer):
    for place_id, geometry in load_shapes(gazetteer).items():
        drawn = shape(geometry)
        assert drawn.is_valid, place_id
        if geometry["type"] == "Polygon":
            assert drawn.exterior.is_ccw, place_id


def test_a_region_holds_its_towns(gazetteer):
    crescent = shape(load_shapes(gazetteer)["ly:oil-crescent"])
    for place_id in ("ly:brega", "ly:sidra-port", "ly:uqayla"):
        place = gazetteer.by_id(place_id)
        assert crescent.buffer(0.2).contains(Point(place.lon, place.lat))


def test_the_way_between_two_towns_follows_the_roads(gazetteer):
    path = load_roads(gazetteer).path("ly:misrata", "ly:sirte")
    assert path[0] == "ly:misrata"
    assert "ly:abu-qurayn" in path


def test_there_is_no_way_to_a_place_off_the_roads(gazetteer):
    assert load_roads(gazetteer).path("ly:misrata", "w:fr") == ()


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ("Road,ly:nowhere,ly:sirte,1,", "no place has the id ly:nowhere"),
        ("Road,ly:misrata,ly:sirte,1,", "its ends are"),
        ("Road,ly:misrata,ly:sirte,far,", "could not convert"),
    ],
)
def test_a_wrong_road_is_told_with_its_line(tmp_path, gazetteer, row, fault):
    path = tmp_path / "roads.csv"
    path.write_text(f"road,from_id,to_id,length_km,note\n{row}\n", encoding="utf-8")
    with pytest.raises(PackError, match=f"roads.csv:2: .*{fault}"):
        read_roads(path, gazetteer)


@pytest.mark.parametrize(
    ("feature", "fault"),
    [
        ({}, "expected properties.place_id"),
        (
            {
                "properties": {"place_id": "no"},
                "geometry": {"type": "Point", "coordinates": [0, 0]},
            },
            "'no'",
        ),
        (
            {
                "properties": {"place_id": "ly:sirte"},
                "geometry": {"type": "Point", "coordinates": [0, 0]},
            },
            "type 'Point'",
        ),
        (
            {
                "properties": {"place_id": "ly:sirte"},
                "geometry": {"type": "LineString", "coordinates": [[0, 0], [200, 0]]},
            },
            "no longitude",
        ),
    ],
)
def test_a_wrong_shape_is_told(tmp_path, gazetteer, feature, fault):
    path = tmp_path / "shapes.geojson"
    path.write_text(json.dumps({"features": [feature]}), encoding="utf-8")
    with pytest.raises(PackError, match=fault):
        read_shapes(path, gazetteer)
