"""Corrections in the report view: another place, no place, another role, type, date or side."""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from dashboard.labels import key_of
from dashboard.state import (
    StoreError,
    Tables,
    reader_of,
    shared_conflict,
    shared_gazetteer,
    take_news,
    writing_store,
)
from dashboard.timemap.evidence import candidates_of
from dashboard.views.frame import fault, paragraph
from dashboard.views.other_claim import choose_other_claim
from geocode import ingest_articles
from geocode.corrections import (
    OF_EVENTS,
    OF_MENTIONS,
    OF_PAIRS,
    Correction,
    add_correction,
    checked,
    corrections_path,
    take_back,
)
from geocode.errors import CorrectionError
from geocode.role import ROLES
from geocode.triggers import EVENT_TYPES

_SEARCHED = 8
# Columns that hold what was read before, where they are not called like the correction.
_BEFORE = {
    "place": "place_id",
    "date": "date_start",
    "no_place": "place_id",
    **dict.fromkeys(OF_PAIRS, "cluster_id"),
}
Words = Mapping[str, str]


def offer_corrections(tables: Tables, chosen: str, url: str, words: Words, lang: str) -> None:
    """
    Let the viewer correct a report; it is read again at once.

    Parameters
    ----------
    tables
        What is in the store.
    chosen
        Id of the report.
    url
        The store.
    words
        Words of the interface.
    lang
        Its language.
    """
    corrected, done = st.session_state.get("corrected_now", ("", ""))
    if corrected == chosen:
        st.success(done)
    with st.expander(words["correct_head"]):
        paragraph(words["correct_text"], faint=True)
        _offer_undo(tables, chosen, url, words)
        row = _choose_row(tables, chosen, words, lang)
        if row is None:
            return
        is_mention = "trigger" not in row
        what = st.selectbox(
            words["correct_what"],
            OF_MENTIONS if is_mention else OF_EVENTS,
            format_func=lambda name: words[f"correct.{name}"],
            key="correct_what",
        )
        value = _choose_value(tables, str(what), row, words, lang)
        who = st.text_input(words["correct_who"], key="correct_who", max_chars=80)
        why = st.text_input(words["correct_why"], key="correct_why", max_chars=300)
        if what == "no_place" and (told := _events_at(tables, row)):
            st.warning(words["correct_events_go"].replace("{n}", str(told)))
        if st.button(words["correct_save"], key="correct_save", disabled=value is None):
            _save(tables, row, (str(what), str(value), str(who), str(why)), url, words)


def _offer_undo(tables: Tables, chosen: str, url: str, words: Words) -> None:
    """List what was corrected in a report, each to be taken back."""
    try:
        known = reader_of(url).corrections.of(chosen)
    except CorrectionError as error:
        fault(str(error))
        return
    for number, correction in enumerate(known):
        left, right = st.columns([4, 1], vertical_alignment="center")
        with left:
            what = words[f"correct.{correction.field}"]
            new = f" \u2192 {correction.value}" if correction.value and not correction.pair else ""
            paragraph(f"«{correction.text}» · {what}{new} · \u2066{correction.when}\u2069")
        with right:
            if st.button(words["correct_undo"], key=f"undo_{key_of(chosen)}_{number}"):
                back = partial(take_back, corrections_path(url), correction)
                _change(tables, correction, back, url, words["correct_undone"])


def _change(
    tables: Tables, one: Correction, change: Callable[[], None], url: str, done: str
) -> None:
    """Change the file of corrections and read the report again, and another it is about."""
    ids = [one.article_id, *([one.other_article] if one.other_article else [])]
    articles = [tables.articles[i] for i in dict.fromkeys(ids) if i in tables.articles]
    try:
        change()
        with writing_store(url) as store:
            list(ingest_articles(articles, store, reader=reader_of(url)))
    except (StoreError, CorrectionError) as error:
        fault(str(error))
        return
    st.session_state["corrected_now"] = (st.session_state.get("report", one.article_id), done)
    take_news(url)
    st.rerun()


def _events_at(tables: Tables, row: Mapping[str, Any]) -> int:
    """Count the events that are told at a mention only, and go with it."""
    events = tables.events[tables.events["article_id"] == row["article_id"]]
    return int(sum(json.loads(ids) == [row["mention_id"]] for ids in events["mention_ids"]))


