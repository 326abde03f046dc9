"""Step 8c: modality, whether an act was done, denied, attempted or only planned."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from geocode.document import Document, Sentence
from geocode.governor import Governor
from geocode.language_rules import LanguageRules
from geocode.phrases import PhraseHit, word_forms
from geocode.speech import WITNESSES, Speaker

_GUARD_REACH = 6
_NEGATION_REACH = 2
# «لم تشهد سرت أي اشتباكات»: how near «أي» is, and how far the negation.
_ANY_REACH, _ANY_NEGATION_REACH = 2, 5
_FUTURE_REACH = 3
# What one fights for; «لانسحاب» gives a reason as often as an aim.
_GAINS = frozenset({"capture"})
_PERFECT_REACH = 6
STATUSES = ("reported", "claimed", "planned", "denied")


@dataclass(frozen=True, slots=True)
class Modality:
    """
    The words of a document that tell that an act is not, or not yet, done.

    Attributes
    ----------
    document
        The document.
    rules
        The rules of its language.
    guards
        These words, by the number of their sentence.
    """

    document: Document
    rules: LanguageRules
    guards: Mapping[int, Sequence[PhraseHit[str]]]

    def is_negated(self, governor: Governor) -> bool:
        """
        Tell «لم يقصف»; «لم يتمكن من السيطرة» is an attempt, and there was a fight.

        Parameters
        ----------
        governor
            A trigger.
        """
        near = self._before(governor, _NEGATION_REACH)
        if "negated" in near:
            return "attempt" not in near
        keys = self.document.keys
        if not set(keys[max(0, governor.first - _ANY_REACH) : governor.first]) & (
            self.rules.any_words
        ):
            return False
        return "negated" in self._before(governor, _ANY_NEGATION_REACH)

    def is_attempt(self, governor: Governor) -> bool:
        """
        Tell «حاولت السيطرة على سرت», which took nothing.

        Parameters
        ----------
        governor
            A trigger.
        """
        return "attempt" in self._before(governor, _GUARD_REACH)

    def status(self, governor: Governor, speaker: Speaker) -> str:
        """
        Give one of `STATUSES`.

        Parameters
        ----------
        governor
            A trigger.
        speaker
            Who tells it: what a side tells is claimed.
        """
        if self._is_denied(governor):
            return "denied"
        unsure = self._before(governor, _GUARD_REACH) & {"planned", "maybe"}
        if unsure or self._has_future(governor) or self._is_purpose(governor):
            return "planned"
        return "reported" if speaker.side in (None, WITNESSES) else "claimed"

    def _before(self, governor: Governor, reach: int | None = None) -> set[str]:
        """Give the guards before a trigger in its sentence, all or those within some words."""
        first = 0 if reach is None else governor.first - reach
        hits = self.guards[governor.sentence]
        return {h.meaning for h in hits if first <= h.first and h.last <= governor.first}

    def _is_denied(self, governor: Governor) -> bool:
        """Tell «نفت سيطرة …» from what comes after «وقالت إن»."""
        denials = [h for h in self.guards[governor.sentence] if h.meaning == "denied"]
        before = [h for h in denials if h.last <= governor.first]
        ends = self.rules.denial_ends
        return bool(before) and not ends.find(self.document.keys, before[-1].last, governor.first)

    def _is_purpose(self, governor: Governor) -> bool:
        """Tell «بدء ساعة الصفر لتحرير طرابلس», which is what for and not yet what was done."""
        trigger, key = governor.trigger, self.document.keys[governor.first]
        gain = trigger is not None and trigger.event_type in _GAINS and trigger.form != "verbs"
        purposes = self.rules.purpose_clitic
        return gain and bool(purposes) and key.startswith(purposes) and _is_clitic(key, purposes)

    def _has_future(self, governor: Governor) -> bool:
        """Tell a verb in the future («ستواصل قصف») shortly before the trigger."""
        rules = self.rules
        if rules.future_verb is None:
            return False
        sentence = self.document.sentences[governor.sentence]
        first = max(sentence.first, governor.first - _FUTURE_REACH)
        return any(
            rules.future_verb.fullmatch(key)
            and not any(form.startswith(rules.not_future) for form in word_forms(key))
            for key in self.document.keys[first : governor.first + 1]
        )


def _is_clitic(key: str, clitic: str) -> bool:
    """Say whether a word is another one with a clitic before it."""
    return any(form != key and key == clitic + form for form in word_forms(key)) or (
        key.startswith(clitic * 2)
    )


def find_modality(document: Document, rules: LanguageRules) -> Modality:
    """
    Find, once for each sentence, the words that tell that an act is not, or not yet, done.

    Parameters
    ----------
    document
        The document.
    rules
        The rules of its language.
    """
    guards = {
        number: [
            hit
            for hit in rules.guards.find(document.keys, sentence.first, sentence.last)
            if not _is_printed_otherwise(document, hit, rules)
            and (hit.meaning != "maybe" or _says_perhaps(document, hit, sentence, rules))
        ]
        for number, sentence in enumerate(document.sentences)
    }
    return Modality(document, rules, guards)


def _is_printed_otherwise(document: Document, hit: PhraseHit[str], rules: LanguageRules) -> bool:
    """Tell «آمر» (commander) from «أمر» (ordered), which folding makes one word."""
    printed = document.article.text[: document.tokens[hit.last - 1].end]
    return printed.endswith(rules.printed_otherwise)


def _says_perhaps(
    document: Document, hit: PhraseHit[str], sentence: Sentence, rules: LanguageRules
) -> bool:
    """Tell «قد يقصف» (may shell) from «وكانت قد قصفت» (had shelled)."""
    before = document.keys[max(sentence.first, hit.first - _PERFECT_REACH) : hit.first]
    if rules.imperfect is None or hit.last >= sentence.last or set(before) & rules.perfect_after:
        return False
    return rules.imperfect.fullmatch(document.keys[hit.last]) is not None
