"""Step 4: the relation of a site to the named place («على بعد 40 كيلومترا غرب سرت»)."""

from collections.abc import Sequence
from dataclasses import dataclass

from pyproj import Geod

from geocode.document import Document
from geocode.language_rules import BEARINGS as BEARINGS
from geocode.language_rules import LanguageRules
from geocode.mention import Mention

_MAX_DISTANCE_KM = 1000.0
# A distance given in words is round: «40 كيلومترا» may be 35 or 45; 15 % covers that, and the
# direction, one of eight, is good to a quarter of the distance on either side.
DISTANCE_ERROR = 0.3
_MIN_ERROR_KM = 4.0
_LOOK_BACK = 9
_EARTH = Geod(ellps="WGS84")
_LOOK_AHEAD = 4
_NUMBER_WORDS = 3
_TEN = 10
# «2.25», «2٫25» and «2,5» are decimals, «1,500» is one thousand and a half.
_DECIMAL_MARKS = (".", "٫", ",", "،")
_THOUSANDS_MARKS = (",", "٬", "،")
_THREE_DIGITS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """
    How a site lies to the place that is named.

    Attributes
    ----------
    kind
        ``north_of`` … ``outskirts``, ``vicinity``, ``inside``, ``between``, ``distance``,
        ``road_to``.
    text
        The words that say so.
    distance_km
        The distance printed, else None.
    first
        The first token of those words.
    """

    kind: str
    text: str
    distance_km: float | None
    first: int


def find_relation(
    document: Document,
    mentions: Sequence[Mention],
    index: int,
    rules: LanguageRules,
    known: Sequence[Relation | None],
) -> Relation | None:
    """
    Read the relation a mention stands in.

    Parameters
    ----------
    document
        The document.
    mentions
        Its mentions.
    index
        Which of them.
    rules
        The rules of its language.
    known
        The relations of the mentions before it: names of a list share «بين» and «قرب».

    Returns
    -------
    relation
        None where the mention is named without one.
    """
    mention = mentions[index]
    sentence = document.sentences[mention.sentence]
    found = _stated(document, mention, rules, sentence.first)
    if found is not None:
        return found
    if mention.joined is not None:
        before = known[mention.joined]
        if before is not None and before.kind in ("between", "vicinity", "outskirts"):
            return before
    return None


def shifted_point(
    lat: float, lon: float, relation: Relation, radius_km: float
) -> tuple[float, float, float]:
    """
    Move a point as a relation says.

    Parameters
    ----------
    lat, lon
        Degrees on EPSG:4326 of the named place.
    relation
        The relation.
    radius_km
        90 % radius of the named place.

    Returns
    -------
    lat, lon, radius_km
        Where the site is and how sure that is. A direction without a distance moves the point
        by the place's own radius: «جنوب طرابلس» is a belt beside the town, not the town.
    """
    bearing = BEARINGS.get(relation.kind)
    if bearing is None:
        wider = relation.distance_km or (radius_km * 0.5 if relation.kind != "inside" else 0.0)
        return lat, lon, radius_km + wider
    distance = relation.distance_km if relation.distance_km is not None else radius_km
    far_lon, far_lat, _ = _EARTH.fwd(lon, lat, bearing, distance * 1000)
    error = (
        radius_km if relation.distance_km is None else max(_MIN_ERROR_KM, DISTANCE_ERROR * distance)
    )
    return far_lat, far_lon, error


def _stated(
    document: Document, mention: Mention, rules: LanguageRules, begin: int
) -> Relation | None:
    """Read direction, then distance, backwards from the name and over its head nouns."""
    glued = rules.relations.at([mention.prefix], 0) if mention.glued else []
    direction, first = (glued[0].meaning if glued else ""), mention.first
    for end in () if direction else (mention.first, mention.context):
        hits = [h for h in rules.relations.governs(document.keys, end) if h.first >= begin]
        hits = [
            h for h in hits if document.between(h.last - 1, h.last).strip(" \u00a0«\"“d’'") == ""
        ]
        if hits:
            direction, first = hits[0].meaning, hits[0].first
            break
    distance, start = _distance_before(document, rules, first, begin)
    if distance is None and direction:
        after = _distance_after(document, rules, mention)
        if after is not None:
            return _with_text(document, direction, start, after)
    if not direction and distance is None:
        return None
    if start == mention.first and direction:
        return Relation(kind=direction, text=mention.prefix, distance_km=None, first=start)
    text = document.article.text[document.tokens[start].start : _end_of_words(document, mention)]
    return Relation(
        kind=direction or "distance", text=text.strip(), distance_km=distance, first=start
    )


