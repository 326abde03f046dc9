"""What claims weigh: how far each speaks for one side's holding its place, or for the other's."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geocode.alike import camps
from geocode.conflict import Conflict
from geocode.errors import ConflictError

_EPOCH = pd.Timestamp("1970-01-01")
# What of a claim is weighed.
CLAIM_COLUMNS = (
    "event_id",
    "cluster_id",
    "place_id",
    "relation",
    "type",
    "status",
    "date_start",
    "date_end",
    "date_precision",
    "published",
    "actor",
    "actor_side",
    "target_side",
    "claimed_by_side",
    "outlet",
)
WEIGHED_COLUMNS = (
    "place_id",
    "cluster_id",
    "first_day",
    "day",
    "after",
    "before",
    "event_ids",
)
# What is told of a longer time tells no day of a change.
_LONGEST_DAYS = 62
# What a report tells without its day happened on that of the report, or the day before.
_REPORT_LAG_DAYS = 1


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
        Weight of what is known of the places along the road, in log-odds for a place of which
        nothing else is known and all of whose neighbours are sure; and how it falls with distance.
    most_from_neighbours
        The most they add, in log-odds: what is only concluded is never surer than this.
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
    flip_when_told: float = 0.25
    neighbour: float = 12.0
    reach_km: float = 60.0
    most_from_neighbours: float = 1.4
    sure: float = 0.55
    contested_days: int = 14


# The weights were chosen by what the acts mean; their scale and the numbers above on the fitting
# half of the yardstick (benchmarks/control), where the Brier score is flat around them.
DEFAULT_MODEL = ControlModel(
    weights={
        "capture": Weight(after=2.5, before=1.6),
        "withdrawal": Weight(after=-2.5, before=-1.6),
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


def two_sides(conflict: Conflict) -> tuple[str, str]:
    """
    Give the first two sides that are each other's opponents.

    Parameters
    ----------
    conflict
        The conflict pack.

    Raises
    ------
    ConflictError
        If there are none.
    """
    for side_id in conflict.sides:
        other = conflict.opponent(side_id)
        if other is not None and conflict.opponent(other) == side_id:
            return side_id, other
    known = ", ".join(conflict.sides)
    msg = f"conflict pack: expected two sides that are each other's opponents, found {known}"
    raise ConflictError(msg)


def known_by(events: pd.DataFrame, day: str) -> pd.DataFrame:
    """
    Keep the claims that were published by a day.

    Parameters
    ----------
    events
        ``published`` and ``date_end`` of the events layer. What was published on no known day
        counts from its own last day.
    day
        ISO.
    """
    return events[events["published"].fillna(events["date_end"]) <= day]


def weigh_claims(
    events: pd.DataFrame, conflict: Conflict, model: ControlModel = DEFAULT_MODEL
) -> pd.DataFrame:
    """
    Give what claims tell of who holds their places.

    Parameters
    ----------
    events
        `CLAIM_COLUMNS` of the events layer.
    conflict
        The conflict pack; the two camps of its first two sides are told apart.
    model
        The numbers.

    Returns
    -------
    weighed
        `WEIGHED_COLUMNS`, one row for each cluster and place: it happened from ``first_day`` to
        ``day`` (since 1970), ``after`` are the log-odds for the first side from ``day`` on,
        ``before`` those until the day before ``first_day``, ``event_ids`` its claims.
        Of claims of one event by one camp the heaviest counts, once.
    """
    sides = two_sides(conflict)
    camp = _signs(conflict, sides)
    acts = _acting(events, camp)
    said = _speaking(events, camp, conflict)
    after, before = _told(events, acts, model)
    speaker = said.map(camp).astype("float64").fillna(0.0)
    factor = _trust(events, np.sign(after.to_numpy() * speaker.to_numpy()), said.isin(sides), model)
    first, day = _days(events)
    table = pd.DataFrame(
        {
            "place_id": events["place_id"],
            "day": day,
            "lag": day - first,
            "cluster_id": events["cluster_id"].fillna(events["event_id"]),
            "speaker": speaker,
            "after": after * factor,
            "before": before * factor,
            "event_id": events["event_id"],
        }
    )
    tells = (table["after"] != 0) | (table["before"] != 0)
    dated = table["day"].notna() & (table["lag"] <= _LONGEST_DAYS)
    table = table[tells & dated & table["place_id"].notna() & ~_is_beside(events)]
    if table.empty:
        return pd.DataFrame(columns=list(WEIGHED_COLUMNS))
    return _counted_once(table.astype({"day": "int64", "lag": "int64"}))


def _signs(conflict: Conflict, sides: tuple[str, str]) -> dict[str, float]:
    """Give 1 for the sides of the first camp, -1 for those of the second, 0 for others."""
    numbers = camps(conflict)
    sign = {numbers[sides[0]]: 1.0, numbers[sides[1]]: -1.0}
    return {side: sign.get(number, 0.0) for side, number in numbers.items()}


def _acting(events: pd.DataFrame, camp: Mapping[str, float]) -> "pd.Series[float]":
    """Say for which camp is acted; where only the target is told, the other acts."""
    actor, target = (
        events[name].map(dict(camp)).astype("float64").fillna(0.0)
        for name in ("actor_side", "target_side")
    )
    return actor.where(actor != 0, -target)


def _speaking(
    events: pd.DataFrame, camp: Mapping[str, float], conflict: Conflict
) -> "pd.Series[str]":
    """Say which side tells each claim: who is quoted, else whose outlet it is."""
    outlets = {o: conflict.outlet_side(o) or "" for o in events["outlet"].dropna().unique()}
    quoted = events["claimed_by_side"]
    return quoted.where(quoted.isin(list(camp)), events["outlet"].map(outlets))


def _told(
    events: pd.DataFrame, acts: "pd.Series[float]", model: ControlModel
) -> tuple["pd.Series[float]", "pd.Series[float]"]:
    """Give what each act tells of after it and of before it, in a neutral report."""
    weights = {kind: (w.after, -w.before) for kind, w in model.weights.items()}
    after, before = (
        events["type"].map({k: w[at] for k, w in weights.items()}).astype("float64").fillna(0.0)
        * acts
        for at in (0, 1)
    )
    capture = events["type"] == "capture"
    for status, share in (("denied", model.denied), ("planned", model.planned)):
        turned = (events["status"] == status).to_numpy()
        after = after.where(~turned, (-after * share).where(capture, 0.0))
        before = before.where(~turned, 0.0)
    return after, before


def _trust(
    events: pd.DataFrame,
    gain: NDArray[np.float64],
    of_the_two: "pd.Series[bool]",
    model: ControlModel,
) -> NDArray[np.float64]:
    """
    Say how far a claim counts.

    A side admits only what it says of itself in so many words: whoever was only concluded from the
    context counts less, and an ally's word is no admission. Whoever tells of his own side's deed
    need not name it: «أعلن المتحدث تحرير …».
    """
    named = events["actor"].notna().to_numpy()
    admits = (gain < 0) & named & of_the_two.to_numpy()
    factor = np.where(gain > 0, model.own_gain, np.where(admits, model.admission, 1.0))
    quoted = events["claimed_by_side"]
    own_deed = (quoted.notna() & (quoted == events["actor_side"])).to_numpy()
    return np.asarray(np.where(named | own_deed, factor, factor * model.concluded))


def _days(events: pd.DataFrame) -> tuple["pd.Series[float]", "pd.Series[float]"]:
    """Give the first and the last day on which each may have happened."""
    first, last, published = (
        (pd.to_datetime(events[name], errors="coerce") - _EPOCH).dt.days
        for name in ("date_start", "date_end", "published")
    )
    last = last.fillna(published)
    lag = np.where(events["date_precision"] == "report", _REPORT_LAG_DAYS, 0)
    return (first.fillna(last) - lag).astype("float64"), last.astype("float64")


def _is_beside(events: pd.DataFrame) -> "pd.Series[bool]":
    """Tell what says nothing of who holds the place: of its outskirts, a retreat within it."""
    relation = events["relation"]
    beside = relation.notna() & (relation != "inside")
    return beside | ((events["type"] == "withdrawal") & (relation == "inside"))


def _ids_of(table: pd.DataFrame, keys: list[str]) -> "pd.Series[Any]":
    """Give the ids of each group, in the order of the table."""
    groups = table.groupby(keys, sort=False)
    numbers = groups.ngroup().to_numpy()
    order = np.argsort(numbers, kind="stable")
    ids = table["event_id"].to_numpy(dtype=object)[order].tolist()
    ends = np.cumsum(np.bincount(numbers)).tolist()
    parts = [tuple(ids[first:end]) for first, end in pairwise([0, *ends])]
    return pd.Series(parts, index=groups.size().index, dtype=object)


def _counted_once(table: pd.DataFrame) -> pd.DataFrame:
    """Let each camp's heaviest claim of an event count, once, and add up those of several camps."""
    keys = ["cluster_id", "place_id"]
    order = table["after"].abs().sort_values(ascending=False, kind="stable").index
    heaviest = table.loc[order].drop_duplicates([*keys, "speaker"])
    summed = heaviest.sort_index().groupby(keys, sort=False)
    found = summed.agg(after=("after", "sum"), before=("before", "sum"))
    found["event_ids"] = _ids_of(table, keys)
    # The day is that of who tells it best: in so many words, else first.
    dated = table.sort_values(["lag", "day"], kind="stable").drop_duplicates(keys)
    found = found.reset_index().merge(dated[[*keys, "day", "lag"]], on=keys)
    found["first_day"] = found["day"] - found["lag"]
    return found[list(WEIGHED_COLUMNS)]
