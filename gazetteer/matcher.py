"""Find names in a text: scan, filter by word borders and clitics, keep the longest."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

from gazetteer.catalogue import Gazetteer, NameUse
from gazetteer.names import Folded, fold, fold_name, is_arabic

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
# Words that web text runs together with the name that follows («فيسرت», «منطرابلس»).
_GLUED_WORDS = ("في", "من", "الي", "جنوب", "شمال", "شرق", "غرب", "قرب", "مدينه", "محور")
_GLUED_PREFIXES = frozenset(w + a for w in _GLUED_WORDS for a in ("", "ال"))
_GLUED_SUFFIX = re.compile(r"ال\w{3,}")
_LATIN_ARTICLES = frozenset({"al", "el"})
_ASSIMILATED = frozenset(
    {"as", "es", "ash", "esh", "ad", "ed", "at", "et", "an", "en", "ar", "er", "az", "ez"}
)
_ENGLISH_WORDS = frozenset({"as", "at", "an", "in", "is", "it", "et", "en"})
_SHORT_LATIN = 3
# Marks that may stand inside a name of several words; all others part sentences.
_INSIDE_NAME = frozenset("-‐‑'’‘ʼʿ`\u00a0\u202f \t")


@dataclass(frozen=True, slots=True)
class NameHit:
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
    key: str
    stem: str
    article: bool
    arabic: bool


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
        self._patterns = [_pattern(key) for key in gazetteer.name_keys()]
        self._spellings = _latin_spellings(gazetteer)
        self._scan = AhoCorasick(
            [p.stem for p in self._patterns],
            matchkind=MatchKind.Standard,
            implementation=Implementation.ContiguousNFA,
            store_patterns=False,
        )

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
        found = []
        for index, start, end in self._scan.find_matches_as_indexes(padded, overlapping=True):
            hit = self._accept(self._patterns[index], folded, padded, start, end)
            if hit is not None:
                found.append(hit)
        return list(_leftmost_longest(found))

    def _accept(
        self, pattern: _Pattern, folded: Folded, padded: str, start: int, end: int
    ) -> NameHit | None:
        word_start = padded.rfind(" ", max(0, start - _REACH), start) + 1
        if not word_start and start > _REACH:
            return None  # deep inside a run of letters that is no word
        prefix = padded[word_start:start]
        rest = padded[end : end + _REACH].split(" ", 1)[0]
        if pattern.arabic:
            accepted, glued = _accept_arabic(pattern, prefix, rest)
        else:
            accepted, glued = not prefix and not rest, False
        if not accepted:
            return None
        article = pattern.article and prefix.endswith("ال")
        first = start - 2 if article else start
        span = folded.source_span(first - 1, end - 1)
        surface = folded.source[span[0] : span[1]]
        if not pattern.arabic:
            if not self._looks_like_name(pattern, surface):
                return None
            span = (_with_latin_article(folded.source, span[0], pattern), span[1])
        if " " in pattern.stem and not _one_phrase(surface, pattern.key, self._spellings):
            return None
        clitics = prefix.removesuffix("ال") if article else prefix
        uses = self._gazetteer.uses(pattern.key)
        return NameHit(span[0], span[1], pattern.key, uses, clitics, glued)

    def _looks_like_name(self, pattern: _Pattern, surface: str) -> bool:
        """Tell a Latin name from a word: capitals as in the pack, short names letter by letter."""
        spellings = self._spellings[pattern.key]
        if not _begins_upper(surface) and all(_begins_upper(s) for s in spellings):
            return False
        if len(pattern.stem) > _SHORT_LATIN + surface.count("."):
            return True
        if all(s.isupper() for s in spellings):
            return surface in spellings
        plain = fold(surface).text
        return any(_without_article(fold(s).text) == plain for s in spellings)


def _begins_upper(name: str) -> bool:
    letter = next((c for c in name if c.isalpha()), "A")
    return not letter.islower()


def _pattern(key: str) -> _Pattern:
    if is_arabic(key):
        article = key.startswith("ال") and len(key) > _SHORT_LATIN + 1
        return _Pattern(key, key.removeprefix("ال") if article else key, article, arabic=True)
    stem = _without_article(key)
    return _Pattern(key, stem, stem != key, arabic=False)


def _without_article(key: str) -> str:
    for article in ("al ", "el ", "il "):
        if key.startswith(article):
            return key.removeprefix(article)
    return key


def _accept_arabic(pattern: _Pattern, prefix: str, rest: str) -> tuple[bool, bool]:
    """Say whether a hit is a word of its own, and whether it had to be cut out of a longer one."""
    if pattern.article:
        allowed = prefix in _ARTICLE_PREFIXES
    elif len(pattern.stem) >= _LONG_NAME:
        allowed = prefix in _BARE_PREFIXES
    else:
        allowed = prefix in _SHORT_NAME_PREFIXES
    if (prefix, pattern.stem) in _OTHER_WORDS:
        return False, False
    glued_before = prefix in _GLUED_PREFIXES and prefix.endswith("ال") == pattern.article
    whole = allowed and not rest
    glued = (allowed or glued_before) and (not rest or _glued_after(pattern, rest))
    return whole or glued, not whole


def _glued_after(pattern: _Pattern, rest: str) -> bool:
    return len(pattern.stem) > _LONG_NAME and _GLUED_SUFFIX.fullmatch(rest) is not None


def _latin_spellings(gazetteer: Gazetteer) -> dict[str, frozenset[str]]:
    """Give the spellings of each key as printed in the packs, without their article."""
    spelled: dict[str, set[str]] = {}
    for key in gazetteer.name_keys():
        if not is_arabic(key):
            spelled[key] = set()
    for place in gazetteer:
        for name in place.names:
            spelled.get(fold_name(name), set()).add(_bare_spelling(name))
    for key, names in spelled.items():
        if not names:  # what was left of a headed name: the head noun is gone, the capital stays
            names.add(key.title())
    return {key: frozenset(names) for key, names in spelled.items()}


def _bare_spelling(name: str) -> str:
    return re.sub(r"^(?:al|el)[- ]", "", name, flags=re.IGNORECASE)


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


def _one_phrase(surface: str, key: str, spellings: dict[str, frozenset[str]]) -> bool:
    """Refuse a name of several words that a full stop, comma or line end parts."""
    marks = {c for c in surface if not c.isalnum() and c not in _INSIDE_NAME}
    marks = {c for c in marks if unicodedata.category(c) not in ("Mn", "Cf", "Lm")}
    known = {c for name in spellings.get(key, ()) for c in name}
    return marks <= known


def _leftmost_longest(hits: Iterable[NameHit]) -> Sequence[NameHit]:
    kept: list[NameHit] = []
    for hit in sorted(hits, key=lambda h: (h.start, -h.end, h.glued, -len(h.key))):
        if not kept or hit.start >= kept[-1].end:
            kept.append(hit)
    return kept
