"""Step 8: events, what happened at each place, when, by whom and according to whom."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from geocode.actors import WITNESSES, Speaker
from geocode.conflict import COMBAT_TYPES, Conflict, Trigger
from geocode.dates import TimeMention
from geocode.document import Document
from geocode.language_rules import LanguageRules
from geocode.losses import Loss, find_losses
from geocode.parties import NOBODY, Party, find_parties
from geocode.phrases import PhraseHit, word_forms
from geocode.role import Governor, Reading, Role

_GUARD_REACH = 6
_NEGATION_REACH = 2
_FUTURE_REACH = 3
_REPEATED_TRUST = 0.7
_WEAK_TRUST = 0.8
# Acts whose goal is where they are counted: what is flown to a place happens there.
_GOAL_IS_SITE = frozenset({"arms_delivery"})
# What an attempt does not reach; that there was a fight stays true.
_UNFINISHED = frozenset({"capture", "advance"})
STATUSES = ("reported", "claimed", "planned", "denied")


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """
    One claim that something happened at one place.

    Attributes
    ----------
    event_type
        One of `geocode.conflict.EVENT_TYPES`.
    mention
        Index of the mention that names the place.
    also
        Indices of other mentions of the place at which the same act is told again.
    governor
        The trigger.
    actor, target
        Who acts, who suffers.
    speaker
        Who tells it.
    time
        The time expression that dates it; None where the report's own date must do.
    status
        ``reported``, ``claimed``, ``planned`` or ``denied``.
    losses
        The losses its sentence tells.
    confidence
        0 to 1.
    evidence
        Spans of the text, (start, end), of all sentences that tell it.
    """

    event_type: str
    mention: int
    governor: Governor
    actor: Party
    target: Party
    speaker: Speaker
    time: TimeMention | None
    status: str
    losses: tuple[Loss, ...]
    confidence: float
    evidence: tuple[tuple[int, int], ...]
    also: tuple[int, ...] = ()

    @property
    def mentions(self) -> tuple[int, ...]:
        """All mentions at which it is told, the best told first."""
        return (self.mention, *self.also)

    @property
    def is_combat(self) -> bool:
        """Whether it is a fight that is not denied."""
        return self.event_type in COMBAT_TYPES and self.status != "denied"


def find_events(
    reading: Reading,
    roles: Sequence[Role],
    times: Sequence[TimeMention],
    speakers: Sequence[Speaker],
    conflict: Conflict,
) -> list[Event]:
    """
    Find the events of a document.

    Parameters
    ----------
    reading
        What is known of the document.
    roles
        The role of each mention.
    times
        Its time expressions.
    speakers
        Who speaks in each sentence.
    conflict
        The conflict pack.

    Returns
    -------
    events
        One for each type, place, status and side that acts; told twice, it has two spans of
        evidence.
    """
    found: list[Event] = []
    guards = _guards(reading)
    for at, governor in enumerate(reading.governors):
        near = _before(governor, guards, _NEGATION_REACH)
        if governor.trigger is None or ("negated" in near and "attempt" not in near):
            continue
        sites, trust = _sites(reading, roles, at)
        for mention in sites:
            status = _status(
                reading.document, governor, speakers[governor.sentence], guards, reading.rules
            )
            tried = "attempt" in _before(governor, guards, _GUARD_REACH)
            event = _make(
                reading, governor, mention, times, speakers, conflict, status, attempted=tried
            )
            score = reading.placements[mention].score
            weak = _WEAK_TRUST if governor.trigger.weak else 1.0
            found.append(replace(event, confidence=round(score * trust * weak, 3)))
    return [_with_losses(reading, event) for event in _told_once(reading, found)]


def _with_losses(reading: Reading, event: Event) -> Event:
    if event.event_type not in COMBAT_TYPES:
        return event
    sentence = reading.document.sentences[event.governor.sentence]
    return replace(event, losses=tuple(find_losses(reading.document, sentence, reading.rules)))


def _sites(reading: Reading, roles: Sequence[Role], at: int) -> tuple[list[int], float]:
    """Give the mentions at which a trigger's act took place, and how far to trust that."""
    governor = reading.governors[at]
    trigger = governor.trigger
    direct = [
        index
        for index, role in enumerate(roles)
        if role.governor == at and (role.role == "event" or _is_goal(trigger, role))
    ]
    direct = [index for index in direct if not _is_everywhere(reading, index, trigger)]
    if direct:
        return direct, 1.0
    if trigger is None or trigger.weak:
        return [], 0.0
    before = [
        index
        for index, role in enumerate(roles)
        if role.role == "event"
        and reading.mentions[index].sentence == governor.sentence
        and reading.mentions[index].last <= governor.first
        and not _is_everywhere(reading, index, trigger)
    ]
    if not before or any(
        _touches_trigger(reading, roles, index, trigger.event_type) for index in before
    ):
        return [], 0.0
    return before[-1:], _REPEATED_TRUST


