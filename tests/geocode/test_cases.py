"""
Small texts, one construction each, with what must and what must not be read of them.

The cases stand in ``tests/data/cases.csv``, a row each; ``expected`` says what to look at:
``names`` all names read, ``unresolved`` those without a place, ``place``, ``kind``, ``role`` and
``relation`` of names, ``event`` (type, place, actor's side), ``sides``, ``status``, ``speaker``,
``date`` (days of the first time expression), ``front`` whether fighting is told.
"""

import csv
from pathlib import Path

import pytest

from geocode import ArticleReader, make_article
from geocode.dates import find_dates
from geocode.document import make_document
from geocode.language_rules import load_language

CASES = Path(__file__).parents[1] / "data" / "cases.csv"


def _cases():
    with CASES.open(encoding="utf-8", newline="") as file:
        for number, row in enumerate(csv.DictReader(file), start=2):
            name = f"{row['construction']}:{number}"
            yield pytest.param(row, id=name)


@pytest.fixture(scope="module")
def reader():
    return ArticleReader()


def _article(row):
    return make_article(row["text"], published=row["published"], lang=row["lang"])


def _named(pairs):
    return dict(pair.strip().split("=") for pair in pairs.split(","))


def _by_text(mentions, column):
    return {m["text"]: m[column] for m in mentions}


def _relation(mention):
    kind, distance_km = mention["relation"], mention["distance_km"]
    return kind if distance_km is None else f"{kind} {distance_km:g}"


def _days(article):
    times = find_dates(make_document(article), load_language(article.lang))
    if not times:
        return "none"
    first = times[0]
    single = first.start == first.end and first.precision == "day"
    return str(first.start) if single else f"{first.start}..{first.end}"


def _sides(event):
    return f"{event['actor_side'] or '-'}>{event['target_side'] or '-'}"


def _event(event):
    return f"{event['type']} {event['place_id']} {event['actor_side'] or '-'}"


def _status(event):
    return event["status"] if event["status"] in ("planned", "denied") else "done"


def _columns(what, wanted, mentions):
    """Compare a column of some names."""
    column = "place_id" if what == "place" else what
    found = _by_text(mentions, column)
    return {name: found.get(name) for name in _named(wanted)}, _named(wanted)


def _told(what, wanted, events):
    """Compare what all events tell."""
    if wanted == "none":
        return [_event(e) for e in events], []
    tell = {
        "event": _event,
        "sides": _sides,
        "status": _status,
        "speaker": lambda e: e["claimed_by_side"] or "outlet",
    }[what]
    return {tell(e) for e in events}, {wanted}


def _read(row, reader):
    """Give what was read, in the words of the case."""
    what, _, wanted = row["expected"].partition(":")
    wanted = wanted.strip()
    article = _article(row)
    if what == "date":
        return _days(article), wanted
    read = reader.read(article)
    mentions, events = read.mentions, read.events
    if what in ("names", "unresolved"):
        shown = [m["text"] for m in mentions if what == "names" or m["place_id"] is None]
        return ", ".join(shown), wanted
    if what in ("kind", "role", "place"):
        return _columns(what, wanted, mentions)
    if what == "relation":
        name, kind = wanted.split("=")
        return {m["text"]: _relation(m) or "none" for m in mentions}.get(name), kind
    if what == "front":
        return any(m["front_line"] and m["country"] == "LY" for m in mentions), False
    return _told(what, wanted, events)


@pytest.mark.parametrize("row", list(_cases()))
def test_case(row, reader):
    """What the row says is what is read."""
    read, wanted = _read(row, reader)
    assert read == wanted, row["text"]


def test_there_are_cases_of_every_construction():
    """Each construction has counter-examples or contrasting cases, and all are many."""
    with CASES.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) >= 300
    wanted = {"clitics", "ambiguous words", "persons", "coordinated heads", "relations"}
    assert wanted | {"modality", "sides", "dates"} <= {row["construction"] for row in rows}
