"""Fold Arabic and Latin text so that spellings of one name meet, keeping exact offsets."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, pairwise
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

SPACE = 0x20
_BMP = 0x10000
# All else stays blank: surrogates, private use and the East Asian scripts, in which no name here
# is written.
_FOLDED = (range(0x2E80), range(0xF900, 0x10000))
_HAMZA = 0x0621
_TATWEEL = 0x0640
_TEH_MARBUTA = 0x0629
_ALEF_MAKSURA = 0x0649
_FIRST_LETTER, _LAST_LETTER = 0x0620, 0x064A
# Names folded so far.
_name_keys: dict[str, str] = {}
_MAX_NAME_KEYS = 200_000
# In the table of letters: lost altogether, and folded to more than one.
_DROP, _LONG = 0, 1
# From this many spans on, what follows them is looked up by numpy.
_MANY = 100
_ARABIC_START = re.compile("[\u0620-\u06ff]|.{1,2}?[\u0620-\u06ff]", re.DOTALL)
_ASTRAL = re.compile("[\U00010000-\U0010ffff]")
_ASCII_LETTERS = "abcdefghijklmnopqrstuvwxyz"

# Letters that stand for one another in the spelling of Arabic names. Farsi, Urdu and Maghrebi
# letters come from keyboards and from GeoNames («درنہ» is a real row there).
_ARABIC_LETTERS = {
    **dict.fromkeys("أإآٱٲٳٵ", "ا"),
    **dict.fromkeys("ةۃہھەۀۂ", "ه"),
    **dict.fromkeys("ىئیېےۍ", "ي"),
    **dict.fromkeys("ؤۇۆۈۋ", "و"),
    **dict.fromkeys("کڪگڭڮ", "ك"),
    **dict.fromkeys("ڤڥ", "ف"),
    **dict.fromkeys("ڨ", "ق"),
    "پ": "ب",
    "چ": "ج",
    "ژ": "ز",
    "ٹ": "ت",
    "ڈ": "د",
    "ڑ": "ر",
    "ں": "ن",
}
# Latin letters with no canonical decomposition.
_LATIN_LETTERS = {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ł": "l", "ı": "i"}

Codes: TypeAlias = NDArray[np.uint16]
Offsets: TypeAlias = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Folded:
    """
    A folded text and where each of its characters came from.

    Attributes
    ----------
    source
        The text as given.
    text
        The folded text: lower case, one blank between words, no marks.
    offsets
        For each character of `text` the index of the first character of `source` it stands for.
    ends
        The index of the last one: «ou» is folded to one letter.
    """

    source: str
    text: str
    offsets: Offsets
    ends: Offsets

    def source_span(self, start: int, end: int) -> tuple[int, int]:
        """
        Give the span of `source` that a span of `text` stands for.

        Marks, tatweel and a hamza that follow the last letter belong to the word and are taken
        in; zero-width and direction marks are not.

        Parameters
        ----------
        start, end
            A non-empty half-open span of `text`.

        Returns
        -------
        span
            A half-open span of code points of `source`.
        """
        first, last = self.source_spans([start], [end])
        return first[0], last[0]

    def source_spans(
        self, starts: Sequence[int], ends: Sequence[int]
    ) -> tuple[list[int], list[int]]:
        """
        Give the spans of `source` that many spans of `text` stand for, as `source_span` does.

        Parameters
        ----------
        starts, ends
            Non-empty half-open spans of `text`.

        Returns
        -------
        firsts, lasts
            Half-open spans of code points of `source`.
        """
        first = self.offsets.take(starts)
        last = self.ends.take(np.asarray(ends, dtype=np.intp) - 1) + 1
        lasts: list[int] = last.tolist()
        source, size = self.source, len(self.source)
        at_marks: Sequence[int] = range(len(lasts))
        if len(lasts) > _MANY:
            raw = _code_units(source)
            at_marks = _marks().take(raw.take(last, mode="clip")).nonzero()[0].tolist()
        for at in at_marks:
            end = lasts[at]
            while end < size and _belongs_to_word(source[end]):
                end += 1
            lasts[at] = end
        return first.tolist(), lasts


def fold(text: str, *, sound: bool = False) -> Folded:
    """
    Fold a text.

    Parameters
    ----------
    text
        Any string, also with marks, tatweel, presentation forms, lone surrogates.
    sound
        Also bring the usual romanisations of one Arabic sound together (ou/oo/u, ee/y/i, q/k/c,
        gh/g, final h), for names written in Latin letters.

    Returns
    -------
    folded
        The folded text with its offsets; empty for a text without letters and digits.

    Examples
    --------
    >>> fold("تَرْهُونـة").text
    'ترهونه'
    >>> fold("Tarhounah", sound=True).text == fold("Tarhuna", sound=True).text
    True
    """
    codes, offsets = _plain_fold(text)
    ends = offsets
    if sound:
        codes, offsets, ends = _fold_sound(codes, offsets)
    folded = codes.tobytes().decode("utf-16-le", "surrogatepass")
    return Folded(source=text, text=folded, offsets=offsets, ends=ends)


@lru_cache(maxsize=2)
def _plain_fold(text: str) -> tuple[Codes, Offsets]:
    """Fold without regard to sound; a text is folded for its names and then for its words."""
    codes, raw, offsets = _fold_letters(text)
    codes, offsets = _part_glued_words(codes, raw, offsets)
    return _collapse_blanks(codes, offsets)


def fold_name(name: str) -> str:
    """
    Fold a name to the key under which all its spellings are found.

    Parameters
    ----------
    name
        A name in Arabic or Latin letters.

    Returns
    -------
    key
        The folded name, empty when it holds no letter or digit.

    Examples
    --------
    >>> fold_name("Tripoli’s  Old City") == fold_name("tripoli s old city")
    True
    """
    key = _name_keys.get(name)
    if key is None:
        key = fold(name, sound=True).text
        if len(_name_keys) < _MAX_NAME_KEYS:
            _name_keys[name] = key
    return key


def learn_names(names: Iterable[str]) -> None:
    """
    Fold many names at once, so that `fold_name` knows them.

    Parameters
    ----------
    names
        Names of a gazetteer; folded together they take a fiftieth of the time.
    """
    new = [name for name in dict.fromkeys(names) if name not in _name_keys]
    room = _MAX_NAME_KEYS - len(_name_keys)
    _name_keys.update(zip(new[:room], fold_many(new[:room], sound=True), strict=True))


def fold_many(texts: Sequence[str], *, sound: bool = False) -> list[str]:
    """
    Fold many short texts at once.

    Parameters
    ----------
    texts
        Any strings.
    sound
        As for `fold`.

    Returns
    -------
    folded
        What `fold` gives for each.
    """
    whole = fold("\n".join(texts), sound=sound)
    begins = np.cumsum([0, *(len(text) + 1 for text in texts)])
    cuts = np.searchsorted(whole.offsets, begins).tolist()
    return [whole.text[a:b].strip(" ") for a, b in pairwise(cuts)]


def is_arabic(text: str) -> bool:
    """
    Tell whether the first letter of a text is an Arabic one.

    Parameters
    ----------
    text
        A name or a folded key.
    """
    return _ARABIC_START.match(text) is not None


@lru_cache(maxsize=1)
def _marks() -> NDArray[np.bool_]:
    """Give per BMP character whether it belongs to the word before it; astral ones are asked."""
    table, _ = _tables()
    marks = np.zeros(_BMP, dtype=np.bool_)
    lost = (table == _DROP).nonzero()[0]
    marks[lost] = [_belongs_to_word(chr(code)) for code in lost]
    return marks


@lru_cache(maxsize=4096)
def _belongs_to_word(char: str) -> bool:
    return ord(char) in (_HAMZA, _TATWEEL) or unicodedata.category(char) == "Mn"


def _fold_char(char: str) -> str:
    if char != char.lower() and len(char.lower()) == 1:
        return _fold_char(char.lower())
    if char in _ARABIC_LETTERS:
        return _ARABIC_LETTERS[char]
    if char in _LATIN_LETTERS:
        return _LATIN_LETTERS[char]
    category = unicodedata.category(char)
    unseen = category in ("Mn", "Me", "Cf") or (category == "Cc" and not char.isspace())
    if unseen or ord(char) in (_HAMZA, _TATWEEL):
        return ""
    digit = unicodedata.digit(char, None)
    if digit is not None:
        return str(digit)
    if category == "No":
        return " "  # «½» is no 1 and no 2
    plain = unicodedata.normalize("NFKD", char)
    if plain != char:
        return "".join(_fold_char(c) for c in plain).strip() or " "
    return char.lower() if category.startswith(("L", "N")) else " "


@lru_cache(maxsize=1)
def _tables() -> tuple[Codes, dict[int, str]]:
    """Give per BMP character its folded one, or `_DROP` or `_LONG`, and those of several."""
    table = np.full(_BMP, SPACE, dtype=np.uint16)
    longer: dict[int, str] = {}
    for code in chain.from_iterable(_FOLDED):
        folded = _fold_char(chr(code))
        if not folded:
            table[code] = _DROP
        elif len(folded) > 1:
            table[code] = _LONG
            longer[code] = folded
        elif ord(folded) < _BMP:
            table[code] = ord(folded)
    return table, longer


def _code_units(text: str) -> Codes:
    """Give the code points of a text, with blanks for those beyond the BMP."""
    raw = np.frombuffer(text.encode("utf-16-le", "surrogatepass"), dtype="<u2")
    if len(raw) != len(text):
        plain = _ASTRAL.sub(" ", text)
        raw = np.frombuffer(plain.encode("utf-16-le", "surrogatepass"), dtype="<u2")
    return raw


def _fold_letters(text: str) -> tuple[Codes, Codes, Offsets]:
    """Give folded characters, what was printed for each, and where."""
    table, longer = _tables()
    raw = _code_units(text)
    codes = table.take(raw, mode="clip")
    if not len(codes) or codes.min() > _LONG:
        return codes, raw, np.arange(len(raw))
    if _LONG in codes:
        return _with_long_ones(raw, codes, longer)
    kept = (codes != _DROP).nonzero()[0]
    return codes.take(kept), raw.take(kept), kept


def _with_long_ones(
    raw: Codes, codes: Codes, longer: dict[int, str]
) -> tuple[Codes, Codes, Offsets]:
    """Write out ligatures and the like, one character that is folded to several."""
    counts = (codes != _DROP).astype(np.intp)
    long_ones = (codes == _LONG).nonzero()[0]
    counts[long_ones] = [len(longer[int(code)]) for code in raw[long_ones]]
    offsets = np.repeat(np.arange(len(raw)), counts)
    written, starts = codes.take(offsets), np.cumsum(counts) - counts
    for at in long_ones:
        chars = longer[int(raw[at])]
        written[starts[at] : starts[at] + len(chars)] = [ord(char) for char in chars]
    return written, raw.take(offsets), offsets


def _part_glued_words(codes: Codes, raw: Codes, offsets: Offsets) -> tuple[Codes, Offsets]:
    """Part two words run together after a letter that only ends words («المسلحةرئيس»)."""
    ends_word = ((raw[:-1] == _TEH_MARBUTA) | (raw[:-1] == _ALEF_MAKSURA)).nonzero()[0] + 1
    if not len(ends_word):
        return codes, offsets
    follows = codes.take(ends_word)
    at = ends_word[(follows >= _FIRST_LETTER) & (follows <= _LAST_LETTER)]
    if not len(at):
        return codes, offsets
    return np.insert(codes, at, SPACE), np.insert(offsets, at, offsets[at])


def _collapse_blanks(codes: Codes, offsets: Offsets) -> tuple[Codes, Offsets]:
    """Keep one blank between words and none at the ends."""
    if not len(codes):
        return codes, offsets
    blank = codes == SPACE
    gone = np.zeros(len(codes), dtype=np.bool_)
    np.logical_and(blank[1:], blank[:-1], out=gone[1:])
    gone[0] = blank[0]
    if blank[-1]:
        letters = (~blank).nonzero()[0]
        gone[(letters[-1] + 1) if len(letters) else 0 :] = True
    if not gone.any():
        return codes, offsets
    kept = (~gone).nonzero()[0]
    return codes.take(kept), offsets.take(kept)


def _fold_sound(codes: Codes, offsets: Offsets) -> tuple[Codes, Offsets, Offsets]:
    """
    Bring romanisations together: only ASCII letters change, only by loss or exchange.

    The rules look at neighbours inside a word, so they are given the Latin words with the blanks
    beside them; in an Arabic text these are few.
    """
    at = _latin_words(codes)
    if not len(at):
        return codes, offsets, offsets
    words, firsts, lasts, places = codes.take(at), offsets.take(at), offsets.take(at), at
    for rule in (_drop_digraph_letters, _exchange_letters, _drop_doubles_and_final_h):
        keep = rule(words)
        firsts, lasts = _take_over(words, keep, firsts, lasts)
        words, places = words[keep], places[keep]
    codes, ends, offsets = codes.copy(), offsets.copy(), offsets.copy()
    codes[places], offsets[places], ends[places] = words, firsts, lasts
    if len(places) == len(at):
        return codes, offsets, ends
    keep = np.ones(len(codes), dtype=np.bool_)
    keep[at] = False
    keep[places] = True
    kept = keep.nonzero()[0]
    return codes.take(kept), offsets.take(kept), ends.take(kept)


def _latin_words(codes: Codes) -> Offsets:
    """Give where the words in ASCII letters stand, with all in them and the blanks beside."""
    latin = _is(codes, _ASCII_LETTERS)
    if not latin.any():
        return np.empty(0, dtype=np.intp)
    blank = codes == SPACE
    word = np.cumsum(blank)
    with_latin = np.zeros(int(word[-1]) + 1, dtype=np.bool_)
    with_latin[word[latin]] = True
    inside = with_latin.take(word)  # the blank before a word counts to it
    inside[:-1] |= inside[1:] & blank[:-1]
    after = np.zeros(len(codes), dtype=np.bool_)
    after[1:] = inside[:-1] & blank[1:]
    return (inside | after).nonzero()[0]


def _take_over(
    codes: Codes, keep: NDArray[np.bool_], offsets: Offsets, ends: Offsets
) -> tuple[Offsets, Offsets]:
    """Let the letter before a lost one stand for both; at the start of a word, the one after."""
    kept = np.flatnonzero(keep)
    if len(kept) == len(codes):
        return offsets, ends
    before_next = np.append(kept[1:], len(codes)) - 1
    blank = codes[kept] == SPACE
    new_ends = np.where(blank, ends[kept], ends[before_next])
    new_offsets = offsets[kept].copy()
    after_blank = np.flatnonzero(blank[:-1]) + 1
    new_offsets[after_blank] = offsets[kept[after_blank - 1] + 1]
    new_offsets[0] = offsets[0]
    return new_offsets, new_ends


def _is(codes: Codes, letters: str) -> NDArray[np.bool_]:
    found: NDArray[np.bool_] = _membership(letters)[codes]
    return found


@lru_cache(maxsize=32)
def _membership(letters: str) -> NDArray[np.bool_]:
    """Give a table that tells which characters are among some letters; ten times `np.isin`."""
    table = np.zeros(_BMP, dtype=np.bool_)
    table[[ord(c) for c in letters]] = True
    return table


def _shifted(codes: Codes, by: int) -> Codes:
    """Give each character's neighbour, a blank beyond the ends."""
    out = np.full_like(codes, SPACE)
    if by > 0:
        out[:-by] = codes[by:]
    else:
        out[-by:] = codes[:by]
    return out


