"""Corrections: what readers know better, kept in a text file and applied to every later reading."""

import csv
import hashlib
import os
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields, replace
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import platformdirs

from gazetteer import Gazetteer, PackError
from gazetteer.cells import csv_text, plain_cell
from gazetteer.reader import read_table
from geocode.article import Article
from geocode.conflict import Conflict
from geocode.errors import CorrectionError
from geocode.record import ReadArticle, Row, site_columns
from geocode.role import ROLES
from geocode.triggers import COMBAT_TYPES, EVENT_TYPES

OF_MENTIONS = ("place", "no_place", "role")
# What two claims are: of one event, or of two. These change no row, but how claims are clustered.
OF_PAIRS = ("same_event", "other_event")
OF_EVENTS = ("type", "date", "actor_side", "target_side", *OF_PAIRS)
FIELDS = (*OF_MENTIONS, *OF_EVENTS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """
    One thing a reader knows better.

    Attributes
    ----------
    when
        The day it was said, ISO.
    who
        Who said it; may be left out.
    article_id, start, end, text
        The name, for mentions, or the trigger, for events: half-open span of the article's text,
        and the words there. Where they are not there any more, the correction no longer holds.
    field
        One of `FIELDS`.
    value
        A place id, a role, an event type, a day (or two parted by a slash), a side; empty for
        ``no_place``, and for no side. For ``same_event`` and ``other_event`` the id of this claim,
        that of the other, and the id of its article, parted by spaces.
    was
        What was read before.
    why
        Why; may be left out.
    """

    when: str
    who: str
    article_id: str
    start: int
    end: int
    text: str
    field: str
    value: str
    was: str = ""
    why: str = ""

    @property
    def is_of_mention(self) -> bool:
        """Whether it is about a name, not about an event."""
        return self.field in OF_MENTIONS

    @property
    def pair(self) -> tuple[str, str] | None:
        """The ids of the two claims that are of one event, or of two; None for another field."""
        return _pair(self.value)[:2] if self.field in OF_PAIRS else None

    @property
    def other_article(self) -> str:
        """The article of the other claim; empty for another field."""
        return _pair(self.value)[2] if self.field in OF_PAIRS else ""

    def holds(self, article: Article) -> bool:
        """
        Say whether its words stand where they stood.

        Parameters
        ----------
        article
            The article.
        """
        return article.text[self.start : self.end] == self.text


COLUMNS = tuple(f.name for f in fields(Correction))


class Corrections:
    """
    Hold corrections by article.

    Parameters
    ----------
    corrections
        In the order they were said: of two about one thing the later holds.
    """

    def __init__(self, corrections: Iterable[Correction] = ()) -> None:
        self._by_article: dict[str, dict[tuple[int, int, str], Correction]] = defaultdict(dict)
        for one in corrections:
            # A pair may be said of from either claim, and stands at both articles.
            span = (0, 0) if one.pair else (one.start, one.end)
            key = (*span, _about(one))
            for article_id in dict.fromkeys((one.article_id, one.other_article or one.article_id)):
                known = self._by_article[article_id]
                known.pop(key, None)
                known[key] = one

    def __iter__(self) -> Iterator[Correction]:
        for article_id, found in self._by_article.items():
            # One about two articles stands at both, and is given once.
            yield from (one for one in found.values() if one.article_id == article_id)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    @property
    def together(self) -> tuple[tuple[str, str], ...]:
        """The pairs of ids of claims that are of one event."""
        return tuple(one.pair for one in self if one.field == "same_event" and one.pair)

    @property
    def apart(self) -> tuple[tuple[str, str], ...]:
        """The pairs of ids of claims that are of two events."""
        return tuple(one.pair for one in self if one.field == "other_event" and one.pair)

    @property
    def articles(self) -> frozenset[str]:
        """The ids of the corrected articles."""
        return frozenset(self._by_article)

    def of(self, article_id: str) -> tuple[Correction, ...]:
        """
        Give the corrections of an article.

        Parameters
        ----------
        article_id
            Its id.
        """
        return tuple(self._by_article.get(article_id, {}).values())

    def fingerprint(self, article_id: str) -> str:
        """
        Name the corrections of an article, so that a store knows when they changed; empty for none.

        Parameters
        ----------
        article_id
            Its id.
        """
        found = self.of(article_id)
        if not found:
            return ""
        said = "\n".join(f"{c.start} {c.end} {c.field} {c.value} {c.text}" for c in found)
        return hashlib.blake2b(said.encode("utf-8", "replace"), digest_size=6).hexdigest()


def corrections_path(store_url: str) -> Path:
    """
    Give the file of the corrections of a store.

    Parameters
    ----------
    store_url
        The store.

    Returns
    -------
    path
        ``MIHWAR_CORRECTIONS``, else the file beside the store that is named after it; for a store
        in PostgreSQL one in the user's data folder, named after its host and database.
    """
    named = os.environ.get("MIHWAR_CORRECTIONS")
    if named:
        return Path(named).expanduser()
    if "://" in store_url and not store_url.startswith("sqlite:///"):
        address = urlsplit(store_url)
        database = quote(address.path.strip("/"), safe="") or "mihwar"
        name = f"{address.hostname or 'local'}-{database}.corrections.csv"
        return Path(platformdirs.user_data_dir("mihwar")) / name
    store = Path(store_url.removeprefix("sqlite:///")).expanduser()
    return store.with_name(store.name + ".corrections.csv")


def read_corrections(path: Path, gazetteer: Gazetteer, conflict: Conflict) -> Corrections:
    """
    Read a file of corrections.

    Parameters
    ----------
    path
        CSV in UTF-8 with the columns of `Correction`; where there is none there are no corrections.
    gazetteer, conflict
        For the places and sides that may be named.

    Raises
    ------
    CorrectionError
        If a row is wrong; the message lists every fault with its file and line.
    """
    if not path.exists():
        return Corrections()

    def make(row: dict[str, str]) -> Correction:
        return checked(_correction(row), gazetteer, conflict)

    try:
        return Corrections(read_table(path, COLUMNS, make))
    except PackError as error:
        raise CorrectionError(str(error)) from error


def add_correction(path: Path, correction: Correction) -> None:
    """
    Add a correction at the end of a file.

    Parameters
    ----------
    path
        The file; it is made where there is none.
    correction
        The correction.

    Raises
    ------
    CorrectionError
        If the file cannot be written.
    """
    with _writing(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8", newline="") as file:
            # One write, so that two writers do not mix their lines.
            file.write(_csv_lines([_row_of(correction)], header=file.tell() == 0))


def take_back(path: Path, correction: Correction) -> None:
    """
    Take a correction out of a file; the last of equal ones, and nothing where there is none.

    Parameters
    ----------
    path
        The file.
    correction
        The correction.

    Raises
    ------
    CorrectionError
        If the file cannot be written.
    """
    wanted = _row_of(correction)
    with _writing(path):
        with path.open(encoding="utf-8", newline="") as file:
            found = csv.DictReader(file)
            rows = [{name: plain_cell(row.get(name) or "") for name in COLUMNS} for row in found]
        places = [at for at, row in enumerate(rows) if row == wanted]
        if not places:
            return
        del rows[places[-1]]
        beside = path.with_name(path.name + ".new")
        beside.write_text(_csv_lines(rows, header=True), encoding="utf-8", newline="")
        beside.replace(path)  # whole or not at all


@contextmanager
def _writing(path: Path) -> Iterator[None]:
    """Say in words why a file cannot be written."""
    try:
        yield
    except OSError as error:
        msg = f"{path} cannot be written: {error.strerror or error}"
        raise CorrectionError(msg) from error


def _row_of(correction: Correction) -> dict[str, str]:
    return {name: str(getattr(correction, name)) for name in COLUMNS}


def _csv_lines(rows: Sequence[Mapping[str, str]], *, header: bool) -> str:
    return csv_text(COLUMNS, rows, header=header)


def checked(correction: Correction, gazetteer: Gazetteer, conflict: Conflict) -> Correction:
    """
    Check what a correction says.

    Parameters
    ----------
    correction
        The correction.
    gazetteer, conflict
        For the places and sides that may be named.

    Returns
    -------
    correction
        The same.

    Raises
    ------
    CorrectionError
        If its field or value is none that there is.
    """
    allowed = {
        "place": lambda v: v in gazetteer,
        "no_place": lambda v: not v,
        "role": lambda v: v in ROLES,
        "type": lambda v: v in EVENT_TYPES,
        "date": lambda v: _days(v) is not None,
        "actor_side": lambda v: not v or v in conflict.sides,
        "target_side": lambda v: not v or v in conflict.sides,
        **dict.fromkeys(OF_PAIRS, lambda v: all(_pair(v))),
    }
    expected = {
        "place": "the id of a place in the gazetteer",
        "no_place": "nothing",
        "role": ", ".join(ROLES),
        "type": ", ".join(EVENT_TYPES),
        "date": "a day as 2019-12-14, or two parted by a slash",
        **dict.fromkeys(OF_PAIRS, "the ids of two claims and of the other's article"),
    }
    name, value = correction.field, correction.value
    if name not in allowed:
        msg = f"field={name!r}, expected one of {', '.join(FIELDS)}"
        raise CorrectionError(msg)
    if not allowed[name](value):
        sides = f"nothing, or one of {', '.join(conflict.sides)}"
        msg = f"{name}: value={value!r}, expected {expected.get(name, sides)}"
        raise CorrectionError(msg)
    return correction


def apply_corrections(
    read: ReadArticle, corrections: Sequence[Correction], gazetteer: Gazetteer
) -> ReadArticle:
    """
    Bring what readers know better into what was read.

    Parameters
    ----------
    read
        An article with its rows.
    corrections
        Its corrections, in the order they were said.
    gazetteer
        For the places.

    Returns
    -------
    read
        Rows that were touched have ``corrected``; a name that is no place has no row, and a place
        at which nothing was fought loses the events told of it. A correction whose words are no
        longer there changes nothing.
    """
    rows = _Rows([dict(row) for row in read.mentions], [dict(row) for row in read.events])
    for one in corrections:
        if one.pair is None and one.holds(read.article):
            rows.correct(one, gazetteer)
    return replace(read, mentions=tuple(rows.mentions), events=tuple(rows.events))


@dataclass(slots=True)
class _Rows:
    """The rows of an article while they are corrected."""

    mentions: list[dict[str, Any]]
    events: list[dict[str, Any]]

    def correct(self, one: Correction, gazetteer: Gazetteer) -> None:
        if one.is_of_mention:
            for row in self.mentions:
                if (row["start"], row["end"]) == (one.start, one.end):
                    self._mention(row, one, gazetteer)
                    break
            return
        for row in self.events:
            if (row["trigger_start"], row["trigger_end"]) == (one.start, one.end):
                self._event(row, one)

    def _mention(self, row: dict[str, Any], one: Correction, gazetteer: Gazetteer) -> None:
        if one.field == "no_place":
            self.mentions.remove(row)
            self._forget_events(row)
            return
        row["corrected"] = True
        by = f" by {one.who}" if one.who else ""
        row["reason"] = f"corrected{by} on {one.when}; before: {row['reason']}"
        if one.field == "role":
            row["role"] = one.value
            if one.value != "event":
                self._forget_events(row)
            self._set_front(row)
            return
        place = gazetteer.by_id(one.value)
        moved = site_columns(place, row)
        row.update(moved, country=place.country or None, score=1.0)
        for event in self.events:
            if event["mention_id"] == row["mention_id"]:
                event.update(moved, corrected=True)

    def _event(self, event: dict[str, Any], one: Correction) -> None:
        event["corrected"] = True
        if one.field == "date":
            first, last = _days(one.value) or (None, None)
            event.update(
                date_start=first,
                date_end=last,
                date_precision="day" if first == last else "range",
            )
            return
        event[one.field] = one.value or None
        if one.field == "type":
            fight = event["type"] in COMBAT_TYPES and event["status"] != "denied"
            event["front_line"] = fight
            for row in self.mentions:
                if row["mention_id"] in event["mention_ids"]:
                    self._set_front(row)

    def _forget_events(self, row: Row) -> None:
        """Take a mention out of the events told at it; those told nowhere else go."""
        kept = []
        for event in self.events:
            ids = [i for i in event["mention_ids"] if i != row["mention_id"]]
            if not ids:
                continue
            if event["mention_id"] not in ids:
                event["mention_id"] = ids[0]
            event["mention_ids"] = ids
            kept.append(event)
        self.events = kept

    def _set_front(self, row: dict[str, Any]) -> None:
        """Say anew whether fighting is told of a place, as `geocode.record` does."""
        fought = any(e["front_line"] and row["mention_id"] in e["mention_ids"] for e in self.events)
        row["front_line"] = row["role"] == "event" and (fought or row["kind"] == "axis")


def _correction(row: dict[str, str]) -> Correction:
    try:
        start, end = int(row["start"]), int(row["end"])
    except ValueError:
        msg = f"start={row['start']!r}, end={row['end']!r}, expected whole numbers"
        raise CorrectionError(msg) from None
    if not row["article_id"] or not 0 <= start < end:
        msg = f"article_id={row['article_id']!r}, start={start}, end={end}: no span of an article"
        raise CorrectionError(msg)
    return Correction(**{**row, "start": start, "end": end})  # type: ignore[arg-type]


def _about(one: Correction) -> str:
    """Say what a correction is about: of two about one thing the later holds."""
    if one.pair is not None:
        return " ".join(sorted(one.pair))
    return "place" if one.field == "no_place" else one.field


def _pair(value: str) -> tuple[str, str, str]:
    """Read two ids of claims and that of an article, which may hold spaces."""
    one, _, rest = value.partition(" ")
    other, _, article_id = rest.partition(" ")
    return one, other, article_id


def _days(value: str) -> tuple[str, str] | None:
    """Read a day, or two in order parted by a slash."""
    first, _, last = value.partition("/")
    try:
        days = date.fromisoformat(first), date.fromisoformat(last or first)
    except ValueError:
        return None
    return (days[0].isoformat(), days[1].isoformat()) if days[0] <= days[1] else None
