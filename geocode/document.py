"""An article cut into sentences and folded words, with exact offsets into its text."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from itertools import accumulate
from typing import NamedTuple, Protocol, TypeVar

from gazetteer import fold
from geocode.article import Article

# A sentence ends at a full stop, question or exclamation mark (Arabic and Latin), at a line end,
# and, in Arabic web text, at a full stop with no blank after it («المنتخب.أكدت»).
# One set of characters leads the pattern, so that the engine skips to the next of them.
_MARKS = re.compile(r"[.!?؟…\n\r](?:(?<=\n)\n*|(?<=\r)|[.!?؟…]*[»”\"’)\]]*)")
_ABBREVIATION = re.compile(
    r"(?:\b[A-Za-z]|\b(?:Mr|Mrs|Dr|Gen|Col|Maj|Lt|Brig|Sgt|Capt|St|No|al|U\.S|U\.N|p\.m|a\.m"
    r"|Jan|Feb|Aug|Sept?|Oct|Nov|Dec))$"
)
_LONGEST_ABBREVIATION = 6
# In words; the longest sentences of the press have some 150. What has no full stop for longer is a
# table, a list or an attack, and is cut.
_LONGEST_SENTENCE = 250


class Token(NamedTuple):
    """A word: its span in the text and its folded form."""

    start: int
    end: int
    key: str


class Sentence(NamedTuple):
    """A sentence: its span in the text and its half-open span of tokens."""

    start: int
    end: int
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Document:
    """
    An article with its words and sentences.

    Attributes
    ----------
    article
        What was read.
    tokens, keys, starts
        Its words in order, their folded forms, and where they begin.
    sentences
        Its sentences in order; each holds at least one word.
    sentence_firsts
        The first token of each.
    """

    article: Article
    tokens: tuple[Token, ...]
    keys: tuple[str, ...]
    starts: tuple[int, ...]
    sentences: tuple[Sentence, ...]
    sentence_firsts: tuple[int, ...]

    def token_at(self, offset: int) -> int:
        """
        Give the token that holds, or is the first after, an offset of the text.

        Parameters
        ----------
        offset
            A code point index.
        """
        index = bisect_right(self.starts, offset) - 1
        if index >= 0 and offset < self.tokens[index].end:
            return index
        return index + 1

    def sentence_at(self, token: int) -> int:
        """
        Give the sentence that holds a token.

        Parameters
        ----------
        token
            A token index.
        """
        return max(0, bisect_right(self.sentence_firsts, token) - 1)

    def between(self, one: int, other: int) -> str:
        """
        Give the text between two tokens.

        Parameters
        ----------
        one, other
            Token indices, the first before the second.
        """
        return self.article.text[self.tokens[one].end : self.tokens[other].start]

    def touches(self, token: int) -> bool:
        """
        Say whether nothing but space and quotation marks parts a token from the one before.

        Parameters
        ----------
        token
            Its index, not the first.
        """
        return self.between(token - 1, token).strip(" \u00a0«\"“'’") == ""


class _Placed(Protocol):
    """Something that begins at a token."""

    @property
    def first(self) -> int: ...


P = TypeVar("P", bound=_Placed)


def starting_in(things: Sequence[P], first: int, last: int) -> range:
    """
    Give which of some things begin in a half-open span of tokens.

    Parameters
    ----------
    things
        In the order in which they begin.
    first, last
        The span.

    Returns
    -------
    indices
        Into ``things``, in order; found by bisection, since a text may hold thousands.
    """
    begin = bisect_left(things, first, key=_first_of)
    return range(begin, bisect_left(things, last, lo=begin, key=_first_of))


def _first_of(thing: _Placed) -> int:
    return thing.first


def make_document(article: Article) -> Document:
    """
    Cut an article into sentences and words.

    Parameters
    ----------
    article
        An article.

    Returns
    -------
    document
        With no sentences for a text without letters.
    """
    firsts, ends, words = _words(article.text)
    tokens = tuple(map(_as_token, zip(firsts, ends, words, strict=True)))
    sentences = tuple(_sentences(article.text, tokens, firsts))
    sentence_firsts = tuple(sentence.first for sentence in sentences)
    return Document(article, tokens, tuple(words), tuple(firsts), sentences, sentence_firsts)


# A tuple of the three parts made a token without a Python call: there are thousands.
_as_token = partial(tuple.__new__, Token)


def _words(text: str) -> tuple[list[int], list[int], list[str]]:
    """Give where each word begins and ends, and its folded form."""
    folded = fold(text)
    if not folded.text:
        return [], [], []
    words = folded.text.split(" ")
    starts = [at + n for n, at in enumerate(accumulate(map(len, words), initial=0))]
    firsts, ends = folded.source_spans(starts[:-1], [start - 1 for start in starts[1:]])
    return firsts, ends, words


def _sentences(text: str, tokens: tuple[Token, ...], starts: list[int]) -> list[Sentence]:
    found: list[Sentence] = []
    first, start = 0, 0
    for match in _MARKS.finditer(text):
        if not _ends_sentence(text, match.end() - 1, match.end()):
            continue
        mark, end = match.span()
        if _is_abbreviation(text, start, mark):
            continue
        first = _add_sentence(found, tokens, starts, (first, mark if text[mark].isspace() else end))
        start = end
    _add_sentence(found, tokens, starts, (first, len(text)))
    return found


def _is_abbreviation(text: str, start: int, mark: int) -> bool:
    """Tell the point of «Gen. Haftar» from a full stop."""
    if text[mark] == "\n" or not mark or not text[mark - 1].isascii():
        return False  # abbreviations are Latin ones
    near = max(start, mark - _LONGEST_ABBREVIATION)
    return _ABBREVIATION.search(text, near, mark) is not None


def _ends_sentence(text: str, last: int, end: int) -> bool:
    """Tell a full stop from the point of «3.5» and of an address."""
    if text[last].isspace() or end >= len(text):
        return True
    return text[end].isspace() or text[end].isalpha()


def _add_sentence(
    found: list[Sentence],
    tokens: tuple[Token, ...],
    starts: list[int],
    span: tuple[int, int],
) -> int:
    """Add what stands from a token to an offset; give the token after it."""
    first, end = span
    last = bisect_left(starts, end, lo=first)
    while last - first > _LONGEST_SENTENCE:
        cut = first + _LONGEST_SENTENCE
        found.append(Sentence(tokens[first].start, tokens[cut - 1].end, first, cut))
        first = cut
    if last > first:
        found.append(Sentence(tokens[first].start, max(end, tokens[last - 1].end), first, last))
    return last
