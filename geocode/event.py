"""Step 8: events, what happened at each place, when, by whom and according to whom."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from geocode.conflict import COMBAT_TYPES, Conflict, Trigger
from geocode.dates import TimeMention
from geocode.document import Document, Sentence, starting_in
from geocode.governor import Governor
from geocode.language_rules import LanguageRules
from geocode.losses import Loss, find_losses
from geocode.parties import NOBODY, Case, Party, Scene, find_parties
from geocode.phrases import PhraseHit, word_forms
from geocode.role import Reading, Role
from geocode.speech import WITNESSES, Speaker, Speech, speech_at

_GUARD_REACH = 6
_NEGATION_REACH = 2
# «لم تشهد سرت أي اشتباكات»: how near «أي» is, and how far the negation.
_ANY_REACH, _ANY_NEGATION_REACH = 2, 5
_FUTURE_REACH = 3
_PERFECT_REACH = 6
_CLAUSE_WORDS = 4
_LONGEST_NAME = 10
# How far after a trigger «المدينة» may stand, and how far back what it means.
_ANAPHOR_REACH = 6
_ANTECEDENT_WORDS = 80
_MEANT_KINDS = {
    "city": frozenset({"city", "town"}),
    "airbase": frozenset({"airbase", "camp"}),
    "airport": frozenset({"airport", "airbase"}),
}
# How many sentences on an act of the same kind, or at the same place, still has the same day.
_SAME_DAY_SENTENCES = 2
_REPEATED_TRUST = 0.7
_WEAK_TRUST = 0.8
# What is only planned, or denied, is less of an event than what was done.
_STATUS_TRUST = {"planned": 0.8, "denied": 0.6}
# Acts whose goal is where they are counted: what is flown to a place happens there.
_GOAL_IS_SITE = frozenset({"arms_delivery", "deployment"})
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
    teller = _Teller(reading, times, speech, conflict, stance, _guards(reading))
    for at, governor in enumerate(reading.governors):
        if governor.trigger is None or teller.is_negated(governor):
            continue
        sites, trust = _sites(reading, roles, at, conflict)
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


def _sites(
    reading: Reading, roles: Sequence[Role], at: int, conflict: Conflict
) -> tuple[list[int], float]:
    """Give the mentions at which a trigger's act took place, and how far to trust that."""
    governor = reading.governors[at]
    trigger = governor.trigger
    sentence = reading.document.sentences[governor.sentence]
    here = starting_in(reading.mentions, sentence.first, sentence.last)
    direct = [
        index
        for index in here
        if roles[index].governor == at
        and (roles[index].role == "event" or _is_goal(trigger, roles[index]))
    ]
    direct = [index for index in direct if not _is_everywhere(reading, index, trigger)]
    if direct:
        return direct, 1.0
    if trigger is None or trigger.weak:
        return [], 0.0
    before = [
        index
        for index in here
        if roles[index].role == "event"
        and reading.mentions[index].last <= governor.first
        and not _contrasted(reading, index, governor)
        and not _is_everywhere(reading, index, trigger)
    ]
    pointed = _pointed_at(reading, governor, roles, conflict)
    if pointed is not None:
        return [pointed], _REPEATED_TRUST
    if not before or (
        trigger.form != "suffer"
        and any(_touches_trigger(reading, roles, i, trigger.event_type) for i in before)
    ):
        return [], 0.0
    return before[-1:], _REPEATED_TRUST


def _pointed_at(
    reading: Reading, governor: Governor, roles: Sequence[Role], conflict: Conflict
) -> int | None:
    """Give the place meant by «المدينة», «منها», "there" shortly after a trigger."""
    document = reading.document
    sentence = document.sentences[governor.sentence]
    last = min(sentence.last, governor.last + _ANAPHOR_REACH)
    hits = reading.rules.anaphora.find(document.keys, governor.last, last)
    for hit in hits:
        if starting_in(reading.mentions, governor.last, hit.first):
            return None
        meant = [
            index
            for index in starting_in(reading.mentions, hit.first - _ANTECEDENT_WORDS, hit.first)
            if reading.mentions[index].last <= hit.first
            and roles[index].role != "name-part"
            and _is_meant(reading, index, hit, conflict)
        ]
        sites = [index for index in meant if roles[index].role != "background"]
        if meant:
            return (sites or meant)[-1]
    return None


def _is_meant(reading: Reading, index: int, hit: PhraseHit[str], conflict: Conflict) -> bool:
    place, kind = reading.placements[index].place, reading.placements[index].kind
    if place is None:
        return False
    if hit.meaning == "capital":
        # In a report about this war «العاصمة» is never the foreign capital it also names.
        home = conflict.country
        if any(p.place is not None and p.place.country == home for p in reading.placements):
            return place.place_id == conflict.capital
        return place.is_seat_of_government
    if hit.meaning == "any":
        return not place.is_wide
    return kind in _MEANT_KINDS.get(hit.meaning, frozenset({hit.meaning}))


