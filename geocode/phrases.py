"""Find words and phrases of a lexicon among the tokens of a text, clitics allowed."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, Generic, NamedTuple, TypeAlias, TypeVar

from gazetteer import fold, fold_many

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
# The most words an index remembers; the vocabulary of the press is far smaller.
_KNOWN_WORDS = 200_000
# Phrases folded so far.
_phrases: dict[str, tuple[str, ...]] = {}
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


def fold_phrase(phrase: str) -> tuple[str, ...]:
    """
    Fold a phrase of a lexicon to its words.

    Parameters
    ----------
    phrase
        As printed.
    """
    words = _phrases.get(phrase)
    if words is None:
        words = tuple(fold(phrase).text.split())
        if len(_phrases) < _KNOWN_WORDS:
            _phrases[phrase] = words
    return words


def learn_phrases(phrases: Iterable[str]) -> None:
    """
    Fold many phrases at once, so that `fold_phrase` knows them.

    Parameters
    ----------
    phrases
        The phrases of a lexicon.
    """
    new = [phrase for phrase in dict.fromkeys(phrases) if phrase not in _phrases]
    for phrase, folded in zip(new, fold_many(new), strict=True):
        _phrases[phrase] = tuple(folded.split())


def texts_in(data: Any) -> Iterator[str]:  # noqa: ANN401 (as read from a TOML file)
    """
    Walk all texts in a tree of tables and lists, keys included.

    Parameters
    ----------
    data
        The tree.
    """
    if isinstance(data, str):
        yield data
    elif isinstance(data, Mapping):
        yield from data
        for value in data.values():
            yield from texts_in(value)
    elif isinstance(data, list):
        for value in data:
            yield from texts_in(value)


class PhraseHit(NamedTuple, Generic[T]):
    """A phrase found: the half-open token span, what the lexicon says of it, and its words."""

    first: int
    last: int
    meaning: T
    words: tuple[str, ...] = ()


# A phrase of a lexicon: its place in the order of preference, its words, its meaning.
_Entry: TypeAlias = tuple[int, tuple[str, ...], T]
# What begins with a word: the phrases of one word, and the longer ones by their second.
_Begun: TypeAlias = tuple[list[_Entry[T]], dict[str, list[_Entry[T]]]]
_NOTHING: _Begun[Any] = ([], {})


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
        self._last_words = {words[-1] for found in self._by_first.values() for words, _ in found}
        self._ending: dict[str, bool] = {}
        # What may begin at a token, by its folded form: words recur, so each is looked up once.
        self._beginning: dict[str, _Begun[T]] = {}

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
        begun = self._beginning.get(keys[index])
        if begun is None:
            begun = self._learn(keys[index])
        if begun is _NOTHING:
            return []
        alone, by_second = begun
        if by_second and index + 1 < len(keys):
            following = word_forms(keys[index + 1])
            if not following.isdisjoint(by_second):
                entries = [entry for word in following for entry in by_second.get(word, ())]
                longer = _longest(keys, index, entries)
                if longer:
                    return longer
        if not alone:
            return []
        return [PhraseHit(index, index + 1, meaning, words) for _, words, meaning in alone]

    def may_begin(self, key: str) -> bool:
        """
        Say whether any phrase begins with a word.

        Parameters
        ----------
        key
            A folded token.
        """
        begun = self._beginning.get(key)
        return any(self._learn(key) if begun is None else begun)

    def _learn(self, key: str) -> _Begun[T]:
        entries = [
            entry for form in _least_cut_first(key) for entry in self._by_first.get(form, ())
        ]
        alone: list[_Entry[T]] = []
        by_second: dict[str, list[_Entry[T]]] = {}
        for order, (words, meaning) in enumerate(entries):
            group = alone if len(words) == 1 else by_second.setdefault(words[1], [])
            group.append((order, words, meaning))
        begun = (alone, by_second) if entries else _NOTHING
        if len(self._beginning) < _KNOWN_WORDS:
            self._beginning[key] = begun
        return begun

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
        if not self._by_first:
            return found
        index, end = first, len(keys) if last is None else last
        beginning = self._beginning
        known = map(beginning.get, keys[first:end])
        for at in [at for at, begun in enumerate(known, first) if begun is not _NOTHING]:
            if at < index:
                continue
            hits = [hit for hit in self.at(keys, at) if hit.last <= end]
            if hits:
                found.extend(hits)
                index = hits[0].last
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
        if not index or self._ending.get(keys[index - 1]) is False:
            return []
        if not self._may_end(keys[index - 1]):
            return []
        beginning = self._beginning
        for first in range(max(0, index - reach), index):
            if beginning.get(keys[first]) is _NOTHING:
                continue
            hits = [hit for hit in self.at(keys, first) if hit.last == index]
            if hits:
                return hits
        return []

    def _may_end(self, key: str) -> bool:
        known = self._ending.get(key)
        if known is None:
            known = not self._last_words.isdisjoint(word_forms(key))
            if len(self._ending) < _KNOWN_WORDS:
                self._ending[key] = known
        return known

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


class FirstWords:
    """
    The words with which a phrase of any of several lexicons may begin.

    Parameters
    ----------
    *indexes
        The lexicons; None for none.
    """

    def __init__(self, *indexes: "PhraseIndex[Any] | None") -> None:
        self._indexes = [index for index in indexes if index is not None]
        self._known: dict[str, bool] = {}

    def __contains__(self, key: str) -> bool:
        known = self._known.get(key)
        if known is None:
            known = any(index.may_begin(key) for index in self._indexes)
            if len(self._known) < _KNOWN_WORDS:
                self._known[key] = known
        return known

    def among(self, keys: Sequence[str], first: int, last: int) -> list[int]:
        """
        Give the tokens of a half-open span at which a phrase may begin.

        Parameters
        ----------
        keys
            The folded tokens of the text.
        first, last
            The span.
        """
        known = self._known
        return [at for at in range(first, last) if known.get(keys[at], True) and keys[at] in self]


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


def _longest(keys: Sequence[str], index: int, entries: Sequence[_Entry[T]]) -> list[PhraseHit[T]]:
    """Give the longest of phrases of two words and more that stand at a token."""
    found: list[_Entry[T]] = []
    longest, end = 2, len(keys)
    for entry in entries:
        count = len(entry[1])
        if count < longest or index + count > end or not _same_words(keys, index, entry[1]):
            continue
        if count > longest:
            found, longest = [], count
        found.append(entry)
    if len(found) > 1:
        found.sort(key=_order)
    return [PhraseHit(index, index + longest, meaning, words) for _, words, meaning in found]


def _order(entry: _Entry[T]) -> int:
    return entry[0]


def _longest_first(entry: tuple[tuple[str, ...], T]) -> int:
    return -len(entry[0])


def _same_words(keys: Sequence[str], index: int, words: Sequence[str]) -> bool:
    """Compare the third word of a phrase and all after it."""
    return all(words[i] in word_forms(keys[index + i]) for i in range(2, len(words)))
