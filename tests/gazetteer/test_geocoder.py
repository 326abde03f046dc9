"""The catalogue answers geopy and geopandas with no network."""

import geopandas
import pytest
from geopy.adapters import BaseSyncAdapter

from gazetteer.geocoder import GazetteerGeocoder, OnlineFallback


class FakeAdapter(BaseSyncAdapter):
    """Answers instead of the network, and counts the questions."""

    asked: list[str] = []  # noqa: RUF012

    def get_json(self, url, *, timeout, headers):
        self.asked.append(url)
        return (
            [] if "Nowhere" in url else [{"lat": "48.85", "lon": "2.35", "display_name": "Paris"}]
        )

    get_text = get_json


@pytest.fixture
def online(tmp_path):
    FakeAdapter.asked = []
    return lambda: OnlineFallback(
        "test", cache=tmp_path / "cache.json", adapter_factory=FakeAdapter
    )


def test_geocode_gives_latitude_first(gazetteer):
    location = GazetteerGeocoder(gazetteer).geocode("سرت")
    assert (round(location.latitude), round(location.longitude)) == (31, 17)
    assert location.raw["place_id"] == "ly:sirte"


def test_geocode_knows_no_unknown_place(gazetteer):
    assert GazetteerGeocoder(gazetteer).geocode("لا مكان") is None


def test_reverse_gives_the_nearest(gazetteer):
    assert GazetteerGeocoder(gazetteer).reverse((32.434, 13.633)).raw["place_id"] == "ly:tarhuna"


def test_geopandas_geocodes_offline():
    found = geopandas.tools.geocode(["ترهونة", "Sirte"], provider=GazetteerGeocoder)
    assert found.crs.to_epsg() == 4326
    assert [round(p.x) for p in found.geometry] == [14, 17]


def test_fallback_asks_only_for_what_is_unknown(online):
    online().geocode("Sirte")
    assert FakeAdapter.asked == []


def test_fallback_asks_once_and_keeps_the_answer(online):
    first = online().geocode("Rue de Rivoli")
    again = online().geocode("Rue de Rivoli")
    assert (first.latitude, again.latitude) == (48.85, 48.85)
    assert len(FakeAdapter.asked) == 1


def test_fallback_keeps_what_nobody_knows(online):
    assert online().geocode("Nowhere at all") is None
    assert online().geocode("Nowhere at all") is None
    assert len(FakeAdapter.asked) == 1
