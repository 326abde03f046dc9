"""The gazetteer as a geopy geocoder, with an opt-in online fallback."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from geopy.exc import GeocoderServiceError
from geopy.extra.rate_limiter import RateLimiter
from geopy.geocoders import Nominatim
from geopy.geocoders.base import DEFAULT_SENTINEL, Geocoder
from geopy.location import Location
from geopy.point import Point

from gazetteer.catalogue import Gazetteer
from gazetteer.place import Place
from gazetteer.reader import load_gazetteer

# Nominatim's usage policy: an absolute maximum of one request a second, results cached.
MIN_DELAY_SECONDS = 1.0


class GazetteerGeocoder(Geocoder):  # type: ignore[misc]  # geopy has no type hints
    """
    Answer geopy's questions from the catalogue, with no network.

    Parameters
    ----------
    gazetteer
        Which catalogue; None for the curated one.
    **kwargs
        Options of every geopy geocoder.

    Examples
    --------
    >>> GazetteerGeocoder().geocode("Sirte").latitude
    31.206
    """

    def __init__(self, gazetteer: Gazetteer | None = None, **kwargs: Any) -> None:  # noqa: ANN401 (geopy's own options)
        super().__init__(**kwargs)
        self.gazetteer = gazetteer or load_gazetteer()

    def geocode(
        self,
        query: str,
        exactly_one: bool = True,  # noqa: FBT001, FBT002 (geopy's signature)
        timeout: object = DEFAULT_SENTINEL,  # noqa: ARG002 (nothing to wait for)
    ) -> Location | list[Location] | None:
        """
        Find a place by name.

        Parameters
        ----------
        query
            A name in any spelling.
        exactly_one
            Give the most famous place, or all with that name.
        timeout
            Not used: nothing leaves the machine.

        Returns
        -------
        location
            A `Location` whose point is (latitude, longitude) and whose `raw` holds the place;
            None where no place has the name.
        """
        found = [_location(place) for place in self.gazetteer.by_name(query)]
        return _one_or_all(found, exactly_one=exactly_one)

    def reverse(
        self,
        query: Point | tuple[float, float] | str,
        exactly_one: bool = True,  # noqa: FBT001, FBT002 (geopy's signature)
        timeout: object = DEFAULT_SENTINEL,  # noqa: ARG002 (nothing to wait for)
    ) -> Location | list[Location] | None:
        """
        Find the places nearest to a point.

        Parameters
        ----------
        query
            (latitude, longitude), in that order as everywhere in geopy.
        exactly_one
            Give the nearest, or the nearest five.
        timeout
            Not used: nothing leaves the machine.
        """
        point = Point(query)
        found = [
            _location(place) for place, _ in self.gazetteer.near(point.latitude, point.longitude)
        ]
        return _one_or_all(found, exactly_one=exactly_one)


class OnlineFallback(Geocoder):  # type: ignore[misc]  # geopy has no type hints
    """
    Ask the catalogue first and OpenStreetMap's Nominatim for what it does not know.

    Opt-in: nothing in Mihwar makes one by itself, since it sends the names it is asked for over
    the network. At most one request a second, each answer kept in a file.

    Parameters
    ----------
    user_agent
        Who asks, as Nominatim's usage policy demands.
    cache
        The JSON file in which answers are kept; None to keep them in memory.
    gazetteer
        Which catalogue; None for the curated one.
    **kwargs
        Options of every geopy geocoder.
    """

    def __init__(
        self,
        user_agent: str,
        *,
        cache: Path | None = None,
        gazetteer: Gazetteer | None = None,
        **kwargs: Any,  # noqa: ANN401 (geopy's own options)
    ) -> None:
        super().__init__(user_agent=user_agent, **kwargs)
        self.local = GazetteerGeocoder(gazetteer)
        online = Nominatim(user_agent=user_agent, **kwargs)
        self._ask = RateLimiter(online.geocode, min_delay_seconds=MIN_DELAY_SECONDS, max_retries=1)
        self._cache = cache
        self._kept: dict[str, Mapping[str, Any] | None] = _read_cache(cache)

    def geocode(
        self,
        query: str,
        exactly_one: bool = True,  # noqa: FBT001, FBT002 (geopy's signature)
        timeout: object = DEFAULT_SENTINEL,
    ) -> Location | list[Location] | None:
        """
        Find a place by name, in the catalogue or else online.

        Parameters
        ----------
        query
            A name in any spelling.
        exactly_one
            Give one location, or all; online there is at most one.
        timeout
            Seconds to wait for the answer.
        """
        found = self.local.geocode(query, exactly_one=exactly_one)
        if found is not None:
            return found
        if query not in self._kept:
            answer = self._ask(query, timeout=timeout)
            self._keep(query, answer)
        kept = self._kept[query]
        if kept is None:
            return None
        location = Location(kept["address"], (kept["lat"], kept["lon"]), dict(kept))
        return location if exactly_one else [location]

    def _keep(self, query: str, answer: Location | None) -> None:
        self._kept[query] = answer and {
            "address": answer.address,
            "lat": answer.latitude,
            "lon": answer.longitude,
        }
        if self._cache is not None:
            text = json.dumps(self._kept, ensure_ascii=False, indent=1, sort_keys=True)
            self._cache.parent.mkdir(parents=True, exist_ok=True)
            self._cache.write_text(text, encoding="utf-8")


def _read_cache(cache: Path | None) -> dict[str, Mapping[str, Any] | None]:
    if cache is None or not cache.exists():
        return {}
    try:
        kept: dict[str, Mapping[str, Any] | None] = json.loads(cache.read_text(encoding="utf-8"))
    except ValueError as error:
        msg = f"The cache {cache} is not JSON ({error}); delete it to ask again."
        raise GeocoderServiceError(msg) from error
    return kept


def _location(place: Place) -> Location:
    address = ", ".join(part for part in (place.name_en, place.admin, place.country) if part)
    raw = {
        "place_id": place.place_id,
        "kind": place.kind,
        "name_ar": place.name_ar,
        "precision_km": place.precision_km,
    }
    return Location(address, (place.lat, place.lon), raw)


def _one_or_all(found: list[Location], *, exactly_one: bool) -> Location | list[Location] | None:
    if not found:
        return None
    return found[0] if exactly_one else found
