"""Gold: passages people annotated, and how their labels are compared."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from geocode.article import Article, make_article
from geocode.errors import GoldError
from geocode.record import ReadArticle, Row
from geocode.triggers import EVENT_TYPES

_SAME_RELATION = {
    "east_part_of": "east_of",
    "south_part_of": "south_of",
    "toward": "road_to",
    "entrance_of": "outskirts",
    "above": "inside",
}
# How annotators name the sides; a label may name several.
_SIDES = {
    "lna": ("lna", "karama"),
    "gna": ("gna", "volcano"),
    "turkey": ("turk",),
    "russia": ("russia", "wagner", "moscow"),
    "uae": ("uae", "emirates"),
    "egypt": ("egypt",),
}
_NO_SIDE = frozenset({"", "none", "null", "unknown", "outlet", "reported"})
_UN = frozenset({"un", "unsmil", "iom", "unhcr", "unicef"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """An annotated passage: the article, and what people marked in it."""

    article: Article
    mentions: tuple[Row, ...]
    events: tuple[Row, ...]


def read_gold(path: Path) -> list[Passage]:
    """
    Read annotated passages.

    Parameters
    ----------
    path
        JSON Lines; each with ``id``, ``text``, ``mentions``, ``events``, and ``published``,
        ``outlet``, ``lang`` where known.

    Raises
    ------
    GoldError
        If a line is none; the message names it.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        msg = f"{path} cannot be read: {error}"
        raise GoldError(msg) from error
    return [_passage(path, number, line) for number, line in enumerate(lines, 1) if line.strip()]


def write_gold(read: Iterable[ReadArticle], path: Path) -> None:
    """
    Write what was read, and corrected, as annotated passages; `read_gold` reads them again.

    Parameters
    ----------
    read
        Articles with their rows; somebody should have looked at all of them.
    path
        The file, JSON Lines.

    Raises
    ------
    GoldError
        If it cannot be written.
    """
    lines = [json.dumps(_annotated(r), ensure_ascii=False) + "\n" for r in read]
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("".join(lines), encoding="utf-8")
    except OSError as error:
        msg = f"{path} cannot be written: {error}"
        raise GoldError(msg) from error


def _annotated(read: ReadArticle) -> dict[str, Any]:
    article = read.article
    return {
        "id": article.article_id,
        "lang": article.lang,
        "published": article.published.isoformat() if article.published else None,
        "outlet": article.outlet,
        "text": article.text,
        "mentions": [
            {
                **{name: row[name] for name in ("start", "end", "kind", "lat", "lon", "role")},
                "surface": row["text"],
                "name": row["place_name"] or row["text"],
                "radius_km": row["precision_km"],
                "relation": _relation(row),
            }
            for row in read.mentions
        ],
        "events": [
            {
                **{name: row[name] for name in ("type", "trigger", "trigger_start", "lat", "lon")},
                "place": row["place_name"],
                "date": row["date_start"] and f"{row['date_start']}/{row['date_end']}",
                "actor": row["actor_side"],
                "target": row["target_side"],
                "claimed_by": row["claimed_by_side"] or "outlet",
                "status": row["status"],
            }
            for row in read.events
        ],
    }


def _relation(row: Row) -> dict[str, Any] | None:
    if not row["relation"]:
        return None
    return {
        "ar": row["relation_text"],
        "kind": row["relation"],
        "distance_km": row["distance_km"],
    }


def _passage(path: Path, number: int, line: str) -> Passage:
    try:
        row = json.loads(line)
        article = make_article(
            row["text"],
            article_id=str(row["id"]),
            published=row.get("published") or "",
            outlet=row.get("outlet") or "",
            lang=row.get("lang") or "",
        )
        mentions, events = _rows(row, "mentions", "start", "end"), _rows(row, "events", "type")
        return Passage(article=article, mentions=mentions, events=events)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        expected = "expected an annotated passage with id, text, mentions and events"
        msg = f"{path.name}:{number}: {error!r}; {expected}"
        raise GoldError(msg) from error


def _rows(row: Row, name: str, *needed: str) -> tuple[Row, ...]:
    for item in row[name]:
        numbers = [item.get("lat"), item.get("lon")]
        whole = all(key in item for key in needed)
        if not whole or any(isinstance(n, str) for n in numbers) or numbers.count(None) == 1:
            msg = f"{name}: {item!r}, expected {', '.join(needed)}, and lat with lon as numbers"
            raise ValueError(msg)
    return tuple(row[name])


def days(text: object) -> tuple[date, date] | None:
    """
    Give the first and last day of a date as annotated, None for what is none.

    Parameters
    ----------
    text
        An ISO day, or two parted by a slash.
    """
    first, _, last = str(text).partition("/")
    start = day(first)
    end = day(last) if last else start
    return (start, end) if start and end else None


def day(text: object) -> date | None:
    """
    Give a day, None for what is none.

    Parameters
    ----------
    text
        An ISO day or time.
    """
    try:
        return date.fromisoformat(str(text)[:10])
    except ValueError:
        return None


def sides_of(label: object) -> frozenset[str]:
    """
    Give the sides a label names; none for the outlet and the unknown.

    Parameters
    ----------
    label
        An annotator's label, or ours.
    """
    text = str(label or "").lower().strip()
    if text in _NO_SIDE or text.startswith("unspecified"):
        return frozenset()
    found = {side for side, words in _SIDES.items() if any(word in text for word in words)}
    if not found and text.split()[0].strip("();,") in _UN:
        return frozenset({"un"})
    return frozenset(found or {"other"})


def event_type(name: str) -> str:
    """
    Give a type of ours; all others are ``other``.

    Parameters
    ----------
    name
        A type as annotated.
    """
    return name if name in EVENT_TYPES else "other"


def mood(status: object) -> str:
    """
    Give ``planned``, ``denied`` or ``done``.

    Parameters
    ----------
    status
        A status as annotated, or ours.
    """
    return str(status) if status in ("planned", "denied") else "done"


def relation_kind(relation: Any) -> str | None:  # noqa: ANN401 (as annotated, or as read)
    """
    Give the kind of a relation.

    Parameters
    ----------
    relation
        As annotated, or as read; None for none.
    """
    kind = relation.get("kind") if isinstance(relation, Mapping) else relation
    return None if kind is None else _SAME_RELATION.get(kind, str(kind))
