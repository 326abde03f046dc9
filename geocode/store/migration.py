"""Bring a store that an older version made to the schema of this one."""

import sqlalchemy as sa

from geocode.errors import StoreError
from geocode.store.copying import group_copies
from geocode.store.tables import article, meta, metadata, tables

# What each schema version asks of a store of the one before.
_STEPS = {
    "1": ("ALTER TABLE events ADD COLUMN corrected BOOLEAN NOT NULL DEFAULT FALSE",),
    "2": (
        "CREATE INDEX IF NOT EXISTS ix_events_place ON events (place_id)",
        "CREATE INDEX IF NOT EXISTS ix_events_id ON events (event_id)",
        "CREATE INDEX IF NOT EXISTS ix_events_cluster ON events (cluster_id)",
        "ALTER TABLE events ADD COLUMN cluster_reason TEXT",
        "ALTER TABLE events ADD COLUMN copy_group TEXT",
        "UPDATE events SET cluster_id = NULL",
        "INSERT INTO stale_place SELECT DISTINCT place_id FROM events WHERE place_id IS NOT NULL",
    ),
    "3": (
        "ALTER TABLE article ADD COLUMN remarks TEXT NOT NULL DEFAULT ''",
        "CREATE INDEX IF NOT EXISTS ix_article_url ON article (url)",
    ),
}


_WITHOUT_SKETCHES = "2"


def refuse_others(connection: sa.Connection) -> None:
    """
    See that tables called like ours are ours, and that there is what they need.

    Parameters
    ----------
    connection
        In the transaction that makes the tables.

    Raises
    ------
    StoreError
        If the database has tables of others under these names.
    """
    there = set(sa.inspect(connection).get_table_names())
    others = sorted(there & set(metadata.tables))
    if others and meta.name not in there:
        msg = (
            f"The database has tables of others called {', '.join(others)}; "
            "give Mihwar a database, or a schema, of its own."
        )
        raise StoreError(msg)
    if not others and connection.dialect.name == "postgresql":
        connection.exec_driver_sql("CREATE EXTENSION IF NOT EXISTS postgis")


def bring_forward(connection: sa.Connection, found: str) -> None:
    """
    Bring the tables of an older version to this one, step by step.

    Parameters
    ----------
    connection
        In the transaction that makes the tables.
    found
        The version of the store.
    """
    while found in _STEPS:
        for step in _STEPS[found]:
            connection.execute(sa.text(step))
        if found == _WITHOUT_SKETCHES:
            _sketch_all(connection)
        found = str(int(found) + 1)
        connection.execute(sa.update(meta).where(meta.c.name == "schema").values(value=found))


def _sketch_all(connection: sa.Connection) -> None:
    """Find which of the stored reports are copies; later ones are compared with them."""
    texts = sa.select(article.c.article_id, article.c.text).order_by(article.c.article_id)
    for article_id, text in connection.execute(texts).all():
        group = group_copies(connection, {article_id: text})[article_id]
        of_it = tables["events"].c.article_id == article_id
        connection.execute(sa.update(tables["events"]).where(of_it).values(copy_group=group))
