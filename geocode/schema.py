"""What the columns of each layer are: names, types, meaning."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gazetteer import KINDS
from geocode.errors import LayerError
from geocode.language_rules import RELATIONS
from geocode.modality import STATUSES
from geocode.role import ROLES
from geocode.triggers import EVENT_TYPES

DATE_PRECISIONS = ("day", "range", "week", "month", "report", "unknown")


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """
    One column of a layer.

    Attributes
    ----------
    name
        As in frames and as property in GeoJSON.
    kind
        ``string``, ``integer``, ``number``, ``boolean``, ``date`` or ``json`` (a list kept as
        text in frames).
    meaning
        One sentence for the reader of the layer.
    required
        Whether it never is null.
    choices
        The closed set of values, empty for an open one.
    """

    name: str
    kind: str
    meaning: str
    required: bool = False
    choices: tuple[str, ...] = ()


def _text(
    name: str, meaning: str, *, required: bool = False, choices: tuple[str, ...] = ()
) -> Column:
    return Column(name=name, kind="string", meaning=meaning, required=required, choices=choices)


def _number(name: str, meaning: str, kind: str = "number", *, required: bool = False) -> Column:
    return Column(name=name, kind=kind, meaning=meaning, required=required)


_PLACE_KINDS = tuple(sorted(KINDS))
_ARTICLE_ID = _text("article_id", "Id of the article.", required=True)
_PLACE = (
    _text("place_id", "Id of the place in the gazetteer; null when unresolved."),
    _text("place_name", "English name of the place."),
    _text("place_name_ar", "Arabic name of the place."),
    _text("kind", "Kind of place; the head noun in the text decides.", choices=_PLACE_KINDS),
)
_POINT = (
    _number("lat", "Latitude of the named place's own point, degrees on EPSG:4326."),
    _number("lon", "Longitude of the named place's own point, degrees on EPSG:4326."),
    _number("precision_km", "Radius around the geometry that holds the site with 90 % confidence."),
)
_SENTENCE = (
    _number(
        "sentence_start", "First character of the sentence in the text.", "integer", required=True
    ),
    _number("sentence_end", "Character after the sentence in the text.", "integer", required=True),
)
_PUBLISHED = Column(name="published", kind="date", meaning="Day of publication; null when unknown.")
_OUTLET = _text("outlet", "Who printed the article.")

MENTION_COLUMNS = (
    _ARTICLE_ID,
    _text("mention_id", "Id of the mention.", required=True),
    _number(
        "start", "First character of the name in the text (code points).", "integer", required=True
    ),
    _number("end", "Character after the name in the text.", "integer", required=True),
    _text("text", "The name as printed.", required=True),
    *_PLACE,
    _text("country", "ISO 3166-1 alpha-2 code of the place's country."),
    _text("role", "What the place is in its sentence.", required=True, choices=ROLES),
    _text("relation", "How the site lies to the named place.", choices=(*RELATIONS, "distance")),
    _text("relation_text", "The words that say so."),
    _number("distance_km", "Distance to the named place, as printed."),
    *_POINT,
    _number("score", "Share of the evidence that speaks for the place, 0 to 1.", required=True),
    Column(
        name="candidates",
        kind="json",
        meaning="Places it may mean, with their scores.",
        required=True,
    ),
    _text("reason", "Why this place was chosen, or why none.", required=True),
    _number("corrected", "Whether a reader corrected it.", "boolean", required=True),
    _number("front_line", "Whether fighting is told of this place here.", "boolean", required=True),
    *_SENTENCE,
    _PUBLISHED,
    _OUTLET,
)
EVENT_COLUMNS = (
    _text("event_id", "Id of the event claim.", required=True),
    _ARTICLE_ID,
    _text("type", "What happened.", required=True, choices=EVENT_TYPES),
    _text("trigger", "The words that tell it.", required=True),
    _number(
        "trigger_start", "First character of the trigger in the text.", "integer", required=True
    ),
    _number("trigger_end", "Character after the trigger in the text.", "integer", required=True),
    _text("sentence", "The sentence that tells it, as printed.", required=True),
    *_SENTENCE,
    Column(
        name="evidence",
        kind="json",
        meaning="Spans (start, end) of all sentences that tell it.",
        required=True,
    ),
    *_PLACE,
    _text("mention_id", "Id of the mention that names the place.", required=True),
    Column(
        name="mention_ids",
        kind="json",
        meaning="Ids of all mentions of the place at which it is told.",
        required=True,
    ),
    _text("relation", "How the site lies to the named place.", choices=(*RELATIONS, "distance")),
    *_POINT,
    _number(
        "geo_precision", "ACLED code: 1 the place itself, 2 near it, 3 only the region.", "integer"
    ),
    Column(name="date_start", kind="date", meaning="First day it may have happened."),
    Column(name="date_end", kind="date", meaning="Last day it may have happened."),
    _text(
        "date_precision",
        "How exact the date is; report: only the publication tells.",
        required=True,
        choices=DATE_PRECISIONS,
    ),
    _text("date_text", "The time expression as printed."),
    _text("actor", "Who did it, as printed."),
    _text("actor_side", "Side that did it."),
    _text("target", "To whom it was done, as printed."),
    _text("target_side", "Side to which it was done."),
    _text("claimed_by", "Who tells it, as printed; null means the outlet itself."),
    _text(
        "claimed_by_side",
        "Side that tells it, or witnesses; null for the outlet itself.",
    ),
    Column(
        name="source_chain",
        kind="json",
        meaning="Who passed it on, nearest to the reader first.",
        required=True,
    ),
    Column(
        name="losses",
        kind="json",
        meaning="Losses told: side (not read yet), what, low, high, words.",
        required=True,
    ),
    _text(
        "status",
        "Reported by the outlet, claimed by a side, planned, or denied.",
        required=True,
        choices=STATUSES,
    ),
    _number("confidence", "Confidence in type and place, 0 to 1.", required=True),
    _number("front_line", "Whether it is a fight that is not denied.", "boolean", required=True),
    _text("cluster_id", "Id of the event this claim tells of; null until claims are clustered."),
    _text("cluster_reason", "Why it was joined to its cluster; null for the first claim of one."),
    _text(
        "copy_group",
        "Id of the first of the near-identical reports this one is of; they count as one source.",
    ),
    _number("corrected", "Whether a reader corrected it.", "boolean", required=True),
    _PUBLISHED,
    _OUTLET,
    _text("url", "Address of the article."),
)
AREA_FORMS = ("sector", "ring", "buffer", "corridor", "area", "line")
UNCERTAINTY_COLUMNS = (
    _text("mention_id", "Id of the mention whose site lies in this area.", required=True),
    _ARTICLE_ID,
    _text("place_id", "Id of the named place in the gazetteer.", required=True),
    _text("place_name", "English name of the place."),
    _text("place_name_ar", "Arabic name of the place."),
    _text("form", "What was drawn.", required=True, choices=AREA_FORMS),
    _text("relation", "How the site lies to the named place.", choices=(*RELATIONS, "distance")),
    _text("relation_text", "The words that say so."),
    _number("distance_km", "Distance to the named place, as printed."),
    _number("precision_km", "90 % radius around the mention's point."),
    _text("role", "What the place is in its sentence.", required=True, choices=ROLES),
    _number("front_line", "Whether fighting is told of this place here.", "boolean", required=True),
    _PUBLISHED,
    _OUTLET,
)
_FROM = Column(name="date_start", kind="date", meaning="First day it holds.", required=True)
_TO = Column(
    name="date_end",
    kind="date",
    meaning="Last day it holds, or of the last report.",
    required=True,
)
_EVIDENCE_IDS = Column(
    name="evidence",
    kind="json",
    meaning="Ids of the event claims it rests on, the latest of them.",
    required=True,
)
CONTROL_COLUMNS = (
    _text("control_id", "Id of the stretch of days: place and first day.", required=True),
    _text("place_id", "Id of the place in the gazetteer.", required=True),
    *_PLACE[1:],
    *_POINT[:2],
    _FROM,
    _TO,
    _text("side", "Side that holds it; contested where both claim it; or unknown.", required=True),
    _number(
        "probability",
        "That the side holds it, mean of the stretch; else that of the likelier side.",
        required=True,
    ),
    _text(
        "basis",
        "Whether claims about the place tell it more, or those about its neighbours by road.",
        required=True,
        choices=("told", "neighbours"),
    ),
    Column(
        name="inferred_from",
        kind="json",
        meaning="Ids of the nearest places that are told of, where these tell more.",
        required=True,
    ),
    Column(
        name="last_evidence",
        kind="date",
        meaning="Day of the last claim before the end of the stretch; null where all came later.",
    ),
    _number(
        "stale",
        "Whether the last claim is older than two months, or all came later.",
        "boolean",
        required=True,
    ),
    _number("claims", "Claims about the place until the end of the stretch.", "integer"),
    _EVIDENCE_IDS,
)
FRONT_FORMS = ("line", "advance")
FRONT_COLUMNS = (
    _text("front_id", "Id of the stretch of days: form, places and first day.", required=True),
    _text(
        "form",
        "line: the front lies somewhere on the way between two places; advance: one was taken.",
        required=True,
        choices=FRONT_FORMS,
    ),
    _text("side_a", "Side that holds the first place; the one that advances.", required=True),
    _text("place_a_id", "Id of the first place.", required=True),
    _text("place_a_name", "Its English name."),
    _text("place_a_name_ar", "Its Arabic name."),
    _text("side_b", "Side that holds the second place; the one that lost it.", required=True),
    _text("place_b_id", "Id of the second place.", required=True),
    _text("place_b_name", "Its English name."),
    _text("place_b_name_ar", "Its Arabic name."),
    Column(
        name="via",
        kind="json",
        meaning="Ids of the places between them, of which nothing is known.",
        required=True,
    ),
    _FROM,
    _TO,
    _number("probability", "That each side holds its place, mean of the stretch.", required=True),
    _number("length_km", "Length of the way along main roads, schematic.", required=True),
    _number(
        "mentions",
        "Front-line mentions of both places in the 14 days up to the end of the stretch.",
        "integer",
        required=True,
    ),
    _EVIDENCE_IDS,
)
DATASET_NAMES = ("acled", "ucdp", "gdelt", "viina")
OTHER_COLUMNS = (
    _text("other_id", "Data set and id of the event there.", required=True),
    _text("dataset", "Whose table it stands in.", required=True, choices=DATASET_NAMES),
    _text("type", "What happened, in our types.", required=True, choices=EVENT_TYPES),
    _text("type_printed", "What it is called there."),
    _text("place_name", "Place, as written there."),
    _number("lat", "Latitude given there, degrees on EPSG:4326."),
    _number("lon", "Longitude given there, degrees on EPSG:4326."),
    _number(
        "geo_precision", "ACLED code: 1 the place itself, 2 near it, 3 only the region.", "integer"
    ),
    Column(name="date_start", kind="date", meaning="First day given there.", required=True),
    Column(name="date_end", kind="date", meaning="Last day given there.", required=True),
    _text(
        "date_precision",
        "How exact the date is; report: that of the report.",
        required=True,
        choices=DATE_PRECISIONS,
    ),
    _text("actor", "Who did it, or the first side, as written there."),
    _text("target", "To whom it was done, or the second side, as written there."),
    _number("killed", "How many were killed, the best number there; null for none.", "integer"),
    _text("source", "Sources named there."),
    _text("url", "Address named there."),
    _text("note", "What is written of it there."),
)
# The layers that are read from articles; those that are drawn from them; what is concluded; what
# others coded.
LAYERS: Mapping[str, tuple[Column, ...]] = {"mentions": MENTION_COLUMNS, "events": EVENT_COLUMNS}
DRAWN_LAYERS: Mapping[str, tuple[Column, ...]] = {"uncertainty": UNCERTAINTY_COLUMNS}
CONCLUDED_LAYERS: Mapping[str, tuple[Column, ...]] = {
    "control": CONTROL_COLUMNS,
    "front": FRONT_COLUMNS,
}
BESIDE_LAYERS: Mapping[str, tuple[Column, ...]] = {"others": OTHER_COLUMNS}
ALL_LAYERS = {**LAYERS, **DRAWN_LAYERS, **CONCLUDED_LAYERS, **BESIDE_LAYERS}
ID_COLUMNS: Mapping[str, str] = {
    "mentions": "mention_id",
    "events": "event_id",
    "uncertainty": "mention_id",
    "control": "control_id",
    "front": "front_id",
    "others": "other_id",
}
# Layers whose geometry is an outline or a line; that of the others is a point.
OUTLINED_LAYERS = ("uncertainty", "front")
_JSON_TYPES = {"date": "string", "json": "array"}


def layer_columns(layer: str) -> tuple[Column, ...]:
    """
    Give the columns of a layer.

    Parameters
    ----------
    layer
        One of `ALL_LAYERS`.

    Raises
    ------
    LayerError
        If there is no such layer.
    """
    if layer not in ALL_LAYERS:
        msg = f"There is no layer {layer!r}; expected one of {', '.join(ALL_LAYERS)}."
        raise LayerError(msg)
    return ALL_LAYERS[layer]


def layer_schema(layer: str) -> dict[str, Any]:
    """
    Give the JSON Schema of a layer's GeoJSON file.

    Parameters
    ----------
    layer
        One of `ALL_LAYERS`.

    Returns
    -------
    schema
        JSON Schema 2020-12 of the FeatureCollection.

    Raises
    ------
    LayerError
        If there is no such layer.
    """
    columns = layer_columns(layer)
    position = {
        "type": "array",
        "prefixItems": [_range(180), _range(90)],
        "minItems": 2,
        "maxItems": 2,
    }
    point = {
        "type": "object",
        "properties": {"type": {"const": "Point"}, "coordinates": position},
        "required": ["type", "coordinates"],
    }
    feature = {
        "type": "object",
        "properties": {
            "type": {"const": "Feature"},
            "id": {"type": "string"},
            "geometry": _outline()
            if layer in OUTLINED_LAYERS
            else {"anyOf": [point, {"type": "null"}]},
            "properties": {
                "type": "object",
                "properties": {c.name: _property(c) for c in columns},
                "required": [c.name for c in columns],
            },
        },
        "required": ["type", "geometry", "properties"],
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"Mihwar {layer}",
        "type": "object",
        "properties": {
            "type": {"const": "FeatureCollection"},
            "mihwar": {"type": "object"},
            "features": {"type": "array", "items": feature},
        },
        "required": ["type", "mihwar", "features"],
    }


def _outline() -> dict[str, Any]:
    kinds = ["Polygon", "MultiPolygon", "LineString", "MultiLineString"]
    return {
        "type": "object",
        "properties": {"type": {"enum": kinds}, "coordinates": {"type": "array"}},
        "required": ["type", "coordinates"],
    }


def _range(limit: int) -> dict[str, Any]:
    return {"type": "number", "minimum": -limit, "maximum": limit}


def _property(column: Column) -> dict[str, Any]:
    kind = _JSON_TYPES.get(column.kind, column.kind)
    schema: dict[str, Any] = {"description": column.meaning}
    schema["type"] = kind if column.required else [kind, "null"]
    if column.kind == "date":
        schema["format"] = "date"
    if column.choices:
        schema["enum"] = list(column.choices) if column.required else [*column.choices, None]
    return schema