def _choose_row(tables: Tables, chosen: str, words: Words, lang: str) -> dict[str, Any] | None:
    mentions = tables.mentions[tables.mentions["article_id"] == chosen]
    events = tables.events[tables.events["article_id"] == chosen]
    rows = {f"m{row['mention_id']}": row for row in _records(mentions)}
    rows |= {f"e{row['event_id']}": row for row in _records(events)}
    if not rows:
        return None
    name = "place_name_ar" if lang == "ar" else "place_name"

    def label(key: str) -> str:
        row = rows[key]
        place = row[name] if isinstance(row[name], str) else words["unresolved"]
        if key.startswith("m"):
            return f"{row['text']} → {place} · {words['role.' + row['role']]}"
        return f"{words['type.' + row['type']]} «{row['trigger']}» → {place}"

    key = st.selectbox(
        words["correct_which"], list(rows), format_func=label, key=f"correct_which_{key_of(chosen)}"
    )
    return rows[str(key)]


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    records: Any = table.drop(columns="geometry").to_dict("records")
    return list(records)


def _choose_value(
    tables: Tables, what: str, row: Mapping[str, Any], words: Words, lang: str
) -> str | None:
    """Give the new value as the correction holds it; None while there is none."""
    if what == "no_place":
        return ""
    if what in OF_PAIRS:
        return choose_other_claim(tables, what, row, words, lang)
    if what == "place":
        return _choose_place(row, words, lang)
    if what == "date":
        day = st.date_input(
            words["correct_value"],
            None,
            min_value=date(1900, 1, 1),
            max_value=date(2100, 12, 31),
            format="YYYY-MM-DD",
            key="correct_date",
        )
        return day.isoformat() if isinstance(day, date) else None
    options: Sequence[str]
    if what == "role":
        options, table = ROLES, "role."
    elif what == "type":
        options, table = EVENT_TYPES, "type."
    else:
        sides = shared_conflict().sides
        side = st.selectbox(
            words["correct_value"],
            ["", *sides],
            format_func=lambda s: sides[s].name(lang) if s else words["correct_no_side"],
            key="correct_side",
        )
        return str(side)
    return str(
        st.selectbox(
            words["correct_value"],
            options,
            format_func=lambda v: words[table + v],
            key=f"correct_{what}",
        )
    )


def _choose_place(row: Mapping[str, Any], words: Words, lang: str) -> str | None:
    """Offer what else the name may be, then what a search finds."""
    gazetteer = shared_gazetteer()
    asked = st.text_input(
        words["correct_search"],
        key=f"correct_search_{row['start']}",
        max_chars=100,
        value=str(row["text"]),
    )
    found = [place_id for place_id, _ in candidates_of(row) if place_id in gazetteer]
    if asked:
        found += [r.place.place_id for r in gazetteer.search(str(asked), limit=_SEARCHED)]
    options = [place_id for place_id in dict.fromkeys(found) if place_id != row["place_id"]]
    if not options:
        paragraph(words["correct_none"], faint=True)
        return None

    def label(place_id: str) -> str:
        place = gazetteer.by_id(place_id)
        where = place.admin or place.country
        return " · ".join(
            part for part in (place.name(lang), words[f"kind.{place.kind}"], where) if part
        )

    return str(
        st.selectbox(words["correct_value"], options, format_func=label, key="correct_place")
    )


def _save(
    tables: Tables, row: Mapping[str, Any], said: tuple[str, str, str, str], url: str, words: Words
) -> None:
    what, value, who, why = said
    of_event = "trigger" in row
    start, end = (
        (row["trigger_start"], row["trigger_end"]) if of_event else (row["start"], row["end"])
    )
    before = _BEFORE.get(what, what)
    was = row[before] if isinstance(row[before], str) else ""
    correction = Correction(
        when=date.today().isoformat(),  # noqa: DTZ011 (the day on the reader's calendar)
        who=who.strip(),
        article_id=str(row["article_id"]),
        start=int(start),
        end=int(end),
        text=str(row["trigger" if of_event else "text"]),
        field=what,
        value=value,
        was=was,
        why=why.strip(),
    )

    def add() -> None:
        sound = checked(correction, shared_gazetteer(), shared_conflict())
        add_correction(corrections_path(url), sound)

    _change(tables, correction, add, url, words["correct_done"])
