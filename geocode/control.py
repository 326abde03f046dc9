"""Who holds a place on a day: a hidden chain of two states over what claims tell of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gazetteer import Gazetteer
from gazetteer.shapes import load_roads
from geocode.conflict import Conflict
from geocode.road_distance import road_km
from geocode.weight import DEFAULT_MODEL, ControlModel, two_sides, weigh_claims

Floats = NDArray[np.float64]
_EPOCH = date(1970, 1, 1)
# Beyond so many times the reach a neighbour tells nothing.
_FARTHEST = 4
UNKNOWN, CONTESTED = "unknown", "contested"


@dataclass(frozen=True, kw_only=True)
class Control:
    """
    Who holds which place when.

    Attributes
    ----------
    place_ids
        The places of which anything is told, or along whose roads.
    first_day
        Day of the first column, days since 1970.
    sides
        The two sides; ``odds`` speak for the first.
    odds
        Log-odds that the first side holds a place, places by days.
    lent
        Of these odds, what is concluded from neighbours along the roads.
    contested
        Whether both sides claimed the place lately, and neither is sure.
    evidence
        For each place its evidence, by day: day, event ids, log-odds for the first side.
    apart_km
        The way along roads between the places; infinite where there is none, or it is long.
    model
        The numbers used.
    """

    place_ids: tuple[str, ...]
    first_day: int
    sides: tuple[str, str]
    odds: Floats
    lent: Floats
    contested: NDArray[np.bool_]
    evidence: Mapping[str, Sequence[tuple[int, tuple[str, ...], float]]]
    apart_km: Floats
    model: ControlModel

    def probability(self, place_id: str, day: int) -> float:
        """
        Give the probability that the first side holds a place.

        Parameters
        ----------
        place_id
            A place; half for one of which nothing is told.
        day
            Days since 1970.
        """
        column = day - self.first_day
        row = self._rows.get(place_id)
        if row is None or column < 0:
            return 0.5
        return float(self.shares[row, min(column, self.odds.shape[1] - 1)])

    def holder(self, place_id: str, day: int) -> str:
        """
        Say who holds a place: a side, ``contested`` or ``unknown``.

        Parameters
        ----------
        place_id
            A place.
        day
            Days since 1970.
        """
        column, row = day - self.first_day, self._rows.get(place_id)
        if row is None or column < 0:
            return UNKNOWN
        return self.states[int(self.holders[row, min(column, self.odds.shape[1] - 1)])]

    @property
    def last_day(self) -> int:
        """Day of the last column, days since 1970."""
        return self.first_day + int(self.odds.shape[1]) - 1

    @property
    def states(self) -> tuple[str, str, str, str]:
        """What a number in `holders` stands for."""
        return (*self.sides, CONTESTED, UNKNOWN)

    @cached_property
    def shares(self) -> Floats:
        """The probability that the first side holds a place, places by days."""
        return _share(self.odds)

    @cached_property
    def holders(self) -> NDArray[np.int8]:
        """Who holds a place, a position in `states`, places by days."""
        likelier = np.maximum(self.shares, 1 - self.shares)
        side = np.where(self.odds > 0, 0, 1)
        unsure = np.where(self.contested, 2, 3)
        return np.where(likelier >= self.model.sure, side, unsure).astype(np.int8)

    @cached_property
    def _rows(self) -> Mapping[str, int]:
        return {place_id: at for at, place_id in enumerate(self.place_ids)}


def find_control(
    events: pd.DataFrame,
    conflict: Conflict,
    gazetteer: Gazetteer,
    *,
    model: ControlModel = DEFAULT_MODEL,
    first_day: int | None = None,
    last_day: int | None = None,
    also: Sequence[str] = (),
) -> Control:
    """
    Find who holds which place on which day, from claims.

    Parameters
    ----------
    events
        Columns of the events layer, with ``cluster_id``. Leave out what was published later
        (`geocode.weight.known_by`), and the last day is as it was known then.
    conflict
        The conflict pack; the two camps of its first two sides are told apart.
    gazetteer
        For the places, and the roads between them.
    model
        The numbers.
    first_day, last_day
        Days since 1970; None for those of the events.
    also
        Ids of places asked for, though nothing is told of them.

    Returns
    -------
    control
        As `control_from` gives it.
    """
    return control_from(
        weigh_claims(events, conflict, model),
        two_sides(conflict),
        gazetteer,
        model=model,
        first_day=first_day,
        last_day=last_day,
        also=also,
    )


def control_from(
    weighed: pd.DataFrame,
    sides: tuple[str, str],
    gazetteer: Gazetteer,
    *,
    model: ControlModel = DEFAULT_MODEL,
    first_day: int | None = None,
    last_day: int | None = None,
    also: Sequence[str] = (),
) -> Control:
    """
    Find who holds which place on which day, from claims that were weighed.

    Parameters
    ----------
    weighed
        As `geocode.weight.weigh_claims` gives them.
    sides
        The two sides; the weights speak for the first.
    gazetteer
        For the places, and the roads between them.
    model, first_day, last_day, also
        As in `find_control`.

    Returns
    -------
    control
        Half and half where nothing is told.

    Notes
    -----
    Each place is a hidden Markov chain of two states. A claim moves the odds of its day by the
    weight of its act and of who tells it. Between days the state stays with 1 - ``flip_per_day``,
    so that old evidence fades to even odds. Forward and backward pass (Rabiner 1989); then each
    place takes from its neighbours along the road a share of what their own evidence says.
    """
    low, high = first_day, last_day
    if len(weighed):
        low = int(weighed["day"].min()) if low is None else low
        high = int(weighed["day"].max()) if high is None else high
    low = low if low is not None else high or 0
    high = max(low, high if high is not None else low)
    along = (end for road in load_roads(gazetteer).roads for end in (road.from_id, road.to_id))
    places = [p for p in weighed["place_id"].unique() if _is_held(p, gazetteer)]
    ids = tuple(dict.fromkeys([*places, *also, *along]))
    told = _Told.of(weighed, ids, (low, high), model)
    odds = _chain(told, model)
    apart_km = road_km(ids, gazetteer, limit_km=_FARTHEST * model.reach_km)
    lent = _from_neighbours(odds, apart_km, model)
    return Control(
        place_ids=ids,
        first_day=low,
        sides=sides,
        odds=odds + lent,
        lent=lent,
        contested=_contested(told.spoken_for, model),
        evidence=told.evidence,
        apart_km=apart_km,
        model=model,
    )


def control_until(
    weighed: pd.DataFrame, sides: tuple[str, str], gazetteer: Gazetteer, until: date | None
) -> Control:
    """
    Find who holds which place, up to the last day on which anything is told.

    Parameters
    ----------
    weighed, sides, gazetteer
        As in `control_from`.
    until
        The last day of any report; claims may tell of days after it.

    Returns
    -------
    control
        As `control_from` gives it: old evidence fades until its last day.
    """
    days = [until.toordinal() - _EPOCH.toordinal()] if until else []
    days += [int(weighed["day"].max())] if len(weighed) else []
    return control_from(weighed, sides, gazetteer, last_day=max(days, default=None))


def _is_held(place_id: str, gazetteer: Gazetteer) -> bool:
    """Say whether a place can be held: a region is told of for any place in it."""
    return place_id in gazetteer and not gazetteer.by_id(place_id).is_wide


@dataclass(frozen=True, kw_only=True)
class _Told:
    """
    What is told of places, by days: rows are places, columns days.

    ``after`` and ``before`` are log-odds, ``moved`` says how surely a place changed hands,
    ``spoken_for`` whether something was said for the first side, and for the second.
    """

    after: Floats
    before: Floats
    moved: Floats
    spoken_for: NDArray[np.bool_]
    evidence: Mapping[str, Sequence[tuple[int, tuple[str, ...], float]]]

    @classmethod
    def of(
        cls, weighed: pd.DataFrame, ids: Sequence[str], days: tuple[int, int], model: ControlModel
    ) -> "_Told":
        row = {place_id: at for at, place_id in enumerate(ids)}
        kept = weighed[weighed["place_id"].isin(row) & weighed["day"].between(*days)]
        kept = kept.sort_values(["day", "cluster_id"], kind="stable")
        at = kept["place_id"].map(row).to_numpy(dtype=np.int64)
        column = kept["day"].to_numpy(dtype=np.int64) - days[0]
        odds_after, odds_before = (
            kept[name].to_numpy(dtype=np.float64) for name in ("after", "before")
        )
        shape = (len(ids), days[1] - days[0] + 1)
        after, before, moved = np.zeros(shape), np.zeros(shape), np.zeros(shape)
        spoken_for = np.zeros((2, *shape), dtype=np.bool_)
        np.add.at(after, (at, column), odds_after)
        spoken_for[(odds_after < 0).astype(np.int64), at, column] = True
        first = kept["first_day"].to_numpy(dtype=np.int64) - days[0]
        earlier = first > 0
        np.add.at(before, (at[earlier], first[earlier] - 1), odds_before[earlier])
        full = max((abs(w.before) for w in model.weights.values()), default=0.0) or 1.0
        surely = np.minimum(1.0, np.abs(odds_before) / full)
        for day in (np.maximum(first, 0), column):
            np.maximum.at(moved, (at, day), surely)
        evidence: dict[str, list[tuple[int, tuple[str, ...], float]]] = {}
        names = ("place_id", "day", "event_ids", "after")
        for place_id, day, told_by, odds in zip(*(kept[n].to_list() for n in names), strict=True):
            evidence.setdefault(place_id, []).append((day, tuple(told_by), odds))
        return cls(
            after=after, before=before, moved=moved, spoken_for=spoken_for, evidence=evidence
        )


def _chain(given: _Told, model: ControlModel) -> Floats:
    """Run the chains of all places at once; log-odds in and out."""
    told = given.after + given.before
    days = told.shape[1]
    flip = model.flip_per_day + (model.flip_when_told - model.flip_per_day) * given.moved
    forward = np.zeros_like(told)
    state = np.full(told.shape[0], 0.5)
    for day in range(days):
        state = state * (1 - flip[:, day]) + (1 - state) * flip[:, day]
        state = _share(_odds(state) + told[:, day])
        forward[:, day] = _odds(state)
    backward = np.zeros_like(told)
    later = np.full(told.shape[0], 0.5)
    for day in range(days - 2, -1, -1):
        seen = _share(_odds(later) + told[:, day + 1])
        later = seen * (1 - flip[:, day + 1]) + (1 - seen) * flip[:, day + 1]
        backward[:, day] = _odds(later)
    return forward + backward


def _share(odds: Floats | float) -> Floats:
    return np.asarray(1 / (1 + np.exp(-np.clip(odds, -30, 30))))


def _odds(share: Floats) -> Floats:
    kept = np.clip(share, 1e-9, 1 - 1e-9)
    return np.asarray(np.log(kept / (1 - kept)))


def _from_neighbours(odds: Floats, apart_km: Floats, model: ControlModel) -> Floats:
    """Give what the own evidence of the places along the road says; all of them weigh as one."""
    weights = np.exp(-apart_km / model.reach_km)
    np.fill_diagonal(weights, 0.0)
    total = np.maximum(weights.sum(axis=1, keepdims=True), 1.0)
    known = np.tanh(odds / 2)
    # Where the claims about the place itself are clear, its neighbours add little.
    open_to = 1 - np.abs(known)
    said = open_to * model.neighbour * ((weights / total) @ known)
    most = model.most_from_neighbours
    return np.asarray(np.clip(said, -most, most))


def _contested(spoken_for: NDArray[np.bool_], model: ControlModel) -> NDArray[np.bool_]:
    """Tell where both sides were spoken for within some days."""
    counts = spoken_for.cumsum(axis=2)
    earlier = np.zeros_like(counts)
    earlier[:, :, model.contested_days :] = counts[:, :, : -model.contested_days]
    return np.asarray((counts > earlier).all(axis=0))
