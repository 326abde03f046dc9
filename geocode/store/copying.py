"""Which stored reports are copies of one another, found by sketches of their texts."""

from collections.abc import Sequence

import sqlalchemy as sa

from geocode.article import Article
from geocode.copies import bands_of, group_of, make_sketch
from geocode.store.tables import band, sketch


def group_copies(connection: sa.Connection, articles: Sequence[Article]) -> dict[str, str]:
    """
    Find for each new article the group of copies it belongs to, and keep its sketch.

    Parameters
    ----------
    connection
        In the transaction that saves the articles.
    articles
        New ones; `forget_copies` has been called for those that are replaced.

    Returns
    -------
    groups
        By article id: the id of the first of its copies that was saved, its own where there is
        none.
    """
    groups: dict[str, str] = {}
    for article in articles:
        made = make_sketch(article.text)
        bands = bands_of(made)
        known = (
            sa.select(sketch.c.article_id, sketch.c.sketch, sketch.c.copy_group)
            .where(
                sketch.c.article_id.in_(sa.select(band.c.article_id).where(band.c.band.in_(bands)))
            )
            .order_by(sketch.c.article_id)
        )
        others = [tuple(row) for row in connection.execute(known)]
        group = groups[article.article_id] = group_of(article.article_id, made, others)
        connection.execute(
            sa.insert(sketch).values(article_id=article.article_id, sketch=made, copy_group=group)
        )
        connection.execute(
            sa.insert(band), [{"band": one, "article_id": article.article_id} for one in bands]
        )
    return groups


def forget_copies(connection: sa.Connection, article_ids: Sequence[str]) -> None:
    """
    Forget the sketches of articles that are replaced.

    Parameters
    ----------
    connection
        In the transaction that saves the articles.
    article_ids
        Which.
    """
    for table in (band, sketch):
        connection.execute(sa.delete(table).where(table.c.article_id.in_(article_ids)))
