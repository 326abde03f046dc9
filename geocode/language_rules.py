"""The rules of a language: the word lists of ``language/*.toml``, ready to be looked up."""

import hashlib
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import resources
from typing import Any

from geocode.article import LANGUAGES
from geocode.errors import ConflictError
from geocode.phrases import PhraseIndex, fold_phrase, learn_phrases, texts_in, word_forms
from geocode.word_families import VerbRules

DIRECTIONS = (
    "north_of",
    "northeast_of",
    "east_of",
    "southeast_of",
    "south_of",
    "southwest_of",
    "west_of",
    "northwest_of",
)
RELATIONS = (*DIRECTIONS, "outskirts", "vicinity", "inside", "between", "road_to")
# Clockwise from north, degrees.
BEARINGS = {name: 45.0 * i for i, name in enumerate(DIRECTIONS)}

GOVERNORS = (
    "setting",
    "speech",
    "movement",
    "name_part",
    "actor_before",
    "state_acts",
    "state_beside",
    "mere",
    "people_of",
)
GUARDS = ("planned", "maybe", "denied", "negated", "attempt", "continued")
# The international mile.
_MILE_KM = 1.609344
RELATIVE_PARTIES = ("own", "enemy", "own_of_last", "enemy_of_last")
SPEECH = ("verbs", "frames", "continued", "participles", "relay")
PREPOSITIONS = ("locative", "from_words", "to_words", "via_words")


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeWords:
    """The time words of a language, each list folded to phrases."""

    phrases: PhraseIndex[str]
    weekdays: PhraseIndex[int]
    months: PhraseIndex[int]
    hijri_months: PhraseIndex[int]
    year_words: frozenset[str]
    units: PhraseIndex[str]
    past: frozenset[str]
    future: frozenset[str]
    ago: PhraseIndex[str]
    within: frozenset[str]
    same: PhraseIndex[str]
    since: frozenset[str]
    one_words: frozenset[str]
    parts: PhraseIndex[str]
    ordinals: PhraseIndex[int]
    of_words: frozenset[str]
    month_after: frozenset[str]
    not_a_date_after: frozenset[str]
    numbers: frozenset[str]

    _begins: dict[str, bool] = field(default_factory=dict, compare=False, repr=False)

    def may_begin(self, key: str) -> bool:
        """
        Say whether a time expression may begin with a word.

        Parameters
        ----------
        key
            A folded token.
        """
        known = self._begins.get(key)
        if known is None:
            known = self._begins[key] = self._looks_like_time(key)
        return known

    def _looks_like_time(self, key: str) -> bool:
        if any(char.isdecimal() for char in key):
            return True
        forms = word_forms(key)
        if forms & self.numbers:
            return True
        if forms & (self.within | self.one_words | self.since | self.year_words) or key.endswith(
            "ين"
        ):
            return True
        indexes = (
            self.phrases, self.weekdays, self.months, self.ago, self.same, self.parts,
            self.ordinals, self.units,
        )  # fmt: skip
        return any(index.may_begin(key) for index in indexes)


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguageRules:
    """
    What is true of one language.

    Attributes
    ----------
    lang
        ``ar``, ``en`` or ``fr``.
    titles, first_names
        Folded words before a person's name.
    relations
        Phrases before a name, with the relation they state.
    governors
        Phrases that decide the role of the names around them, with their class.
    actor_after
        Words that a hyphen joins to who leads ("Misrata-led").
    premises
        Words for buildings that set a scene, unless what happened was done to them.
    toward
        Prepositions that say where to, not how far ("toward").
    prepositions
        Phrases with ``locative``, ``from``, ``to`` or ``via``.
    guards
        Phrases that tell that an act is not, or not yet, done: ``planned``, ``denied``,
        ``negated``, ``attempt``, ``maybe`` (before some verbs); ``continued`` ones only look so.
    imperfect, perfect_after
        How a verb is written that makes «قد» say perhaps, and the words after which it never does.
    denial_ends
        Words with which who denied one thing goes on to say another.
    purpose_clitic
        What before a noun of action says what for; empty where a language has none.
    printed_otherwise
        Printed words that folding makes one of the guards: «آمر».
    future_verb, not_future
        How a verb in the future is written, and the beginnings of words that only look so.
    speech_verbs, witnesses
        Phrases that tell who says it: ``verbs``, ``frames``, ``continued``, ``participles``,
        ``relay``.
    distance_km
        Words for a unit of length, in km.
    lead_words
        Words that may stand around a distance.
    distance_after, distance_of
        Words before a distance that follows the name, and between one that precedes it and the
        name.
    numbers
        Number words.
    time
        Time words.
    losses, losses_after
        Phrases with ``killed``, ``wounded`` or ``captured``, and the side of the number.
    mourned
        Words for dead of whoever speaks ("of its fighters").
    not_names, name_openers
        Words that are no name after a head noun, and those with which a longer name begins.
    anaphora
        Words for a place named before, with the kind of place («المدينة», "there").
    forces
        Nouns for forces, and for the offices (``office``) of a side or town.
    arms_words
        Those of them that are arms.
    owner_links
        Words between a force and whose it is: ``strong``, or ``weak`` before names of sides only.
    relative_parties
        Words for a side from where somebody stands: ``own``, ``enemy``, ``own_of_last``,
        ``enemy_of_last``.
    demonstratives
        Words that make «القوات» those spoken of last («هذه القوات»).
    another
        Words that tell that an act is like the one told before («غارة ثانية»).
    passive_before
        Words before a verb of speech that make it no saying ("were heard").
    contrast
        Words that begin a clause somebody else tells («فيما», "meanwhile").
    new_clause
        Words that begin a further clause of what is said («وأن», "and that"): it has a predicate
        of its own.
    condemning
        Verbs of speech whose subject did not do it.
    statements
        Words of the heading of a communiqué.
    same_speaker
        Words for who spoke before («المصدر», "he").
    also_words
        First words of a sentence that goes on with what was said.
    demonyms
        Adjectives of origin with the ISO code of their country.
    before_verb
        Words that may stand between who acts and the verb.
    target_before
        Words before a side that tell that the act is done to it.
    doer_words
        Arms that act for a side.
    force_words
        Soldiers, arms and vehicles.
    come_from
        People and things that come from a place, whatever happens.
    agent_before
        Phrases after which stands who did it.
    that_words
        Words after which stands what is said.
    relay_from
        Words between who passes a thing on and who said it.
    """

    lang: str
    titles: PhraseIndex[str]
    first_names: PhraseIndex[str]
    relations: PhraseIndex[str]
    governors: PhraseIndex[str]
    prepositions: PhraseIndex[str]
    actor_after: frozenset[str]
    premises: PhraseIndex[str]
    toward: PhraseIndex[str]
    guards: PhraseIndex[str]
    imperfect: re.Pattern[str] | None
    perfect_after: frozenset[str]
    printed_otherwise: tuple[str, ...]
    purpose_clitic: str
    denial_ends: PhraseIndex[str]
    any_words: frozenset[str]
    future_verb: re.Pattern[str] | None
    not_future: tuple[str, ...]
    speech_verbs: PhraseIndex[str]
    witnesses: PhraseIndex[str]
    distance_km: Mapping[str, float]
    lead_words: frozenset[str]
    distance_after: frozenset[str]
    distance_of: frozenset[str]
    numbers: Mapping[str, int]
    time: TimeWords
    losses: PhraseIndex[str]
    losses_after: PhraseIndex[str]
    mourned: PhraseIndex[str]
    not_names: frozenset[str]
    name_openers: frozenset[str]
    anaphora: PhraseIndex[str]
    forces: PhraseIndex[str]
    arms_words: frozenset[str]
    owner_links: PhraseIndex[str]
    relative_parties: PhraseIndex[str]
    demonstratives: frozenset[str]
    another: frozenset[str]
    passive_before: frozenset[str]
    contrast: PhraseIndex[str]
    new_clause: PhraseIndex[str]
    condemning: PhraseIndex[str]
    statements: PhraseIndex[str]
    same_speaker: frozenset[str]
    also_words: frozenset[str]
    demonyms: PhraseIndex[str]
    target_before: frozenset[str]
    before_verb: frozenset[str]
    doer_words: frozenset[str]
    force_words: PhraseIndex[str]
    come_from: PhraseIndex[str]
    agent_before: PhraseIndex[str]
    that_words: frozenset[str]
    relay_from: frozenset[str]
    verbs: VerbRules


