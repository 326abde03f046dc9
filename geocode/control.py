"""Who holds a place on a day: a hidden chain of two states over what claims tell of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gazetteer import Gazetteer
from gazetteer.shapes import load_roads
from geocode.alike import camps
from geocode.conflict import Conflict
from geocode.errors import ConflictError
from geocode.road_distance import road_km

Floats = NDArray[np.float64]
_EPOCH = pd.Timestamp("1970-01-01")
# Beyond so many times the reach a neighbour tells nothing.
_FARTHEST = 4
UNKNOWN, CONTESTED = "unknown", "contested"


@dataclass(frozen=True, slots=True, kw_only=True)
class Weight:
    """
    What an act tells of who holds its place, in log-odds of a neutral source.

    Attributes
    ----------
    after
        For whoever acts, from the day on; negative where it is the other who holds the place.
    before
        For the other until the day before; only acts by which a place changes hands tell it.
    """

    after: float
    before: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlModel:
    """
    The numbers of the model.

    Attributes
    ----------
    weights
        By type of event: capture and withdrawal say who holds a place; who repels an attack on it
        or is bombed in it holds it at the time.
    planned, denied
        Share of the weight of a capture that a plan or a denial gives to the other side.
    own_gain, admission
        What a side says of its own gain counts less than what a neutral source says; what it
        admits to its cost counts more.
    concluded
        Share that counts where no doer is printed, only concluded.
    flip_per_day
        Chance that a place changes hands on a day without a report: evidence fades with it, to
        half in ``0.35 / flip_per_day`` days.
    flip_when_told
        The same on a day on which it is told by a neutral source that names the doer; in
        proportion for others.
    neighbour, reach_km
        Weight of what is known of the places along the road, and how it falls with distance.
    sure
        The probability from which a side is said to hold a place.
    contested_days
        Both sides claimed it within so many days, and neither is sure: contested.
    """

    weights: Mapping[str, Weight]
    planned: float = 0.4
    denied: float = 0.7
    own_gain: float = 0.9
    admission: float = 1.3
    concluded: float = 0.5
    flip_per_day: float = 0.0007
    flip_when_told: float = 0.2
    neighbour: float = 6.0
    reach_km: float = 60.0
    sure: float = 0.55
    contested_days: int = 14


# The weights were chosen by what the acts mean; their scale and the numbers above on the fitting
# half of the yardstick (benchmarks/control), where the Brier score is flat around them.
DEFAULT_MODEL = ControlModel(
    weights={
        "capture": Weight(after=2.0, before=1.2),
        "withdrawal": Weight(after=-2.0, before=-1.2),
        "repelled_attack": Weight(after=1.6),
        "advance": Weight(after=0.2),
        "clash": Weight(after=-0.2),
        "airstrike": Weight(after=-1.2),
        "shelling": Weight(after=-1.4),
        "strike_on_equipment": Weight(after=-0.6),
        "aircraft_downed": Weight(after=0.6),
        "deployment": Weight(after=0.8),
    }
)


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
    contested
        Whether both sides claimed the place lately, and neither is sure.
    evidence
        For each place its evidence, by day: day, event ids, log-odds for the first side.
    model
        The numbers used.
    """

    place_ids: tuple[str, ...]
    first_day: int
    sides: tuple[str, str]
    odds: Floats
    contested: NDArray[np.bool_]
    evidence: Mapping[str, Sequence[tuple[int, tuple[str, ...], float]]]
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
        if place_id not in self.place_ids or column < 0:
            return 0.5
        row = self.place_ids.index(place_id)
        return float(_share(self.odds[row, min(column, self.odds.shape[1] - 1)]))

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
        share = self.probability(place_id, day)
        if max(share, 1 - share) >= self.model.sure:
            return self.sides[0] if share > 0.5 else self.sides[1]  # noqa: PLR2004 (even)
        column = day - self.first_day
        if place_id not in self.place_ids or not 0 <= column < self.contested.shape[1]:
            return UNKNOWN
        return CONTESTED if self.contested[self.place_ids.index(place_id), column] else UNKNOWN


