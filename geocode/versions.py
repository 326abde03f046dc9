"""Both versions of an event: what each side says of it, and where they exclude each other."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from geocode.alike import camps
from geocode.conflict import Conflict
from geocode.losses import told_losses

NOBODYS = ""
_TOLD = ("reported", "claimed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """
    What one side says of an event.

    Attributes
    ----------
    side
        Who says it: the side quoted, else the side of the outlet; empty for nobody's.
    claims, sources
        How many claims, and how many independent reports: copies of one text count once.
    outlets
        Who printed them.
    acts
        Event type and status with the words as printed.
    places
        Ids of places, and the days (first, last).
    days
        Days (first, last), ISO.
    labels
        What those who act and those who suffer are called, as printed.
    losses
        By what (``killed``, ``wounded``, ``captured``): the lowest and the highest number told.
    """

    side: str
    claims: int
    sources: int
    outlets: tuple[str, ...]
    acts: tuple[tuple[str, str, str], ...]
    places: tuple[str, ...]
    days: tuple[tuple[str, str], ...]
    labels: tuple[str, ...]
    losses: tuple[tuple[str, int, int], ...]


def find_versions(claims: pd.DataFrame, conflict: Conflict) -> list[Version]:
    """
    Find what each side says of an event.

    Parameters
    ----------
    claims
        Rows of the events layer, of one cluster.
    conflict
        The conflict pack: whose outlets.

    Returns
    -------
    versions
        One a side that speaks, in the order of the conflict pack, nobody's last.
    """
    order = [*conflict.sides, NOBODYS]
    said = speakers(claims, conflict)
    found = [_version(side, group) for side, group in claims.groupby(said, sort=False)]
    return sorted(found, key=lambda version: order.index(version.side))


def speakers(claims: pd.DataFrame, conflict: Conflict) -> "pd.Series[str]":
    """
    Say for each claim which party of the war tells it: who is quoted, else whose outlet it is.

    Parameters
    ----------
    claims
        Rows of the events layer.
    conflict
        The conflict pack.

    Returns
    -------
    sides
        Ids of parties; empty for claims of nobody's.
    """
    parties = [side.side_id for side in conflict.sides.values() if side.party]
    outlets = {o: conflict.outlet_side(o) or NOBODYS for o in claims["outlet"].dropna().unique()}
    printed = claims["outlet"].map(outlets).astype("str").fillna(NOBODYS)
    return (
        claims["claimed_by_side"]
        .astype("str")
        .where(claims["claimed_by_side"].isin(parties), printed)
    )


def differing(versions: Sequence[Version]) -> frozenset[str]:
    """
    Name what the versions differ in.

    Parameters
    ----------
    versions
        Of one event.

    Returns
    -------
    names
        Of ``acts``, ``places``, ``days``, ``losses``: those in which two versions that tell it have
        nothing in common.
    """
    found = set()
    for name in ("acts", "places", "days", "losses"):
        told = [_comparable(version, name) for version in versions]
        told = [values for values in told if values]
        if any(one.isdisjoint(other) for one in told for other in told):
            found.add(name)
    return frozenset(found)


def contested_clusters(events: pd.DataFrame, conflict: Conflict) -> frozenset[str]:
    """
    Find the events whose claims exclude each other.

    Parameters
    ----------
    events
        Rows of the events layer, with ``cluster_id``.
    conflict
        The conflict pack: who fights whom.

    Returns
    -------
    clusters
        Ids: one place taken, and denied or repelled; or taken by both sides on one day, each by
        its own word.
    """
    told = events["status"].isin(_TOLD)
    capture = events["type"] == "capture"
    taken = events[told & capture]
    against = events[
        (capture & (events["status"] == "denied")) | (told & (events["type"] == "repelled_attack"))
    ]
    # Nearby places may be of one event; who denies the loss of one denies not that of the other.
    keys = ["cluster_id", "place_id"]
    denied = taken[keys].dropna().merge(against[keys].dropna(), on=keys)["cluster_id"]
    return frozenset({*denied, *_taken_by_both(taken, conflict)})


def _taken_by_both(taken: pd.DataFrame, conflict: Conflict) -> set[str]:
    """Find captures of one place on one day that two camps claim, each for itself."""
    camp = camps(conflict)
    said, acts = speakers(taken, conflict).map(camp), taken["actor_side"].map(camp)
    own = taken.assign(camp=acts)[(said == acts) & acts.notna()]
    keys = ["place_id", "date_start"]
    camps_told = own.groupby(keys)["camp"].nunique()
    both = set(camps_told[camps_told > 1].index)
    here = [key in both for key in zip(own["place_id"], own["date_start"], strict=True)]
    return set(own["cluster_id"][here].dropna())


def _version(side: Any, claims: pd.DataFrame) -> Version:  # noqa: ANN401 (a key of groupby)
    groups = claims["copy_group"].fillna(claims["article_id"])
    acts = claims[["type", "status", "trigger"]].drop_duplicates()
    days = claims[["date_start", "date_end"]].dropna().drop_duplicates()
    labels = [*claims["actor"].dropna(), *claims["target"].dropna()]
    return Version(
        side=str(side),
        claims=len(claims),
        sources=int(groups.nunique()),
        outlets=tuple(sorted(claims["outlet"].dropna().unique())),
        acts=tuple(acts.itertuples(index=False, name=None)),
        places=tuple(claims["place_id"].dropna().unique()),
        days=tuple(sorted(days.itertuples(index=False, name=None))),
        labels=tuple(dict.fromkeys(labels)),
        losses=told_losses(claims["losses"]),
    )


def _comparable(version: Version, name: str) -> set[Any]:
    if name == "acts":
        return {(kind, status in _TOLD) for kind, status, _ in version.acts}
    if name == "losses":
        return {
            (what, number) for what, low, high in version.losses for number in range(low, high + 1)
        }
    return set(getattr(version, name))
