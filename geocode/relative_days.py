"""Days that are told from the day of a report: yesterday, last week, three days ago, on Friday."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from geocode.language_rules import LanguageRules, TimeWords
from geocode.phrases import word_forms

_WEEK = 7


@dataclass(frozen=True, slots=True)
class Days:
    """
    Days that words mean.

    Attributes
    ----------
    start, end
        First and last, both included.
    precision
        ``day``, ``range``, ``week`` or ``month``.
    last
        The token after the words.
    """

    start: date
    end: date
    precision: str
    last: int


def relative_days(
    keys: Sequence[str], index: int, end: int, words: TimeWords, base: date
) -> Days | None:
    """
    Read «أمس السبت», "last week", a bare weekday.

    Parameters
    ----------
    keys
        Words of the text as they are compared.
    index, end
        Where to read, and where the sentence ends.
    words
        Words of time.
    base
        The day that is counted from, that of publication.

    Returns
    -------
    days
        None where no such words begin there.
    """
    hits = [h for h in words.phrases.at(keys, index) if h.last <= end]
    hits = [h for h in hits if h.meaning != "day_after"]
    if hits:
        days = _simple(hits[0].meaning, hits[0].last, base)
        return _with_weekday(keys, days, end, words)
    return _weekday(keys, index, end, words, base)


def _simple(name: str, last: int, base: date) -> Days | None:
    one = timedelta(days=1)
    sunday = base - timedelta(days=(base.weekday() + 1) % _WEEK)
    month = date(base.year, base.month, 1)
    before = month - one
    spans = {
        "today": (base, base, "day"),
        "yesterday": (base - one, base - one, "day"),
        "day_before": (base - 2 * one, base - 2 * one, "day"),
        "tomorrow": (base + one, base + one, "day"),
        "last_night": (base - one, base, "range"),
        "past_hours": (base - one, base, "range"),
        "past_days": (base - 3 * one, base, "range"),
        # The week of Libya begins on Sunday.
        "last_week": (sunday - _WEEK * one, sunday - one, "week"),
        "this_week": (sunday, base, "week"),
        "last_month": (date(before.year, before.month, 1), before, "month"),
        "this_month": (month, base, "month"),
    }
    start, end, precision = spans[name]
    return Days(start, end, precision, last)


def _with_weekday(
    keys: Sequence[str], days: Days | None, end: int, words: TimeWords
) -> Days | None:
    """Take the weekday into «أمس السبت»: the words say the same day twice."""
    if days is None or days.last >= end:
        return days
    hits = words.weekdays.at(keys, days.last)
    if hits and (days.start.weekday() == hits[0].meaning or days.precision == "day"):
        return Days(days.start, days.end, days.precision, hits[0].last)
    return days


def _weekday(
    keys: Sequence[str], index: int, end: int, words: TimeWords, base: date
) -> Days | None:
    """Read a bare weekday: the most recent one, today included."""
    hits = [h for h in words.weekdays.at(keys, index) if h.last <= end]
    if not hits:
        return None
    last = hits[0].last
    back = (base.weekday() - hits[0].meaning) % _WEEK
    if last < end and keys[last] in words.future:
        ahead = timedelta(days=_WEEK - back)
        return Days(base + ahead, base + ahead, "day", last + 1)
    if last < end and keys[last] in words.past:
        last += 1
        back = back or _WEEK
    day = base - timedelta(days=back)
    return Days(day, day, "day", last)


def counted_days(
    keys: Sequence[str], index: int, end: int, rules: LanguageRules, base: date
) -> Days | None:
    """
    Read «قبل ثلاثة أيام», «خلال 48 ساعة», "two days earlier", "il y a trois jours".

    Parameters
    ----------
    keys
        Words of the text as they are compared.
    index, end
        Where to read, and where the sentence ends.
    rules
        Words of the language.
    base
        The day that is counted from, that of publication.

    Returns
    -------
    days
        None where no such words begin there.
    """
    words = rules.time
    ago = words.ago.at(keys, index)
    at = ago[0].last if ago else index
    within = not ago and bool(word_forms(keys[index]) & words.within)
    at = index + 1 if within else at
    if at >= end:
        return None
    if within and at + 2 < end and (days := _counted_after(keys, at, end, rules, base)):
        return days
    count, unit_at = _count(keys, at, rules)
    if count is None and ago and rules.time.units.at(keys, at):
        count = 1  # «قبل أسبوع», "a week ago"
    hits = words.units.at(keys, unit_at) if unit_at < end else []
    if count is None or not hits:
        return None
    last = hits[0].last
    span = timedelta(days=_unit_days(hits[0].meaning, count))
    if last < end and (keys[last] in words.future):
        return None
    if ago or (last < end and words.ago.at(keys, last)):
        last += 0 if ago else 1
        day = base - span
        return Days(day, day, "day", last)
    if within or (last < end and keys[last] in words.past):
        last += last < end and keys[last] in words.past
        return Days(base - span, base, "range", last)
    return None


def _counted_after(
    keys: Sequence[str], at: int, end: int, rules: LanguageRules, base: date
) -> Days | None:
    """Read «خلال الأيام العشرة الماضية», where the number stands after the unit."""
    units = rules.time.units.at(keys, at)
    if not units or keys[at + 2] not in rules.time.past or at + 2 >= end:
        return None
    forms = word_forms(keys[at + 1])
    count = next((rules.numbers[form] for form in forms if form in rules.numbers), None)
    if count is None:
        return None
    return Days(base - timedelta(days=_unit_days(units[0].meaning, count)), base, "range", at + 3)


def _count(keys: Sequence[str], at: int, rules: LanguageRules) -> tuple[int | None, int]:
    digits = keys[at].removeprefix("ال")  # «الـ24 ساعة»
    if not digits and at + 1 < len(keys):
        digits, at = keys[at + 1], at + 1
    if digits.isdecimal() and len(digits) <= 3:  # noqa: PLR2004 (longer numbers count no days)
        return int(digits), at + 1
    if keys[at] in rules.time.one_words:
        return 1, at + 1
    if keys[at] in rules.numbers:
        return rules.numbers[keys[at]], at + 1
    dual = keys[at].endswith("ين") and bool(rules.time.units.at(keys, at))
    return (2, at) if dual else (None, at)


def _unit_days(unit: str, count: int) -> int:
    if unit == "hour":
        return max(1, -(-count // 24))
    return count * {"day": 1, "week": _WEEK, "month": 30}[unit]
