"""Step 5: dates, the time words of a text resolved against its day of publication."""

import calendar
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from hijridate import Hijri

from geocode.document import Document, Sentence
from geocode.language_rules import LanguageRules
from geocode.phrases import word_forms
from geocode.relative_days import Days, counted_days, relative_days

_NUMERIC = re.compile(r"(?<!\d)(\d{1,2})[/\-.](\d{1,2})[/\-.]((?:19|20)\d{2})(?!\d)")
_ISO = re.compile(r"((?:19|20)\d{2})[/\-.](\d{1,2})[/\-.](\d{1,2})(?!\d)")
_YEARS = (1990, 2100)
_HIJRI_YEARS = (1410, 1500)
_PLAN_REACH = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeMention:
    """
    A time expression and the days it means.

    Attributes
    ----------
    first, last
        Its half-open span of tokens.
    text
        Its words.
    start, end
        First and last day, both included.
    precision
        ``day``, ``range``, ``week`` or ``month``.
    future
        Whether it lies after the day of publication.
    """

    first: int
    last: int
    text: str
    start: date
    end: date
    precision: str
    future: bool = False


def find_dates(document: Document, rules: LanguageRules) -> list[TimeMention]:
    """
    Find and resolve the time expressions of a document.

    Parameters
    ----------
    document
        A document.
    rules
        The rules of its language.

    Returns
    -------
    times
        In the order of the text. Without a day of publication only expressions that name their
        year are given: relative ones stay unknown, they are never taken to mean today.
    """
    found: list[TimeMention] = []
    for sentence in document.sentences:
        index = sentence.first
        while index < sentence.last:
            if not rules.time.may_begin(document.keys[index]):
                index += 1
                continue
            days = _read(document, index, sentence.last, rules)
            days = days or _after_known(document, index, sentence, rules, found)
            if days is None:
                index += 1
                continue
            found.append(_time_mention(document, index, days))
            index = max(days.last, index + 1)
    return found


def _after_known(
    document: Document,
    index: int,
    sentence: Sentence,
    rules: LanguageRules,
    known: Sequence[TimeMention],
) -> Days | None:
    """Read «اليوم نفسه» and «بعد يوم من», which count from a time named before."""
    keys, words = document.keys, rules.time
    same = [h for h in words.same.at(keys, index) if h.last <= sentence.last]
    if same and known:
        last = known[-1]
        return Days(last.start, last.end, last.precision, same[0].last)
    hits = words.phrases.at(keys, index)
    after = [h for h in hits if h.meaning == "day_after" and h.last <= sentence.last]
    base = document.article.published
    if not after or base is None:
        return None
    here = [time for time in known if time.first >= sentence.first]
    day = (here[-1].start if here else base) - timedelta(days=1)
    return Days(day, day, "day", after[0].last)


def _time_mention(document: Document, first: int, days: Days) -> TimeMention:
    text = document.article.text[document.tokens[first].start : document.tokens[days.last - 1].end]
    published = document.article.published
    return TimeMention(
        first=first,
        last=days.last,
        text=text,
        start=days.start,
        end=days.end,
        precision=days.precision,
        future=published is not None and days.start > published,
    )


def _read(document: Document, index: int, end: int, rules: LanguageRules) -> Days | None:
    keys, base = document.keys, document.article.published
    if index and word_forms(keys[index - 1]) & rules.time.not_a_date_after:
        return None  # «معسكر 7 أبريل», «سوق الخميس»
    if keys[index].removeprefix("و") in rules.time.since and base is not None:
        return _since(document, index, end, rules, base)
    return _plain(document, index, end, rules, base)


def _plain(
    document: Document, index: int, end: int, rules: LanguageRules, base: date | None
) -> Days | None:
    keys = document.keys
    for reader in (_part_of, _numeric_date, _month_date, _hijri_date, _year_alone):
        days = reader(document, index, end, rules, base)
        if days is not None:
            return days
    if base is None:
        return None
    return (
        _weekday_date(document, index, end, rules, base)
        or relative_days(keys, index, end, rules.time, base)
        or counted_days(keys, index, end, rules, base)
    )


