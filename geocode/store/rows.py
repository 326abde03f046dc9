"""What is stored of articles and layers, and how some of it is asked for."""

import json
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import sqlalchemy as sa

from geocode.article import Article
from geocode.record import Row
from geocode.store.selection import Selection
from geocode.store.tables import cell_of

# Above this many cells the index of days finds a box sooner than a list of cells.
_MAX_CELLS = 500


def article_row(item: Article, rules: str) -> dict[str, object]:
    """
    Give an article as it is stored.

    Parameters
    ----------
    item
        The article.
    rules
        What it was read by.
    """
    return {
        "article_id": item.article_id,
        "content_hash": item.content_hash,
        "rules": rules,
        "text": item.text,
        "title": item.title,
        "published": item.published.isoformat() if item.published else None,
        "published_at": item.published_at,
        "outlet": item.outlet,
        "url": item.url,
        "lang": item.lang,
        "remarks": item.remarks,
    }


def article_of(row: dict[str, Any]) -> Article:
    """
    Give an article as it was given.

    Parameters
    ----------
    row
        As stored.
    """
    published = date.fromisoformat(row["published"]) if row["published"] else None
    names = ("article_id", "text", "title", "published_at", "outlet", "url", "lang", "remarks")
    kept = {name: row[name] for name in names}
    return Article(published=published, **kept)


def stored_row(row: Row, groups: Mapping[str, str]) -> dict[str, Any]:
    """
    Give a row of a layer as it is stored.

    Parameters
    ----------
    row
        With ``x`` and ``y``.
    groups
        For each article the group of copies it belongs to.
    """
    stored = {
        name: json.dumps(value, ensure_ascii=False) if isinstance(value, list) else value
        for name, value in row.items()
    }
    if "copy_group" in stored:
        stored["copy_group"] = groups[row["article_id"]]
    placed = row["x"] is not None
    stored["cell"] = cell_of(row["x"], row["y"]) if placed else None
    return stored


def conditions(table: sa.Table, selection: Selection) -> Iterator[sa.ColumnElement[bool]]:
    """
    Give what rows of a selection have to meet.

    Parameters
    ----------
    table
        Of a layer.
    selection
        Which rows.
    """
    events = "date_start" in table.c
    first, last = ("date_end", "date_start") if events else ("published", "published")
    if selection.first_day:
        yield table.c[first] >= selection.first_day.isoformat()
    if selection.last_day:
        yield table.c[last] <= selection.last_day.isoformat()
    if selection.boxes:
        yield sa.or_(
            *(
                sa.and_(table.c.x.between(west, east), table.c.y.between(south, north))
                for west, south, east, north in selection.boxes
            )
        )
        cells = [cell for box in selection.boxes for cell in _cells(box)]
        if len(cells) <= _MAX_CELLS:
            yield table.c.cell.in_(cells)
    if selection.place_id:
        yield table.c.place_id == selection.place_id
    if selection.event_type:
        yield table.c.type == selection.event_type if events else sa.false()
    if selection.side:
        sides = (table.c.actor_side, table.c.claimed_by_side) if events else ()
        yield sa.or_(sa.false(), *(side == selection.side for side in sides))


def _cells(box: tuple[float, float, float, float]) -> list[int]:
    west, south, east, north = box
    found = {
        cell_of(lon, lat)
        for lat in range(int(south // 1), int(north // 1) + 1)
        for lon in range(int(west // 1), int(east // 1) + 1)
    }
    return sorted(found)
