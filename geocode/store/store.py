"""The store: SQLite through SQLAlchemy Core, safe to read while it is written."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import sqlalchemy as sa

from geocode.article import Article, describe_sources
from geocode.cluster import JOINED_BY_READER
from geocode.errors import StoreError
from geocode.frame import layer_from_table
from geocode.record import ReadArticle
from geocode.schema import layer_columns
from geocode.store import conclusions
from geocode.store.copying import forget_copies, group_copies
from geocode.store.engine import make_engine, plain_errors
from geocode.store.rows import article_of, article_row, conditions, stored_row
from geocode.store.selection import Selection
from geocode.store.tables import (
    SCHEMA_VERSION,
    article,
    beside,
    bring_forward,
    meta,
    metadata,
    tables,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """How many articles were new, changed, or known already."""

    new: int = 0
    changed: int = 0
    known: int = 0

    def __add__(self, other: "Saved") -> "Saved":
        return Saved(
            new=self.new + other.new,
            changed=self.changed + other.changed,
            known=self.known + other.known,
        )


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


def open_store(url: str, *, read_only: bool = False) -> "Store":
    """
    Open a store, and make it where there is none.

    Parameters
    ----------
    url
        A path or ``sqlite:///path``.
    read_only
        Open for reading only; then it must be there.

    Returns
    -------
    store
        Open; close it, or use it in a ``with``.

    Raises
    ------
    StoreError
        If it cannot be opened, is no store, or was made by a newer version.
    """
    if "://" in url and not url.startswith("sqlite:///"):
        kind = url.split("://", 1)[0]
        msg = f"Stores of the kind {kind!r} are not supported yet; give a path or sqlite:///path."
        raise StoreError(msg)
    path = Path(url.removeprefix("sqlite:///")).expanduser()
    if "\0" in url or path.is_dir():
        msg = f"{url!r} is no name of a file; choose another with --store"
        raise StoreError(msg)
    if read_only and not path.exists():
        msg = f"There is no store at {path}; make one with: mihwar ingest INPUT --store {path}"
        raise StoreError(msg)
    with plain_errors(path):
        if path.exists() and path.stat().st_size and not read_only:
            _check(path)
        store = Store(path, read_only=read_only)
        store.prepare()
    return store


def _check(path: Path) -> None:
    """Look before writing: a file of others is left exactly as it is."""
    viewer = Store(path, read_only=True)
    try:
        viewer.version()
    finally:
        viewer.close()


class Store:
    """
    Articles, mentions and events in one SQLite file.

    Parameters
    ----------
    path
        The file.
    read_only
        Whether nothing may be written.
    """

    def __init__(self, path: Path, *, read_only: bool) -> None:
        self.path = path
        self.read_only = read_only
        self._engine = make_engine(path, read_only=read_only)
        # A second engine for reading: the first takes the write lock with every transaction.
        self._reader = self._engine if read_only else make_engine(path, read_only=True)

    def __enter__(self) -> "Store":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        # The writer last: only it can bring what is in the -wal file into the store file.
        self._reader.dispose()
        self._engine.dispose()

    def prepare(self) -> None:
        """
        Make the tables of a new store, and check those of an old one.

        Raises
        ------
        StoreError
            If a newer version made it.
        """
        if not self.read_only:
            with self._engine.begin() as connection:
                metadata.create_all(connection)
                if _get(connection, "schema") is None:
                    _set(connection, "schema", str(SCHEMA_VERSION))
                    _set(connection, "changes", "0")
                bring_forward(connection, _get(connection, "schema") or "")
        if self.version() < SCHEMA_VERSION:
            msg = (
                f"{self.path} was made by an older version of Mihwar; bring it up to date with: "
                f"mihwar corrections apply --store {self.path}"
            )
            raise StoreError(msg)

    def version(self) -> int:
        """
        Give the schema version of the store.

        Raises
        ------
        StoreError
            If a newer version made it, or it is no store.
        """
        with self._reader.connect() as connection:
            found = _get(connection, "schema") or ""
        if found.isdecimal() and 1 <= int(found) <= SCHEMA_VERSION:
            return int(found)
        msg = (
            f"{self.path} has schema version {found or None}, this version of Mihwar reads "
            f"{SCHEMA_VERSION}; update Mihwar, or ingest into a new store."
        )
        raise StoreError(msg)

    def is_current(self, item: Article, rules: str) -> bool:
        """
        Say whether an article is stored as it is now, read by these rules.

        Parameters
        ----------
        item
            The article.
        rules
            What it would be read by.
        """
        wanted = sa.select(article.c.content_hash, article.c.rules).where(
            article.c.article_id == item.article_id
        )
        with self._reading() as connection:
            row = connection.execute(wanted).first()
        return row is not None and tuple(row) == (item.content_hash, rules)

    def save(
        self, read: Sequence[ReadArticle], rules: Mapping[str, str], made_from: Mapping[str, Any]
    ) -> Saved:
        """
        Save what was read, all of it or, if it fails, none.

        Parameters
        ----------
        read
            Articles with their rows; an article that was stored before is replaced with its rows.
        rules
            What each was read by, by article id.
        made_from
            The same in words, for the files written from the store.

        Returns
        -------
        saved
            How many were new, changed and known.

        Raises
        ------
        StoreError
            If the store cannot be written.
        """
        with plain_errors(self.path), self._engine.begin() as connection:
            before = _stored(connection, [r.article.article_id for r in read])
            changed = [
                r
                for r in read
                if before.get(r.article.article_id)
                != (r.article.content_hash, rules[r.article.article_id])
            ]
            if not changed:
                return Saved(known=len(read))
            ids = [r.article.article_id for r in changed]
            events = tables["events"]
            told_at = sa.select(events.c.place_id).where(events.c.article_id.in_(ids))
            places = set(connection.execute(told_at.distinct()).scalars())
            for table in (*tables.values(), article):
                connection.execute(sa.delete(table).where(table.c.article_id.in_(ids)))
            forget_copies(connection, ids)
            groups = group_copies(connection, [r.article for r in changed])
            connection.execute(
                sa.insert(article),
                [article_row(r.article, rules[r.article.article_id]) for r in changed],
            )
            for layer, table in tables.items():
                rows = [stored_row(row, groups) for r in changed for row in getattr(r, layer)]
                if rows:
                    connection.execute(sa.insert(table), rows)
                if layer == "events":
                    places |= {row["place_id"] for row in rows}
            conclusions.mark_stale(connection, places - {None})
            _set(connection, "changes", str(int(_get(connection, "changes") or 0) + 1))
            _set(connection, "made_from", json.dumps(made_from, ensure_ascii=False))
        replaced = sum(i in before for i in ids)
        return Saved(new=len(ids) - replaced, changed=replaced, known=len(read) - len(ids))

    def changes(self) -> int:
        """Count the savings so far; a larger number means there is something new to read."""
        with self._reading() as connection:
            return int(_get(connection, "changes") or 0)

    def layer(self, layer: str, selection: Selection | None = None) -> gpd.GeoDataFrame:
        """
        Read a layer.

        Parameters
        ----------
        layer
            ``mentions``, ``events``, ``control``, ``front`` or ``others``.
        selection
            Which rows; None for all.

        Returns
        -------
        layer_gdf
            As `geocode.frame.make_layer` gives it, ordered by article and place in the text.
        """
        if layer in beside:
            with self._reading() as connection:
                return conclusions.read_beside(connection, layer, selection or Selection())
        columns = [column.name for column in layer_columns(layer)]
        table = tables[layer]
        wanted = sa.select(*(table.c[name] for name in columns), table.c.x, table.c.y)
        for condition in conditions(table, selection or Selection()):
            wanted = wanted.where(condition)
        start = table.c.trigger_start if layer == "events" else table.c.start
        wanted = wanted.order_by(table.c.published, table.c.article_id, start, table.c.mention_id)
        with self._reading() as connection:
            rows = connection.execute(wanted).all()
        return layer_from_table(layer, pd.DataFrame(rows, columns=[*columns, "x", "y"]))

    def unjoined_days(self) -> list[date]:
        """Give the days of the events that are in no cluster yet."""
        events = tables["events"]
        wanted = sa.select(events.c.date_start).distinct()
        wanted = wanted.where(events.c.cluster_id.is_(None), events.c.date_start.is_not(None))
        with self._reading() as connection:
            return sorted(date.fromisoformat(day) for day in connection.execute(wanted).scalars())

    def claims(self, first_day: date, last_day: date) -> pd.DataFrame:
        """
        Read what of the events of some days tells whether they are one.

        Parameters
        ----------
        first_day, last_day
            Both included, of the first day of an event.

        Returns
        -------
        claims
            Columns of the events layer, with ``x`` and ``y`` in place of a geometry.
        """
        events = tables["events"]
        columns = [events.c[name] for name in _CLAIM_COLUMNS]
        wanted = sa.select(*columns).where(
            events.c.date_start.between(first_day.isoformat(), last_day.isoformat())
        )
        with self._reading() as connection:
            rows = connection.execute(wanted.order_by(events.c.event_id)).all()
        return pd.DataFrame(rows, columns=list(_CLAIM_COLUMNS))

    def set_clusters(self, clusters: pd.DataFrame) -> None:
        """
        Write which claims are of one event.

        Parameters
        ----------
        clusters
            As `geocode.cluster.cluster_events` gives them.

        Raises
        ------
        StoreError
            If the store cannot be written.
        """
        records: Any = clusters.to_dict("records")
        with self._writing() as connection:
            _write_clusters(connection, records)

    def join_clusters(self, pairs: Iterable[tuple[str, str]]) -> None:
        """
        Make one cluster of two that a reader says are one, however far apart their days.

        Parameters
        ----------
        pairs
            Ids of claims.

        Raises
        ------
        StoreError
            If the store cannot be written.
        """
        with self._writing() as connection:
            for pair in pairs:
                _join_clusters(connection, pair)

    def name_undated_clusters(self) -> None:
        """
        Give the events without a day, which are compared with none, a cluster of their own.

        Raises
        ------
        StoreError
            If the store cannot be written.
        """
        events = tables["events"]
        undated = events.c.cluster_id.is_(None) & events.c.date_start.is_(None)
        with self._reading() as connection:
            found = connection.execute(sa.select(events.c.event_id).where(undated)).scalars().all()
        rows = [{"event_id": e, "cluster_id": f"c-{e}", "reason": ""} for e in found]
        with self._writing() as connection:
            _write_clusters(connection, rows)

    def stale_places(self) -> list[str]:
        """Give the places whose claims changed since they were weighed."""
        with self._reading() as connection:
            return conclusions.stale_places(connection)

    def claims_at(self, place_ids: Sequence[str]) -> pd.DataFrame:
        """
        Read what is weighed of the claims about places.

        Parameters
        ----------
        place_ids
            The places.
        """
        with self._reading() as connection:
            return conclusions.claims_at(connection, place_ids)

    def weighed(self, but: Sequence[str] = ()) -> pd.DataFrame:
        """
        Read what claims weigh for who holds their places.

        Parameters
        ----------
        but
            Places that are left out.
        """
        with self._reading() as connection:
            return conclusions.read_weighed(connection, but)

    def outlets_of_events(self) -> pd.DataFrame:
        """Read ``event_id`` and ``outlet`` of all events."""
        events = tables["events"].c
        with self._reading() as connection:
            rows = connection.execute(sa.select(events.event_id, events.outlet)).all()
        return pd.DataFrame(rows, columns=["event_id", "outlet"])

    def keep_others(self, others_gdf: gpd.GeoDataFrame) -> int:
        """
        Keep rows of a table of others; those of the same id are replaced.

        Parameters
        ----------
        others_gdf
            The layer ``others``.

        Returns
        -------
        new
            How many were not known.

        Raises
        ------
        StoreError
            If the store cannot be written.
        """
        points = others_gdf.geometry
        table = others_gdf.drop(columns="geometry").assign(x=points.x, y=points.y)
        records: Any = table.astype(object).where(table.notna(), None).to_dict("records")
        with self._writing() as connection:
            new = conclusions.keep_others(connection, records)
            _set(connection, "changes", str(int(_get(connection, "changes") or 0) + 1))
        return new

    def front_mentions(self) -> dict[str, dict[int, int]]:
        """Count the front-line mentions of each place by the day they were published."""
        with self._reading() as connection:
            return conclusions.front_mentions(connection)

    def write_conclusions(
        self,
        place_ids: Sequence[str],
        weights: pd.DataFrame,
        layers: Mapping[str, Sequence[Mapping[str, Any]]],
    ) -> None:
        """
        Write what claims about places weigh, and the layers that follow from all weights.

        Parameters
        ----------
        place_ids, weights, layers
            As in `geocode.store.conclusions.write_conclusions`.

        Raises
        ------
        StoreError
            If the store cannot be written.
        """
        with self._writing() as connection:
            conclusions.write_conclusions(connection, place_ids, weights, layers)
            _set(connection, "changes", str(int(_get(connection, "changes") or 0) + 1))

    def articles(self, ids: Iterable[str] | None = None) -> Iterator[Article]:
        """
        Read articles.

        Parameters
        ----------
        ids
            Which; None for all.

        Yields
        ------
        article
            Ordered by day of publication and id.
        """
        chosen = None if ids is None else set(ids)
        wanted = sa.select(article).order_by(article.c.published, article.c.article_id)
        if chosen is not None and len(chosen) <= _MANY:
            wanted = wanted.where(article.c.article_id.in_(chosen))
        with self._reading() as connection:
            rows = connection.execute(wanted).mappings().all()
        for row in rows:
            if chosen is None or row["article_id"] in chosen:
                yield article_of(dict(row))

    def count(self) -> dict[str, int]:
        """Count articles, undated articles, mentions and events."""
        undated = (
            sa.select(sa.func.count()).select_from(article).where(article.c.published.is_(None))
        )
        with self._reading() as connection:
            counts = {
                name: int(
                    connection.execute(sa.select(sa.func.count()).select_from(t)).scalar_one()
                )
                for name, t in {"articles": article, **tables}.items()
            }
            counts["undated"] = int(connection.execute(undated).scalar_one())
        return counts

    def made_from(self, ids: Iterable[str] | None = None) -> dict[str, Any]:
        """
        Say what rows were made from: versions, and a hash over their articles, never the clock.

        Parameters
        ----------
        ids
            The articles of the rows; None for all.
        """
        wanted = sa.select(article.c.article_id, article.c.content_hash)
        with self._reading() as connection:
            rows = connection.execute(wanted).all()
            made = json.loads(_get(connection, "made_from") or "{}")
        chosen = None if ids is None else set(ids)
        hashes = [r.content_hash for r in rows if chosen is None or r.article_id in chosen]
        return {**made, **describe_sources(hashes)}

    @contextmanager
    def _writing(self) -> Iterator[sa.Connection]:
        with plain_errors(self.path), self._engine.begin() as connection:
            yield connection

    @contextmanager
    def _reading(self) -> Iterator[sa.Connection]:
        with plain_errors(self.path), self._reader.connect() as connection:
            yield connection


def _write_clusters(connection: sa.Connection, rows: Sequence[Mapping[str, str]]) -> None:
    """Write the clusters of claims that changed, and mark their places."""
    events = tables["events"]
    ids = [row["event_id"] for row in rows]
    before: dict[str, tuple[str | None, str | None]] = {}
    for first in range(0, len(ids), _MANY):
        wanted = sa.select(events.c.event_id, events.c.cluster_id, events.c.place_id)
        some = wanted.where(events.c.event_id.in_(ids[first : first + _MANY]))
        before |= {row.event_id: (row.cluster_id, row.place_id) for row in connection.execute(some)}
    changed = [row for row in rows if before[row["event_id"]][0] != row["cluster_id"]]
    if not changed:
        return
    change = (
        sa.update(events)
        .where(events.c.event_id == sa.bindparam("id"))
        .values(cluster_id=sa.bindparam("cluster"), cluster_reason=sa.bindparam("why"))
    )
    connection.execute(
        change,
        [
            {"id": r["event_id"], "cluster": r["cluster_id"], "why": r["reason"] or None}
            for r in changed
        ],
    )
    places = {before[row["event_id"]][1] for row in changed}
    conclusions.mark_stale(connection, {place for place in places if place is not None})


def _join_clusters(connection: sa.Connection, pair: tuple[str, str]) -> None:
    events = tables["events"]
    wanted = sa.select(events.c.event_id, events.c.cluster_id).where(events.c.event_id.in_(pair))
    clusters = sorted({row.cluster_id for row in connection.execute(wanted) if row.cluster_id})
    if len(clusters) < len(pair):
        return  # one already, or one of the claims is not there any more
    kept, other = clusters
    ids = connection.execute(
        sa.select(events.c.event_id).where(events.c.cluster_id == other)
    ).scalars()
    joined = {"cluster_id": kept, "reason": JOINED_BY_READER}
    _write_clusters(connection, [{"event_id": event_id, **joined} for event_id in ids])


def _get(connection: sa.Connection, name: str) -> str | None:
    value: str | None = connection.execute(
        sa.select(meta.c.value).where(meta.c.name == name)
    ).scalar()
    return value


def _set(connection: sa.Connection, name: str, value: str) -> None:
    connection.execute(sa.delete(meta).where(meta.c.name == name))
    connection.execute(sa.insert(meta).values(name=name, value=value))


def _stored(connection: sa.Connection, ids: Sequence[str]) -> dict[str, tuple[str, str]]:
    wanted = sa.select(article.c.article_id, article.c.content_hash, article.c.rules)
    rows = connection.execute(wanted.where(article.c.article_id.in_(ids))).all()
    return {row.article_id: (row.content_hash, row.rules) for row in rows}
