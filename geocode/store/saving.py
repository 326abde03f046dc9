"""Save what was read of articles, and note what of the store depends on it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from geocode.record import ReadArticle
from geocode.store.bulk import insert_rows
from geocode.store.clusters import release_clusters
from geocode.store.conclusions import mark_stale, told_places
from geocode.store.copying import group_copies, regroup_without
from geocode.store.rows import article_row, stored_row
from geocode.store.tables import article, tables


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


def save_read(
    connection: sa.Connection, read: Sequence[ReadArticle], rules: Mapping[str, str]
) -> Saved:
    """
    Save the articles that are new or changed, with their rows.

    Parameters
    ----------
    connection
        In a transaction.
    read
        Articles with their rows; an article that was stored before is replaced with its rows.
    rules
        What each was read by, by article id.

    Returns
    -------
    saved
        How many were new, changed and known.
    """
    before = _stored(connection, [r.article.article_id for r in read])
    changed = [
        r
        for r in read
        if before.get(r.article.article_id) != (r.article.content_hash, rules[r.article.article_id])
    ]
    if not changed:
        return Saved(known=len(read))
    ids = [r.article.article_id for r in changed]
    places = told_places(connection, ids) | release_clusters(connection, ids)
    for table in (*tables.values(), article):
        connection.execute(sa.delete(table).where(table.c.article_id.in_(ids)))
    places |= release_clusters(connection, regroup_without(connection, ids))
    _insert(connection, changed, rules)
    mark_stale(connection, places | told_places(connection, ids))
    replaced = sum(i in before for i in ids)
    return Saved(new=len(ids) - replaced, changed=replaced, known=len(read) - len(ids))


def _insert(
    connection: sa.Connection, read: Sequence[ReadArticle], rules: Mapping[str, str]
) -> None:
    groups = group_copies(connection, {r.article.article_id: r.article.text for r in read})
    insert_rows(
        connection, article, [article_row(r.article, rules[r.article.article_id]) for r in read]
    )
    for layer, table in tables.items():
        rows = [stored_row(row, groups) for r in read for row in getattr(r, layer)]
        insert_rows(connection, table, rows)


def _stored(connection: sa.Connection, ids: Sequence[str]) -> dict[str, tuple[str, str]]:
    wanted = sa.select(article.c.article_id, article.c.content_hash, article.c.rules)
    rows = connection.execute(wanted.where(article.c.article_id.in_(ids))).all()
    return {row.article_id: (row.content_hash, row.rules) for row in rows}