def _drop_digraph_letters(codes: Codes) -> NDArray[np.bool_]:
    """Lose the o of ou and oo, an e of ee, the h of gh kh dh th, the d of dj; ch becomes sh."""
    following, before = _shifted(codes, 1), _shifted(codes, -1)
    drop = _is(codes, "o") & _is(following, "uo")
    drop |= _is(codes, "e") & _is(following, "e")
    drop |= _is(codes, "h") & _is(before, "gkdt")
    drop |= _is(codes, "d") & _is(following, "j")
    codes[_is(codes, "c") & _is(following, "h")] = ord("s")
    return ~drop


def _exchange_letters(codes: Codes) -> NDArray[np.bool_]:
    """Write one vowel of each of the three Arabic ones, and one k."""
    for letters, one in (("ye", "i"), ("o", "u"), ("qc", "k")):
        codes[_is(codes, letters)] = ord(one)
    return ~(_is(codes, "w") & _is(_shifted(codes, -1), "u"))


def _drop_doubles_and_final_h(codes: Codes) -> NDArray[np.bool_]:
    following, before = _shifted(codes, 1), _shifted(codes, -1)
    ascii_letter = (codes >= ord("a")) & (codes <= ord("z"))
    final_h = _is(codes, "h") & _is(before, "aiu") & (following == SPACE)
    drop: NDArray[np.bool_] = (ascii_letter & (codes == before)) | final_h
    return ~drop
