"""The catalogue finds places by id, by name, by likeness and by nearness."""

import pytest

from gazetteer import Gazetteer, GazetteerError, Place, PlaceError, PlaceNotFoundError


def place(place_id, name, **kwargs):
    given = {"kind": "town", "name_ar": name, "lat": 31.21, "lon": 16.59, "precision_km": 5.0}
    return Place(place_id=place_id, name_en=name, **{**given, **kwargs})


def test_place_refuses_swapped_coordinates():
    """The message names the place and the values."""
    with pytest.raises(PlaceError, match=r"'x:1'.*lat=113.0, lon=32.0.*swapped"):
        place("x:1", "Nowhere", lat=113.0, lon=32.0)


def test_place_gathers_all_faults():
    with pytest.raises(PlaceError, match=r"kind='hamlet'.*precision_km=0"):
        place("x:1", "Nowhere", kind="hamlet", precision_km=0)


def test_gazetteer_refuses_one_id_for_two_places():
    with pytest.raises(GazetteerError, match="x:1"):
        Gazetteer([place("x:1", "A"), place("x:1", "B")])


def test_by_id_says_how_to_search():
    with pytest.raises(PlaceNotFoundError, match=r"'x:9'.*gazetteer search"):
        Gazetteer([]).by_id("x:9")


@pytest.mark.parametrize("name", ["ترهونه", "تَرهونة", "Tarhouna", "TARHUNA"])
def test_by_name_finds_any_spelling(gazetteer, name):
    assert gazetteer.by_name(name)[0].place_id == "ly:tarhuna"


def test_by_name_puts_the_famous_first(gazetteer):
    assert [p.place_id for p in gazetteer.by_name("طرابلس")] == ["ly:tripoli", "w:lb-tripoli-lb"]


def test_a_name_without_its_head_needs_that_head(gazetteer):
    """Misrata is not Misrata Airport, but may be it where an airport is asked for."""
    heads = {use.place.place_id: use.head_kind for use in gazetteer.uses("مصراته")}
    assert heads["ly:misrata"] is None
    assert heads["ly:misrata-airport"] == "airport"


@pytest.mark.parametrize(("typo", "meant"), [("طرابس", "ly:tripoli"), ("Ghryan", "ly:gharyan")])
def test_search_forgives_mistakes(gazetteer, typo, meant):
    assert meant in [r.place.place_id for r in gazetteer.search(typo)]


@pytest.mark.parametrize("query", ["", "…", "قققققققق"])
def test_search_finds_nothing_for_what_is_no_name(gazetteer, query):
    assert gazetteer.search(query) == []


def test_near_gives_the_nearest_spot_first(gazetteer):
    nearest, distance_km = gazetteer.near(31.206, 16.5836)[0]
    assert nearest.place_id == "ly:sirte"
    assert distance_km < 2