def _is_goal(trigger: Trigger | None, role: Role) -> bool:
    event_type = trigger.event_type if trigger else None
    return (
        event_type in _GOAL_IS_SITE
        and role.preposition in ("to", "locative")
        and role.role != "actor"
    )


def _is_everywhere(reading: Reading, index: int, trigger: Trigger | None) -> bool:
    """Say whether a place is a whole country, which no fight takes place at."""
    place = reading.placements[index].place
    fight = trigger is not None and trigger.event_type in COMBAT_TYPES
    return fight and place is not None and place.kind in ("country", "sea")


def _touches_trigger(reading: Reading, roles: Sequence[Role], index: int, event_type: str) -> bool:
    """Say whether a place already has an event of a type from its own trigger."""
    at = roles[index].governor
    trigger = reading.governors[at].trigger if at is not None else None
    return trigger is not None and trigger.event_type == event_type


def _make(
    reading: Reading,
    governor: Governor,
    mention: int,
    times: Sequence[TimeMention],
    speakers: Sequence[Speaker],
    conflict: Conflict,
    status: str,
    *,
    attempted: bool,
) -> Event:
    document, rules = reading.document, reading.rules
    sentence = document.sentences[governor.sentence]
    speaker = speakers[governor.sentence]
    event_type = _event_type(document, governor, conflict)
    if attempted and event_type in _UNFINISHED:
        event_type = "clash"  # «حاولت السيطرة على سرت» took nothing
    actor, target = find_parties(
        document, governor, event_type, reading.actors, speaker, conflict, rules
    )
    return Event(
        event_type=event_type,
        mention=mention,
        governor=governor,
        actor=actor,
        target=target,
        speaker=speaker,
        time=_time(reading, governor, times, conflict, planned=status == "planned"),
        status=status,
        losses=(),
        confidence=1.0,
        evidence=((sentence.start, sentence.end),),
    )


def _event_type(document: Document, governor: Governor, conflict: Conflict) -> str:
    """Give what a trigger tells, after the words around it («قصف» by air or by guns)."""
    event_type = governor.trigger.event_type if governor.trigger else "other"
    sentence = document.sentences[governor.sentence]
    first, last = max(sentence.first, governor.first - 8), min(sentence.last, governor.last + 8)
    for rule in conflict.refinements:
        words = rule.words.get(document.article.lang)
        if event_type == rule.from_type and words and words.find(document.keys, first, last):
            return rule.to_type
    return event_type


def _guards(reading: Reading) -> dict[int, list[PhraseHit[str]]]:
    """Find, once for each sentence, the words that tell that an act is not, or not yet, done."""
    document = reading.document
    return {
        number: reading.rules.guards.find(document.keys, sentence.first, sentence.last)
        for number, sentence in enumerate(document.sentences)
    }


def _before(
    governor: Governor, guards: Mapping[int, Sequence[PhraseHit[str]]], reach: int | None = None
) -> set[str]:
    """Give the guards before a trigger in its sentence, all or those within some words."""
    first = 0 if reach is None else governor.first - reach
    hits = guards[governor.sentence]
    return {h.meaning for h in hits if first <= h.first and h.last <= governor.first}


def _status(
    document: Document,
    governor: Governor,
    speaker: Speaker,
    guards: Mapping[int, Sequence[PhraseHit[str]]],
    rules: LanguageRules,
) -> str:
    if "denied" in _before(governor, guards):
        return "denied"
    if "planned" in _before(governor, guards, _GUARD_REACH) or _has_future(
        document, governor, rules
    ):
        return "planned"
    return "reported" if speaker.side in (None, WITNESSES) else "claimed"


