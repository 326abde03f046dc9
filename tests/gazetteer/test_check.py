"""The check finds what a careful editor would look at again, and the curated packs have none."""

import pytest

from gazetteer import Gazetteer, Place, load_gazetteer
from gazetteer.check import check_places


def _place(place_id="x:1", name="Quiet Village", name_ar="قرية هادئة", lat=31.2, lon=16.6, **more):
    values = {"kind": "town", "precision_km": 2.0, "country": "LY"} | more
    return Place(place_id=place_id, name_en=name, name_ar=name_ar, lat=lat, lon=lon, **values)


def _findings(*places):
    return check_places(places, Gazetteer(places))


def test_the_curated_packs_have_no_findings():
    gazetteer = load_gazetteer()
    assert check_places(list(gazetteer), gazetteer) == []


def test_a_sound_place_has_no_findings():
    assert _findings(_place(lat=31.1)) == []


@pytest.mark.parametrize(
    ("place", "finding"),
    [
        (_place(lat=16.6, lon=31.2), "swapped it lies inside"),
        (_place(lat=33.5, lon=17.0), "in the sea or another country"),
        (_place(name_ar="الجديدة", lat=31.1), "is a common word too"),
    ],
)
def test_odd_places_are_found(place, finding):
    assert any(finding in line for line in _findings(place))


def test_a_place_told_twice_is_found():
    twice = _findings(_place(lat=31.1), _place("x:2", lat=31.1))
    assert any("x:1 and x:2" in line for line in twice)


def test_a_rig_offshore_may_lie_in_the_sea():
    assert _findings(_place(lat=33.5, lon=17.0, note="offshore")) == []
