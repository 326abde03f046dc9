"""The control layer: stretches of days in which a place is held alike, each with its evidence."""

from bisect import bisect_right
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
    for row, place_id in sorted(enumerate(control.place_ids), key=lambda pair: pair[1]):
        holders = control.holders[row].astype(np.int64)
        told = place_id in control.evidence
        if not told and (holders == _UNKNOWN).all():
            continue
        near = near_told(control, place_id)
        last = _last_told(control, (place_id,) if told else near)
        leaning = _leaning(control, row) | (not told)
        counts = _counts(control, place_id)
        stale = control.first_day + np.arange(len(holders)) - last > STALE_DAYS
        for first, end in _stretches(holders * 1000 + steps[row] * 2 + stale, last, leaning):
            if not told and holders[first] == _UNKNOWN:
                continue
            day = control.first_day + end - 1
            lent = bool(leaning[first])
            rests_on = ((place_id,) if told else ()) + (near if lent else ())
            yield {
                **_place(gazetteer, place_id),
                "control_id": f"{place_id}@{_iso(control.first_day + first)}",
                "date_start": _iso(control.first_day + first),
                "date_end": _iso(day),
                "side": control.states[holders[first]],
                "probability": round(float(likelier[row, first:end].mean()), 3),
                "basis": "neighbours" if lent else "told",
                "inferred_from": list(near) if lent else [],
                "last_evidence": None if last[end - 1] == _NEVER else _iso(last[end - 1]),
                "stale": bool(stale[first]),
                "claims": int(counts[end - 1]),
                "evidence": latest_ids(control, rests_on, day),
            }


def _leaning(control: Control, row: int) -> NDArray[np.bool_]:
    """Tell on which days a place's holder follows from its neighbours more than from its claims."""
    lent = control.lent[row]
    return np.asarray(np.abs(lent) > np.abs(control.odds[row] - lent))


def _counts(control: Control, place_id: str) -> Ints:
    """Count the claims about a place until each day."""
    counts = np.zeros(control.odds.shape[1], dtype=np.int64)
    for day, ids, _ in control.evidence.get(place_id, ()):
        counts[day - control.first_day] += len(ids)
    return counts.cumsum()


def _last_told(control: Control, place_ids: Sequence[str]) -> Ints:
    """Give for each day that of the last claim about some places until then."""
    days = np.arange(control.odds.shape[1]) + control.first_day
    told = np.array(
        sorted(claim[0] for name in place_ids for claim in control.evidence.get(name, ())),
        dtype=np.int64,
    )
    if not len(told):
        return np.full(len(days), _NEVER)
    at = np.searchsorted(told, days, side="right") - 1
    return np.where(at >= 0, told[np.maximum(at, 0)], _NEVER)


def near_told(control: Control, place_id: str) -> tuple[str, ...]:
    """
    Give the nearest places along the road that are told of.

    Parameters
    ----------
    control
        Who holds which place when.
    place_id
        A place.
    """
    row = control.place_ids.index(place_id)
    near = control.apart_km[row]
    order = np.argsort(near, kind="stable")
    found = [control.place_ids[at] for at in order if at != row and np.isfinite(near[at])]
    return tuple(name for name in found if name in control.evidence)[:_NEIGHBOURS]


def latest_ids(control: Control, place_ids: Sequence[str], day: int) -> list[str]:
    """
    Give the ids of the last claims about some places until a day, else of the first after it.

    Parameters
    ----------
    control
        Who holds which place when.
    place_ids
        The places.
    day
        Days since 1970.
    """
    told = [control.evidence.get(place_id, ()) for place_id in place_ids]
    ends = [bisect_right(claims, day, key=_day) for claims in told]
    found = [
        c
        for claims, end in zip(told, ends, strict=True)
        for c in claims[max(0, end - _SHOWN) : end]
    ]
    found = found or [claim for claims in told for claim in claims[:_SHOWN]]
    nearest = sorted(found, key=lambda claim: (abs(claim[0] - day), claim[1]))
    ids = [event_id for claim in nearest for event_id in claim[1]]
    return list(dict.fromkeys(ids))[:_SHOWN]


def _day(claim: tuple[int, tuple[str, ...], float]) -> int:
    return claim[0]


def _stretches(*keys: NDArray[Any]) -> Iterator[tuple[int, int]]:
    """Give the half-open stretches of columns in which all keys stay the same."""
    cuts = np.flatnonzero(np.any([key[1:] != key[:-1] for key in keys], axis=0)) + 1
    edges = [0, *cuts.tolist(), len(keys[0])]
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
