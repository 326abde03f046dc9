"""Plain text files: the text, and the day of publication where the byline prints it."""

import re
from datetime import date

from geocode.article import detect_language, make_article
from geocode.dates import find_dates
from geocode.document import make_document
from geocode.language_rules import load_language

_BYLINE_LENGTH = 90
_BYLINE_LINES = 4
_YEAR = re.compile(r"[12١٢][09٠٩][0-9٠-٩]{2}")


def find_byline_date(text: str) -> date | None:
    """
    Read the day of publication from the byline.

    Parameters
    ----------
    text
        The text of an article.

    Returns
    -------
    published
        The one full date (day, month, year) in a short line among the first four; None where
        there is none, or more than one. A date in running text dates something else.
    """
    lines = [line for line in text.split("\n") if line.strip()][:_BYLINE_LINES]
    rules = load_language(detect_language(text))
    found: set[date] = set()
    for line in lines:
        if len(line) > _BYLINE_LENGTH or not _YEAR.search(line):
            continue
        document = make_document(make_article(line, lang=rules.lang))
        found.update(t.start for t in find_dates(document, rules) if t.precision == "day")
    return found.pop() if len(found) == 1 else None