@lru_cache(maxsize=8)
def load_language(lang: str) -> LanguageRules:
    """
    Load the rules of a language.

    Parameters
    ----------
    lang
        ``ar``, ``en`` or ``fr``.

    Raises
    ------
    ConflictError
        If there is no such file, or it lacks a list; the message names file and list.
    """
    file = resources.files("geocode") / "language" / f"{lang}.toml"
    try:
        data = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        msg = f"language/{lang}.toml cannot be read: {error}"
        raise ConflictError(msg) from error
    try:
        learn_phrases(texts_in(data))
        return _make_rules(lang, data)
    except KeyError as error:
        msg = f"language/{lang}.toml lacks the list {error.args[0]!r}"
        raise ConflictError(msg) from error


@lru_cache(maxsize=1)
def language_fingerprint() -> str:
    """Give a hash of the rules of all languages: readings depend on them."""
    digest = hashlib.sha256()
    folder = resources.files("geocode") / "language"
    for lang in LANGUAGES:
        digest.update((folder / f"{lang}.toml").read_bytes())
    return digest.hexdigest()[:16]


def _make_rules(lang: str, data: Mapping[str, Any]) -> LanguageRules:
    governor, guard, said = data["governor"], data["guard"], data["attribution"]
    party = data["party"]
    units = {_word(w): 1.0 for w in data["distance"]["units_km"]}
    units |= {_word(w): 0.001 for w in data["distance"]["units_m"]}
    units |= {_word(w): _MILE_KM for w in data["distance"]["units_mile"]}
    return LanguageRules(
        lang=lang,
        titles=_index({"title": data["titles"]["before"]}),
        first_names=_index({"first_name": data["titles"]["first_names"]}),
        relations=_index({name: data["relation"][name] for name in RELATIONS}),
        governors=_index({**{name: governor[name] for name in GOVERNORS}, "saying": said["verbs"]}),
        prepositions=_index({name.removesuffix("_words"): governor[name] for name in PREPOSITIONS}),
        actor_after=frozenset(map(_word, governor["actor_after"])),
        premises=_index({"premises": governor["premises"]}),
        toward=_index({"toward": governor["toward_words"]}),
        guards=_index({name: guard[name] for name in GUARDS}),
        imperfect=re.compile(guard["imperfect"]) if guard["imperfect"] else None,
        perfect_after=frozenset(map(_word, guard["perfect_after"])),
        printed_otherwise=tuple(guard["printed_otherwise"]),
        purpose_clitic=guard["purpose_clitic"],
        denial_ends=_index({"denial_ends": guard["denial_ends"]}),
        any_words=frozenset(map(_word, guard["any_words"])),
        future_verb=re.compile(guard["future_verb"]) if guard["future_verb"] else None,
        not_future=tuple(map(_word, guard["not_future"])),
        speech_verbs=_index({name: said[name] for name in SPEECH}),
        witnesses=_index({k: said[k] for k in ("witnesses", "military")}),
        distance_km=units,
        lead_words=frozenset(map(_word, data["distance"]["lead_words"])),
        distance_after=frozenset(map(_word, data["distance"]["after_words"])),
        distance_of=frozenset(map(_word, data["distance"]["of_words"])),
        numbers={_word(w): n for w, n in data["numbers"].items()},
        time=_time_words(data["time"], frozenset(map(_word, data["numbers"]))),
        losses=_index(data["losses"]),
        losses_after=_index(data["losses_after"]),
        mourned=_index({"mourned": data["mourned"]["words"]}),
        not_names=frozenset(map(_word, data["names"]["not_names"])),
        name_openers=frozenset(map(_word, data["names"]["openers"])),
        anaphora=_index(data["anaphora"]),
        forces=_index({"office": party["offices"], "force": party["forces"]}),
        arms_words=frozenset(map(_word, party["arms"])),
        owner_links=_index({"strong": party["owner_links"], "weak": party["owner_links_weak"]}),
        relative_parties=_index({name: party[name] for name in RELATIVE_PARTIES}),
        demonstratives=frozenset(map(_word, party["demonstratives"])),
        another=frozenset(map(_word, party["another"])),
        passive_before=frozenset(map(_word, said["passive_before"])),
        contrast=_index({"contrast": said["contrast"]}),
        new_clause=_index({"new_clause": said["new_clause"]}),
        condemning=_index({"condemning": said["condemning"]}),
        statements=_index({"statement": said["statements"]}),
        same_speaker=frozenset(map(_word, said["same_speaker"])),
        also_words=frozenset(map(_word, said["also_words"])),
        demonyms=_index(data["demonyms"]),
        before_verb=frozenset(map(_word, governor["before_verb"])),
        target_before=frozenset(map(_word, governor["target_before"])),
        agent_before=_index({"agent": governor["agent_before"]}),
        come_from=_index({"people": governor["come_from"]}),
        force_words=_index({"force": governor["force_words"]}),
        doer_words=frozenset(map(_word, governor["doer_words"])),
        that_words=frozenset(map(_word, said["that_words"])),
        relay_from=frozenset(map(_word, said["relay_from"])),
        verbs=_verb_rules(lang, data["verbs"]),
    )


