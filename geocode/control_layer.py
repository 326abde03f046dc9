"""The control layer: stretches of days in which a place is held alike, each with its evidence."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gazetteer import Gazetteer
from geocode.control import Control

Ints = NDArray[np.int64]
_EPOCH = date(1970, 1, 1)
# Without a claim for so long, what is said of a place is drawn hatched.
STALE_DAYS = 60
# Within a stretch the probability changes by less than this.
_STEP = 0.05
# So many claims are named, the latest.
_SHOWN = 6
# So many places along the road are named for one of which nothing is told.
_NEIGHBOURS = 3
_NEVER = -(10**6)
_UNKNOWN = 3


def control_rows(control: Control, gazetteer: Gazetteer) -> Iterator[dict[str, Any]]:
    """
    Give the rows of the control layer.

    Parameters
    ----------
    control
        Who holds which place when.
    gazetteer
        For names and points.

    Yields
    ------
    row
        The columns of the layer, and ``x`` and ``y``; ordered by place and day. Places of which
        nothing is told have rows only where their neighbours along the road tell something.
    """
    likelier = np.maximum(control.shares, 1 - control.shares)
    steps = np.round(likelier / _STEP).astype(np.int64)
    told = set(control.evidence)
    for row, place_id in sorted(enumerate(control.place_ids), key=lambda pair: pair[1]):
        holders = control.holders[row].astype(np.int64)
        if place_id not in told and (holders == _UNKNOWN).all():
            continue
        last = _last_told(control, place_id)
        days = control.first_day + np.arange(len(holders))
        stale = days - last > STALE_DAYS
        for first, end in _stretches(holders * 1000 + steps[row] * 2 + stale):
            if place_id not in told and holders[first] == _UNKNOWN:
                continue
            yield {
                **_place(gazetteer, place_id),
                "control_id": f"{place_id}@{_iso(control.first_day + first)}",
                "date_start": _iso(control.first_day + first),
                "date_end": _iso(control.first_day + end - 1),
                "side": control.states[holders[first]],
                "probability": round(float(likelier[row, first:end].mean()), 3),
                "stale": bool(stale[first]),
                **_grounds(control, place_id, control.first_day + end - 1),
            }


def _last_told(control: Control, place_id: str) -> Ints:
    """Give for each day that of the last claim about a place, or its road, until then."""
    days = np.arange(control.odds.shape[1]) + control.first_day
    told = np.array(
        sorted(
            day
            for near in (place_id, *near_told(control, place_id))
            for day in _days(control, near)
        ),
        dtype=np.int64,
    )
    at = np.searchsorted(told, days, side="right") - 1
    return (
        np.where(at >= 0, told[np.maximum(at, 0)], _NEVER)
        if len(told)
        else np.full(len(days), _NEVER)
    )


def _days(control: Control, place_id: str) -> list[int]:
    return [day for day, _, _ in control.evidence.get(place_id, ())]


def near_told(control: Control, place_id: str) -> tuple[str, ...]:
    """
    Give the nearest places along the road that are told of, for one of which nothing is told.

    Parameters
    ----------
    control
        Who holds which place when.
    place_id
        A place; one that is told of itself needs none.
    """
    if place_id in control.evidence:
        return ()
    row = control.place_ids.index(place_id)
    near = control.apart_km[row]
    order = np.argsort(near, kind="stable")
    found = [control.place_ids[at] for at in order if np.isfinite(near[at])]
    return tuple(name for name in found if name in control.evidence)[:_NEIGHBOURS]


def _grounds(control: Control, place_id: str, day: int) -> dict[str, Any]:
    """Say what a stretch rests on: its own claims, or those about its neighbours."""
    near = near_told(control, place_id)
    claims = [claim for name in near or (place_id,) for claim in control.evidence.get(name, ())]
    before = [claim for claim in claims if claim[0] <= day]
    own = [claim for claim in before if not near]
    last = max((told for told, _, _ in before), default=None)
    return {
        "basis": "neighbours" if near else "told",
        "inferred_from": list(near),
        "last_evidence": None if last is None else _iso(last),
        "claims": sum(len(ids) for _, ids, _ in own),
        "evidence": latest_ids(before or claims, day),
    }


def latest_ids(claims: Sequence[tuple[int, tuple[str, ...], float]], day: int) -> list[str]:
    """
    Give the ids of the claims nearest to a day.

    Parameters
    ----------
    claims
        As in `geocode.control.Control.evidence`.
    day
        Days since 1970.
    """
    nearest = sorted(claims, key=lambda claim: (abs(claim[0] - day), claim[1]))
    ids = [event_id for _, found, _ in nearest for event_id in found]
    return list(dict.fromkeys(ids))[:_SHOWN]


def _stretches(keys: Ints) -> Iterator[tuple[int, int]]:
    """Give the half-open stretches of columns in which a key stays the same."""
    cuts = np.flatnonzero(np.diff(keys)) + 1
    edges = [0, *cuts.tolist(), len(keys)]
    yield from pairwise(edges)


def _place(gazetteer: Gazetteer, place_id: str) -> dict[str, Any]:
    place = gazetteer.by_id(place_id)
    return {
        "place_id": place_id,
        "place_name": place.name_en,
        "place_name_ar": place.name_ar,
        "kind": place.kind,
        "lat": place.lat,
        "lon": place.lon,
        "x": place.lon,
        "y": place.lat,
    }


def _iso(day: int) -> str:
    return (_EPOCH + timedelta(days=int(day))).isoformat()
