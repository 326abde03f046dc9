"""The rows of an article: what was read of it, ready for a table."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gazetteer import Place, bearing
from geocode.article import Article
from geocode.document import Document
from geocode.event import Event
from geocode.governing import Reading
from geocode.placement import Placement
from geocode.relation import BEARINGS, Relation, shifted_point
from geocode.role import Role

_NEAR_KM, _REGION_KM = 10.0, 40.0
# «غرب» for what lies south-west is loose talk; for what lies east it is a mistake.
_DOUBTFUL_ANGLE = 100.0
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadArticle:
    """
    An article and what was read of it.

    Attributes
    ----------
    article
        The article.
    mentions, events
        Rows for the layers of those names.
    """

    article: Article
    mentions: tuple[Row, ...]
    events: tuple[Row, ...]


def make_rows(reading: Reading, roles: Sequence[Role], events: Sequence[Event]) -> ReadArticle:
    """
    Bring what was read of an article into rows.

    Parameters
    ----------
    reading
        What is known of the document.
    roles
        The role of each mention.
    events
        Its events.

    Returns
    -------
    read
        One row a mention and one an event, in the order of the text.
    """
    article = reading.document.article
    fought = {mention for event in events if event.is_combat for mention in event.mentions}
    places = _fought_places(reading, fought)
    mentions = [
        _mention_row(reading, index, role, fought=_is_front(reading, index, role, places))
        for index, role in enumerate(roles)
    ]
    rows = [_event_row(reading, event, roles[event.mention]) for event in events]
    return ReadArticle(article=article, mentions=tuple(mentions), events=tuple(_numbered(rows)))


def _fought_places(reading: Reading, fought: set[int]) -> set[str]:
    placed = (reading.placements[index].place for index in fought)
    return {place.place_id for place in placed if place is not None}


def _is_front(reading: Reading, index: int, role: Role, places: set[str]) -> bool:
    """Tell whether fighting is told of a place: an event there, or it is named as an axis."""
    placement = reading.placements[index]
    if role.role != "event":
        return False
    known = placement.place is not None and placement.place.place_id in places
    return known or placement.kind == "axis"


def _mention_row(reading: Reading, index: int, role: Role, *, fought: bool) -> Row:
    document, mention = reading.document, reading.mentions[index]
    placement, relation = reading.placements[index], reading.relations[index]
    article = document.article
    return {
        "article_id": article.article_id,
        "mention_id": _mention_id(reading, index),
        "start": mention.start,
        "end": mention.end,
        "text": mention.text,
        **_place_columns(placement),
        "country": (placement.place.country or None) if placement.place else None,
        "role": role.role,
        "relation": relation.kind if relation else None,
        "relation_text": relation.text if relation else None,
        "distance_km": relation.distance_km if relation else None,
        **_point_columns(placement, relation if role.role != "background" else None),
        "score": placement.score,
        "candidates": [
            {"id": place_id, "score": score} for place_id, score in placement.candidates
        ],
        "reason": "; ".join([placement.reason, *_doubts(reading, index)]),
        "corrected": False,
        "front_line": fought,
        **_sentence_columns(document, mention.sentence),
        **_article_columns(article),
    }


def _doubts(reading: Reading, index: int) -> list[str]:
    """Note where a report puts a place on another side of the next than the gazetteer does."""
    here, after = reading.placements[index].place, index + 1
    if here is None or after >= len(reading.mentions):
        return []
    relation, there = reading.relations[after], reading.placements[after].place
    said = BEARINGS.get(relation.kind) if relation is not None else None
    beside = reading.mentions[after].sentence == reading.mentions[index].sentence
    if relation is None or said is None or there is None or not beside or there.is_wide:
        return []
    if relation.first - reading.mentions[index].last > 1 or here == there:
        return []
    found = bearing(there, here)
    if abs((found - said + 180) % 360 - 180) <= _DOUBTFUL_ANGLE:
        return []
    side = min(BEARINGS, key=lambda name: abs((found - BEARINGS[name] + 180) % 360 - 180))
    return [f"the report puts it {relation.kind} {there.name_en}, the gazetteer {side}"]


def _event_row(reading: Reading, event: Event, role: Role) -> dict[str, Any]:
    document, article = reading.document, reading.document.article
    placement, relation = reading.placements[event.mention], reading.relations[event.mention]
    governor, speaker = event.governor, event.speaker
    start = document.tokens[governor.first].start
    end = document.tokens[governor.last - 1].end
    sentence = document.sentences[governor.sentence]
    columns = {
        "article_id": article.article_id,
        "type": event.event_type,
        "trigger": article.text[start:end],
        "trigger_start": start,
        "trigger_end": end,
        "sentence": article.text[sentence.start : sentence.end],
        **_sentence_columns(document, governor.sentence),
        "evidence": [list(span) for span in event.evidence],
        **_place_columns(placement),
        "mention_id": _mention_id(reading, event.mention),
        "mention_ids": [_mention_id(reading, mention) for mention in event.mentions],
        "relation": relation.kind if relation else _inside(event, role),
        **_point_columns(placement, relation),
        **_date_columns(event, article),
        "actor": event.actor.text or None,
        "actor_side": event.actor.side,
        "target": event.target.text or None,
        "target_side": event.target.side,
        "claimed_by": speaker.text or None,
        "claimed_by_side": speaker.side,
        "source_chain": [link for link in speaker.chain if link],
        "losses": [
            {
                "side": None,
                "what": loss.what,
                "low": loss.low,
                "high": loss.high,
                "words": loss.words,
            }
            for loss in event.losses
        ],
        "status": event.status,
        "confidence": event.confidence,
        "front_line": event.is_combat,
        "cluster_id": None,
        "cluster_reason": None,
        "copy_group": None,
        "corrected": False,
        **_article_columns(article),
        "url": article.url or None,
    }
    columns["geo_precision"] = _geo_precision(columns["precision_km"], placement.place)
    return columns


def _inside(event: Event, role: Role) -> str | None:
    """Tell a retreat in a place («تقهقر … في»), which is not one from it."""
    within = event.event_type == "withdrawal" and role.preposition == "locative"
    return "inside" if within else None


def _numbered(rows: Sequence[dict[str, Any]]) -> list[Row]:
    """Give events their ids, from what they tell and where it stands."""
    ordered = sorted(rows, key=_by_text)
    numbered: list[Row] = []
    for row in ordered:
        event_id = _hash(row["article_id"], row["type"], row["mention_id"], row["trigger_start"])
        numbered.append({"event_id": event_id, **row})
    return numbered


def _by_text(row: Row) -> tuple[int, str, str]:
    return row["trigger_start"], row["type"], row["mention_id"]


def _mention_id(reading: Reading, index: int) -> str:
    mention = reading.mentions[index]
    return _hash(reading.document.article.article_id, mention.start, mention.end)


def _hash(*parts: object) -> str:
    text = "|".join(map(str, parts))
    return hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=10).hexdigest()


def _place_columns(placement: Placement) -> dict[str, Any]:
    place = placement.place
    return {
        "place_id": place.place_id if place else None,
        "place_name": place.name_en if place else None,
        "place_name_ar": place.name_ar if place else None,
        "kind": placement.kind,
    }


def _point_columns(placement: Placement, relation: Relation | None) -> dict[str, Any]:
    """Give the place's own point, and the point of the site for the geometry."""
    place, radius = placement.place, placement.precision_km
    if place is None or radius is None:
        return {"lat": None, "lon": None, "precision_km": None, "x": None, "y": None}
    lat, lon = place.lat, place.lon
    if relation is not None and not (relation.distance_km is None and place.is_wide):
        lat, lon, radius = shifted_point(lat, lon, relation, radius)
    return {
        "lat": place.lat,
        "lon": place.lon,
        "precision_km": round(radius, 2),
        "x": round(lon, 6),
        "y": round(lat, 6),
    }


