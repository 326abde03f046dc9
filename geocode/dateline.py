"""Where a report was written: the line before its first sentence, which tells of no event."""

import re
from collections.abc import Sequence

from geocode.document import Document
from geocode.language_rules import LanguageRules
from geocode.mention import Mention
from geocode.phrases import fold_phrase

# As far as the dash or, after a date, the colon with which it ends.
_LINE = re.compile(r"\s*[^\n:–—]{2,90}?(?:\s-+\s|\s*[–—]\s*|:\s)")
_AGENCY = re.compile(r"\([^()\n]{2,40}\)")
_LETTERS = re.compile(r"[^\W\d_]+")


def dateline_end(document: Document, mentions: Sequence[Mention], rules: LanguageRules) -> int:
    """
    Find the dateline of a report: "MISRATA, Libya, Oct 3 (Reuters) -", "Sebha, 21 February 2019:".

    It holds places, a date and an agency in brackets, and nothing else.

    Parameters
    ----------
    document
        The report.
    mentions
        Its mentions, in order.
    rules
        Of its language.

    Returns
    -------
    end
        Offset of what comes after it; nought where there is none.
    """
    text = document.article.text
    line = _LINE.match(text)
    if line is None or not mentions or mentions[0].start > len(line[0]):
        return 0
    said = line[0]
    dated = any(char.isdigit() for char in said)
    if said.rstrip().endswith(":") and not dated:
        return 0
    rest = list(said)
    for mention in mentions:
        if mention.end <= len(said):
            rest[mention.start : mention.end] = " " * (mention.end - mention.start)
    left = _LETTERS.findall(_AGENCY.sub(" ", "".join(rest)))
    return len(said) if all(_is_of_a_date(word, rules) for word in left) else 0


def _is_of_a_date(word: str, rules: LanguageRules) -> bool:
    names = (rules.time.months, rules.time.weekdays, rules.time.hijri_months)
    return any(index.may_begin(key) for key in fold_phrase(word) for index in names)


def is_dateline(document: Document, mention: Mention) -> bool:
    """
    Say whether a sentence begins with a name and a dash, as a dateline inside a report does.

    Parameters
    ----------
    document
        The report.
    mention
        The name.
    """
    sentence = document.sentences[mention.sentence]
    if mention.first != sentence.first:
        return False
    after = document.article.text[mention.end : mention.end + 16]
    if after.startswith("-"):
        return False  # "Misrata-led forces"
    after = after.lstrip(" \u00a0")
    return after.startswith(("-", "–", "—", "(")) or (
        after[:2].strip().isdecimal() and any(dash in after for dash in "-–—")
    )
