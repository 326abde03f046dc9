"""The tables of a store, made from the schemas of the layers."""

import math
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles

from geocode.schema import (
    BESIDE_LAYERS,
    CONCLUDED_LAYERS,
    ID_COLUMNS,
    LAYERS,
    OUTLINED_LAYERS,
    Column,
)

SCHEMA_VERSION = 4


class PlainText(sa.Text):
    """Text that is compared by code point, as SQLite does: one order, whatever the language."""

    __visit_name__ = "text"


@compiles(PlainText, "postgresql")
def _compile(_type: PlainText, _compiler: object, **_: object) -> str:
    return 'TEXT COLLATE "C"'


_TEXT = PlainText
_TYPES: dict[str, Any] = {
    "string": _TEXT,
    "integer": sa.BigInteger,
    "number": sa.Double,
    "boolean": sa.Boolean,
    "date": _TEXT,
    "json": _TEXT,
}
metadata = sa.MetaData()

meta = sa.Table(
    "meta",
    metadata,
    sa.Column("name", _TEXT, primary_key=True),
    sa.Column("value", _TEXT, nullable=False),
)
article = sa.Table(
    "article",
    metadata,
    sa.Column("article_id", _TEXT, primary_key=True),
    sa.Column("content_hash", _TEXT, nullable=False),
    sa.Column("rules", _TEXT, nullable=False),
    sa.Column("text", _TEXT, nullable=False),
    sa.Column("title", _TEXT, nullable=False),
    sa.Column("published", _TEXT),
    sa.Column("published_at", _TEXT, nullable=False),
    sa.Column("outlet", _TEXT, nullable=False),
    sa.Column("url", _TEXT, nullable=False),
    sa.Column("lang", _TEXT, nullable=False),
    # What was odd about the bytes: another encoding than UTF-8, characters that were exchanged.
    sa.Column("remarks", _TEXT, nullable=False, server_default=""),
)


def _column(column: Column) -> sa.Column[object]:
    key = sa.ForeignKey("article.article_id", ondelete="CASCADE")
    own = [key] if column.name == "article_id" else []
    return sa.Column(column.name, _TYPES[column.kind], *own, nullable=not column.required)


def _point_column(table: sa.Table) -> None:
    """
    Let PostGIS see the points, for whoever asks the database itself.

    Our own reading takes the two numbers: five times as fast (measured in the design notes).
    """
    name = table.name
    steps = (
        f"ALTER TABLE {name} ADD COLUMN geom geometry(Point, 4326) GENERATED ALWAYS AS "
        "(ST_SetSRID(ST_MakePoint(x, y), 4326)) STORED",
        f"CREATE INDEX ix_{name}_geom ON {name} USING gist (geom)",
    )
    for step in steps:
        ddl: Any = sa.DDL(step)  # type: ignore[no-untyped-call]
        sa.event.listen(table, "after_create", ddl.execute_if(dialect="postgresql"))


def _layer_table(layer: str) -> sa.Table:
    table = sa.Table(
        layer,
        metadata,
        *(_column(column) for column in LAYERS[layer]),
        sa.Column("x", sa.Double),
        sa.Column("y", sa.Double),
        # One-degree cell of the geometry: with it a box over all years takes 2 ms in a million
        # rows, without it 96 (measured in the design notes).
        sa.Column("cell", sa.Integer),
        sa.PrimaryKeyConstraint("article_id", ID_COLUMNS[layer]),
    )
    _point_column(table)
    day = "date_start" if layer == "events" else "published"
    sa.Index(f"ix_{layer}_day", table.c[day])
    sa.Index(f"ix_{layer}_cell", table.c.cell, table.c[day])
    return table


tables = {layer: _layer_table(layer) for layer in LAYERS}
sa.Index("ix_events_place", tables["events"].c.place_id)
# Clusters are written by the ids of their claims, and dissolved by their own.
sa.Index("ix_events_id", tables["events"].c.event_id)
sa.Index("ix_events_cluster", tables["events"].c.cluster_id)


def _table_beside(layer: str, columns: tuple[Column, ...]) -> sa.Table:
    """Make the table of a layer that belongs to no article."""
    own = ["line"] if layer in OUTLINED_LAYERS else ["x", "y"]
    kind: Any = _TEXT if layer in OUTLINED_LAYERS else sa.Double
    return sa.Table(
        layer,
        metadata,
        *(sa.Column(c.name, _TYPES[c.kind], nullable=not c.required) for c in columns),
        *(sa.Column(name, kind) for name in own),
        sa.PrimaryKeyConstraint(ID_COLUMNS[layer]),
    )


# Layers that are concluded from all claims and made anew with them, and tables of others.
beside = {n: _table_beside(n, c) for n, c in {**CONCLUDED_LAYERS, **BESIDE_LAYERS}.items()}
# What claims weigh for who holds their places, a row for each cluster and place.
weighed = sa.Table(
    "weighed",
    metadata,
    sa.Column("place_id", _TEXT, nullable=False),
    sa.Column("cluster_id", _TEXT, nullable=False),
    sa.Column("first_day", sa.Integer, nullable=False),
    sa.Column("day", sa.Integer, nullable=False),
    sa.Column("after", sa.Double, nullable=False),
    sa.Column("before", sa.Double, nullable=False),
    sa.Column("event_ids", _TEXT, nullable=False),
    sa.PrimaryKeyConstraint("place_id", "cluster_id"),
)
# Places whose claims changed since they were weighed.
stale_place = sa.Table("stale_place", metadata, sa.Column("place_id", _TEXT, primary_key=True))
# Sketches of texts and their bands, by which copies are found among all texts.
sketch = sa.Table(
    "sketch",
    metadata,
    sa.Column("article_id", _TEXT, primary_key=True),
    sa.Column("sketch", sa.LargeBinary, nullable=False),
    sa.Column("copy_group", _TEXT, nullable=False),
)
band = sa.Table(
    "band",
    metadata,
    sa.Column("band", sa.LargeBinary, nullable=False),
    sa.Column("article_id", _TEXT, nullable=False),
    sa.PrimaryKeyConstraint("band", "article_id"),
)
# What was refused, with its reason and, where it fits, what it was, to be read again.
quarantine = sa.Table(
    "quarantine",
    metadata,
    sa.Column("quarantine_id", _TEXT, primary_key=True),
    sa.Column("source", _TEXT, nullable=False),
    sa.Column("position", _TEXT, nullable=False),
    sa.Column("reason", _TEXT, nullable=False),
    sa.Column("content", _TEXT),
    sa.Column("given", _TEXT, nullable=False),
    sa.Column("since", _TEXT, nullable=False),
)
# What is watched, and how it answered last.
watched = sa.Table(
    "watched",
    metadata,
    sa.Column("address", _TEXT, primary_key=True),
    sa.Column("etag", _TEXT, nullable=False),
    sa.Column("last_modified", _TEXT, nullable=False),
    sa.Column("failures", sa.Integer, nullable=False),
    sa.Column("checked_at", sa.BigInteger, nullable=False),
    sa.Column("next_at", sa.BigInteger, nullable=False),
    sa.Column("state", _TEXT, nullable=False),
)
sa.Index("ix_article_url", article.c.url)
sa.Index("ix_sketch_group", sketch.c.copy_group)
sa.Index("ix_band_article", band.c.article_id)


def cell_of(lon: float, lat: float) -> int:
    """
    Give the one-degree cell of a point.

    Parameters
    ----------
    lon, lat
        Degrees on EPSG:4326; 180 and 90 fall into the last cell.
    """
    return min(math.floor(lat + 90), 179) * 360 + min(math.floor(lon + 180), 359)