def find_control(
    events: pd.DataFrame,
    conflict: Conflict,
    gazetteer: Gazetteer,
    *,
    model: ControlModel = DEFAULT_MODEL,
    first_day: int | None = None,
    last_day: int | None = None,
    hindsight: bool = True,
    also: Sequence[str] = (),
) -> Control:
    """
    Find who holds which place on which day.

    Parameters
    ----------
    events
        Columns of the events layer, with ``cluster_id``.
    conflict
        The conflict pack; the two camps of its first two sides are told apart.
    gazetteer
        For the places, and the roads between them.
    model
        The numbers.
    first_day, last_day
        Days since 1970; None for those of the events.
    hindsight
        Whether later reports say what was before; without, each day knows only what was told by
        then.
    also
        Ids of places asked for, though nothing is told of them.

    Returns
    -------
    control
        Half and half where nothing is told.

    Notes
    -----
    Each place is a hidden Markov chain of two states. A claim moves the odds of its day by the
    weight of its act and of who tells it; claims of one event by one camp count once, with the
    heaviest of them. Between days the state stays with 1 - ``flip_per_day``, so that old evidence
    fades to even odds. Forward and backward pass (Rabiner 1989); then each place takes from its
    neighbours along the road a share of what their own evidence says.
    """
    sides = _two_sides(conflict)
    told = _evidence(events, conflict, sides, model)
    places = [p for p in told["place_id"].unique() if p in gazetteer]
    low = int(told["day"].min()) if first_day is None and len(told) else first_day or 0
    high = int(told["day"].max()) if last_day is None and len(told) else last_day or low
    along = (end for road in load_roads(gazetteer).roads for end in (road.from_id, road.to_id))
    ids = tuple(dict.fromkeys([*places, *also, *along]))
    row = {place_id: at for at, place_id in enumerate(ids)}
    shape = (len(ids), high - low + 1)
    after, before, moved = np.zeros(shape), np.zeros(shape), np.zeros(shape)
    spoken_for = np.zeros((2, *shape), dtype=np.bool_)
    evidence: dict[str, list[tuple[int, tuple[str, ...], float]]] = {}
    full = max((abs(w.before) for w in model.weights.values()), default=0.0) or 1.0
    kept = told[told["place_id"].isin(row) & told["day"].between(low, high)]
    columns = (kept[name].to_list() for name in ("place_id", "day", "after", "before", "ids"))
    for place_id, day, odds_after, odds_before, told_by in zip(*columns, strict=True):
        at, column = row[place_id], day - low
        after[at, column] += odds_after
        spoken_for[int(odds_after < 0), at, column] = True
        if odds_before and column:
            before[at, column - 1] += odds_before
        moved[at, column] = max(moved[at, column], min(1.0, abs(odds_before) / full))
        evidence.setdefault(place_id, []).append((day, told_by, odds_after))
    odds = _chain(after, before, moved, model, hindsight=hindsight)
    odds = _with_neighbours(
        odds, road_km(ids, gazetteer, limit_km=_FARTHEST * model.reach_km), model
    )
    return Control(
        place_ids=ids,
        first_day=low,
        sides=sides,
        odds=odds,
        contested=_contested(spoken_for, model),
        evidence=evidence,
        model=model,
    )


def _two_sides(conflict: Conflict) -> tuple[str, str]:
    """Give the first two sides that are each other's opponents."""
    for side_id in conflict.sides:
        other = conflict.opponent(side_id)
        if other is not None and conflict.opponent(other) == side_id:
            return side_id, other
    known = ", ".join(conflict.sides)
    msg = f"conflict pack: expected two sides that are each other's opponents, found {known}"
    raise ConflictError(msg)