def _is_verb(governor: Governor) -> bool:
    return governor.trigger is not None and governor.trigger.form == "verbs"


def _contrasted(reading: Reading, index: int, governor: Governor) -> bool:
    """Tell «…في سرت، فيما …»: what follows is told of another place."""
    first, last = reading.mentions[index].last, governor.first
    return bool(reading.rules.contrast.find(reading.document.keys, first, last))


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


@dataclass(slots=True)
class _Teller:
    """Tell what each trigger says; what was told last helps to tell the next."""

    reading: Reading
    times: Sequence[TimeMention]
    speech: Sequence[Sequence[Speech]]
    conflict: Conflict
    stance: str | None
    guards: Mapping[int, Sequence[PhraseHit[str]]]
    _last: Event | None = None

    def is_negated(self, governor: Governor) -> bool:
        """Tell «لم يقصف»; «لم يتمكن من السيطرة» is an attempt, and there was a fight."""
        near = _before(governor, self.guards, _NEGATION_REACH)
        if "negated" in near:
            return "attempt" not in near
        keys = self.reading.document.keys
        if not set(keys[max(0, governor.first - _ANY_REACH) : governor.first]) & (
            self.reading.rules.any_words
        ):
            return False
        return "negated" in _before(governor, self.guards, _ANY_NEGATION_REACH)

    def tell(self, governor: Governor) -> Event:
        """Give the event of a trigger; its place is filled in by who knows the sites."""
        document, rules = self.reading.document, self.reading.rules
        sentence = document.sentences[governor.sentence]
        part = speech_at(self.speech, governor.sentence, governor.first)
        status = _status(document, governor, part.speaker, self.guards, rules)
        event_type = _event_type(document, governor, self.conflict)
        tried = "attempt" in _before(governor, self.guards, _GUARD_REACH)
        if tried and event_type in _UNFINISHED:
            event_type = "clash"  # «حاولت السيطرة على سرت» took nothing
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
            time=_time(
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


def _guards(reading: Reading) -> dict[int, list[PhraseHit[str]]]:
    """Find, once for each sentence, the words that tell that an act is not, or not yet, done."""
    document = reading.document
    return {
        number: [
            hit
            for hit in reading.rules.guards.find(document.keys, sentence.first, sentence.last)
            if hit.meaning != "maybe" or _says_perhaps(document, hit, sentence, reading.rules)
        ]
        for number, sentence in enumerate(document.sentences)
    }


def _says_perhaps(
    document: Document, hit: PhraseHit[str], sentence: Sentence, rules: LanguageRules
) -> bool:
    """Tell «قد يقصف» (may shell) from «وكانت قد قصفت» (had shelled)."""
    before = document.keys[max(sentence.first, hit.first - _PERFECT_REACH) : hit.first]
    if rules.imperfect is None or hit.last >= sentence.last or set(before) & rules.perfect_after:
        return False
    return rules.imperfect.fullmatch(document.keys[hit.last]) is not None


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
    if _before(governor, guards, _GUARD_REACH) & {"planned", "maybe"} or _has_future(
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
        for key in document.keys[first : governor.first + 1]
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
        for time in (times[i] for i in starting_in(times, sentence.first, sentence.last))
        if earliest <= time.start <= latest
        and (planned or not time.future)
        and not _inside_mention(reading, time)
    ]
    if not fitting:
        return None
    document = reading.document
    nearest = min(
        fitting, key=lambda time: _gap(time, governor) + _breaks(document, time, governor)
    )
    return _with_next(nearest, fitting)


def _breaks(document: Document, time: TimeMention, governor: Governor) -> int:
    """Count the clauses between a time and a trigger, as words they are apart."""
    first, last = sorted(((time.first, time.last), (governor.first, governor.last)))
    between = range(first[1], last[0] + 1)
    marks = sum(
        any(mark in document.between(at - 1, at) for mark in "،؛,;")
        for at in between
        if 0 < at < len(document.tokens)
    )
    return _CLAUSE_WORDS * marks


def _gap(time: TimeMention, governor: Governor) -> int:
    return min(abs(time.first - governor.last), abs(governor.first - time.last))


def _inside_mention(reading: Reading, time: TimeMention) -> bool:
    """Tell «معسكر 7 أبريل», a place, from a date."""
    before = starting_in(reading.mentions, time.first - _LONGEST_NAME, time.first + 1)
    return any(reading.mentions[i].last > time.first for i in before)


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
        -_gap(event.time, event.governor) if event.time is not None else -math.inf,
        bool(event.actor.text),
        event.confidence,
        -event.governor.first,
    )
