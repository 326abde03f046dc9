"""The tables of a store, made from the schemas of the layers."""

import math
from typing import Any

import sqlalchemy as sa

from geocode.schema import LAYERS, Column

SCHEMA_VERSION = 2
_TYPES: dict[str, type[sa.types.TypeEngine[Any]]] = {
    "string": sa.Text,
    "integer": sa.BigInteger,
    "number": sa.Double,
    "boolean": sa.Boolean,
    "date": sa.Text,
    "json": sa.Text,
}
metadata = sa.MetaData()

meta = sa.Table(
    "meta",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("value", sa.Text, nullable=False),
)
article = sa.Table(
    "article",
    metadata,
    sa.Column("article_id", sa.Text, primary_key=True),
    sa.Column("content_hash", sa.Text, nullable=False),
    sa.Column("rules", sa.Text, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("published", sa.Text),
    sa.Column("published_at", sa.Text, nullable=False),
    sa.Column("outlet", sa.Text, nullable=False),
    sa.Column("url", sa.Text, nullable=False),
    sa.Column("lang", sa.Text, nullable=False),
)


def _column(column: Column) -> sa.Column[object]:
    key = sa.ForeignKey("article.article_id", ondelete="CASCADE")
    own = [key] if column.name == "article_id" else []
    return sa.Column(column.name, _TYPES[column.kind], *own, nullable=not column.required)


def _layer_table(layer: str) -> sa.Table:
    id_name = {"mentions": "mention_id", "events": "event_id"}[layer]
    table = sa.Table(
        layer,
        metadata,
        *(_column(column) for column in LAYERS[layer]),
        sa.Column("x", sa.Double),
        sa.Column("y", sa.Double),
        # One-degree cell of the geometry: with it a box over all years takes 2 ms in a million
        # rows, without it 96 (measured in the design notes).
        sa.Column("cell", sa.Integer),
        sa.PrimaryKeyConstraint("article_id", id_name),
    )
    day = "date_start" if layer == "events" else "published"
    sa.Index(f"ix_{layer}_day", table.c[day])
    sa.Index(f"ix_{layer}_cell", table.c.cell, table.c[day])
    return table


tables = {layer: _layer_table(layer) for layer in LAYERS}


def cell_of(lon: float, lat: float) -> int:
    """
    Give the one-degree cell of a point.

    Parameters
    ----------
    lon, lat
        Degrees on EPSG:4326; 180 and 90 fall into the last cell.
    """
    return min(math.floor(lat + 90), 179) * 360 + min(math.floor(lon + 180), 359)


# What each schema version asks of a store of the one before.
_STEPS = {"1": "ALTER TABLE events ADD COLUMN corrected BOOLEAN NOT NULL DEFAULT 0"}


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
        connection.execute(sa.text(_STEPS[found]))
        found = str(int(found) + 1)
        connection.execute(sa.update(meta).where(meta.c.name == "schema").values(value=found))
