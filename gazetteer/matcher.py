"""Find names in a text: scan, filter by word borders and clitics, keep the longest."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple, TypeAlias

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

from gazetteer.catalogue import Gazetteer, NameUse
from gazetteer.names import fold, fold_name, is_arabic

# What may be written together with a name (Arabic grammar; measured in the design notes:
# without clitics 31 % of mentions are lost). ف and ك only before names of five letters and more
# or with the article: «فسرت», «كسرت» are verbs.
_CONJUNCTIONS = ("", "و", "ف")
_BARE_PREFIXES = frozenset(c + p for c in _CONJUNCTIONS for p in ("", "ب", "ل", "ك"))
_ARTICLE_PREFIXES = frozenset(c + p for c in _CONJUNCTIONS for p in ("ال", "بال", "كال", "لل"))
_SHORT_NAME_PREFIXES = frozenset({"", "و", "ب", "ل", "وب", "ول"})
_LONG_NAME = 5
# The longest that may stand before or after a name in one written word.
_REACH = 24
# Prefix and name that together are another word («لغات» languages, «ودان» he condemned).
_OTHER_WORDS = frozenset({("ل", "غات"), ("ل", "مسه"), ("ف", "قيره"), ("ك", "شكشوك"), ("ب", "شر")})
_OTHER_NAMES = frozenset(name for _, name in _OTHER_WORDS)
# Words that web text runs together with the name that follows («فيسرت», «منطرابلس»).
_GLUED_WORDS = ("في", "من", "الي", "جنوب", "شمال", "شرق", "غرب", "قرب", "مدينه", "محور")
_GLUED_PREFIXES = frozenset(w + a for w in _GLUED_WORDS for a in ("", "ال"))
_GLUED_SUFFIX = re.compile(r"ال\w{3,}")
_ARTICLE = re.compile(r"^(?:al|el)[- ]", re.IGNORECASE)
_LATIN_ARTICLES = frozenset({"al", "el"})
_ASSIMILATED = frozenset(
    {"as", "es", "ash", "esh", "ad", "ed", "at", "et", "an", "en", "ar", "er", "az", "ez"}
)
_ENGLISH_WORDS = frozenset({"as", "at", "an", "in", "is", "it", "et", "en"})
_SHORT_LATIN = 3
# Marks that may stand inside a name of several words; all others part sentences.
_INSIDE_NAME = frozenset("-‐‑'’‘ʼʿ`\u00a0\u202f \t")


class NameHit(NamedTuple):
    """
    One name found in a text.

    Attributes
    ----------
    start, end
        Half-open span of code points of the text; clitics are outside, the written article in.
    key
        The folded name.
    uses
        The places it may mean, most famous first; those with a `head_kind` need that head noun.
    prefix
        The clitics before the name («وب», «لل»), empty for none.
    glued
        Whether the name was cut out of a run-together word, which is less certain.
    """

    start: int
    end: int
    key: str
    uses: tuple[NameUse, ...]
    prefix: str = ""
    glued: bool = False


@dataclass(frozen=True, slots=True)
class _Pattern:
    """A folded name: what of it is scanned for, and the clitics that may stand before it."""

    key: str
    stem: str
    article: bool
    arabic: bool
    several: bool
    prefixes: frozenset[str]
    uses: tuple[NameUse, ...]


class _Word(NamedTuple):
    """A pattern found in the folded text as a word of its own."""

    start: int
    end: int
    pattern: _Pattern
    prefix: str
    glued: bool


# A name found: by what it is ranked (where it begins, how long it is), where it ends, and it.
_Found: TypeAlias = tuple[tuple[int, int, bool, int, int], int, _Word]


class NameMatcher:
    """
    Find all names of a gazetteer in texts.

    Parameters
    ----------
    gazetteer
        Whose names to find.
    """

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer
        self._patterns = _patterns(gazetteer)
        self._scan = AhoCorasick(
            [p.stem for p in self._patterns],
            matchkind=MatchKind.Standard,
            implementation=Implementation.ContiguousNFA,
            store_patterns=False,
        )

    @cached_property
    def _spellings(self) -> dict[str, frozenset[str]]:
        """The spellings of Latin names, which an Arabic text does not ask for."""
        return _latin_spellings(self._gazetteer)

    def find(self, text: str) -> list[NameHit]:
        """
        Find the names in a text.

        Overlapping scan first, then the filter, then the leftmost and longest of what is left: in
        any other order a false hit inside a word eats the true name beside it («ضواحي طرابلس»
        holds «حي طرابلس»).

        Parameters
        ----------
        text
            Any text.

        Returns
        -------
        hits
            In the order of the text, none overlapping another.
        """
        folded = fold(text, sound=True)
        padded = f" {folded.text} "
        words = list(self._words(padded))
        if not words:
            return []
        # One blank was put before the text, so its positions are one less.
        firsts, lasts = folded.source_spans(
            [w.start - 1 for w in words], [w.end - 1 for w in words]
        )
        found: list[_Found] = []
        for word, first, last in zip(words, firsts, lasts, strict=True):
            pattern = word.pattern
            plain = pattern.arabic and not pattern.several
            start = first if plain else self._true_start(text, pattern, first, last)
            if start is not None:
                rank = (start, -last, word.glued, -len(pattern.key), len(found))
                found.append((rank, last, word))
        return [
            NameHit(rank[0], last, word.pattern.key, word.pattern.uses, word.prefix, word.glued)
            for rank, last, word in _leftmost_longest(found)
        ]

    def _words(self, padded: str) -> Iterator[_Word]:
        """Scan, and keep what is a word of its own, with clitics or run together with another."""
        patterns = self._patterns
        for index, start, end in self._scan.find_matches_as_indexes(padded, overlapping=True):
            pattern = patterns[index]
            alone, ends = padded[start - 1] == " ", padded[end] == " "
            if not pattern.arabic:
                if alone and ends:
                    yield _Word(start, end, pattern, "", glued=False)
                continue
            if alone and ends and "" in pattern.prefixes:
                yield _Word(start, end, pattern, "", glued=False)
                continue
            if alone:
                prefix = ""
            else:
                begin = padded.rfind(" ", max(0, start - _REACH), start) + 1
                if not begin and start > _REACH:
                    continue  # deep inside a run of letters that is no word
                prefix = padded[begin:start]
            rest = "" if ends else padded[end : end + _REACH].split(" ", 1)[0]
            accepted, glued = _accept_arabic(pattern, prefix, rest)
            if accepted:
                article = pattern.article and prefix.endswith("ال")
                clitics = prefix[:-2] if article else prefix
                yield _Word(start - 2 if article else start, end, pattern, clitics, glued=glued)

    def _true_start(self, text: str, pattern: _Pattern, first: int, last: int) -> int | None:
        """Give where the name begins in the text; None where the words there are no name."""
        surface = text[first:last]
        if not pattern.arabic:
            if not self._looks_like_name(pattern, surface):
                return None
            first = _with_latin_article(text, first, pattern)
        if pattern.several and not self._is_one_phrase(pattern, surface):
            return None
        return first

    def _is_one_phrase(self, pattern: _Pattern, surface: str) -> bool:
        """Refuse a name of several words that a full stop, comma or line end parts."""
        marks = {c for c in surface if not c.isalnum() and c not in _INSIDE_NAME}
        marks = {c for c in marks if unicodedata.category(c) not in ("Mn", "Cf", "Lm")}
        if not marks:
            return True
        return marks <= {c for name in self._spellings.get(pattern.stem, ()) for c in name}

    def _looks_like_name(self, pattern: _Pattern, surface: str) -> bool:
        """Tell a Latin name from a word: capitals as in the pack, short names letter by letter."""
        spellings = self._spellings[pattern.stem]
        if not _begins_upper(surface) and all(_begins_upper(s) for s in spellings):
            return False
        if len(pattern.stem) > _SHORT_LATIN + surface.count("."):
            return True
        if all(s.isupper() for s in spellings):
            return surface.rstrip(".") in {s.rstrip(".") for s in spellings}
        plain = fold(surface).text
        return any(_without_article(fold(s).text) == plain for s in spellings)


def _begins_upper(name: str) -> bool:
    letter = next((c for c in name if c.isalpha()), "A")
    return not letter.islower()


def _patterns(gazetteer: Gazetteer) -> list[_Pattern]:
    """Make a pattern of each name; in Latin letters «al-Qubba» and «Cuba» are scanned as one."""
    patterns: dict[tuple[str, bool], _Pattern] = {}
    for key in sorted(gazetteer.name_keys(), key=len):
        pattern = _pattern(key, gazetteer.uses(key))
        known = patterns.get((pattern.stem, pattern.arabic and pattern.article))
        if known is None or pattern.arabic:
            patterns[pattern.stem, pattern.arabic and pattern.article] = pattern
            continue
        both = sorted((*pattern.uses, *known.uses), key=_headed_first)
        uses = {use.place.place_id: use for use in both}
        ranked = sorted(uses.values(), key=_most_famous_first)
        patterns[pattern.stem, False] = replace(known, uses=tuple(ranked), article=True)
    return list(patterns.values())


def _headed_first(use: NameUse) -> bool:
    return use.head_kind is None  # so that a full name takes the seat of what is left of one


def _most_famous_first(use: NameUse) -> tuple[int, str]:
    return -use.place.fame, use.place.place_id


def _pattern(key: str, uses: tuple[NameUse, ...]) -> _Pattern:
    arabic = is_arabic(key)
    if arabic:
        article = key.startswith("ال") and len(key) > _SHORT_LATIN + 1
        stem = key.removeprefix("ال") if article else key
    else:
        stem = _without_article(key)
        article = stem != key
    prefixes = _prefixes(stem, article=article)
    return _Pattern(key, stem, article, arabic, " " in stem, prefixes, uses)


def _prefixes(stem: str, *, article: bool) -> frozenset[str]:
    if article:
        return _ARTICLE_PREFIXES
    allowed = _BARE_PREFIXES if len(stem) >= _LONG_NAME else _SHORT_NAME_PREFIXES
    if stem not in _OTHER_NAMES:
        return allowed
    return allowed - {prefix for prefix, name in _OTHER_WORDS if name == stem}


def _without_article(key: str) -> str:
    for article in ("al ", "el ", "il "):
        if key.startswith(article):
            return key.removeprefix(article)
    return key


def _accept_arabic(pattern: _Pattern, prefix: str, rest: str) -> tuple[bool, bool]:
    """Say whether a hit is a word of its own, and whether it had to be cut out of a longer one."""
    allowed = prefix in pattern.prefixes
    if allowed and not rest:
        return True, False
    if (prefix, pattern.stem) in _OTHER_WORDS:
        return False, False
    glued_before = prefix in _GLUED_PREFIXES and prefix.endswith("ال") == pattern.article
    glued = (allowed or glued_before) and (not rest or _glued_after(pattern, rest))
    return glued, True


def _glued_after(pattern: _Pattern, rest: str) -> bool:
    return len(pattern.stem) > _LONG_NAME and _GLUED_SUFFIX.fullmatch(rest) is not None


def _latin_spellings(gazetteer: Gazetteer) -> dict[str, frozenset[str]]:
    """Give by stem the spellings of each Latin name as printed in the packs, without article."""
    spelled: dict[str, set[str]] = {}
    for key in gazetteer.name_keys():
        if not is_arabic(key):
            spelled[_without_article(key)] = set()
    for place in gazetteer:
        for name in place.names:
            names_alike = spelled.get(_without_article(fold_name(name)))
            if names_alike is not None:
                names_alike.add(_bare_spelling(name))
    for stem, names in spelled.items():
        if not names:  # what was left of a headed name: the head noun is gone, the capital stays
            names.add(stem.title())
    return {stem: frozenset(names) for stem, names in spelled.items()}


def _bare_spelling(name: str) -> str:
    return _ARTICLE.sub("", name)


def _with_latin_article(text: str, start: int, pattern: _Pattern) -> int:
    """Take the article before a Latin name into its span: «al-Qawasim», «Es Sider»."""
    before = re.search(r"(?<![\w’'])([A-Za-z]{2,3})([-‐‑ ])$", text[max(0, start - 5) : start])
    if before is None:
        return start
    word, joint = before.group(1), before.group(2)
    low = word.lower()
    is_article = (low in _LATIN_ARTICLES and (pattern.article or joint != " ")) or (
        low in _ASSIMILATED and (joint != " " or (word[0].isupper() and low not in _ENGLISH_WORDS))
    )
    return start - len(word) - 1 if is_article else start


def _leftmost_longest(found: list[_Found]) -> list[_Found]:
    kept: list[_Found] = []
    end = 0
    for one in sorted(found):
        if one[0][0] >= end:
            kept.append(one)
            end = one[1]
    return kept
