"""Days of publication, however they are written: one way to read them, or a reason why not."""

import re
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime

from hijridate import Hijri

from geocode.article import LANGUAGES, TRIPOLI, make_article, parse_published
from geocode.dates import find_dates
from geocode.document import make_document
from geocode.errors import ArticleError
from geocode.language_rules import load_language
from geocode.reading.inputs import Given

_ISO = re.compile(r"\d{4}-\d{1,2}-\d{1,2}(?:[T ].*)?|\d{8}(?:T.*)?", re.DOTALL)
_MIDNIGHT_24 = re.compile(r"[T ]24")
_NUMERIC = re.compile(r"(\d{1,4})\s*[/.\-]\s*(\d{1,2})\s*[/.\-]\s*(\d{1,4})")
_EPOCH = re.compile(r"(\d{9,10}|\d{12,13})(?:\.\d{1,9})?")
_MILLISECONDS_DIGITS = 12
# Years that are of the Hijri calendar where they are of our time.
_HIJRI_YEARS = range(1343, 1501)
_HIJRI_MARK = re.compile(r"\s*(?:هـ|هجري[اة]?|A\.?H\.?)\s*$", re.IGNORECASE)
_MAX_LENGTH = 100
_YEAR_DIGITS = 4


def read_published(value: str, given: Given) -> str:
    """
    Read a day or time of publication.

    Parameters
    ----------
    value
        ISO 8601; a time of the mail and feed standards (RFC 5322); seconds or milliseconds since
        1970; day, month and year in figures, Arabic ones too; or in words, in Arabic, English or
        French, of the Gregorian or the Hijri calendar.
    given
        How it is meant where it may be meant in two ways, and which days can be.

    Returns
    -------
    published
        ISO 8601: a day, or a time in UTC. A time without a zone is taken to be of Libya
        (Africa/Tripoli, the whole year two hours ahead).

    Raises
    ------
    ArticleError
        If it is no date, could be two, or a day that cannot be.
    """
    plain = "".join(str(int(c)) if c.isdecimal() else c for c in value.strip())
    found = _read(plain, value, given) if len(plain) <= _MAX_LENGTH else None
    if found is None:
        parse_published(plain[:_MAX_LENGTH])  # says what is wrong with it
        msg = f"published={value[:_MAX_LENGTH]!r} is no date"
        raise ArticleError(msg)
    iso = _utc(found)
    _check_range(parse_published(iso), value, given)
    return iso


def _read(plain: str, value: str, given: Given) -> date | datetime | None:
    hijri = given.hijri or _HIJRI_MARK.search(plain) is not None
    bare = _HIJRI_MARK.sub("", plain)
    if match := _EPOCH.fullmatch(bare):
        seconds = float(bare) / (1000 if len(match[1]) >= _MILLISECONDS_DIGITS else 1)
        return datetime.fromtimestamp(seconds, UTC)
    if match := _NUMERIC.fullmatch(bare):
        return _numeric((match[1], match[2], match[3]), value, given, hijri=hijri)
    if _ISO.fullmatch(bare):
        return _iso(bare, hijri=hijri)
    return _mail_time(bare) or _in_words(plain)


def _iso(text: str, *, hijri: bool) -> date | datetime | None:
    match = _NUMERIC.match(text)
    if hijri and match and int(match[1]) in _HIJRI_YEARS:
        return _from_hijri(int(match[1]), int(match[2]), int(match[3]))
    try:
        # Newer Pythons take the end of a day for the start of the next.
        moment = None if _MIDNIGHT_24.search(text) else datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment.date() if moment and len(text) == len("20191214") else moment


def _numeric(
    parts: tuple[str, str, str], value: str, given: Given, *, hijri: bool
) -> date | datetime | None:
    """Read three figures; the year is the one of four digits, first or last."""
    if len(parts[0]) == _YEAR_DIGITS:
        year, month, day = map(int, parts)
    elif len(parts[2]) == _YEAR_DIGITS:
        year = int(parts[2])
        day, month = _day_and_month(int(parts[0]), int(parts[1]), value, given.date_order)
    else:
        msg = f"published={value!r} has no year of four digits"
        raise ArticleError(msg)
    if hijri and year in _HIJRI_YEARS:
        return _from_hijri(year, month, day)
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _day_and_month(first: int, second: int, value: str, order: str) -> tuple[int, int]:
    if order == "mdy":
        return second, first
    if order == "dmy" or first > 12 or first == second:  # noqa: PLR2004 (months)
        return first, second
    if second > 12:  # noqa: PLR2004
        return second, first
    msg = f"published={value!r} may be two days; say which comes first with --date-order dmy or mdy"
    raise ArticleError(msg)


def _from_hijri(year: int, month: int, day: int) -> date | None:
    try:
        found = Hijri(year, month, day).to_gregorian()
    except (ValueError, OverflowError):
        return None
    return date(found.year, found.month, found.day)


def _mail_time(text: str) -> datetime | None:
    try:
        return parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _in_words(text: str) -> date | None:
    """Read a date with the rules that read the dates of a text."""
    if not text:
        return None
    found: set[date] = set()
    for lang in LANGUAGES:
        document = make_document(make_article(text, lang=lang))
        times = find_dates(document, load_language(lang))
        found.update(t.start for t in times if t.start == t.end)
    return found.pop() if len(found) == 1 else None


def _utc(found: date | datetime) -> str:
    if not isinstance(found, datetime):
        return found.isoformat()
    try:
        zoned = found if found.tzinfo else found.replace(tzinfo=TRIPOLI)
        return zoned.astimezone(UTC).isoformat(timespec="seconds")
    except (OverflowError, ValueError):
        return found.date().isoformat()


def _check_range(day: date, value: str, given: Given) -> None:
    early = given.earliest is not None and day < given.earliest
    late = given.latest is not None and day > given.latest
    if early or late:
        first, last = given.earliest or "any day", given.latest or "any day"
        msg = f"published={value!r} is {day}; expected {first} to {last}"
        raise ArticleError(msg)
