"""Step 8d: events, what happened at each place, when, by whom and according to whom."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from geocode.conflict import Conflict
from geocode.dates import TimeMention
from geocode.document import Document, starting_in
from geocode.governing import Reading
from geocode.governor import Governor
from geocode.losses import Loss, find_losses
from geocode.modality import Modality, find_modality
from geocode.parties import NOBODY, Case, Party, Scene, find_parties
from geocode.role import Role
from geocode.sites import find_sites
from geocode.speech import Speaker, Speech, speech_at
from geocode.timing import time_of, words_apart
from geocode.triggers import COMBAT_TYPES

# How many sentences on an act of the same kind, or at the same place, still has the same day.
_SAME_DAY_SENTENCES = 2
_WEAK_TRUST = 0.8
# What is only planned, or denied, is less of an event than what was done.
_STATUS_TRUST = {"planned": 0.8, "denied": 0.6}
# What an attempt does not reach; that there was a fight stays true.
_UNFINISHED = frozenset({"capture", "advance"})


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
    speech: Sequence[Sequence[Speech]],
    conflict: Conflict,
    stance: str | None = None,
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
    speech
        Who tells each part of each sentence.
    conflict
        The conflict pack.
    stance
        On whose side the report is written; None where that is not known.

    Returns
    -------
    events
        One for each type, place, status and side that acts; told twice, it has two spans of
        evidence.
    """
    found: list[Event] = []
    modality = find_modality(reading.document, reading.rules)
    teller = _Teller(reading, times, speech, conflict, stance, modality)
    for at, governor in enumerate(reading.governors):
        if governor.trigger is None or modality.is_negated(governor):
            continue
        sites, trust = find_sites(reading, roles, at, conflict)
        told = teller.tell(governor)
        for mention in sites:
            score = reading.placements[mention].score
            weak = _WEAK_TRUST if governor.trigger.weak else 1.0
            sure = _STATUS_TRUST.get(told.status, 1.0)
            trusted = round(score * trust * weak * sure, 3)
            found.append(replace(told, mention=mention, confidence=trusted))
    dated = _with_times_told_before(reading, found)
    return [_with_losses(reading, event) for event in _told_once(reading, dated)]


def _with_times_told_before(reading: Reading, events: Sequence[Event]) -> list[Event]:
    """Date an act without a time word by the act of its kind, or at its place, told before."""
    dated: list[Event] = []
    for event in events:
        if event.time is not None or event.status == "planned":
            dated.append(event)
            continue
        before = _last_dated(reading, dated, event)
        dated.append(event if before is None else replace(event, time=before.time))
    return dated


def _last_dated(reading: Reading, dated: Sequence[Event], event: Event) -> Event | None:
    """Give the act told last, shortly before, whose day is that of another."""
    for known in reversed(dated):
        if event.governor.sentence - known.governor.sentence > _SAME_DAY_SENTENCES:
            return None
        told = known.time is not None and not known.time.future and known.status != "planned"
        if told and _is_told_on(reading, known, event):
            return known
    return None


def _is_told_on(reading: Reading, known: Event, event: Event) -> bool:
    if known.event_type == event.event_type:
        return True
    one, other = (reading.placements[e.mention].place for e in (known, event))
    return one is not None and one == other


def _with_losses(reading: Reading, event: Event) -> Event:
    if event.event_type not in COMBAT_TYPES:
        return event
    sentence = reading.document.sentences[event.governor.sentence]
    return replace(event, losses=tuple(find_losses(reading.document, sentence, reading.rules)))


def _is_verb(governor: Governor) -> bool:
    return governor.trigger is not None and governor.trigger.form == "verbs"


