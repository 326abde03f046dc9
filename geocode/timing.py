"""Step 8b: timing, which time expression dates an act."""

from collections.abc import Sequence
from dataclasses import replace

from geocode.conflict import Conflict
from geocode.dates import TimeMention
from geocode.document import Document, starting_in
from geocode.governing import Reading
from geocode.governor import Governor

_CLAUSE_WORDS = 4
_LONGEST_NAME = 10


def time_of(
    reading: Reading,
    governor: Governor,
    times: Sequence[TimeMention],
    conflict: Conflict,
    *,
    planned: bool,
) -> TimeMention | None:
    """
    Choose the time expression that dates a trigger: the nearest in its sentence.

    Parameters
    ----------
    reading
        What is known of the document.
    governor
        The trigger.
    times
        The time expressions of the document.
    conflict
        The conflict pack, for the days that are plausible.
    planned
        Whether the act is only planned, so that it may lie in the future.

    Returns
    -------
    time
        None where the sentence tells none.
    """
    sentence = reading.document.sentences[governor.sentence]
    earliest, latest = conflict.plausible
    fitting = [
        time
        for time in (times[i] for i in starting_in(times, sentence.first, sentence.last))
        if earliest <= time.start <= latest
        and (planned or not time.future)
        and not _inside_mention(reading, time)
    ]
    if not fitting:
        return None
    document = reading.document
    nearest = min(
        fitting, key=lambda time: words_apart(time, governor) + _breaks(document, time, governor)
    )
    return _with_next(nearest, fitting)


def _breaks(document: Document, time: TimeMention, governor: Governor) -> int:
    """Count the clauses between a time and a trigger, as words they are apart."""
    first, last = sorted(((time.first, time.last), (governor.first, governor.last)))
    between = range(first[1], last[0] + 1)
    marks = sum(
        any(mark in document.between(at - 1, at) for mark in "،؛,;")
        for at in between
        if 0 < at < len(document.tokens)
    )
    return _CLAUSE_WORDS * marks


def words_apart(time: TimeMention, governor: Governor) -> int:
    """
    Count the words between a time and a trigger.

    Parameters
    ----------
    time
        A time expression.
    governor
        A trigger.
    """
    return min(abs(time.first - governor.last), abs(governor.first - time.last))


def _inside_mention(reading: Reading, time: TimeMention) -> bool:
    """Tell «معسكر 7 أبريل», a place, from a date."""
    before = starting_in(reading.mentions, time.first - _LONGEST_NAME, time.first + 1)
    return any(reading.mentions[i].last > time.first for i in before)


def _with_next(nearest: TimeMention, times: Sequence[TimeMention]) -> TimeMention:
    """Join «الأربعاء وفجر الخميس» to one range."""
    for other in times:
        gap = max(other.first - nearest.last, nearest.first - other.last)
        if other is not nearest and 0 <= gap <= 1 and abs((other.start - nearest.start).days) == 1:
            first, second = sorted((nearest, other), key=_token)
            return replace(
                first,
                last=second.last,
                text=f"{first.text} … {second.text}",
                start=min(first.start, second.start),
                end=max(first.end, second.end),
                precision="range",
            )
    return nearest


def _token(time: TimeMention) -> int:
    return time.first
