"""Compare what was read of a passage with its annotation, and count."""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from gazetteer.place import great_circle_km
from geocode.evaluation.gold import (
    Passage,
    day,
    days,
    event_type,
    mood,
    relation_kind,
    sides_of,
)
from geocode.pipeline import ArticleReader
from geocode.record import Row
from geocode.triggers import COMBAT_TYPES

# A place is right within this, or within its annotated radius where that is larger.
TOLERANCE_KM = 10.0
_CLOSE_KM = 5.0
_SMALL_KM = 6.0
_WIDE = frozenset({"country", "region", "sea"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing read wrongly: its class, the passage, what was expected and what was read."""

    kind: str
    passage: str
    expected: str
    got: str


@dataclass(slots=True)
class Tally:
    """Counts of one passage, or of many together."""

    counts: Counter[str] = field(default_factory=Counter)
    moods: list[tuple[str, str]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    def add(self, other: "Tally") -> None:
        """
        Add the counts of another.

        Parameters
        ----------
        other
            The other one.
        """
        self.counts.update(other.counts)
        self.moods.extend(other.moods)
        self.faults.extend(other.faults)


def compare(passage: Passage, reader: ArticleReader) -> Tally:
    """
    Read a passage and count what is right.

    Parameters
    ----------
    passage
        An annotated passage.
    reader
        What reads it.
    """
    read = reader.read(passage.article)
    tally = Tally()
    _compare_mentions(passage, read.mentions, tally)
    _compare_events(passage, [e for e in read.events if e["lat"] is not None], tally)
    return tally


def _compare_mentions(passage: Passage, found: Sequence[Row], tally: Tally) -> None:
    combat = {
        e["place"] for e in passage.events
        if e.get("place") and event_type(e["type"]) in COMBAT_TYPES and e.get("status") != "denied"
    }  # fmt: skip
    free = sorted(found, key=_span)
    tally.counts["predicted"] += len(free)
    tally.counts["gold"] += len(passage.mentions)
    for gold in passage.mentions:
        match = max((p for p in free if _overlap(p, gold)), key=_overlap_with(gold), default=None)
        front = gold["role"] == "event" and gold["name"] in combat
        if match is None:
            _missed(passage, gold, front=front, tally=tally)
            continue
        free.remove(match)
        _matched(passage, gold, match, front=front, tally=tally)
    for extra in free:
        tally.counts["event_p"] += extra["role"] == "event"
        tally.counts["front_p"] += bool(extra["front_line"])
        tally.counts["relation_p"] += extra["relation"] is not None
        tally.counts["placed_p"] += extra["lat"] is not None
        tally.counts["wrong"] += extra["lat"] is not None
        tally.faults.append(_fault("extra", passage, "nothing", str(extra["text"])))


def _missed(passage: Passage, gold: Row, *, front: bool, tally: Tally) -> None:
    tally.counts["event_g"] += gold["role"] == "event"
    tally.counts["front_g"] += front
    tally.counts["relation_g"] += bool(gold.get("relation"))
    tally.faults.append(_fault("missed", passage, str(gold["surface"]), "nothing"))


def _matched(passage: Passage, gold: Row, found: Row, *, front: bool, tally: Tally) -> None:
    counts = tally.counts
    roles = set(gold.get("roles") or [gold["role"]]) | {gold.get("alt_role") or gold["role"]}
    counts["overlap"] += 1
    counts["exact"] += _span(found) == _span(gold)
    counts["role"] += found["role"] in roles
    if found["role"] not in roles:
        expected = f"{gold['surface']}: {'/'.join(sorted(roles))}"
        tally.faults.append(_fault("wrong role", passage, expected, str(found["role"])))
    said, meant = found["role"] == "event", gold["role"] == "event"
    if said and "event" in roles:
        counts.update(("event_tp", "event_p", "event_g"))
    else:
        counts["event_p"] += said
        counts["event_g"] += meant and found["role"] not in roles
    counts["front_tp"] += front and bool(found["front_line"])
    counts["front_g"] += front
    neutral = not front and not meant and "event" in roles
    counts["front_p"] += bool(found["front_line"]) and not neutral
    _compare_relation(gold, found, counts)
    _compare_place(passage, gold, found, tally)


def _compare_relation(gold: Row, found: Row, counts: Counter[str]) -> None:
    want, got = relation_kind(gold.get("relation")), relation_kind(found["relation"])
    part = isinstance(gold.get("relation"), Mapping) and gold["relation"].get("part_of")
    counts["relation_g"] += want is not None
    counts["relation_p"] += got is not None
    counts["relation_tp"] += want is not None and (want == got or bool(part and got == "inside"))


def _compare_place(passage: Passage, gold: Row, found: Row, tally: Tally) -> None:
    counts = tally.counts
    counts["placed_p"] += found["lat"] is not None
    if gold.get("lat") is None:
        return
    counts["placed_g"] += 1
    away_km = _away_km(found, gold["lat"], gold["lon"])
    right = away_km is not None and away_km <= max(TOLERANCE_KM, gold.get("radius_km") or 0)
    counts["right"] += right
    counts["unresolved"] += away_km is None
    counts["wrong"] += away_km is not None and not right
    if away_km is None:
        tally.faults.append(_fault("unresolved", passage, str(gold["name"]), "no place"))
    elif not right:
        kind = f"wrong place, {_band(away_km)}"
        tally.faults.append(_fault(kind, passage, str(gold["name"]), str(found["place_name"])))
    if gold["kind"] not in _WIDE and (gold.get("radius_km") or 0) <= _SMALL_KM:
        counts["small"] += 1
        counts["close"] += away_km is not None and away_km <= _CLOSE_KM
        if away_km is not None:
            counts["covered_n"] += 1
            counts["covered"] += away_km <= found["precision_km"]


def _band(away_km: float) -> str:
    for limit_km in (25, 100, 500):
        if away_km < limit_km:
            return f"under {limit_km} km"
    return "500 km and more"


def _compare_events(passage: Passage, found: Sequence[Row], tally: Tally) -> None:
    radius = {m["name"]: m.get("radius_km") or 0.0 for m in passage.mentions}
    gold: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for event in passage.events:
        if event.get("place") is not None and event.get("lat") is not None:
            tally.counts["claims_g"] += 1
            gold[event_type(event["type"]), event["place"]].append(event)
    tally.counts["claims_p"] += len(found)
    read: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for event in sorted(found, key=_surest_first):
        read[event_type(event["type"]), str(event["place_id"])].append(event)

    def fit(one: tuple[str, str], other: tuple[str, str]) -> float | None:
        types = {one[0]} | {event_type(e["alt_type"]) for e in gold[one] if e.get("alt_type")}
        away_km = _events_apart_km(gold[one], read[other][0])
        if other[0] not in types or away_km > max(TOLERANCE_KM, radius.get(one[1], 0.0)):
            return None
        return 100.0 * (one[0] == other[0]) - away_km

    matches = _pairs(sorted(gold), sorted(read), fit)
    tally.counts["events_tp"] += len(matches)
    tally.counts["events_p"] += len(read)
    tally.counts["events_g"] += len(gold)
    _compare_event_places(gold, read, radius, tally.counts)
    for key in sorted(set(gold) - {a for a, _ in matches}):
        tally.faults.append(_fault("event missed", passage, " at ".join(key), "nothing"))
    for key in sorted(set(read) - {b for _, b in matches}):
        first = read[key][0]
        got = f"{key[0]} at {first['place_name']}: {first['trigger']}"
        tally.faults.append(_fault("event extra", passage, "nothing", got))
    for one, other in matches:
        _compare_event(passage, gold[one], read[other][0], tally)


def _compare_event_places(
    gold: Mapping[tuple[str, str], Sequence[Row]],
    read: Mapping[tuple[str, str], Sequence[Row]],
    radius: Mapping[str, float],
    counts: Counter[str],
) -> None:
    first_gold = {place: events for (_, place), events in sorted(gold.items(), reverse=True)}
    first_read = {place: events[0] for (_, place), events in sorted(read.items(), reverse=True)}

    def fit(one: str, other: str) -> float | None:
        away_km = _events_apart_km(first_gold[one], first_read[other])
        return -away_km if away_km <= max(TOLERANCE_KM, radius.get(one, 0.0)) else None

    counts["places_tp"] += len(_pairs(sorted(first_gold), sorted(first_read), fit))
    counts["places_g"] += len(first_gold)
    counts["places_p"] += len(first_read)


def _compare_event(passage: Passage, gold: Sequence[Row], found: Row, tally: Tally) -> None:
    dated = [span for span in (days(e.get("date")) for e in gold if e.get("date")) if span]
    if dated:
        tally.counts["dated"] += 1
        right = _same_days(dated, found)
        tally.counts["date"] += right
        if not right:
            told = f"{found['date_start']}/{found['date_end']}"
            tally.faults.append(_fault("event date", passage, str(dated[0]), told))
    for name, column in (
        ("actor", "actor_side"),
        ("target", "target_side"),
        ("claimed_by", "claimed_by_side"),
    ):
        _compare_side(passage, gold, found, (name, column), tally)
    moods = {mood(e.get("status")) for e in gold}
    got = mood(found["status"])
    tally.moods.append((got if got in moods else min(moods), got))
    if got not in moods:
        tally.faults.append(_fault("event status", passage, "/".join(sorted(moods)), got))


def _compare_side(
    passage: Passage, gold: Sequence[Row], found: Row, names: tuple[str, str], tally: Tally
) -> None:
    name, column = names
    wanted = [sides_of(e.get(name)) for e in gold]
    if name != "claimed_by":
        wanted = [sides for sides in wanted if sides]
    if not wanted:
        return
    got = sides_of(found[column] or (found["actor"] if name == "actor" else None))
    right = any(got & sides if sides else not got for sides in wanted)
    tally.counts[f"{name}_n"] += 1
    tally.counts[name] += bool(right)
    if not right:
        expected = "/".join(sorted(wanted[0])) or "the outlet"
        got_text = "/".join(sorted(got)) or "nobody"
        tally.faults.append(_fault(f"event {name}", passage, expected, got_text))


def _pairs(
    golds: Sequence[Any], reads: Sequence[Any], fit: Callable[[Any, Any], float | None]
) -> list[tuple[Any, Any]]:
    """Match each gold thing with one read thing, the best fitting pairs first."""
    fitting = ((fit(one, other), one, other) for one in golds for other in reads)
    ranked = sorted(
        ((-score, str(a), str(b), a, b) for score, a, b in fitting if score is not None)
    )
    taken: tuple[set[Any], set[Any]] = (set(), set())
    matches = []
    for _, _, _, one, other in ranked:
        if one not in taken[0] and other not in taken[1]:
            taken[0].add(one)
            taken[1].add(other)
            matches.append((one, other))
    return matches


def _events_apart_km(gold: Sequence[Row], found: Row) -> float:
    points = [(e["lat"], e["lon"]) for e in gold]
    points += [(e["event_lat"], e["event_lon"]) for e in gold if e.get("event_lat") is not None]
    return min(_away_km(found, lat, lon) or 0.0 for lat, lon in points)


def _away_km(found: Row, lat: float, lon: float) -> float | None:
    if found["lat"] is None:
        return None
    return great_circle_km((found["lat"], found["lon"]), (lat, lon))


def _same_days(dated: Sequence[tuple[date, date]], found: Row) -> bool:
    start, end = day(found["date_start"]), day(found["date_end"] or found["date_start"])
    if start is None or end is None:
        return False
    return any(
        start <= last and end >= first and (end - start).days <= (last - first).days + 1
        for first, last in dated
    )


def _fault(kind: str, passage: Passage, expected: str, got: str) -> Fault:
    return Fault(kind=kind, passage=passage.article.article_id, expected=expected, got=got)


def _span(row: Row) -> tuple[int, int]:
    return row["start"], row["end"]


def _overlap(one: Row, other: Row) -> bool:
    return bool(one["start"] < other["end"] and other["start"] < one["end"])


def _overlap_with(gold: Row) -> Callable[[Row], float]:
    def share(found: Row) -> float:
        both = min(found["end"], gold["end"]) - max(found["start"], gold["start"])
        either = max(found["end"], gold["end"]) - min(found["start"], gold["start"])
        return float(both / either)

    return share


def _surest_first(event: Row) -> tuple[float, int]:
    return -event["confidence"], event["trigger_start"]
