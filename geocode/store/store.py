"""The store: one interface over SQLite and PostgreSQL, safe to read while it is written."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import geopandas as gpd
import pandas as pd
import sqlalchemy as sa

from geocode.article import Article, describe_sources
from geocode.errors import StoreError
from geocode.frame import layer_from_table
from geocode.record import ReadArticle
from geocode.schema import layer_columns
from geocode.store import clusters, conclusions
from geocode.store.backend import Backend, Result
from geocode.store.migration import bring_forward, refuse_others
from geocode.store.quarantine import Quarantine
from geocode.store.rows import article_of, conditions
from geocode.store.saving import Saved, save_read
from geocode.store.selection import Selection
from geocode.store.tables import (
    SCHEMA_VERSION,
    article,
    beside,
    meta,
    metadata,
    tables,
)
from geocode.store.watched import WatchedList

# The most values in one query.
_MANY = 500


class Store:
    """
    Articles, mentions and events in one database.

    Parameters
    ----------
    backend
        The database.
    read_only
        Whether nothing may be written.
    """

    def __init__(self, backend: Backend, *, read_only: bool) -> None:
        self.name = backend.name
        self.read_only = read_only
        self.quarantine = Quarantine(backend)
        self.watched = WatchedList(backend)
        self._backend = backend
        # A database that is not there at first is refused at once; one that goes away is waited
        # for.
        self._was_open = False

    def __enter__(self) -> "Store":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the database."""
        self._backend.close()

    def prepare(self) -> None:
        """
        Make the tables of a new store, and check those of an old one.

        Raises
        ------
        StoreError
            If a newer version made it.
        """
        if not self.read_only:
            self._write(_make_tables)
        if self.version() < SCHEMA_VERSION:
            msg = (
                f"{self.name} was made by an older version of Mihwar; bring it up to date with: "
                f"mihwar corrections apply --store {self.name}"
            )
            raise StoreError(msg)
        self._was_open = True

    def version(self) -> int:
        """
        Give the schema version of the store.

        Raises
        ------
        StoreError
            If a newer version made it, or it is no store.
        """
        found = self._read(lambda connection: _get(connection, "schema")) or ""
        if found.isdecimal() and 1 <= int(found) <= SCHEMA_VERSION:
            return int(found)
        msg = (
            f"{self.name} has schema version {found or None}, this version of Mihwar reads "
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
        row = self._read(lambda connection: connection.execute(wanted).first())
        return row is not None and tuple(row) == (item.content_hash, rules)

    def has_article(self, article_id: str) -> bool:
        """
        Say whether there is an article of this name.

        Parameters
        ----------
        article_id
            Its name.
        """
        wanted = sa.select(article.c.article_id).where(article.c.article_id == article_id)
        return self._read(lambda connection: connection.execute(wanted).first()) is not None

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

        def work(connection: sa.Connection) -> Saved:
            saved = save_read(connection, read, rules)
            if saved.new + saved.changed:
                _note_change(connection)
                _set(connection, "made_from", json.dumps(made_from, ensure_ascii=False))
            return saved

        return self._write(work)

    def changes(self) -> int:
        """Count the savings so far; a larger number means there is something new to read."""
        return self._read(lambda connection: int(_get(connection, "changes") or 0))

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
        chosen = selection or Selection()
        if layer in beside:
            return self._read(lambda connection: conclusions.read_beside(connection, layer, chosen))
        columns = [column.name for column in layer_columns(layer)]
        table = tables[layer]
        wanted = sa.select(*(table.c[name] for name in columns), table.c.x, table.c.y)
        for condition in conditions(table, chosen):
            wanted = wanted.where(condition)
        start = table.c.trigger_start if layer == "events" else table.c.start
        wanted = wanted.order_by(
            table.c.published.nulls_first(), table.c.article_id, start, table.c.mention_id
        )
        rows = self._rows(wanted)
        return layer_from_table(layer, pd.DataFrame(rows, columns=[*columns, "x", "y"]))

    def unjoined_days(self) -> list[date]:
        """Give the days of the events that are in no cluster yet."""
        return self._read(clusters.unjoined_days)

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
        return self._read(lambda connection: clusters.read_claims(connection, first_day, last_day))

    def set_clusters(self, found: pd.DataFrame, *, changes: int) -> bool:
        """
        Write which claims are of one event.

        Parameters
        ----------
        found
            As `geocode.cluster.cluster_events` gives it.
        changes
            As `changes` gave it before the claims were read.

        Returns
        -------
        written
            False, and nothing is written, where something changed in between.

        Raises
        ------
        StoreError
            If the store cannot be written.
        """
        records: Any = found.to_dict("records")

        def work(connection: sa.Connection) -> bool:
            if int(_get(connection, "changes") or 0) != changes:
                return False
            _noting(connection, clusters.write_clusters, records)
            return True

        return self._write(work)

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
        said = list(pairs)
        self._write(lambda connection: _noting(connection, clusters.join_pairs, said))

    def name_undated_clusters(self) -> None:
        """
        Give the events without a day, which are compared with none, a cluster of their own.

        Raises
        ------
        StoreError
            If the store cannot be written.
        """
        found = self._read(clusters.undated_ids)
        rows = [{"event_id": e, "cluster_id": f"c-{e}", "reason": ""} for e in found]
        self._write(lambda connection: _noting(connection, clusters.write_clusters, rows))

    def stale_places(self) -> list[str]:
        """Give the places whose claims changed since they were weighed."""
        return self._read(conclusions.stale_places)

    def claims_at(self, place_ids: Sequence[str] | None) -> pd.DataFrame:
        """
        Read what is weighed of the claims about places.

        Parameters
        ----------
        place_ids
            The places; None for all.
        """
        return self._read(lambda connection: conclusions.claims_at(connection, place_ids))

    def weighed(self, but: Sequence[str] = ()) -> pd.DataFrame:
        """
        Read what claims weigh for who holds their places.

        Parameters
        ----------
        but
            Places that are left out.
        """
        return self._read(lambda connection: conclusions.read_weighed(connection, but))

    def outlets_of_events(self) -> pd.DataFrame:
        """Read ``event_id`` and ``outlet`` of all events."""
        events = tables["events"].c
        rows = self._rows(sa.select(events.event_id, events.outlet))
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

        def work(connection: sa.Connection) -> int:
            new = conclusions.keep_others(connection, records)
            _note_change(connection)
            return new

        return self._write(work)

    def front_mentions(self) -> dict[str, dict[int, int]]:
        """Count the front-line mentions of each place by the day they were published."""
        return self._read(conclusions.front_mentions)

    def last_day(self) -> date | None:
        """Give the last day of which anything is told; None where nothing has a day."""
        return self._read(conclusions.last_day)

    def concluded_to(self) -> date | None:
        """Give the last day of what was concluded; None where nothing was."""
        found = self._read(lambda connection: _get(connection, "concluded_to"))
        return date.fromisoformat(found) if found else None

    def write_conclusions(
        self,
        place_ids: Sequence[str],
        weights: pd.DataFrame,
        layers: Mapping[str, Sequence[Mapping[str, Any]]],
        *,
        changes: int,
        last_day: date | None,
    ) -> bool:
        """
        Write what claims about places weigh, and the layers that follow from all weights.

        Parameters
        ----------
        place_ids, weights, layers
            As in `geocode.store.conclusions.write_conclusions`.
        changes
            As `changes` gave it before anything of this was read.
        last_day
            The last day concluded of.

        Returns
        -------
        written
            False, and nothing is written, where something changed in between.

        Raises
        ------
        StoreError
            If the store cannot be written.
        """

        def work(connection: sa.Connection) -> bool:
            if int(_get(connection, "changes") or 0) != changes:
                return False
            conclusions.write_conclusions(connection, place_ids, weights, layers)
            _set(connection, "concluded_to", last_day.isoformat() if last_day else "")
            _note_change(connection)
            return True

        return self._write(work)

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
        order = (article.c.published.nulls_first(), article.c.article_id)
        wanted = sa.select(article).order_by(*order)
        if chosen is not None and len(chosen) <= _MANY:
            wanted = wanted.where(article.c.article_id.in_(chosen))
        for row in self._rows(wanted):
            if chosen is None or row.article_id in chosen:
                yield article_of(dict(row._mapping))  # noqa: SLF001 (its public name, says SQLAlchemy)

    def count(self) -> dict[str, int]:
        """Count articles, undated articles, mentions and events."""
        wanted = {
            name: sa.select(sa.func.count()).select_from(table)
            for name, table in {"articles": article, **tables}.items()
        }
        wanted["undated"] = wanted["articles"].where(article.c.published.is_(None))

        def work(connection: sa.Connection) -> dict[str, int]:
            return {name: int(connection.execute(q).scalar_one()) for name, q in wanted.items()}

        return self._read(work)

    def made_from(self, ids: Iterable[str] | None = None) -> dict[str, Any]:
        """
        Say what rows were made from: versions, and a hash over their articles, never the clock.

        Parameters
        ----------
        ids
            The articles of the rows; None for all.
        """
        wanted = sa.select(article.c.article_id, article.c.content_hash)
        rows = self._rows(wanted)
        made = json.loads(self._read(lambda connection: _get(connection, "made_from")) or "{}")
        chosen = None if ids is None else set(ids)
        hashes = [r.content_hash for r in rows if chosen is None or r.article_id in chosen]
        return {**made, **describe_sources(hashes)}

    def _read(self, work: Callable[[sa.Connection], Result]) -> Result:
        return self._backend.read(work, patient=self._was_open)

    def _write(self, work: Callable[[sa.Connection], Result]) -> Result:
        return self._backend.write(work, patient=self._was_open)

    def _rows(self, wanted: sa.Select[Any]) -> Sequence[Any]:
        return self._read(lambda connection: connection.execute(wanted).all())


def _make_tables(connection: sa.Connection) -> None:
    refuse_others(connection)
    metadata.create_all(connection)
    if _get(connection, "schema") is None:
        _set(connection, "schema", str(SCHEMA_VERSION))
        _set(connection, "changes", "0")
    bring_forward(connection, _get(connection, "schema") or "")


def _noting(
    connection: sa.Connection, change: Callable[[sa.Connection, Any], bool], rows: Sequence[Any]
) -> None:
    """Change something, and note that there is something new to read."""
    if change(connection, rows):
        _note_change(connection)


def _note_change(connection: sa.Connection) -> None:
    _set(connection, "changes", str(int(_get(connection, "changes") or 0) + 1))


def _get(connection: sa.Connection, name: str) -> str | None:
    value: str | None = connection.execute(
        sa.select(meta.c.value).where(meta.c.name == name)
    ).scalar()
    return value


def _set(connection: sa.Connection, name: str, value: str) -> None:
    connection.execute(sa.delete(meta).where(meta.c.name == name))
    connection.execute(sa.insert(meta).values(name=name, value=value))