def _has_future(document: Document, governor: Governor, rules: LanguageRules) -> bool:
    """Tell a verb in the future («ستواصل قصف») shortly before the trigger."""
    if rules.future_verb is None:
        return False
    sentence = document.sentences[governor.sentence]
    first = max(sentence.first, governor.first - _FUTURE_REACH)
    return any(
        rules.future_verb.fullmatch(key)
        and not any(form.startswith(rules.not_future) for form in word_forms(key))
        for key in document.keys[first : governor.first]
    )


def _time(
    reading: Reading,
    governor: Governor,
    times: Sequence[TimeMention],
    conflict: Conflict,
    *,
    planned: bool,
) -> TimeMention | None:
    """Choose the time expression that dates a trigger: the nearest in its sentence."""
    sentence = reading.document.sentences[governor.sentence]
    earliest, latest = conflict.plausible
    fitting = [
        time
        for time in times
        if sentence.first <= time.first < sentence.last
        and earliest <= time.start <= latest
        and (planned or not time.future)
        and not _inside_mention(reading, time)
    ]
    if not fitting:
        return None
    nearest = min(fitting, key=lambda time: _gap(time, governor))
    return _with_next(nearest, fitting)


def _gap(time: TimeMention, governor: Governor) -> int:
    return min(abs(time.first - governor.last), abs(governor.first - time.last))


def _inside_mention(reading: Reading, time: TimeMention) -> bool:
    """Tell «معسكر 7 أبريل», a place, from a date."""
    return any(m.first <= time.first < m.last for m in reading.mentions)


def _with_next(nearest: TimeMention, times: Sequence[TimeMention]) -> TimeMention:
    """Join «الأربعاء وفجر الخميس» to one range."""
    for other in times:
        gap = max(other.first - nearest.last, nearest.first - other.last)
        if other is not nearest and 0 <= gap <= 1 and abs((other.start - nearest.start).days) == 1:
            first, second = sorted((nearest, other), key=_token)
            return replace(
                first,
                last=second.last,
                text=f"{first.text} … {second.text}",
                start=min(first.start, second.start),
                end=max(first.end, second.end),
                precision="range",
            )
    return nearest


def _token(time: TimeMention) -> int:
    return time.first


def _told_once(reading: Reading, events: Sequence[Event]) -> list[Event]:
    """Make one event of those that tell the same act at the same place."""
    kept: dict[tuple[object, ...], Event] = {}
    for event in events:
        place = reading.placements[event.mention].place
        where = place.place_id if place else reading.mentions[event.mention].key
        key = (event.event_type, where, event.status in ("planned", "denied") and event.status)
        known = kept.get(key)
        if known is None:
            kept[key] = event
        elif _same_act(known, event):
            kept[key] = _merged(known, event)
        else:
            kept[(*key, event.governor.first)] = event
    return list(kept.values())


def _same_act(one: Event, other: Event) -> bool:
    sides = {one.actor.side, other.actor.side} - {None}
    days = {_days(e) for e in (one, other)} - {None}
    return len(sides) <= 1 and len(days) <= 1


def _days(event: Event) -> tuple[date, date] | None:
    return (event.time.start, event.time.end) if event.time else None


def _merged(one: Event, other: Event) -> Event:
    """Keep the better told of two, with the evidence of both."""
    best, rest = sorted((one, other), key=_how_well_told, reverse=True)
    return replace(
        best,
        actor=best.actor if best.actor != NOBODY else rest.actor,
        target=best.target if best.target != NOBODY else rest.target,
        time=best.time or rest.time,
        confidence=max(one.confidence, other.confidence),
        evidence=tuple(dict.fromkeys((*best.evidence, *rest.evidence))),
        also=tuple(dict.fromkeys(m for m in (*best.also, *rest.mentions) if m != best.mention)),
    )


def _how_well_told(event: Event) -> tuple[bool, bool, float, int]:
    return (
        event.time is not None,
        bool(event.actor.text),
        event.confidence,
        -event.governor.first,
    )
