"""The front: the ways between neighbouring places held by different sides, and advances."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import chain, pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gazetteer import Gazetteer
from geocode.control import Control
from geocode.control_layer import latest_ids
from geocode.road_distance import Net, neighbour_net

Ints = NDArray[np.int64]
_EPOCH = date(1970, 1, 1)
# A way longer than this has no front on it, but a desert between two rear areas.
FARTHEST_KM = 150.0
# Mentions of so many days tell how active a stretch is.
ACTIVE_DAYS = 14
# A change of hands is told by claims within so many days of it.
TOLD_DAYS = 3
# Within a stretch the probability changes by less than this.
_STEP = 0.1
_UNKNOWN = 3
# A place that was of unknown hands for so long was not taken from the one who held it before.
_LONGEST_GAP_DAYS = 45

Mentions = Mapping[str, Mapping[int, int]]


def front_rows(
    control: Control, gazetteer: Gazetteer, mentions: Mentions | None = None
) -> Iterator[dict[str, Any]]:
    """
    Give the rows of the front layer.

    Parameters
    ----------
    control
        Who holds which place when.
    gazetteer
        For names, points and roads.
    mentions
        Front-line mentions, by place and day since 1970; None to count none.

    Yields
    ------
    row
        The columns of the layer, and ``line``: the points (longitude, latitude) of its geometry.

    Notes
    -----
    The front lies somewhere on the way between a place and the nearest one the other side holds:
    along main roads, or between quarters, camps and villages near each other, through places of
    which nothing is told, for at most `FARTHEST_KM`. No line is drawn between places that no way
    joins, and none over open country. The probability is that of both holders, taken as
    independent of each other.
    """
    net = neighbour_net(control.place_ids, gazetteer)
    for stretch in chain(_lines(control, net), _advances(control, net)):
        yield _row(control, gazetteer, mentions or {}, stretch)


@dataclass(frozen=True, slots=True)
class _Pair:
    """Two places that face each other: rows of the first and second side, and between."""

    one: int
    other: int
    via: tuple[int, ...]
    length_km: float


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stretch:
    """A row of the layer: what it is, between which places, on which days."""

    form: str
    path: tuple[int, ...]
    sides: tuple[str, str]
    days: tuple[int, int]
    probability: float
    length_km: float


def _lines(control: Control, net: Net) -> Iterator[_Stretch]:
    days: dict[_Pair, list[range]] = {}
    holders = _told_holders(control)
    for block in _blocks(holders):
        for pair in _facing(holders[:, block.start], net):
            days.setdefault(pair, []).append(block)
    for pair in sorted(days, key=lambda p: (control.place_ids[p.one], control.place_ids[p.other])):
        columns = np.concatenate([np.arange(b.start, b.stop) for b in days[pair]])
        share = control.shares[pair.one, columns] * (1 - control.shares[pair.other, columns])
        steps = np.round(share / _STEP).astype(np.int64)
        cuts = np.flatnonzero((np.diff(columns) > 1) | (np.diff(steps) != 0)) + 1
        for part in np.split(np.arange(len(columns)), cuts):
            first, last = int(columns[part[0]]), int(columns[part[-1]])
            yield _Stretch(
                form="line",
                path=(pair.one, *pair.via, pair.other),
                sides=control.sides,
                days=(first, last),
                probability=float(share[part].mean()),
                length_km=pair.length_km,
            )


def _told_holders(control: Control) -> NDArray[np.int8]:
    """Give who holds the places that are told of; of others only what their neighbours suggest."""
    told = np.array([place_id in control.evidence for place_id in control.place_ids])
    return np.where(told[:, None], control.holders, np.int8(_UNKNOWN))


def _blocks(holders: NDArray[np.int8]) -> Iterator[range]:
    """Give the stretches of days in which nothing changes hands."""
    if not holders.size:
        return
    cuts = np.flatnonzero((np.diff(holders, axis=1) != 0).any(axis=0)) + 1
    edges = [0, *cuts.tolist(), holders.shape[1]]
    yield from (range(a, b) for a, b in pairwise(edges))


def _facing(holders: NDArray[np.int8], net: Net) -> Iterator[_Pair]:
    """Give for each place the nearest one of the other side, where the way to it is free."""
    ones, others = np.flatnonzero(holders == 0), np.flatnonzero(holders == 1)
    if not len(ones) or not len(others):
        return
    known = np.concatenate([ones, others])
    km, before = net.ways(ones, blocked=known, limit_km=FARTHEST_KM)
    to = km[:, others]
    found = {(at, int(to[at].argmin())) for at in range(len(ones))}
    found |= {(int(to[:, at].argmin()), at) for at in range(len(others))}
    for one, other in sorted(found):
        if np.isfinite(to[one, other]):
            path = net.path(before[one], int(ones[one]), int(others[other]))
            yield _Pair(path[0], path[-1], path[1:-1], round(float(to[one, other]), 1))


def _advances(control: Control, net: Net) -> Iterator[_Stretch]:
    """Give an arrow for each place that was taken, told by a dated claim."""
    for row, column, taker in _taken(control):
        held = np.flatnonzero(control.holders[:, max(column - 1, 0)] == taker)
        held = held[held != row]
        if not len(held):
            continue
        km, before = net.ways(np.array([row]), blocked=held, limit_km=FARTHEST_KM)
        nearest = int(held[km[0, held].argmin()])
        if not np.isfinite(km[0, nearest]):
            continue
        share = float(control.shares[row, column])
        yield _Stretch(
            form="advance",
            path=tuple(reversed(net.path(before[0], row, nearest))),
            sides=(control.sides[taker], control.sides[1 - taker]),
            days=(column, column),
            probability=share if taker == 0 else 1 - share,
            length_km=round(float(km[0, nearest]), 1),
        )


def _taken(control: Control) -> Iterator[tuple[int, int, int]]:
    """Give place, day and side of each change of hands near a claim that tells it."""
    for row, place_id in sorted(enumerate(control.place_ids), key=lambda pair: pair[1]):
        if place_id not in control.evidence:
            continue
        holders = control.holders[row]
        sided = np.flatnonzero(holders <= 1)
        for before, after in pairwise(sided.tolist()):
            changed = holders[before] != holders[after] and after - before <= _LONGEST_GAP_DAYS
            if changed and told_change(control, place_id, after, int(holders[after])):
                yield row, after, int(holders[after])


def told_change(control: Control, place_id: str, column: int, side: int) -> list[str]:
    """
    Give the claims that tell that a side took a place.

    Parameters
    ----------
    control
        Who holds which place when.
    place_id
        A place.
    column
        The day it changed hands, counted from ``first_day``.
    side
        0 or 1, the side that took it.
    """
    day = control.first_day + column
    return [
        event_id
        for told, ids, odds in control.evidence.get(place_id, ())
        if abs(told - day) <= TOLD_DAYS and (odds < 0) == bool(side)
        for event_id in ids
    ]


def _row(
    control: Control, gazetteer: Gazetteer, mentions: Mentions, stretch: _Stretch
) -> dict[str, Any]:
    ids = [control.place_ids[at] for at in stretch.path]
    first, last = (control.first_day + day for day in stretch.days)
    places = [gazetteer.by_id(place_id) for place_id in ids]
    ends = {"a": (places[0], stretch.sides[0]), "b": (places[-1], stretch.sides[1])}
    return {
        "front_id": f"{stretch.form}:{ids[0]}-{ids[-1]}@{_iso(first)}",
        "form": stretch.form,
        **{
            f"{name}_{end}{suffix}": value
            for end, (place, side) in ends.items()
            for name, suffix, value in (
                ("side", "", side),
                ("place", "_id", place.place_id),
                ("place", "_name", place.name_en),
                ("place", "_name_ar", place.name_ar),
            )
        },
        "via": ids[1:-1],
        "date_start": _iso(first),
        "date_end": _iso(last),
        "probability": round(stretch.probability, 3),
        "length_km": stretch.length_km,
        "mentions": sum(
            mentions.get(place_id, {}).get(day, 0)
            for place_id in (ids[0], ids[-1])
            for day in range(last - ACTIVE_DAYS + 1, last + 1)
        ),
        # A change of hands may be told some days after; a line rests on what was told by its end.
        "evidence": latest_ids(
            control, (ids[0], ids[-1]), last + (TOLD_DAYS if stretch.form == "advance" else 0)
        ),
        "line": [[place.lon, place.lat] for place in places],
    }


def _iso(day: int) -> str:
    return (_EPOCH + timedelta(days=int(day))).isoformat()
