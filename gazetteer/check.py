"""Look over packs for what is legal but likely wrong."""

from collections.abc import Iterator, Sequence
from itertools import combinations

from gazetteer.catalogue import Gazetteer
from gazetteer.names import fold_name
from gazetteer.place import Place, distance_km

# A box around Libya with its territorial waters, degrees on EPSG:4326 (Natural Earth borders).
LIBYA_BOX = (9.2, 19.4, 25.3, 34.6)
NEAR_KM = 1.0


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
    findings.extend(_unreachable(places, gazetteer))
    return findings


def _outside(places: Sequence[Place]) -> Iterator[str]:
    west, south, east, north = LIBYA_BOX
    for place in places:
        inside = west <= place.lon <= east and south <= place.lat <= north
        if place.country == "LY" and not inside:
            yield (
                f"{place.place_id}: lat={place.lat}, lon={place.lon} is outside Libya; "
                "are they swapped?"
            )


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


def _unreachable(places: Sequence[Place], gazetteer: Gazetteer) -> Iterator[str]:
    for place in places:
        for name in place.names:
            if place not in gazetteer.by_name(name):
                yield f"{place.place_id}: the name {name!r} does not lead to it"
