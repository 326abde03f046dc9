"""Step 3: placement, the place each mention means, or none where that is not sure enough."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from gazetteer import EARTH_RADIUS_KM, Place
from geocode.conflict import Conflict
from geocode.document import Document
from geocode.language_rules import LanguageRules
from geocode.mention import Mention

# Weights of the evidence, in log-odds. Chosen so that fame decides where nothing else speaks, a
# head noun beats fame, and the country and neighbourhood of a report beat a difference of two or
# three steps of fame (namesakes: Tripoli in Lebanon, السدرة on the coast and in Tripoli).
FAME_WEIGHT = 1.0
KIND_WEIGHT = 5.0
COUNTRY_WEIGHT = 4.0
NEAR_WEIGHT = 4.0
NEAR_SCALE_KM = 40.0
LOCATED_WEIGHT = 8.0
# What speaks for a place that no gazetteer has: about as much as for an obscure village of the
# country a report is about, with nothing near it. Calibrated on the annotated passages (see
# benchmarks/README.md); a name that is also a word is more often something else.
UNKNOWN_WEIGHT = 1.0
UNKNOWN_WORD_WEIGHT = 1.0
# Below this share of the evidence a mention stays unresolved and keeps its candidates.
MIN_SCORE = 0.55
MAX_CANDIDATES = 5
# Where a head noun asks for a building or camp the gazetteer lacks, its town stands in.
STAND_IN_KM = 15.0

# What is said of why a place was chosen; the dashboard finds these again in a stored reason.
REASONS = {
    "only": "the only place of this name",
    "likeliest": "likeliest of {n} places of this name",
    "country": "in the country the report is about",
    "stand_in": "stands in for a {kind} the gazetteer does not have",
    "asked": "a {kind} is asked for",
    "glued": "cut out of a run-together word",
}

# «طرابلس في شمال لبنان»: the most words between a name and its country.
_LINK_WORDS = 3

_SAME_KIND = {
    "airport": frozenset({"airport", "airbase"}),
    "airbase": frozenset({"airbase", "airport"}),
    "axis": frozenset({"axis", "quarter", "town", "road", "camp", "city"})
    | frozenset({"region", "valley", "gate", "airport"}),
    "quarter": frozenset({"quarter", "town", "axis"}),
    "city": frozenset({"city", "town"}),
    "town": frozenset({"town", "city", "region", "quarter"}),
    "region": frozenset({"region", "city"}),
    "gate": frozenset({"gate", "other"}),
    "camp": frozenset({"camp", "airbase"}),
}  # fmt: skip
# Kinds a head noun gives to a place of another kind («محور عين زارة» is a town that is an axis).
_KIND_FROM_HEAD = frozenset({"axis", "airport", "airbase", "camp", "gate", "port"})


@dataclass(frozen=True, slots=True)
class _Located:
    """The country said beside a name, empty for none, and whether it leaves no doubt."""

    country: str
    certain: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """
    What place a mention means.

    Attributes
    ----------
    place
        The place; None where no candidate is sure enough.
    kind
        Its kind in this report (the head noun may change it).
    precision_km
        90 % radius around the place's point.
    score
        Share of the evidence for the place, 0 to 1.
    candidates
        All candidates with their shares, best first.
    reason
        Why, in a few English words.
    """

    place: Place | None
    kind: str
    precision_km: float | None
    score: float
    candidates: tuple[tuple[str, float], ...]
    reason: str


def place_mentions(
    document: Document, mentions: Sequence[Mention], conflict: Conflict, rules: LanguageRules
) -> list[Placement]:
    """
    Choose a place for each mention.

    Parameters
    ----------
    document
        The document.
    mentions
        Its mentions.
    conflict
        Which war it is read for.
    rules
        The rules of its language.

    Returns
    -------
    placements
        One for each mention, in the same order.
    """
    options = [_options(mention) for mention in mentions]
    located = _located_in(document, mentions, options, rules)
    countries = _country_shares(document, options, conflict, rules)
    certain = (found[0] for found in options if len(found) == 1 and not found[0].is_wide)
    anchors = _Anchors(tuple(dict.fromkeys(certain)))
    return [
        _choose(mention, found, countries, anchors, where)
        for mention, found, where in zip(mentions, options, located, strict=True)
    ]


def _options(mention: Mention) -> list[Place]:
    """Give the places a name may mean, those that need another head noun left out."""
    asked = mention.asked_kind
    if asked not in (None, "any"):
        uses = [u for u in mention.uses if not u.heads or mention.head in (None, *u.heads)]
        fitting = [u.place for u in uses if u.place.kind == asked]
        if fitting:
            return fitting
        akin = [
            u.place
            for u in uses
            if u.place.kind in _SAME_KIND.get(asked or "", ()) and u.head_kind in (None, asked)
        ]
        if akin:
            return akin
    return [use.place for use in mention.uses if use.head_kind is None]


def _located_in(
    document: Document,
    mentions: Sequence[Mention],
    options: Sequence[Sequence[Place]],
    rules: LanguageRules,
) -> list[_Located]:
    """Read the country said right after a name: «طرابلس شمال لبنان», "Tripoli, Lebanon"."""
    found = []
    for index, mention in enumerate(mentions):
        demonym = (
            rules.demonyms.at(document.keys, mention.last)
            if (mention.last < document.sentences[mention.sentence].last)
            else []
        )
        if demonym and document.between(mention.last - 1, mention.last).isspace():
            found.append(_Located(demonym[0].meaning, certain=True))
            continue
        after = index + 1
        named = after < len(mentions) and mentions[after].sentence == mention.sentence
        countries = {place.country for place in options[after]} if named else set()
        link = _link(document, mention, mentions[after], rules) if len(countries) == 1 else ""
        is_country = named and any(place.kind == "country" for place in options[after])
        certain = is_country and link == "in"
        found.append(_Located(countries.pop() if link else "", certain=certain))
    return found


def _link(document: Document, one: Mention, other: Mention, rules: LanguageRules) -> str:
    """Say whether the second name says where the first one is: ``in``, ``near`` or not at all."""
    between = document.article.text[one.end : other.start].strip()
    if between == "," or other.prefix == "ب":
        return "in"
    words = range(one.last, other.context)
    if not 0 < len(words) <= _LINK_WORDS or any(c in "،,.؛;:" for c in between):
        return ""
    prepositions = {
        h.meaning for h in rules.prepositions.find(document.keys, one.last, other.context)
    }
    relations = rules.relations.find(document.keys, one.last, other.context)
    if prepositions == {"locative"}:
        return "in"
    return "near" if relations and not prepositions - {"locative"} else ""


def _country_shares(
    document: Document, options: Sequence[Sequence[Place]], conflict: Conflict, rules: LanguageRules
) -> dict[str, float]:
    """Tell which country a report is about: the share of each, the most named one at 1."""
    counts: Counter[str] = Counter({conflict.country: 1})
    for found in options:
        countries = {place.country for place in found}
        if len(countries) == 1:
            counts[countries.pop()] += 1
    for hit in rules.demonyms.find(document.keys):
        counts[hit.meaning] += 1
    most = max(counts.values())
    return {country: count / most for country, count in counts.items()}


def _choose(
    mention: Mention,
    options: Sequence[Place],
    countries: dict[str, float],
    anchors: "_Anchors",
    where: _Located,
) -> Placement:
    if not options:
        kind = mention.asked_kind if mention.asked_kind not in (None, "any") else "other"
        return _unresolved(kind or "other", (), "no place of this name and kind is known")
    if where.certain and where.country not in {place.country for place in options}:
        listed = tuple((place.place_id, 0.0) for place in options[:MAX_CANDIDATES])
        reason = f"it is said to lie in {where.country}, where no place of this name is known"
        return _unresolved(options[0].kind, listed, reason)
    weights = [
        _evidence(place, mention, countries, anchors)
        + LOCATED_WEIGHT * (place.country == where.country)
        for place in options
    ]
    unknown = UNKNOWN_WEIGHT + UNKNOWN_WORD_WEIGHT * (mention.clue is not None)
    shares = _softmax([*weights, unknown])[:-1]
    ranked = sorted(zip(options, shares, strict=True), key=_best_first)
    candidates = tuple((p.place_id, round(s, 3)) for p, s in ranked[:MAX_CANDIDATES])
    place, score = ranked[0]
    if score < MIN_SCORE:
        others = f"{len(options)} places of this name are about as likely"
        reason = others if len(options) > 1 else "the report speaks of another part of the world"
        return _unresolved(place.kind, candidates, reason)
    score *= 0.9 if mention.glued else 1.0
    return Placement(
        place=place,
        kind=_kind(mention, place),
        precision_km=_precision_km(mention, place),
        score=round(score, 3),
        candidates=candidates,
        reason=_reason(mention, place, options, countries),
    )


def _unresolved(kind: str, candidates: tuple[tuple[str, float], ...], reason: str) -> Placement:
    score = candidates[0][1] if candidates else 0.0
    return Placement(
        place=None, kind=kind, precision_km=None, score=score, candidates=candidates, reason=reason
    )


def _evidence(
    place: Place, mention: Mention, countries: dict[str, float], anchors: "_Anchors"
) -> float:
    weight = FAME_WEIGHT * place.fame + COUNTRY_WEIGHT * countries.get(place.country, 0.0)
    if mention.asked_kind == place.kind:
        weight += KIND_WEIGHT
    return weight + NEAR_WEIGHT * anchors.nearness(place)


@dataclass(frozen=True, slots=True)
class _Anchors:
    """The places of a report that are beyond doubt, and how near others are to them."""

    places: tuple[Place, ...]
    known: dict[str, float] = field(default_factory=dict)
    directions: list[NDArray[np.float64]] = field(default_factory=list)

    def nearness(self, place: Place) -> float:
        """Give 1 for a place among them, falling to 0 with the distance to the third nearest."""
        near = self.known.get(place.place_id)
        if near is None:
            near = self.known[place.place_id] = self._measure(place)
        return near

    def _measure(self, place: Place) -> float:
        if place.is_wide or not self.places:
            return 0.0
        if not self.directions:
            self.directions.append(np.array([_direction(p) for p in self.places]))
        cosines = np.minimum(self.directions[0] @ np.array(_direction(place)), 1.0)
        others = np.arccos(cosines[[p.place_id != place.place_id for p in self.places]])
        if not len(others):
            return 0.0
        typical = EARTH_RADIUS_KM * np.sort(others)[min(2, len(others) - 1)]
        return math.exp(-typical / NEAR_SCALE_KM)


@lru_cache(maxsize=10_000)
def _direction(place: Place) -> tuple[float, float, float]:
    """Give the unit vector from the middle of the earth to a place."""
    lat, lon = math.radians(place.lat), math.radians(place.lon)
    return math.cos(lat) * math.cos(lon), math.cos(lat) * math.sin(lon), math.sin(lat)


def _softmax(weights: Sequence[float]) -> list[float]:
    top = max(weights)
    odds = [math.exp(weight - top) for weight in weights]
    return [odd / sum(odds) for odd in odds]


def _best_first(pair: tuple[Place, float]) -> tuple[float, str]:
    return -pair[1], pair[0].place_id


def _lacks_kind(mention: Mention, place: Place) -> bool:
    asked = mention.asked_kind
    if asked in (None, "any", place.kind):
        return False
    return place.kind not in _SAME_KIND.get(asked or "", ()) and not place.is_wide


def _kind(mention: Mention, place: Place) -> str:
    asked = mention.asked_kind
    if asked in _KIND_FROM_HEAD and not (asked == "airport" and place.kind == "airbase"):
        return asked or place.kind
    return place.kind


def _precision_km(mention: Mention, place: Place) -> float:
    """Give the radius of the place, wider where its town only stands in for what is named."""
    if _lacks_kind(mention, place):
        return max(place.precision_km, STAND_IN_KM)
    return place.precision_km


def _reason(
    mention: Mention, place: Place, options: Sequence[Place], countries: dict[str, float]
) -> str:
    parts = []
    kind = str(mention.asked_kind)
    if len(options) == 1:
        parts.append(REASONS["only"])
    else:
        parts.append(REASONS["likeliest"].format(n=len(options)))
        if countries.get(place.country, 0) == 1:
            parts.append(REASONS["country"])
    if _lacks_kind(mention, place):
        parts.append(REASONS["stand_in"].format(kind=kind))
    elif mention.asked_kind not in (None, "any"):
        parts.append(REASONS["asked"].format(kind=kind))
    if mention.glued:
        parts.append(REASONS["glued"])
    return "; ".join(parts)
