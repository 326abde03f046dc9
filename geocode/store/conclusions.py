"""What is concluded from all claims of a store: what they weigh, who holds what, the front."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
import sqlalchemy as sa

from geocode.errors import LayerError
from geocode.frame import layer_from_table
from geocode.schema import ID_COLUMNS, OUTLINED_LAYERS, layer_columns
from geocode.store.bulk import insert_rows
from geocode.store.selection import Selection
from geocode.store.tables import article, beside, stale_place, tables, weighed
from geocode.weight import CLAIM_COLUMNS, WEIGHED_COLUMNS

_EPOCH = date(1970, 1, 1)
# The most values in one query.
_MANY = 500


def mark_stale(connection: sa.Connection, place_ids: Iterable[str]) -> None:
    """
    Note that the claims about places changed.

    Parameters
    ----------
    connection
        In the transaction that changes them.
    place_ids
        The places.
    """
    known = set(connection.execute(sa.select(stale_place.c.place_id)).scalars())
    rows = [{"place_id": place_id} for place_id in sorted(set(place_ids) - known)]
    if rows:
        connection.execute(sa.insert(stale_place), rows)


def stale_places(connection: sa.Connection) -> list[str]:
    """
    Give the places whose claims changed since they were weighed.

    Parameters
    ----------
    connection
        Open for reading.
    """
    return list(
        connection.execute(sa.select(stale_place.c.place_id).order_by("place_id")).scalars()
    )


def told_places(connection: sa.Connection, article_ids: Sequence[str]) -> set[str]:
    """
    Give the places of the claims, and of the front-line mentions, of some articles.

    Parameters
    ----------
    connection
        Open for reading.
    article_ids
        The articles.
    """
    events, mentions = tables["events"].c, tables["mentions"].c
    found: set[str] = set()
    for wanted in (
        sa.select(events.place_id).where(events.article_id.in_(article_ids)),
        sa.select(mentions.place_id).where(
            mentions.article_id.in_(article_ids), mentions.front_line
        ),
    ):
        found |= {place for place in connection.execute(wanted.distinct()).scalars() if place}
    return found


def last_day(connection: sa.Connection) -> date | None:
    """
    Give the last day of which anything is told; None where nothing has a day.

    Parameters
    ----------
    connection
        Open for reading.
    """
    days = (
        connection.execute(sa.select(sa.func.max(column))).scalar()
        for column in (article.c.published, tables["events"].c.date_start)
    )
    return max((date.fromisoformat(day) for day in days if day), default=None)


def claims_at(connection: sa.Connection, place_ids: Sequence[str] | None) -> pd.DataFrame:
    """
    Read what is weighed of the claims about places.

    Parameters
    ----------
    connection
        Open for reading.
    place_ids
        The places; None for all.

    Returns
    -------
    claims
        `geocode.weight.CLAIM_COLUMNS`, ordered by event id.
    """
    events = tables["events"]
    columns = [events.c[name] for name in CLAIM_COLUMNS]
    wanted = sa.select(*columns).order_by(events.c.event_id)
    if place_ids is None:
        rows: list[Any] = list(connection.execute(wanted).all())
        return pd.DataFrame(rows, columns=list(CLAIM_COLUMNS))
    rows = []
    for first in range(0, len(place_ids), _MANY):
        some = place_ids[first : first + _MANY]
        rows += connection.execute(wanted.where(events.c.place_id.in_(some))).all()
    return pd.DataFrame(rows, columns=list(CLAIM_COLUMNS))


def read_weighed(connection: sa.Connection, but: Sequence[str] = ()) -> pd.DataFrame:
    """
    Read what claims weigh.

    Parameters
    ----------
    connection
        Open for reading.
    but
        Places that are left out.

    Returns
    -------
    weighed
        As `geocode.weight.weigh_claims` gives it.
    """
    columns = [weighed.c[name] for name in WEIGHED_COLUMNS]
    order = (weighed.c.place_id, weighed.c.cluster_id)
    rows = connection.execute(sa.select(*columns).order_by(*order)).all()
    table = pd.DataFrame(rows, columns=list(WEIGHED_COLUMNS))
    table = table[~table["place_id"].isin(list(but))]
    return table.assign(event_ids=table["event_ids"].map(json.loads))


def write_conclusions(
    connection: sa.Connection,
    place_ids: Sequence[str],
    weights: pd.DataFrame,
    layers: Mapping[str, Sequence[Mapping[str, Any]]],
) -> None:
    """
    Write what claims about places weigh, and the layers that follow from all weights.

    Parameters
    ----------
    connection
        In a transaction.
    place_ids
        The places whose claims were weighed anew; they are stale no more.
    weights
        As `geocode.weight.weigh_claims` gives them, of these places.
    layers
        The rows of each layer; what is as it was is not written again.
    """
    for first in range(0, len(place_ids), _MANY):
        some = place_ids[first : first + _MANY]
        for table in (weighed, stale_place):
            connection.execute(sa.delete(table).where(table.c.place_id.in_(some)))
    records: Any = weights.to_dict("records")
    rows = [{**row, "event_ids": json.dumps(list(row["event_ids"]))} for row in records]
    insert_rows(connection, weighed, rows)
    for layer, found in layers.items():
        _replace(connection, layer, [_stored(row) for row in found])


def _stored(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: json.dumps(value, ensure_ascii=False) if isinstance(value, list) else value
        for name, value in row.items()
    }


def _replace(connection: sa.Connection, layer: str, rows: Sequence[dict[str, Any]]) -> None:
    table = beside[layer]
    key = ID_COLUMNS[layer]
    before = {row[key]: dict(row) for row in connection.execute(sa.select(table)).mappings()}
    now = {row[key]: row for row in rows}
    gone = [name for name, row in before.items() if now.get(name) != row]
    for first in range(0, len(gone), _MANY):
        some = gone[first : first + _MANY]
        connection.execute(sa.delete(table).where(table.c[key].in_(some)))
    new = [row for name, row in now.items() if before.get(name) != row]
    insert_rows(connection, table, new)


def keep_others(connection: sa.Connection, rows: Sequence[Mapping[str, Any]]) -> int:
    """
    Keep rows of a table of others; those of the same id are replaced.

    Parameters
    ----------
    connection
        In a transaction.
    rows
        Columns of the layer ``others``, with ``x`` and ``y``.

    Returns
    -------
    new
        How many were not known.
    """
    table = beside["others"]
    ids = [row["other_id"] for row in rows]
    known = 0
    for first in range(0, len(ids), _MANY):
        some = table.c.other_id.in_(ids[first : first + _MANY])
        known += connection.execute(sa.delete(table).where(some)).rowcount
    insert_rows(connection, table, rows)
    return len(rows) - known


def front_mentions(connection: sa.Connection) -> dict[str, dict[int, int]]:
    """
    Count the front-line mentions of each place by the day they were published.

    Parameters
    ----------
    connection
        Open for reading.

    Returns
    -------
    counts
        By place id and day since 1970.
    """
    mentions = tables["mentions"].c
    wanted = (
        sa.select(mentions.place_id, mentions.published, sa.func.count())
        .where(mentions.front_line, mentions.place_id.is_not(None), mentions.published.is_not(None))
        .group_by(mentions.place_id, mentions.published)
    )
    found: dict[str, dict[int, int]] = {}
    for place_id, published, count in connection.execute(wanted):
        day = (date.fromisoformat(published) - _EPOCH).days
        found.setdefault(place_id, {})[day] = count
    return found


def read_beside(connection: sa.Connection, layer: str, selection: Selection) -> gpd.GeoDataFrame:
    """
    Read a layer that belongs to no article.

    Parameters
    ----------
    connection
        Open for reading.
    layer
        ``control``, ``front`` or ``others``.
    selection
        Which rows; stretches of days count where they overlap the window.

    Returns
    -------
    layer_gdf
        As `geocode.frame.make_layer` gives it, ordered by id.
    """
    table = beside[layer]
    names = [column.name for column in layer_columns(layer)]
    own = ["line"] if layer in OUTLINED_LAYERS else ["x", "y"]
    wanted = sa.select(*(table.c[name] for name in [*names, *own]))
    if selection.first_day:
        wanted = wanted.where(table.c.date_end >= selection.first_day.isoformat())
    if selection.last_day:
        wanted = wanted.where(table.c.date_start <= selection.last_day.isoformat())
    places = [table.c[n] for n in ("place_id", "place_a_id", "place_b_id") if n in table.c]
    sides = [table.c[n] for n in ("side", "side_a", "side_b") if n in table.c]
    for asked, columns in ((selection.place_id, places), (selection.side, sides)):
        if asked:
            wanted = wanted.where(sa.or_(sa.false(), *(column == asked for column in columns)))
    if selection.event_type:
        if "type" not in table.c:
            msg = f"the layer {layer} has no event types"
            raise LayerError(msg)
        wanted = wanted.where(table.c.type == selection.event_type)
    rows = connection.execute(wanted.order_by(table.c[ID_COLUMNS[layer]])).all()
    found = layer_from_table(layer, pd.DataFrame(rows, columns=[*names, *own]))
    if not selection.boxes:
        return found
    inside = np.zeros(len(found), dtype=bool)
    for west, south, east, north in selection.boxes:
        whole = shapely.box(west, south, east, north)
        area = whole if west < east else shapely.LineString([(west, south), (west, north)])
        inside |= found.intersects(area).to_numpy()
    return found[inside].reset_index(drop=True)