def site_columns(place: Place, row: Row) -> dict[str, Any]:
    """
    Give the columns of a row for another place, the relation in it kept.

    Parameters
    ----------
    place
        The place a reader says is meant.
    row
        A row of mentions.
    """
    lat, lon, radius = place.lat, place.lon, place.precision_km
    if row["relation"] and row["role"] != "background" and not place.is_wide:
        relation = Relation(
            kind=row["relation"],
            first=0,
            text=row["relation_text"] or "",
            distance_km=row["distance_km"],
        )
        lat, lon, radius = shifted_point(lat, lon, relation, radius)
    return {
        "place_id": place.place_id,
        "place_name": place.name_en,
        "place_name_ar": place.name_ar,
        "kind": place.kind,
        "lat": place.lat,
        "lon": place.lon,
        "precision_km": round(radius, 2),
        "x": round(lon, 6),
        "y": round(lat, 6),
    }


def _sentence_columns(document: Document, sentence: int) -> dict[str, Any]:
    found = document.sentences[sentence]
    return {"sentence_start": found.start, "sentence_end": found.end}


def _article_columns(article: Article) -> dict[str, Any]:
    published = article.published.isoformat() if article.published else None
    return {"published": published, "outlet": article.outlet or None}


def _date_columns(event: Event, article: Article) -> dict[str, Any]:
    if event.time is not None:
        return {
            "date_start": event.time.start.isoformat(),
            "date_end": event.time.end.isoformat(),
            "date_precision": event.time.precision,
            "date_text": event.time.text,
        }
    if article.published is None or event.status == "planned":
        unknown = {"date_start": None, "date_end": None, "date_precision": "unknown"}
        return {**unknown, "date_text": None}
    day = article.published.isoformat()
    return {"date_start": day, "date_end": day, "date_precision": "report", "date_text": None}


def _geo_precision(precision_km: float | None, place: Place | None) -> int | None:
    """Code precision as ACLED does (codebook 2023: 1 the town, 2 its area, 3 the region)."""
    if precision_km is None or place is None:
        return None
    if place.is_wide or precision_km > _REGION_KM:
        return 3
    return 1 if precision_km <= _NEAR_KM else 2