def _since(
    document: Document, index: int, end: int, rules: LanguageRules, base: date
) -> Days | None:
    """Read «منذ مطلع أيار/مايو», "since Friday": from then until the day of publication."""
    ago = counted_days(document.keys, index, end, rules, base)
    if ago is not None:
        return ago
    for skip in (1, 2):
        days = _plain(document, index + skip, end, rules, base) if index + skip < end else None
        if days is not None and days.start <= base:
            return Days(days.start, max(base, days.start), "range", days.last)
    return None


def _part_of(
    document: Document, index: int, end: int, rules: LanguageRules, base: date | None
) -> Days | None:
    """Read «مطلع يونيو», "late April", "mid-March": a third of a month."""
    hits = [h for h in rules.time.parts.at(document.keys, index) if h.last < end]
    if not hits:
        return None
    whole = _month_date(document, hits[0].last, end, rules, base, bare=True)
    if whole is None or whole.precision != "month":
        return None
    days = (whole.end - whole.start).days
    first, last = {"early": (0, 9), "mid": (10, 19), "late": (20, days)}[hits[0].meaning]
    one = timedelta(days=1)
    return Days(whole.start + first * one, whole.start + last * one, "range", whole.last)


def _weekday_date(
    document: Document, index: int, end: int, rules: LanguageRules, base: date
) -> Days | None:
    """Read «الخميس 4 يونيو», "Friday, April 5": the date, which the weekday only repeats."""
    hits = [h for h in rules.time.weekdays.at(document.keys, index) if h.last < end]
    if not hits:
        return None
    after = hits[0].last
    return _month_date(document, after, end, rules, base) or _numeric_date(
        document, after, end, rules, base
    )


def _numeric_date(
    document: Document, index: int, end: int, rules: LanguageRules, base: date | None
) -> Days | None:
    """Read 23/12/2015, day first as in the Arabic and French press, and 2015-12-23."""
    del rules, base
    if not document.keys[index].isdecimal() or index + 3 > end:
        return None
    tokens = document.tokens[index : index + 3]
    text = document.article.text[tokens[0].start : tokens[-1].end]
    plain = "".join(str(int(c)) if c.isdecimal() else c for c in text)
    match, iso = _NUMERIC.fullmatch(plain), _ISO.fullmatch(plain)
    day = match and _day(int(match[3]), int(match[2]), int(match[1]))
    day = day or (iso and _day(int(iso[1]), int(iso[2]), int(iso[3])))
    return Days(day, day, "day", index + 3) if day else None


def _month_date(
    document: Document,
    index: int,
    end: int,
    rules: LanguageRules,
    base: date | None,
    *,
    bare: bool = False,
) -> Days | None:
    """Read «27 نوفمبر/تشرين الثاني الماضي», «السادس من يناير», "26 June 2019", "April 4"."""
    keys = document.keys
    number, at = _day_of_month(keys, index, end, rules)
    if at >= end or (number is None and index and _is_short_number(keys[index - 1])):
        return None  # «31 فبراير» is no date, and no month either
    month, last = _month(keys, at, end, rules)
    if month is None:
        return None
    if number is None and last < end and document.article.lang == "en":
        number = _day_number(keys[last])
        last += number is not None
    year, last = _year(keys, last, end, rules)
    if year is None:
        named = bare or _is_past_word(keys, last, end, rules) or _names_month(keys, index, rules)
        if base is None or (number is None and not named):
            return None
        ahead = _lies_ahead(keys, index, last, rules)
        last += _is_past_word(keys, last, end, rules)
        passed = (month, number or 1) <= (base.month, base.day)
        year = base.year + (passed if ahead else passed - 1)
    if number is None:
        return Days(date(year, month, 1), _month_end(year, month), "month", last)
    day = _day(year, month, number)
    return Days(day, day, "day", last) if day else None


def _names_month(keys: Sequence[str], index: int, rules: LanguageRules) -> bool:
    """Tell «في مايو» from a month's name that is something else."""
    return index > 0 and keys[index - 1].removeprefix("و") in rules.time.month_after