def _evidence(
    events: pd.DataFrame, conflict: Conflict, sides: tuple[str, str], model: ControlModel
) -> pd.DataFrame:
    """Give what claims tell, one row for each cluster, place and day."""
    numbers = camps(conflict)
    first, second = numbers[sides[0]], numbers[sides[1]]
    sign = {first: 1.0, second: -1.0}
    camp = {side: sign.get(number, 0.0) for side, number in numbers.items()}
    day = (pd.to_datetime(events["date_start"], errors="coerce") - _EPOCH).dt.days
    published = (pd.to_datetime(events["published"], errors="coerce") - _EPOCH).dt.days
    actor = events["actor_side"].map(camp).astype("float64").fillna(0.0)
    # Where only the target is told, the other acts.
    target = events["target_side"].map(camp).astype("float64").fillna(0.0)
    acts = actor.where(actor != 0, -target)
    outlets = {o: conflict.outlet_side(o) or "" for o in events["outlet"].dropna().unique()}
    said = events["claimed_by_side"].where(
        events["claimed_by_side"].isin(camp), events["outlet"].map(outlets)
    )
    speaker = said.map(camp).astype("float64").fillna(0.0)
    weights = {k: (w.after, w.before) for k, w in model.weights.items()}
    after, before = (
        events["type"].map({k: w[at] for k, w in weights.items()}).astype("float64").fillna(0.0)
        * acts
        for at in (0, 1)
    )
    before = -before
    capture = events["type"] == "capture"
    for status, share in (("denied", model.denied), ("planned", model.planned)):
        turned = (events["status"] == status).to_numpy()
        other_way = (-after * share).where(capture, 0.0)
        after = after.where(~turned, other_way)
        before = before.where(~turned, 0.0)
    day = day.fillna(published)
    gain = np.sign(after) * speaker
    # A side admits only what it says of itself in so many words: whoever was only concluded from
    # the context counts less, and an ally's word is no admission.
    named = events["actor"].notna().to_numpy()
    of_the_two = said.isin(sides).to_numpy()
    admits = (gain < 0) & named & of_the_two
    factor = np.where(gain > 0, model.own_gain, np.where(admits, model.admission, 1.0))
    # Whoever tells of his own side's deed need not name it: «أعلن المتحدث تحرير …».
    own_deed = events["claimed_by_side"].notna() & (
        events["claimed_by_side"] == events["actor_side"]
    )
    factor = np.where(named | own_deed.to_numpy(), factor, factor * model.concluded)
    table = pd.DataFrame(
        {
            "place_id": events["place_id"],
            "day": day,
            "cluster": events["cluster_id"].fillna(events["event_id"]),
            "speaker": speaker,
            "after": after * factor,
            "before": before * factor,
            "event_id": events["event_id"],
        }
    )
    table = table[
        ((table["after"] != 0) | (table["before"] != 0))
        & table["day"].notna()
        & table["place_id"].notna()
    ]
    if table.empty:
        return pd.DataFrame(columns=["place_id", "day", "after", "before", "ids"])
    table["day"] = table["day"].astype("int64")
    return _counted_once(table)


def _counted_once(table: pd.DataFrame) -> pd.DataFrame:
    """Let each camp's heaviest claim of an event count, once, and add up those of several camps."""
    order = table["after"].abs().sort_values(ascending=False, kind="stable").index
    heaviest = table.loc[order].drop_duplicates(["cluster", "place_id", "speaker"])
    grouped = heaviest.sort_index().groupby(["cluster", "place_id"], sort=False)
    found = grouped.agg(
        day=("day", "min"),
        after=("after", "sum"),
        before=("before", "sum"),
        ids=("event_id", tuple),
    )
    return found.reset_index()


def _chain(
    after: Floats,
    before: Floats,
    moved: Floats,
    model: ControlModel,
    *,
    hindsight: bool,
) -> Floats:
    """Run the chains of all places at once; rows are places, columns days; log-odds in and out."""
    told = after + before
    days = told.shape[1]
    flip = model.flip_per_day + (model.flip_when_told - model.flip_per_day) * moved
    forward = np.zeros_like(told)
    state = np.full(told.shape[0], 0.5)
    for day in range(days):
        state = state * (1 - flip[:, day]) + (1 - state) * flip[:, day]
        state = _share(_odds(state) + told[:, day])
        forward[:, day] = _odds(state)
    if not hindsight:
        return forward
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


def _with_neighbours(odds: Floats, apart_km: Floats, model: ControlModel) -> Floats:
    """Add what the own evidence of the places along the road says; all of them weigh as one."""
    weights = np.exp(-apart_km / model.reach_km)
    np.fill_diagonal(weights, 0.0)
    total = np.maximum(weights.sum(axis=1, keepdims=True), 1.0)
    return np.asarray(odds + model.neighbour * (weights / total) @ np.tanh(odds / 2))


def _contested(spoken_for: NDArray[np.bool_], model: ControlModel) -> NDArray[np.bool_]:
    """Tell where both sides were spoken for within some days."""
    counts = spoken_for.cumsum(axis=2)
    earlier = np.zeros_like(counts)
    earlier[:, :, model.contested_days :] = counts[:, :, : -model.contested_days]
    return np.asarray((counts > earlier).all(axis=0))
