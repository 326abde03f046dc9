"""The curated packs hold what they promise, and agree with the sources."""

import csv

import pytest
from geopy.distance import great_circle

from gazetteer import NameMatcher, load_gazetteer
from gazetteer.check import check_places

LIBYA = [place for place in load_gazetteer() if place.country == "LY"]
WORLD = [place for place in load_gazetteer() if place.country != "LY"]


# OCHA's point lies 13.5 km south of the town; OpenStreetMap's is on the escarpment where it stands.
DISPUTED = {"Arrhaibat"}


@pytest.fixture(scope="module")
def matcher(gazetteer):
    return NameMatcher(gazetteer)


def test_libya_has_its_places():
    assert len(LIBYA) >= 250
    kinds = {place.kind for place in LIBYA}
    assert kinds >= {
        "city",
        "town",
        "quarter",
        "axis",
        "camp",
        "road",
        "airbase",
        "airport",
        "port",
        "oilfield",
        "gate",
        "valley",
    }


def test_every_country_has_a_label_point():
    assert sum(place.kind == "country" for place in WORLD) >= 190


def test_every_place_says_where_its_position_comes_from():
    assert [p.place_id for p in load_gazetteer() if not p.sources] == []


def test_estimated_positions_are_marked_and_never_exact():
    estimated = [p for p in LIBYA if p.sources == ("Mihwar",)]
    assert [p.place_id for p in estimated if not p.note] == []
    assert min(p.precision_km for p in estimated) >= 1


def test_nothing_is_odd_in_the_packs(gazetteer):
    assert check_places(list(gazetteer), gazetteer) == []


@pytest.mark.parametrize(
    ("name", "elsewhere"),
    [
        ("طرابلس", "LB"),
        ("صلاح الدين", "IQ"),
        ("البيضاء", "YE"),
        ("المرج", "LB"),
        ("سوسة", "TN"),
        ("العزيزية", "IQ"),
    ],
)
def test_namesakes_that_must_not_land_in_libya_are_known(gazetteer, name, elsewhere):
    countries = {place.country for place in gazetteer.by_name(name)}
    assert {"LY", elsewhere} <= countries


@pytest.mark.parametrize("place", LIBYA, ids=lambda p: p.place_id)
def test_usual_names_are_found_in_running_text(place, matcher):
    """Each place is found by its Arabic and its English name."""
    for text in (f"في {place.name_ar} أمس", f"near {place.name_en} today"):
        found = {use.place.place_id for hit in matcher.find(text) for use in hit.uses}
        assert place.place_id in found, text


def rows_of(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_municipal_seats_lie_where_ocha_puts_them(shared, gazetteer):
    """Every seat of a municipality is there, within 6 km of OCHA's point."""
    path = shared / "gazetteer-sources" / "ocha_cod_lby_populatedplaces.csv"
    far = []
    for row in rows_of(path):
        point = (float(row["lat"]), float(row["lon"]))
        near = gazetteer.near(*point, limit=3)
        if row["name_en"] in DISPUTED:
            continue
        if great_circle(point, (near[0][0].lat, near[0][0].lon)).km > 6:
            far.append((row["name_en"], near[0][0].name_en, round(near[0][1], 1)))
    assert far == []


def test_hard_places_lie_where_the_compilation_puts_them(shared, gazetteer):
    path = shared / "gazetteer-sources" / "hard_places.csv"
    far = []
    for row in rows_of(path):
        if row["lat"] and row["confidence"] == "high":
            place, km = gazetteer.near(float(row["lat"]), float(row["lon"]), limit=1)[0]
            if km > 3:
                far.append((row["place"], place.name_en, round(km, 1)))
    assert far == []
