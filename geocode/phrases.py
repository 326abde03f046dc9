"""Find words and phrases of a lexicon among the tokens of a text, clitics allowed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Generic, TypeVar

from gazetteer import fold

T = TypeVar("T")

# Arabic clitics that may stand before the first word of a phrase, longest first.
_CLITICS = (
    "وال",
    "فال",
    "بال",
    "كال",
    "ولل",
    "فلل",
    "ال",
    "لل",
    "وب",
    "ول",
    "فب",
    "وس",
    "و",
    "ف",
    "ب",
    "ل",
    "ك",
    "س",
)
_MIN_STEM = 3
# «وفي», «وفر»: a conjunction may stand before the shortest words.
_CONJUNCTIONS = ("و", "ف")
_MIN_STEM_AFTER_CONJUNCTION = 2


@lru_cache(maxsize=200_000)
def word_forms(key: str) -> frozenset[str]:
    """
    Give what a folded word may be without its clitics.

    Parameters
    ----------
    key
        A folded token.

    Returns
    -------
    forms
        The word itself and, for Arabic, what is left after each possible clitic.
    """
    if key.isascii():
        return frozenset((key,))
    found = {key}
    for clitic in _CLITICS:
        shortest = _MIN_STEM_AFTER_CONJUNCTION if clitic in _CONJUNCTIONS else _MIN_STEM
        if key.startswith(clitic) and len(key) - len(clitic) >= shortest:
            found.add(key.removeprefix(clitic))
            if clitic.endswith("لل"):
                found.add("ال" + key.removeprefix(clitic))  # «للجيش» is «ل» and «الجيش»
    return frozenset(found)


@lru_cache(maxsize=200_000)
def _least_cut_first(key: str) -> tuple[str, ...]:
    """Order the forms of a word, so that the same text is always read the same."""
    return tuple(sorted(word_forms(key), key=lambda form: (-len(form), form)))


@lru_cache(maxsize=50_000)
def fold_phrase(phrase: str) -> tuple[str, ...]:
    """
    Fold a phrase of a lexicon to its words.

    Parameters
    ----------
    phrase
        As printed.
    """
    return tuple(fold(phrase).text.split())


@dataclass(frozen=True, slots=True)
class PhraseHit(Generic[T]):
    """A phrase found: the half-open token span, what the lexicon says of it, and its words."""

    first: int
    last: int
    meaning: T
    words: tuple[str, ...] = ()


class PhraseIndex(Generic[T]):
    """
    Phrases with what they mean.

    Parameters
    ----------
    entries
        Pairs of phrase and meaning; a phrase may have several meanings.
    """

    def __init__(self, entries: Iterable[tuple[str, T]]) -> None:
        self._by_first: dict[str, list[tuple[tuple[str, ...], T]]] = {}
        for phrase, meaning in entries:
            words = fold_phrase(phrase)
            if words:
                self._by_first.setdefault(words[0], []).append((words, meaning))
        for found in self._by_first.values():
            found.sort(key=_longest_first)

    def at(self, keys: Sequence[str], index: int) -> list[PhraseHit[T]]:
        """
        Give the longest phrases that begin at a token.

        Parameters
        ----------
        keys
            The folded tokens of the text.
        index
            Where to look.

        Returns
        -------
        hits
            All meanings of the longest phrase; empty where none begins.
        """
        hits: list[PhraseHit[T]] = []
        for form in _least_cut_first(keys[index]):
            for words, meaning in self._by_first.get(form, ()):
                last = index + len(words)
                if last <= len(keys) and _same_words(keys, index, words):
                    hits.append(PhraseHit(index, last, meaning, words))
        longest = max((hit.last for hit in hits), default=0)
        return [hit for hit in hits if hit.last == longest]

    def find(
        self, keys: Sequence[str], first: int = 0, last: int | None = None
    ) -> list[PhraseHit[T]]:
        """
        Give the phrases in a token span, leftmost and longest.

        Parameters
        ----------
        keys
            The folded tokens of the text.
        first, last
            The half-open span to search; to the end where no last is given.
        """
        found: list[PhraseHit[T]] = []
        index, end = first, len(keys) if last is None else last
        while index < end:
            hits = [hit for hit in self.at(keys, index) if hit.last <= end]
            found.extend(hits)
            index = hits[0].last if hits else index + 1
        return found

    def ends_at(self, keys: Sequence[str], index: int, *, reach: int = 5) -> list[PhraseHit[T]]:
        """
        Give the longest phrases that end just before a token.

        Parameters
        ----------
        keys
            The folded tokens of the text.
        index
            The token after the phrase.
        reach
            The most words a phrase may have.
        """
        for first in range(max(0, index - reach), index):
            hits = [hit for hit in self.at(keys, first) if hit.last == index]
            if hits:
                return hits
        return []

    def governs(self, keys: Sequence[str], index: int, *, reach: int = 5) -> list[PhraseHit[T]]:
        """
        Give the phrases that end just before a token and stand in the construct state to it.

        Parameters
        ----------
        keys
            The folded tokens of the text.
        index
            The token after the phrase.
        reach
            The most words a phrase may have.

        Returns
        -------
        hits
            As `ends_at`, without those whose last word was given an article («الدولة» governs no
            name, «دولة» does).
        """
        hits = self.ends_at(keys, index, reach=reach)
        return [hit for hit in hits if not is_definite(keys, hit)]


def is_definite(keys: Sequence[str], hit: PhraseHit[T]) -> bool:
    """
    Say whether the last word of a phrase was given an article, so that it governs no name.

    Parameters
    ----------
    keys
        The folded tokens of the text.
    hit
        A phrase found there.
    """
    return _added_article(keys[hit.last - 1], hit.words[-1])


def _added_article(key: str, word: str) -> bool:
    return not word.startswith("ال") and key != word and key.endswith(("ال" + word, "لل" + word))


def _longest_first(entry: tuple[tuple[str, ...], T]) -> int:
    return -len(entry[0])


def _same_words(keys: Sequence[str], index: int, words: Sequence[str]) -> bool:
    return all(word in word_forms(keys[index + i]) for i, word in enumerate(words) if i)
