"""An article cut into sentences and folded words, with exact offsets into its text."""

import re
from bisect import bisect_right
from dataclasses import dataclass

from gazetteer import fold
from geocode.article import Article

# A sentence ends at a full stop, question or exclamation mark (Arabic and Latin), at a line end,
# and, in Arabic web text, at a full stop with no blank after it («المنتخب.أكدت»).
_SENTENCE_END = re.compile(
    r"(?<!\d)[.!?؟…]+[»”\"’)\]]*(?=\s|[^\W\d_]|$)|(?<=\d)\.(?=\s|[^\W\d_]|$)|\n+|\r"
)
_ABBREVIATION = re.compile(
    r"(?:\b[A-Za-z]|\b(?:Mr|Mrs|Dr|Gen|Col|Maj|Lt|Brig|Sgt|Capt|St|No|al|U\.S|U\.N|p\.m|a\.m"
    r"|Jan|Feb|Aug|Sept?|Oct|Nov|Dec))$"
)
_LONGEST_ABBREVIATION = 6


@dataclass(frozen=True, slots=True)
class Token:
    """A word: its span in the text and its folded form."""

    start: int
    end: int
    key: str


@dataclass(frozen=True, slots=True)
class Sentence:
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
    tokens, keys
        Its words in order, and their folded forms.
    sentences
        Its sentences in order; each holds at least one word.
    """

    article: Article
    tokens: tuple[Token, ...]
    keys: tuple[str, ...]
    sentences: tuple[Sentence, ...]

    def token_at(self, offset: int) -> int:
        """
        Give the token that holds, or is the first after, an offset of the text.

        Parameters
        ----------
        offset
            A code point index.
        """
        index = bisect_right(self.tokens, offset, key=_token_start) - 1
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
        return max(0, bisect_right(self.sentences, token, key=_first_token) - 1)

    def between(self, one: int, other: int) -> str:
        """
        Give the text between two tokens.

        Parameters
        ----------
        one, other
            Token indices, the first before the second.
        """
        return self.article.text[self.tokens[one].end : self.tokens[other].start]


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
    tokens = tuple(_tokens(article.text))
    sentences = tuple(_sentences(article.text, tokens))
    return Document(article, tokens, tuple(token.key for token in tokens), sentences)


def _tokens(text: str) -> list[Token]:
    folded = fold(text)
    found = []
    position = 0
    for word in folded.text.split(" "):
        if word:
            start, end = folded.source_span(position, position + len(word))
            found.append(Token(start, end, word))
        position += len(word) + 1
    return found


def _sentences(text: str, tokens: tuple[Token, ...]) -> list[Sentence]:
    found: list[Sentence] = []
    first, start = 0, 0
    for match in _SENTENCE_END.finditer(text):
        near = max(start, match.start() - _LONGEST_ABBREVIATION)
        if "\n" not in match.group() and _ABBREVIATION.search(text, near, match.start()):
            continue
        end = match.start() if match.group().isspace() else match.end()
        first = _add_sentence(found, tokens, first, (start, end))
        start = match.end()
    _add_sentence(found, tokens, first, (start, len(text)))
    return found


def _add_sentence(
    found: list[Sentence], tokens: tuple[Token, ...], first: int, span: tuple[int, int]
) -> int:
    last = first
    while last < len(tokens) and tokens[last].start < span[1]:
        last += 1
    if last > first:
        found.append(Sentence(tokens[first].start, max(span[1], tokens[last - 1].end), first, last))
    return last


def _token_start(token: Token) -> int:
    return token.start


def _first_token(sentence: Sentence) -> int:
    return sentence.first
