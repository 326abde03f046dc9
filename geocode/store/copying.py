"""Which stored reports are copies of one another, found by sketches of their texts."""

from collections.abc import Mapping, Sequence

import sqlalchemy as sa

from geocode.copies import bands_of, group_of, make_sketch
from geocode.store.tables import band, sketch, tables

# The most values in one query.
_MANY = 500


def group_copies(connection: sa.Connection, texts: Mapping[str, str]) -> dict[str, str]:
    """
    Find for each new article the group of copies it belongs to, and keep its sketch.

    Parameters
    ----------
    connection
        In the transaction that saves the articles.
    texts
        Of new articles, by their ids; `regroup_without` has been called for those that are
        replaced.

    Returns
    -------
    groups
        By article id: the id of the first of its copies that was saved, its own where there is
        none.
    """
    return {name: _group(connection, name, make_sketch(text)) for name, text in texts.items()}


def regroup_without(connection: sa.Connection, article_ids: Sequence[str]) -> list[str]:
    """
    Forget the sketches of articles that are replaced, and group anew what were their copies.

    Parameters
    ----------
    connection
        In the transaction that saves the articles.
    article_ids
        Which.

    Returns
    -------
    regrouped
        Ids of the articles whose group was named after one of these.
    """
    gone = sketch.c.article_id.in_(article_ids)
    orphans = connection.execute(
        sa.select(sketch.c.article_id, sketch.c.sketch)
        .where(sketch.c.copy_group.in_(article_ids), ~gone)
        .order_by(sketch.c.article_id)
    ).all()
    _forget(connection, [*article_ids, *(row.article_id for row in orphans)])
    for row in orphans:
        group = _group(connection, row.article_id, row.sketch)
        of_it = tables["events"].c.article_id == row.article_id
        connection.execute(sa.update(tables["events"]).where(of_it).values(copy_group=group))
    return [row.article_id for row in orphans]


def _group(connection: sa.Connection, article_id: str, made: bytes) -> str:
    """Find the group of a text and keep its sketch; bands are kept of the first of a group only."""
    bands = bands_of(made)
    heads = (
        sa.select(sketch.c.article_id, sketch.c.sketch)
        .where(sketch.c.article_id.in_(sa.select(band.c.article_id).where(band.c.band.in_(bands))))
        .order_by(sketch.c.article_id)
    )
    known = [(row.article_id, row.sketch) for row in connection.execute(heads)]
    group = group_of(article_id, made, known)
    connection.execute(
        sa.insert(sketch).values(article_id=article_id, sketch=made, copy_group=group)
    )
    if group == article_id:
        connection.execute(
            sa.insert(band), [{"band": one, "article_id": article_id} for one in bands]
        )
    return group


def _forget(connection: sa.Connection, article_ids: Sequence[str]) -> None:
    for first in range(0, len(article_ids), _MANY):
        some = list(article_ids[first : first + _MANY])
        for table in (band, sketch):
            connection.execute(sa.delete(table).where(table.c.article_id.in_(some)))