def _day_of_month(
    keys: Sequence[str], index: int, end: int, rules: LanguageRules
) -> tuple[int | None, int]:
    """Read the day before a month: a number, or an ordinal with «من»."""
    number, at = _day_number(keys[index]), index + 1
    if number is None:
        hits = [h for h in rules.time.ordinals.at(keys, index) if h.last < end]
        if not hits:
            return None, index
        number, at = hits[0].meaning, hits[0].last
    while at < end - 1 and keys[at] in rules.time.of_words:
        at += 1
    return number, at


def _hijri_date(
    document: Document, index: int, end: int, rules: LanguageRules, base: date | None
) -> Days | None:
    """Read «15 ربيع الآخر 1441» by the Umm al-Qura calendar (hijridate)."""
    del base
    keys = document.keys
    number, at = _day_of_month(keys, index, end, rules)
    if number is None or at >= end:
        return None
    for hit in rules.time.hijri_months.at(keys, at):
        month, last = hit.meaning, hit.last
        if last >= end:
            continue
        year = keys[last].rstrip("ه")
        if _is_year(year) and _HIJRI_YEARS[0] <= int(year) <= _HIJRI_YEARS[1]:
            try:
                day = date(*Hijri(int(year), month, number).to_gregorian().datetuple())
            except (ValueError, OverflowError):
                return None
            return Days(day, day, "day", last + 1)
    return None


def _year_alone(
    document: Document, index: int, end: int, rules: LanguageRules, base: date | None
) -> Days | None:
    """Read «عام 2014»: the whole year, so that it is not taken for the day of the report."""
    del base
    keys = document.keys
    if not word_forms(keys[index]) & rules.time.year_words or index + 1 >= end:
        return None
    year, last = _year(keys, index + 1, end, rules)
    if year is None:
        return None
    return Days(date(year, 1, 1), date(year, 12, 31), "range", last)


def _month(keys: Sequence[str], at: int, end: int, rules: LanguageRules) -> tuple[int | None, int]:
    """Read a month, by one name or by two («نوفمبر/تشرين الثاني»)."""
    hits = [h for h in rules.time.months.at(keys, at) if h.last <= end]
    if not hits:
        return None, at
    month, last = hits[0].meaning, hits[0].last
    if last < end:
        again = [
            h for h in rules.time.months.at(keys, last) if h.meaning == month and h.last <= end
        ]
        last = again[0].last if again else last
    return month, last


def _year(keys: Sequence[str], at: int, end: int, rules: LanguageRules) -> tuple[int | None, int]:
    for ahead in (0, 1):
        if at + ahead < end and _is_year(keys[at + ahead]):
            year = int(keys[at + ahead])
            if _YEARS[0] <= year <= _YEARS[1]:
                return year, at + ahead + 1
            return None, at
        if at + ahead < end and keys[at + ahead] not in rules.time.year_words:
            break
    return None, at


def _lies_ahead(keys: Sequence[str], first: int, last: int, rules: LanguageRules) -> bool:
    """Tell "a plan for 19 January" and «19 يناير المقبل» from days that are past."""
    if last < len(keys) and keys[last] in rules.time.future:
        return True
    guards = rules.guards.find(keys, max(0, first - _PLAN_REACH), first)
    return any(guard.meaning == "planned" for guard in guards)


def _is_past_word(keys: Sequence[str], at: int, end: int, rules: LanguageRules) -> bool:
    return at < end and keys[at] in rules.time.past


def _is_year(key: str) -> bool:
    return key.isdecimal() and len(key) == 4  # noqa: PLR2004 (longer numbers count other things)


def _is_short_number(key: str) -> bool:
    return key.isdecimal() and len(key) <= 2  # noqa: PLR2004 (as a day of a month is written)


def _day_number(key: str) -> int | None:
    plain = key.removesuffix("st").removesuffix("nd").removesuffix("rd").removesuffix("th")
    if plain.isdecimal() and len(plain) <= 2 and 1 <= int(plain) <= 31:  # noqa: PLR2004 (days of a month)
        return int(plain)
    return None


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _month_end(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])
