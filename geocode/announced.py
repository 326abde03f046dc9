"""Step 2b: names no gazetteer has, which only a head noun tells to be places («بلدة …»)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from gazetteer import Head
from geocode.document import Document, Sentence
from geocode.language_rules import LanguageRules
from geocode.phrases import PhraseHit, PhraseIndex, is_definite, word_forms

# Kinds whose nouns announce names often enough to believe them; «منطقة سكنية», «طريق مسدود» and
# the like tell of no name, so areas, roads and buildings are left out.
_KINDS = frozenset(
    {"town", "city", "camp", "axis", "gate", "quarter", "valley", "airbase", "oilfield"}
)
_MIN_LETTERS = 3
_MAX_WORDS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Announced:
    """
    A name that a head noun announces.

    Attributes
    ----------
    first, last
        Its half-open span of tokens, without the head noun.
    head
        The head noun.
    head_first
        The first token of the head noun.
    """

    first: int
    last: int
    head: Head
    head_first: int


def find_announced(
    document: Document,
    taken: frozenset[int],
    heads: PhraseIndex[Head],
    after: PhraseIndex[Head],
    rules: LanguageRules,
) -> list[Announced]:
    """
    Find the names that head nouns announce beside the known ones.

    Parameters
    ----------
    document
        The document.
    taken
        Tokens of names already known.
    heads, after
        Head nouns before («بلدة», "town of") and after a name ("camp").
    rules
        The rules of its language: the words that are no names.

    Returns
    -------
    announced
        In the order of the text, none overlapping another or a known name.
    """
    finder = _Finder(document, taken, rules)
    found: list[Announced] = []
    for sentence in document.sentences:
        for hit in heads.find(document.keys, sentence.first, sentence.last):
            if hit.meaning.kind in _KINDS:
                found.extend(finder.following(hit, sentence))
        for hit in after.find(document.keys, sentence.first, sentence.last):
            if hit.meaning.kind in _KINDS:
                found.extend(finder.preceding(hit, sentence))
    return _apart(sorted(found, key=_first))


@dataclass(frozen=True, slots=True)
class _Finder:
    document: Document
    taken: frozenset[int]
    rules: LanguageRules

    def following(self, hit: PhraseHit[Head], sentence: Sentence) -> Iterator[Announced]:
        """Give the name after a head noun: «بلدة مكيشيفة», "the town of Bwerat"."""
        arabic = self.document.article.lang == "ar"
        if arabic and is_definite(self.document.keys, hit):
            return  # «البلدة الصغيرة»
        last = hit.last
        while last < min(sentence.last, hit.last + _MAX_WORDS) and self._continues(hit.last, last):
            last += 1
        if last > hit.last and self._is_name(hit.last, last):
            yield Announced(first=hit.last, last=last, head=hit.meaning, head_first=hit.first)

    def preceding(self, hit: PhraseHit[Head], sentence: Sentence) -> Iterator[Announced]:
        """Give the name before a head noun: "the Karama camp", "Bwerat front"."""
        first = hit.first
        while first > max(sentence.first, hit.first - _MAX_WORDS) and self._is_capital(first - 1):
            first -= 1
        inside = first > sentence.first  # the first word of a sentence has a capital anyway
        if inside and first < hit.first and self._is_name(first, hit.first):
            yield Announced(first=first, last=hit.first, head=hit.meaning, head_first=first)

    def _continues(self, first: int, at: int) -> bool:
        if not self._beside(at):
            return False
        if self.document.article.lang != "ar":
            return self._is_capital(at)
        return at == first or self.document.keys[at - 1] in self.rules.name_openers

    def _is_name(self, first: int, last: int) -> bool:
        words = self.document.keys[first:last]
        if any(token in self.taken for token in range(first, last)):
            return False
        if words[-1] in self.rules.name_openers or len(words[0]) < _MIN_LETTERS:
            return False
        return not any(self._is_word(at) for at in range(first, last))

    def _is_word(self, at: int) -> bool:
        """Tell a word of the language from a name; names in Latin letters have a capital."""
        key = self.document.keys[at]
        if key.isdecimal():
            return True
        if key in self.rules.name_openers:
            return False
        if self.document.article.lang != "ar":
            return key in self.rules.not_names
        token = self.document.tokens[at]
        definite = self.document.article.text.startswith("ال", token.start)
        if not definite and key.endswith(("يه", "ي", "ات", "ين", "ون")):
            return True  # an adjective or a plural: «بلدة ساحلية»
        return bool(word_forms(key) & self.rules.not_names) or self._governs(key)

    def _governs(self, key: str) -> bool:
        rules = self.rules
        lexicons = (rules.governors, rules.prepositions, rules.relations, rules.forces)
        return any(lexicon.at([key], 0) for lexicon in lexicons)

    def _beside(self, at: int) -> bool:
        return at > 0 and not self.document.between(at - 1, at).strip(" \u00a0«\"“'’‘")

    def _is_capital(self, at: int) -> bool:
        token = self.document.tokens[at]
        return self.document.article.text[token.start].isupper()


def _first(one: Announced) -> int:
    return one.first


def _apart(found: Sequence[Announced]) -> list[Announced]:
    kept: list[Announced] = []
    for one in found:
        if not kept or one.first >= kept[-1].last:
            kept.append(one)
    return kept