def _with_text(
    document: Document, direction: str, first: int, after: tuple[float, int]
) -> Relation:
    tokens, text = document.tokens, document.article.text
    return Relation(
        kind=direction,
        text=text[tokens[first].start : tokens[after[1] - 1].end],
        distance_km=after[0],
        first=first,
    )


def _distance_after(
    document: Document, rules: LanguageRules, mention: Mention
) -> tuple[float, int] | None:
    """Read «غرب سرت بنحو 40 كيلومترا»: the distance in km, and the token after it."""
    keys, last = document.keys, document.sentences[mention.sentence].last
    at = mention.last
    while at < last and at - mention.last < _LOOK_AHEAD and keys[at] in rules.distance_after:
        at += 1
    if at == mention.last or at >= last:
        return None
    for unit in range(at + 1, min(at + _NUMBER_WORDS + 1, last)):
        if keys[unit] in rules.distance_km:
            value, first = _number_before(document, unit, at, rules)
            distance_km = (value or 0.0) * rules.distance_km[keys[unit]]
            fits = value is not None and first == at and distance_km <= _MAX_DISTANCE_KM
            return (distance_km, unit + 1) if fits else None
    return None


def _end_of_words(document: Document, mention: Mention) -> int:
    return (
        document.tokens[mention.context].start if mention.context < mention.first else mention.start
    )


def _distance_before(
    document: Document, rules: LanguageRules, end: int, begin: int
) -> tuple[float | None, int]:
    """Read «على بعد 40 كيلومترا» or "some 10 kilometers" that ends just before a token."""
    keys = document.keys
    unit = end - 1
    if unit > begin and keys[unit] in rules.distance_of and keys[unit - 1] in rules.distance_km:
        unit -= 1
    while unit >= begin and keys[unit] in rules.lead_words:
        unit -= 1
    if unit < begin or keys[unit] not in rules.distance_km:
        return None, end
    value, first = _number_before(document, unit, begin, rules)
    if value is None:
        return None, end
    distance_km = value * rules.distance_km[keys[unit]]
    while first - 1 >= max(begin, end - _LOOK_BACK) and keys[first - 1] in rules.lead_words:
        first -= 1
    return (distance_km, first) if distance_km <= _MAX_DISTANCE_KM else (None, end)


def _number_before(
    document: Document, unit: int, begin: int, rules: LanguageRules
) -> tuple[float | None, int]:
    keys = document.keys
    if keys[unit] in rules.numbers:
        return float(rules.numbers[keys[unit]]), unit
    first = unit - 1
    while first >= begin and keys[first] in rules.lead_words:
        first -= 1
    if first < begin:
        return None, unit
    if keys[first].isdecimal():
        joined = first - 1 >= begin and keys[first - 1].isdecimal()
        mark = document.between(first - 1, first) if joined else ""
        if mark not in _DECIMAL_MARKS + _THOUSANDS_MARKS or not mark:
            return float(keys[first]), first
        thousands = mark in _THOUSANDS_MARKS and len(keys[first]) == _THREE_DIGITS
        point = "" if thousands else "."
        return float(f"{keys[first - 1]}{point}{keys[first]}"), first - 1
    number = rules.numbers.get(keys[first])
    if number is None and keys[first].startswith("و"):
        number = rules.numbers.get(keys[first][1:])  # «خمسة وعشرين»
    if number is None:
        return None, unit
    ones = rules.numbers.get(keys[first - 1], 0) if first - 1 >= begin else 0
    compound = (0 < ones < _TEN <= number) or (number < _TEN and ones >= 2 * _TEN)
    return float(number + (ones if compound else 0)), first - compound