def _verb_rules(lang: str, data: Mapping[str, Any]) -> VerbRules:
    return VerbRules(
        lang=lang,
        irregular=data["irregular"],
        auxiliaries=tuple(data["auxiliaries"]),
        pronouns=tuple(data["pronouns"]),
    )


def _time_words(data: Mapping[str, Any], numbers: frozenset[str]) -> TimeWords:
    simple = (
        "today", "yesterday", "day_before", "tomorrow", "last_night", "past_hours", "past_days",
        "last_week", "this_week", "last_month", "this_month", "day_after",
    )  # fmt: skip
    days = dict(enumerate(data["weekdays"].values()))
    months = dict(enumerate(data["months"].values(), start=1))
    return TimeWords(
        phrases=_index({name: data[name] for name in simple}),
        weekdays=PhraseIndex((w, i) for i, words in days.items() for w in words),
        months=PhraseIndex((w, i) for i, words in months.items() for w in words),
        hijri_months=PhraseIndex(
            (name, number)
            for number, names in enumerate(data["hijri_months"], start=1)
            for name in names.split("|")
        ),
        one_words=frozenset(map(_word, data["one_words"])),
        year_words=frozenset(map(_word, data["year_words"])),
        units=_index(data["day_units"]),
        past=frozenset(map(_word, data["past_words"])),
        future=frozenset(map(_word, data["future_words"])),
        ago=_index({"ago": data["ago_words"]}),
        within=frozenset(map(_word, data["within_words"])),
        same=_index({"same": data["same_time"]}),
        since=frozenset(map(_word, data["since_words"])),
        parts=_index(data["parts"]),
        ordinals=PhraseIndex((w, int(n)) for n, ws in data["ordinals"].items() for w in ws),
        of_words=frozenset(map(_word, data["of_words"])),
        month_after=frozenset(map(_word, data["month_after"])),
        not_a_date_after=frozenset(map(_word, data["not_a_date_after"])),
        numbers=numbers,
    )


def _index(lists: Mapping[str, Iterable[str]]) -> PhraseIndex[str]:
    return PhraseIndex((phrase, name) for name, phrases in lists.items() for phrase in phrases)


def _word(text: str) -> str:
    return " ".join(fold_phrase(text))
