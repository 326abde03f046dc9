"""Look over packs for what is legal but likely wrong."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from importlib import resources
from itertools import combinations

from shapely.geometry import Point

from gazetteer.catalogue import Gazetteer
from gazetteer.matcher import NameMatcher
from gazetteer.names import fold_name, is_arabic
from gazetteer.place import Place, distance_km
from gazetteer.shapes import load_outlines

NEAR_KM = 1.0
# Outlines are drawn to a kilometre; ports and coast towns stand on the line.
SHORE_KM = 3.0
_KM_PER_DEGREE = 111.2
OFFSHORE = "offshore"


def check_places(places: Sequence[Place], gazetteer: Gazetteer) -> list[str]:
    """
    Find what a careful editor would look at again.

    Parameters
    ----------
    places
        The places to look over.
    gazetteer
        Where names are looked up.

    Returns
    -------
    findings
        One sentence each, with the id; empty when nothing is odd.
    """
    findings = list(_outside(places))
    findings.extend(_doubles(places))
    findings.extend(_common_words(places, gazetteer))
    findings.extend(_unreachable(places, gazetteer))
    return findings


def _outside(places: Sequence[Place]) -> Iterator[str]:
    outlines = load_outlines()
    for place in places:
        outline = outlines.get(place.country)
        if outline is None or place.is_wide or OFFSHORE in place.note:
            continue
        away_km = outline.distance(Point(place.lon, place.lat)) * _KM_PER_DEGREE
        if away_km <= max(SHORE_KM, place.precision_km):
            continue
        where = f"{place.place_id}: lat={place.lat}, lon={place.lon}"
        if outline.contains(Point(place.lat, place.lon)):
            yield f"{where} lies outside {place.country}, swapped it lies inside"
        else:
            sea = f"{away_km:.0f} km off {place.country}, in the sea or another country"
            yield f"{where} lies {sea}; note {OFFSHORE!r} if that is so"


def _doubles(places: Sequence[Place]) -> Iterator[str]:
    by_name: dict[str, list[Place]] = {}
    for place in places:
        for key in {fold_name(name) for name in place.names}:
            by_name.setdefault(key, []).append(place)
    seen = set()
    for key, named in by_name.items():
        for one, other in combinations(named, 2):
            pair = (one.place_id, other.place_id)
            if one.kind == other.kind and pair not in seen and distance_km(one, other) <= NEAR_KM:
                seen.add(pair)
                yield f"{pair[0]} and {pair[1]}: both are {one.kind} {key!r} within {NEAR_KM:g} km"


def _common_words(places: Sequence[Place], gazetteer: Gazetteer) -> Iterator[str]:
    words = _words()
    for place in places:
        for name in place.names:
            key = fold_name(name)
            if key in words and gazetteer.clue(key) is None:
                yield f"{place.place_id}: {name!r} is a common word too and has no row in clues.csv"


@lru_cache(maxsize=1)
def _words() -> frozenset[str]:
    """Give common words of the three languages that places are also called by, folded."""
    file = resources.files("gazetteer") / "data" / "words.txt"
    lines = file.read_text(encoding="utf-8").splitlines()
    return frozenset(fold_name(word) for line in lines if line[:1] != "#" for word in line.split())


def _unreachable(places: Sequence[Place], gazetteer: Gazetteer) -> Iterator[str]:
    matcher = NameMatcher(gazetteer)
    for place in places:
        for name in place.names:
            if place not in gazetteer.by_name(name):
                yield f"{place.place_id}: the name {name!r} does not lead to it"
            elif not _is_found(place, name, matcher):
                yield f"{place.place_id}: {name!r} is never found in a text"


def _is_found(place: Place, name: str, matcher: NameMatcher) -> bool:
    text = f"في {name} اليوم" if is_arabic(name) else f"near {name} today"
    return any(use.place == place for hit in matcher.find(text) for use in hit.uses)
