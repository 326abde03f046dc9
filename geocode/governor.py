"""Step 6c: governors, the words that decide what the names around them are."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from geocode.actors import ActorMention
from geocode.conflict import Conflict
from geocode.document import Document, Sentence, starting_in
from geocode.language_rules import LanguageRules
from geocode.mention import Mention
from geocode.phrases import FirstWords, PhraseHit, PhraseIndex
from geocode.placement import Placement
from geocode.triggers import Trigger

# Acts that are only spoken of after another.
_INNER_ACTS = {
    **dict.fromkeys(
        ("airstrike", "shelling", "strike_on_equipment", "clash"), frozenset({"deployment"})
    ),
    "repelled_attack": frozenset({"clash", "advance", "capture"}),
    "ultimatum": frozenset({"withdrawal"}),
}
_INNER_REACH = 8
_WORD_KINDS = ("setting", "speech", "movement", "saying")
_SITES_OF_WAR = frozenset({"camp", "airbase", "axis"})
# How far after a word the place must begin without which it tells nothing.
_NEAR_REACH = 2
_NEAR_REACH_ARTICLES = 4
# Years before the wars the tool is for; round numbers count soldiers as often as years.
_OLD_YEAR = re.compile(r"1[89]\d[1-9]|200[1-9]")


_LONGEST_LABEL = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Governor:
    """
    A word that decides what the names around it are.

    Attributes
    ----------
    first, last
        Its half-open span of tokens.
    kind
        ``trigger``, ``setting``, ``speech`` or ``movement``.
    trigger
        What it tells, for a trigger.
    sentence
        Index of its sentence.
    """

    first: int
    last: int
    kind: str
    trigger: Trigger | None
    sentence: int


def find_governors(
    document: Document,
    mentions: Sequence[Mention],
    placements: Sequence[Placement],
    actors: Sequence[ActorMention],
    conflict: Conflict,
    rules: LanguageRules,
) -> list[Governor]:
    """
    Find the words that decide roles: triggers, meetings, speech, movement.

    Parameters
    ----------
    document
        The document.
    mentions
        Its mentions; words inside them govern nothing.
    placements
        What they mean: where a camp, an air base or an axis is named, it is war that is told of.
    actors
        Its actor labels, inside which nothing governs either: a common word tells of war only
        beside a side or soldiers.
    conflict
        The conflict pack, for the triggers.
    rules
        The rules of its language.

    Returns
    -------
    governors
        In the order of the text, none overlapping another.
    """
    lang = document.article.lang
    harmless, triggers = conflict.no_triggers.get(lang), conflict.triggers.get(lang)
    named = [a for a in actors if not a.relative]
    labels = {token for a in named for token in range(a.first, a.last)}  # «الحشد الشعبي»
    search = _Search(
        document=document,
        mentions=mentions,
        at_war={
            number
            for number, (mention, placement) in enumerate(zip(mentions, placements, strict=True))
            if {mention.asked_kind, placement.kind} & _SITES_OF_WAR
        },
        inside=labels | {token for m in mentions for token in range(m.first, m.last)},
        triggers=triggers,
        harmless=harmless,
        everyday=conflict.everyday.get(lang),
        beginnings=conflict.beginnings(
            "governors", rules.lang, harmless, triggers, rules.governors
        ),
        rules=rules,
    )
    sided = {document.sentence_at(actor.first) for actor in actors}
    found = [
        governor
        for number in range(len(document.sentences))
        for governor in search.sentence(number, sided=number in sided)
    ]
    # «مهلة لميليشيات مصراتة للانسحاب»: a town in a label is no place between two acts.
    return _without_inner_acts(found, [m for m in mentions if m.first not in labels])


@dataclass(frozen=True, slots=True, kw_only=True)
class _Search:
    """What governors are searched with, sentence by sentence."""

    document: Document
    mentions: Sequence[Mention]
    at_war: set[int]
    inside: set[int]
    triggers: PhraseIndex[Trigger] | None
    harmless: PhraseIndex[bool] | None
    everyday: PhraseIndex[bool] | None
    beginnings: FirstWords
    rules: LanguageRules

    def sentence(self, number: int, *, sided: bool) -> list[Governor]:
        """Give the governors of a sentence; a side in it makes common words tell of war."""
        keys, rules, sentence = self.document.keys, self.rules, self.document.sentences[number]
        war = (
            sided
            or bool(rules.force_words.find(keys, sentence.first, sentence.last))
            or not self.at_war.isdisjoint(starting_in(self.mentions, sentence.first, sentence.last))
        )
        peace = _is_past(self.document, sentence, rules) or (
            not war and _is_everyday(self.document, sentence, self.everyday)
        )
        found: list[Governor] = []
        begin = sentence.first
        for index in self.beginnings.among(keys, sentence.first, sentence.last):
            if index < begin:
                continue
            skipped = self.harmless.at(keys, index) if self.harmless else []
            if skipped:
                begin = skipped[0].last
                continue
            if index in self.inside:
                continue
            governor = _governor_at(self.document, index, number, self.triggers, rules)
            if governor is None or governor.last > sentence.last:
                continue
            if _tells(governor, self.mentions, rules.lang, war=war, peace=peace):
                found.append(governor)
                begin = governor.last
        return found


def _tells(
    governor: Governor, mentions: Sequence[Mention], lang: str, *, war: bool, peace: bool
) -> bool:
    trigger = governor.trigger
    if trigger is None:
        return True
    return not (peace or (trigger.common and not war) or _lacks_place(governor, mentions, lang))


def _is_everyday(
    document: Document, sentence: Sentence, everyday: PhraseIndex[bool] | None
) -> bool:
    return everyday is not None and bool(
        everyday.find(document.keys, sentence.first, sentence.last)
    )


def _lacks_place(governor: Governor, mentions: Sequence[Mention], lang: str) -> bool:
    """Tell «سقوط ضحايا» from «سقوط غريان»: some words need a place beside them."""
    if governor.trigger is None or not governor.trigger.near:
        return False
    reach = _NEAR_REACH if lang == "ar" else _NEAR_REACH_ARTICLES  # "took the port of Brega"
    if starting_in(mentions, governor.last, governor.last + reach):
        return False
    before = starting_in(mentions, governor.first - _LONGEST_LABEL, governor.first)
    return not any(mentions[i].last >= governor.first - 1 for i in before)


def _is_past(document: Document, sentence: Sentence, rules: LanguageRules) -> bool:
    """Tell what happened long before the wars told of: «عام 1941»."""
    keys = document.keys
    return any(
        _OLD_YEAR.fullmatch(keys[at])
        and (keys[at - 1] in rules.time.year_words or rules.time.months.ends_at(keys, at))
        for at in range(sentence.first + 1, sentence.last)
    )


def _without_inner_acts(
    governors: Sequence[Governor], mentions: Sequence[Mention]
) -> list[Governor]:
    """Leave out acts that another only speaks of: an attack repelled, a retreat asked for."""
    kept: list[Governor] = []
    for governor in governors:
        outer = kept[-1] if kept else None
        if outer is not None and _contains(outer, governor, mentions):
            continue
        kept.append(governor)
    return kept


def _contains(outer: Governor, inner: Governor, mentions: Sequence[Mention]) -> bool:
    if outer.trigger is None or inner.trigger is None or outer.sentence != inner.sentence:
        return False
    if inner.trigger.event_type not in _INNER_ACTS.get(outer.trigger.event_type, ()):
        return False
    near = inner.first - outer.last <= _INNER_REACH
    return near and not any(outer.last <= m.first < inner.first for m in mentions)


def _governor_at(
    document: Document,
    index: int,
    number: int,
    triggers: PhraseIndex[Trigger] | None,
    rules: LanguageRules,
) -> Governor | None:
    hits = triggers.at(document.keys, index) if triggers else []
    words = [h for h in rules.governors.at(document.keys, index) if h.meaning in _WORD_KINDS]
    last = max([h.last for h in hits] + [h.last for h in words], default=0)
    if hits and hits[0].last == last:
        if _is_named_operation(document, index, rules):
            return None
        meaning = _trigger_meaning(document, index, last, [h.meaning for h in hits], rules)
        return Governor(first=index, last=last, kind="trigger", trigger=meaning, sentence=number)
    if words and not (index and document.keys[index - 1] in rules.passive_before):
        kind = _word_kind(document, words, rules)
        return Governor(first=index, last=last, kind=kind, trigger=None, sentence=number)
    return None


def _word_kind(document: Document, words: Sequence[PhraseHit[str]], rules: LanguageRules) -> str:
    """Tell «نقلت من سرت إلى …», who were moved, from «نقلت عن مصدر», who said something."""
    kinds = {"speech" if word.meaning == "saying" else word.meaning for word in words}
    last = words[0].last
    if "movement" in kinds and last < len(document.keys):
        way = rules.prepositions.at(document.keys, last)
        if any(hit.meaning in ("from", "to") for hit in way):
            return "movement"
    return "speech" if words[0].meaning == "saying" else words[0].meaning


def _is_named_operation(document: Document, index: int, rules: LanguageRules) -> bool:
    """Tell «عملية تحرير …», the name of an operation, from the act."""
    beside = bool(index) and document.touches(index)
    hits = rules.governors.ends_at(document.keys, index, reach=2) if beside else []
    around = rules.governors.at(document.keys, index - 1) if index else []
    return any(h.meaning == "name_part" for h in hits) or any(
        h.meaning == "name_part" and h.last > index for h in around
    )


def _trigger_meaning(
    document: Document, first: int, last: int, meanings: Sequence[Trigger], rules: LanguageRules
) -> Trigger:
    """Choose between meanings, and between verb and noun where both are written alike."""
    strong = [m for m in meanings if not m.weak] or list(meanings)
    forms = {m.form: m for m in reversed(strong)}
    if "verbs" in forms and "objects" in forms:
        return forms["objects" if _is_noun(document, first, last, rules) else "verbs"]
    return strong[0]


def _is_noun(document: Document, first: int, last: int, rules: LanguageRules) -> bool:
    """
    Tell «طرد» the noun from «طرد» the verb.

    A preposition before it makes it a noun; so does a feminine doer after it, since the verb
    would then be «طردت».
    """
    key = document.keys[first]
    if key.startswith(("ب", "ل", "ال")) or rules.prepositions.ends_at(document.keys, first):
        return True
    feminine_verb = key.endswith("ت")
    follows = document.keys[last] if last < len(document.keys) else ""
    return not feminine_verb and follows.endswith("ات")
