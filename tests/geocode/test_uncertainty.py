"""Sites that are no point are drawn: sectors, rings, buffers, corridors, outlines, lines."""

import json

import pytest
from geopy.distance import great_circle
from shapely.geometry import LinearRing, Point

from gazetteer import Gazetteer, Place, load_gazetteer
from geocode import geocode_articles, make_article
from geocode.layers import to_csv, to_geojson
from geocode.uncertainty import uncertain_areas


@pytest.fixture(scope="module")
def draw():
    gazetteer = load_gazetteer()

    def call(text, lang="ar"):
        article = make_article(text, lang=lang)
        result = geocode_articles([article], gazetteer=gazetteer)
        return result.mentions, uncertain_areas(result.mentions, gazetteer)

    return call


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("قصف مواقع غرب سرت", "sector"),
        ("قصف مواقع على بعد 40 كيلومترا غرب سرت", "sector"),
        ("قصف على مسافة 30 كيلومترا من ترهونة", "ring"),
        ("اشتباكات في ضواحي ترهونة", "ring"),
        ("انفجار قرب مصراتة", "buffer"),
        ("اشتباكات على الطريق بين سرت وبن جواد", "corridor"),
        ("اشتباكات في الهلال النفطي", "area"),
        ("اشتباكات على الطريق الساحلي", "line"),
    ],
)
def test_each_relation_has_its_form(draw, text, form):
    _, areas = draw(text)
    assert areas["form"].iloc[0] == form
    assert areas.geometry.is_valid.all()


@pytest.mark.parametrize("text", ["قصف مواقع غرب سرت", "قصف على بعد 40 كيلومترا غرب سرت"])
def test_the_representative_point_lies_in_its_sector(draw, text):
    mentions, areas = draw(text)
    assert areas.geometry.iloc[0].contains(mentions.geometry.iloc[0])


def test_a_sector_lies_on_the_side_and_at_the_distance_told(draw):
    _, areas = draw("قصف على بعد 40 كيلومترا غرب سرت")
    sirte = load_gazetteer().by_id("ly:sirte")
    centre = areas.geometry.iloc[0].centroid
    assert centre.x < sirte.lon
    away = great_circle((centre.y, centre.x), (sirte.lat, sirte.lon)).km
    assert 30 < away < 50


def test_a_corridor_holds_both_its_ends(draw):
    _, areas = draw("اشتباكات على الطريق بين سرت وبن جواد")
    for place_id in ("ly:sirte", "ly:bin-jawad"):
        place = load_gazetteer().by_id(place_id)
        assert areas.geometry.iloc[0].contains(Point(place.lon, place.lat))


def test_a_locator_shifts_nothing(draw):
    mentions, areas = draw("قصف بني وليد جنوب شرق طرابلس")
    assert areas.empty
    tripoli = mentions[mentions["place_id"] == "ly:tripoli"].iloc[0]
    assert (round(tripoli.geometry.x, 4), round(tripoli.geometry.y, 4)) == (
        tripoli["lon"],
        tripoli["lat"],
    )


def test_a_doubtful_locator_is_noted_and_not_believed(draw):
    mentions, _ = draw("قصف عين زارة غرب طرابلس")
    ain_zara = mentions.iloc[0]
    assert "the report puts it west_of Tripoli, the gazetteer southeast_of" in ain_zara["reason"]
    assert round(ain_zara.geometry.x, 4) == ain_zara["lon"]


def test_the_layer_is_written_with_its_outlines(draw):
    _, areas = draw("قصف مواقع غرب سرت")
    feature = json.loads(to_geojson("uncertainty", areas, {}))["features"][0]
    assert feature["geometry"]["type"] == "Polygon"
    assert feature["id"] == feature["properties"]["mention_id"]
    assert "POLYGON" in to_csv("uncertainty", areas)


def test_nothing_to_draw_is_an_empty_layer(draw):
    _, areas = draw("اشتباكات في سرت")
    assert areas.empty
    assert json.loads(to_geojson("uncertainty", areas, {}))["features"] == []


def test_exported_polygons_run_counter_clockwise(draw):
    _, areas = draw("قصف مواقع غرب سرت واشتباكات في محيط غريان")
    rings = [
        f["geometry"]["coordinates"][0]
        for f in json.loads(to_geojson("uncertainty", areas, {}))["features"]
    ]
    assert rings
    assert all(LinearRing(ring).is_ccw for ring in rings)


def test_what_wraps_round_the_antimeridian_is_left_out(draw):
    town = Place(
        place_id="my:anti",
        kind="town",
        name_en="Antiville",
        name_ar="أنتيفيل",
        lat=-16.0,
        lon=179.95,
        precision_km=20.0,
    )
    article = make_article("Clashes erupted on the outskirts of Antiville.", lang="en")
    gazetteer = Gazetteer([*load_gazetteer(), town])
    mentions = geocode_articles([article], gazetteer=gazetteer).mentions
    assert mentions["relation"].tolist() == ["outskirts"]
    assert uncertain_areas(mentions, gazetteer).empty
