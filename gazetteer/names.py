"""Fold Arabic and Latin text so that spellings of one name meet, keeping exact offsets."""

import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

SPACE = 0x20
_BMP = 0x10000
# Surrogates, and the East Asian scripts, stay blanks: no name here is written in them.
_LEFT_OUT = (range(0xD800, 0xE000), range(0x2E80, 0xD800))
_HAMZA = 0x0621
_TATWEEL = 0x0640
_TEH_MARBUTA = 0x0629
_ALEF_MAKSURA = 0x0649
_FIRST_LETTER, _LAST_LETTER = 0x0620, 0x064A

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

Codes: TypeAlias = NDArray[np.uint32]
Offsets: TypeAlias = NDArray[np.int64]


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
        first, last = int(self.offsets[start]), int(self.ends[end - 1]) + 1
        while last < len(self.source) and _belongs_to_word(self.source[last]):
            last += 1
        return first, last


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
    codes, offsets = _fold_letters(text)
    codes, offsets = _part_glued_words(text, codes, offsets)
    codes, offsets = _collapse_blanks(codes, offsets)
    ends = offsets
    if sound:
        codes, offsets, ends = _fold_sound(codes, offsets)
    folded = codes.astype("<u4").tobytes().decode("utf-32-le")
    return Folded(source=text, text=folded, offsets=offsets, ends=ends)


@lru_cache(maxsize=100_000)
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
    return fold(name, sound=True).text


def is_arabic(text: str) -> bool:
    """
    Tell whether the first letter of a text is an Arabic one.

    Parameters
    ----------
    text
        A name or a folded key.
    """
    return any("\u0620" <= c <= "\u06ff" for c in text[:3])


def _belongs_to_word(char: str) -> bool:
    code = ord(char)
    return code in (_HAMZA, _TATWEEL) or unicodedata.category(char) == "Mn"


def _fold_char(char: str) -> str:
    if char != char.lower() and len(char.lower()) == 1:
        return _fold_char(char.lower())
    if char in _ARABIC_LETTERS:
        return _ARABIC_LETTERS[char]
    if char in _LATIN_LETTERS:
        return _LATIN_LETTERS[char]
    category = unicodedata.category(char)
    if category in ("Mn", "Me", "Cf") or ord(char) in (_HAMZA, _TATWEEL):
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
def _tables() -> tuple[Codes, NDArray[np.uint8], dict[int, str]]:
    """Give per BMP character: its first folded character, how many there are, and the long ones."""
    first = np.full(_BMP, SPACE, dtype=np.uint32)
    count = np.ones(_BMP, dtype=np.uint8)
    longer: dict[int, str] = {}
    for code in range(_BMP):
        if any(code in left_out for left_out in _LEFT_OUT):
            continue
        folded = _fold_char(chr(code))
        count[code] = len(folded)
        if folded:
            first[code] = ord(folded[0])
        if len(folded) > 1:
            longer[code] = folded
    return first, count, longer


def _fold_letters(text: str) -> tuple[Codes, Offsets]:
    first, count, longer = _tables()
    raw = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")
    raw = np.minimum(raw, _BMP - 1)
    counts = count[raw]
    if counts.max(initial=0) <= 1:
        offsets = np.flatnonzero(counts)
        return first[raw[offsets]], offsets
    offsets = np.repeat(np.arange(len(raw)), counts)
    codes = first[raw[offsets]]
    starts = np.cumsum(counts, dtype=np.int64) - counts
    for at in np.flatnonzero(counts > 1):
        chars = longer[int(raw[at])]
        codes[starts[at] : starts[at] + len(chars)] = [ord(c) for c in chars]
    return codes, offsets


def _part_glued_words(text: str, codes: Codes, offsets: Offsets) -> tuple[Codes, Offsets]:
    """Part two words run together after a letter that only ends words («المسلحةرئيس»)."""
    if not any(chr(c) in text for c in (_TEH_MARBUTA, _ALEF_MAKSURA)):
        return codes, offsets
    raw = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")[offsets]
    ends_word = (raw[:-1] == _TEH_MARBUTA) | (raw[:-1] == _ALEF_MAKSURA)
    letter_follows = (codes[1:] >= _FIRST_LETTER) & (codes[1:] <= _LAST_LETTER)
    at = np.flatnonzero(ends_word & letter_follows) + 1
    if not len(at):
        return codes, offsets
    return np.insert(codes, at, SPACE), np.insert(offsets, at, offsets[at])


def _collapse_blanks(codes: Codes, offsets: Offsets) -> tuple[Codes, Offsets]:
    """Keep one blank between words and none at the ends."""
    blank = codes == SPACE
    before = np.concatenate(([True], blank[:-1])) if len(blank) else blank
    keep = ~(blank & before)
    if len(keep) and blank[-1]:
        last = np.flatnonzero(~blank)
        keep[(last[-1] + 1) if len(last) else 0 :] = False
    return codes[keep], offsets[keep]


def _fold_sound(codes: Codes, offsets: Offsets) -> tuple[Codes, Offsets, Offsets]:
    """Bring romanisations together: only ASCII letters change, only by loss or exchange."""
    ends = offsets
    if not ((codes >= ord("a")) & (codes <= ord("z"))).any():
        return codes, offsets, ends
    codes = codes.copy()
    for rule in (_drop_digraph_letters, _exchange_letters, _drop_doubles_and_final_h):
        keep = rule(codes)
        offsets, ends = _take_over(codes, keep, offsets, ends)
        codes = codes[keep]
    return codes, offsets, ends


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