@dataclass(slots=True)
class _Teller:
    """Tell what each trigger says; what was told last helps to tell the next."""

    reading: Reading
    times: Sequence[TimeMention]
    speech: Sequence[Sequence[Speech]]
    conflict: Conflict
    stance: str | None
    modality: Modality
    _last: Event | None = None

    def tell(self, governor: Governor) -> Event:
        """Give the event of a trigger; its place is filled in by who knows the sites."""
        document, rules = self.reading.document, self.reading.rules
        sentence = document.sentences[governor.sentence]
        part = speech_at(self.speech, governor.sentence, governor.first)
        status = self.modality.status(governor, part.speaker)
        event_type = _event_type(document, governor, self.conflict)
        if event_type in _UNFINISHED and self.modality.is_attempt(governor):
            event_type = "clash"
        case = Case(
            document=document,
            governor=governor,
            event_type=event_type,
            speech=part,
            scene=self._scene(governor),
            conflict=self.conflict,
            rules=rules,
            until=self._next_act(governor),
        )
        actor, target = find_parties(case, self.reading.actors)
        event = Event(
            event_type=event_type,
            mention=-1,
            governor=governor,
            actor=actor,
            target=target,
            speaker=part.speaker,
            time=time_of(
                self.reading, governor, self.times, self.conflict, planned=status == "planned"
            ),
            status=status,
            losses=(),
            confidence=1.0,
            evidence=((sentence.start, sentence.end),),
        )
        self._last = event
        return event

    def _next_act(self, governor: Governor) -> int:
        """Give the token at which the sentence begins to tell of another act."""
        sentence = self.reading.document.sentences[governor.sentence]
        governors = self.reading.governors
        later = [
            governors[i].first
            for i in starting_in(governors, governor.last, sentence.last)
            if _is_verb(governors[i])
        ]
        keys = self.reading.document.keys
        parted = self.reading.rules.contrast.find(keys, governor.last, sentence.last)
        return min([*later, *(hit.first for hit in parted), sentence.last])

    def _scene(self, governor: Governor) -> Scene:
        """Give what was told in this sentence or the one before."""
        last = self._last
        if last is None or governor.sentence - last.governor.sentence > 1:
            return Scene(stance=self.stance)
        return Scene(
            stance=self.stance,
            last_actor=last.actor.side,
            last_target=last.target.side,
            last_type=last.event_type,
            same_sentence=last.governor.sentence == governor.sentence,
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


@dataclass(slots=True)
class _Told:
    """What tells the same act at the same place: the claims, the sides that act, the days."""

    events: list[Event] = field(default_factory=list)
    sides: set[str] = field(default_factory=set)
    days: set[tuple[date, date]] = field(default_factory=set)

    def takes(self, event: Event) -> bool:
        """Take in a claim, unless it names another side or another day."""
        sides = self.sides | ({event.actor.side} if event.actor.side else set())
        days = self.days | ({_days(event)} if event.time else set())
        if len(sides) > 1 or len(days) > 1:
            return False
        self.events.append(event)
        self.sides, self.days = sides, days
        return True


def _told_once(reading: Reading, events: Sequence[Event]) -> list[Event]:
    """Make one event of those that tell the same act at the same place."""
    groups: dict[tuple[object, ...], _Told] = {}
    for event in events:
        place = reading.placements[event.mention].place
        where = place.place_id if place else reading.mentions[event.mention].key
        key = (event.event_type, where, event.status in ("planned", "denied") and event.status)
        if not groups.setdefault(key, _Told()).takes(event):
            groups.setdefault((*key, event.governor.first), _Told()).takes(event)
    return [_merged(told.events) for told in groups.values()]


def _days(event: Event) -> tuple[date, date]:
    return (event.time.start, event.time.end) if event.time else (date.min, date.max)


def _merged(told: Sequence[Event]) -> Event:
    """Keep what is told best, with the evidence of all."""
    ranked = sorted(told, key=_how_well_told, reverse=True)
    best = ranked[0]
    mentions = dict.fromkeys(mention for event in ranked for mention in event.mentions)
    return replace(
        best,
        actor=next((e.actor for e in ranked if e.actor != NOBODY), NOBODY),
        target=next((e.target for e in ranked if e.target != NOBODY), NOBODY),
        time=best.time or next((e.time for e in ranked if e.time), None),
        confidence=max(event.confidence for event in told),
        evidence=tuple(dict.fromkeys(span for event in ranked for span in event.evidence)),
        also=tuple(mention for mention in mentions if mention != best.mention),
    )


def _how_well_told(event: Event) -> tuple[float, bool, float, int]:
    return (
        -words_apart(event.time, event.governor) if event.time is not None else -math.inf,
        bool(event.actor.text),
        event.confidence,
        -event.governor.first,
    )
