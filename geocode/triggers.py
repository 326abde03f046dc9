"""Words that tell what happened, of each language, from the table of a conflict."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from geocode.article import LANGUAGES
from geocode.errors import ConflictError
from geocode.language_rules import load_language
from geocode.phrases import PhraseIndex, fold_phrase, learn_phrases
from geocode.word_families import VerbRules, check_family, family_forms

EVENT_TYPES = (
    "airstrike",
    "shelling",
    "clash",
    "capture",
    "withdrawal",
    "advance",
    "repelled_attack",
    "aircraft_downed",
    "strike_on_equipment",
    "arms_delivery",
    "ultimatum",
    "deployment",
    "other",
)
COMBAT_TYPES = frozenset(EVENT_TYPES[:9])
_FORMS = ("verbs", "objects", "own", "passive", "suffer")
_NONE: frozenset[tuple[str, ...]] = frozenset()
# Lists of verbs whose forms are derived, and the form of a trigger that these are.
_FAMILIES = {
    "families": "verbs",
    "common_families": "verbs",
    "suffer_families": "suffer",
    "common_suffer_families": "suffer",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Trigger:
    """
    What a trigger word tells.

    Attributes
    ----------
    event_type
        One of `EVENT_TYPES`.
    form
        ``verbs``, ``objects``, ``own``, ``passive`` or ``suffer``: where the doer stands.
    weak
        Whether another trigger of the sentence for the same place is believed first.
    harms
        Id of the side it is always done to (looting, abductions); empty for none.
    common
        Whether the word also means other things, so that a side or soldiers must be named too.
    near
        Whether it tells of war only where a place stands beside it («سقوط غريان»).
    """

    event_type: str
    form: str
    weak: bool
    common: bool = False
    near: bool = False
    harms: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Listed:
    """A list of words or, if `derived`, of verbs, of one type and language."""

    words: tuple[str, ...]
    trigger: Trigger
    common: bool
    derived: bool
    where: str


class TriggerIndex:
    """
    The triggers of a conflict; those of a language are made when it is read for the first time.

    Parameters
    ----------
    listed
        Lists of words by language, what is listed word by word first.
    common, near
        Folded words that are common, or need a place beside them, by language.
    """

    def __init__(
        self,
        listed: Mapping[str, list[_Listed]],
        common: Mapping[str, frozenset[tuple[str, ...]]],
        near: Mapping[str, frozenset[tuple[str, ...]]],
    ) -> None:
        self._listed, self._common, self._near = listed, common, near
        self._made: dict[str, PhraseIndex[Trigger]] = {}

    def get(self, lang: str) -> PhraseIndex[Trigger] | None:
        """
        Give the triggers of a language, None where there are none.

        Parameters
        ----------
        lang
            ``ar``, ``en`` or ``fr``.
        """
        if lang not in self._listed:
            return None
        if lang not in self._made:
            self._made[lang] = PhraseIndex(self._entries(lang))
        return self._made[lang]

    def _entries(self, lang: str) -> Iterator[tuple[str, Trigger]]:
        common, near = self._common.get(lang, frozenset()), self._near.get(lang, frozenset())
        verbs = load_language(lang).verbs
        seen: set[tuple[str, ...]] = set()
        sure: set[tuple[str, ...]] = set()
        for one in self._listed[lang]:
            kinds = {
                (is_common, is_near): replace(one.trigger, common=is_common, near=is_near)
                for is_common in (False, True)
                for is_near in (False, True)
            }
            for word in _all_forms(one, verbs):
                key = fold_phrase(word)
                if one.derived and key in seen:
                    continue
                seen.add(key)
                is_common, is_near = one.common or key in common, key in near
                if one.derived and any(key[:n] in sure for n in range(1, len(key))):
                    is_common = False  # "fighting broke out" tells no less than "fighting"
                if not (one.derived or is_common or is_near):
                    sure.add(key)
                yield word, kinds[is_common, is_near]
            if verbs.pronouns and one.trigger.form in ("own", "objects"):
                owned = replace(one.trigger, form="own")
                for word in one.words:
                    yield from ((form, owned) for form in _with_pronoun(word, verbs))


def read_triggers(table: Mapping[str, Any], file: str) -> TriggerIndex:
    """
    Read the words that tell what happened.

    Parameters
    ----------
    table
        ``triggers.toml`` of a conflict pack.
    file
        What to call it in errors.

    Raises
    ------
    ConflictError
        If a type or a form is unknown, or a verb is not written as its language wants it.
    """
    listed: dict[str, list[_Listed]] = {}
    for entry in table.get("type", ()):
        for lang, one in _lists(entry, file):
            listed.setdefault(lang, []).append(one)
    for lists in listed.values():
        lists.sort(key=lambda one: one.derived)
    return TriggerIndex(listed, _marked(table, "common"), _marked(table, "near"))


def _lists(entry: Mapping[str, Any], file: str) -> Iterator[tuple[str, _Listed]]:
    event_type = entry.get("id")
    if event_type not in EVENT_TYPES:
        msg = f"{file}: type {event_type!r}, expected one of {', '.join(EVENT_TYPES)}"
        raise ConflictError(msg)
    for lang, forms in entry.items():
        if not isinstance(forms, dict):
            continue
        for form, words in forms.items():
            where = f"{file}: {event_type}.{lang}.{form}"
            if form not in (*_FORMS, *_FAMILIES):
                msg = f"{where}, expected one of {(*_FORMS, *_FAMILIES)}"
                raise ConflictError(msg)
            if form in _FAMILIES:
                _check_families(words, lang, where)
            trigger = Trigger(
                event_type=event_type,
                form=str(_FAMILIES.get(form, form)),
                weak=entry.get("weak", False),
                harms=entry.get("harms", ""),
            )
            yield (
                lang,
                _Listed(
                    words=tuple(words),
                    trigger=trigger,
                    common=form.startswith("common"),
                    derived=form in _FAMILIES,
                    where=where,
                ),
            )


def _check_families(families: list[str], lang: str, where: str) -> None:
    if lang not in LANGUAGES:
        msg = f"{where}: forms of verbs are known of {', '.join(LANGUAGES)} only"
        raise ConflictError(msg)
    for family in families:
        try:
            check_family(family, lang)
        except ValueError as error:
            msg = f"{where}: {error}"
            raise ConflictError(msg) from error


def _all_forms(one: _Listed, verbs: VerbRules) -> tuple[str, ...]:
    if not one.derived:
        return one.words
    try:
        forms = tuple(form for family in one.words for form in family_forms(family, verbs))
    except ValueError as error:
        msg = f"{one.where}: {error}"
        raise ConflictError(msg) from error
    learn_phrases(forms)
    return forms


def _marked(table: Mapping[str, Any], name: str) -> dict[str, frozenset[tuple[str, ...]]]:
    return {lang: frozenset(map(fold_phrase, words)) for lang, words in table.get(name, {}).items()}


def _with_pronoun(noun: str, verbs: VerbRules) -> Iterator[str]:
    """Give an Arabic noun of action with the pronoun of its doer: «سيطرتها», «انسحابه»."""
    if " " in noun or noun.startswith("ال"):
        return
    stem = noun.removesuffix("ة") + "ت" if noun.endswith("ة") else noun
    yield from (stem + pronoun for pronoun in verbs.pronouns)
