"""Which stored claims are of one event: read to be joined, and written where that changed."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

import pandas as pd
import sqlalchemy as sa

from geocode.cluster import JOINED_BY_READER
from geocode.store.conclusions import mark_stale
from geocode.store.tables import tables

# The most values in one query.
_MANY = 500
_CLAIM_COLUMNS = (
    "event_id",
    "article_id",
    "type",
    "status",
    "place_id",
    "precision_km",
    "x",
    "y",
    "date_start",
    "date_end",
    "date_precision",
    "actor_side",
    "target_side",
    "losses",
    "copy_group",
)
_events = tables["events"]


def unjoined_days(connection: sa.Connection) -> list[date]:
    """
    Give the days of the events that are in no cluster yet.

    Parameters
    ----------
    connection
        Open for reading.
    """
    wanted = sa.select(_events.c.date_start).distinct()
    wanted = wanted.where(_events.c.cluster_id.is_(None), _events.c.date_start.is_not(None))
    return sorted(date.fromisoformat(day) for day in connection.execute(wanted).scalars())


def undated_ids(connection: sa.Connection) -> list[str]:
    """
    Give the events in no cluster that have no day, by which they could be compared.

    Parameters
    ----------
    connection
        Open for reading.
    """
    undated = _events.c.cluster_id.is_(None) & _events.c.date_start.is_(None)
    return list(connection.execute(sa.select(_events.c.event_id).where(undated)).scalars())


def read_claims(connection: sa.Connection, first_day: date, last_day: date) -> pd.DataFrame:
    """
    Read what of the events of some days tells whether they are one.

    Parameters
    ----------
    connection
        Open for reading.
    first_day, last_day
        Both included, of the first day of an event.

    Returns
    -------
    claims
        Columns of the events layer, with ``x`` and ``y`` in place of a geometry.
    """
    wanted = sa.select(*(_events.c[name] for name in _CLAIM_COLUMNS)).where(
        _events.c.date_start.between(first_day.isoformat(), last_day.isoformat())
    )
    rows = connection.execute(wanted.order_by(_events.c.event_id)).all()
    return pd.DataFrame(rows, columns=list(_CLAIM_COLUMNS))


def write_clusters(connection: sa.Connection, rows: Sequence[Mapping[str, str]]) -> bool:
    """
    Write the clusters of claims that changed, and mark their places.

    Parameters
    ----------
    connection
        In a transaction.
    rows
        ``event_id``, ``cluster_id`` and ``reason``. Claims that are not there any more, as another
        run read their article anew, are passed over.

    Returns
    -------
    changed
        Whether anything was written.
    """
    ids = [row["event_id"] for row in rows]
    before: dict[str, tuple[str | None, str | None, str | None]] = {}
    names = ("event_id", "cluster_id", "cluster_reason", "place_id")
    for first in range(0, len(ids), _MANY):
        wanted = sa.select(*(_events.c[name] for name in names))
        some = wanted.where(_events.c.event_id.in_(ids[first : first + _MANY]))
        before |= {event_id: tuple(rest) for event_id, *rest in connection.execute(some)}
    changed = [
        row
        for row in rows
        if row["event_id"] in before
        and before[row["event_id"]][:2] != (row["cluster_id"], row["reason"] or None)
    ]
    if not changed:
        return False
    change = (
        sa.update(_events)
        .where(_events.c.event_id == sa.bindparam("id"))
        .values(cluster_id=sa.bindparam("cluster"), cluster_reason=sa.bindparam("why"))
    )
    connection.execute(
        change,
        [
            {"id": r["event_id"], "cluster": r["cluster_id"], "why": r["reason"] or None}
            for r in changed
        ],
    )
    moved = [before[r["event_id"]] for r in changed]
    places = {old[2] for r, old in zip(changed, moved, strict=True) if old[0] != r["cluster_id"]}
    mark_stale(connection, {place for place in places if place is not None})
    return True


def join_pairs(connection: sa.Connection, pairs: Iterable[tuple[str, str]]) -> bool:
    """
    Make one cluster of two that a reader says are one, however far apart their days.

    Parameters
    ----------
    connection
        In a transaction.
    pairs
        Ids of claims.

    Returns
    -------
    changed
        Whether anything was written.
    """
    return sum(_join(connection, pair) for pair in pairs) > 0


def _join(connection: sa.Connection, pair: tuple[str, str]) -> bool:
    wanted = sa.select(_events.c.event_id, _events.c.cluster_id).where(_events.c.event_id.in_(pair))
    clusters = sorted({row.cluster_id for row in connection.execute(wanted) if row.cluster_id})
    if len(clusters) < len(pair):
        return False  # one already, or one of the claims is not there any more
    kept, other = clusters
    ids = connection.execute(
        sa.select(_events.c.event_id).where(_events.c.cluster_id == other)
    ).scalars()
    joined = {"cluster_id": kept, "reason": JOINED_BY_READER}
    return write_clusters(connection, [{"event_id": event_id, **joined} for event_id in ids])


def release_clusters(connection: sa.Connection, article_ids: Sequence[str]) -> set[str]:
    """
    Take all claims out of the clusters that claims of some articles are in.

    A cluster is named after its first claim; where that moves or goes, the others have to be joined
    anew.

    Parameters
    ----------
    connection
        In the transaction that replaces the articles.
    article_ids
        The articles.

    Returns
    -------
    place_ids
        The places of these claims.
    """
    of_these = _events.c.article_id.in_(list(article_ids))
    clusters = list(
        connection.execute(
            sa.select(_events.c.cluster_id).where(of_these, _events.c.cluster_id.is_not(None))
        ).scalars()
    )
    places: set[str] = set()
    for first in range(0, len(clusters), _MANY):
        members = _events.c.cluster_id.in_(clusters[first : first + _MANY])
        told_at = sa.select(_events.c.place_id).where(members, _events.c.place_id.is_not(None))
        places |= set(connection.execute(told_at.distinct()).scalars())
        connection.execute(
            sa.update(_events).where(members).values(cluster_id=None, cluster_reason=None)
        )
    return places
