"""The table page, and the table under the map: the rows that are shown, in words."""

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from dashboard.settings import Settings
from dashboard.state import Tables, View, shared_conflict, write_view
from dashboard.timemap.evidence import printed_and_coded
from dashboard.views.exports import offer_downloads
from dashboard.views.filter_form import choose_filters
from dashboard.views.frame import paragraph
from dashboard.views.selection import Shown, rows_of, shown_in, start_of, view_of
from geocode.conflict import Conflict

MAX_ROWS = 1000
Words = Mapping[str, str]


def render(tables: Tables, view: View, words: Words, settings: Settings) -> None:
    """
    Show the page.

    Parameters
    ----------
    tables
        What is in the store.
    view
        What the address asks for.
    words
        Words of the interface.
    settings
        How the dashboard was started.
    """
    del settings
    if tables.mentions.empty:
        st.info(words["empty_store"])
        return
    rows, map_view = rows_of(tables), start_of(view)
    filters = choose_filters(tables.version, rows, view.filters, words, view.lang)
    shown = shown_in(tables, filters, map_view)
    write_view(view_of(view, filters, map_view, rows))
    paragraph(words["table_hint"], faint=True)
    names = {"mentions": words["export.mentions"], "events": words["export.events"]}
    layer = st.segmented_control(
        words["table"],
        list(names),
        default="events",
        format_func=names.__getitem__,
        key="table_layer",
        label_visibility="collapsed",
        required=True,
    )
    offer_downloads(shown, tables, map_view, words, view.lang, str(layer))
    if layer == "events":
        events = shown.layer("events", tables)
        _show(_events(events.head(MAX_ROWS), words, view.lang), len(events), words)
    else:
        show_table(shown, words, view.lang)


def show_table(shown: Shown, words: Words, lang: str) -> None:
    """
    Show mentions as a table, newest last.

    Parameters
    ----------
    shown
        What the viewer looks at.
    words
        Words of the interface.
    lang
        Its language.
    """
    _show(readable(shown.head(MAX_ROWS), words, lang), len(shown.positions), words)


def _show(table: pd.DataFrame, count: int, words: Words) -> None:
    if table.empty:
        paragraph(words["nothing_here"], faint=True)
        return
    if count > MAX_ROWS:
        more = words["rows_shown"].replace("{shown}", str(MAX_ROWS))
        paragraph(more.replace("{all}", str(count)), faint=True)
    st.dataframe(table, hide_index=True, key="table", column_config=units(words))


def units(words: Words) -> dict[str, Any]:
    """
    Give the columns that are numbers their units, and the long ones their width.

    Parameters
    ----------
    words
        Words of the interface.
    """
    return {
        words["where"]: st.column_config.NumberColumn(format="%g km", width=90),
        words["score"]: st.column_config.NumberColumn(format="percent", width=80),
        words["place"]: st.column_config.TextColumn(width="medium"),
        words["date"]: st.column_config.TextColumn(width=100),
    }


def readable(rows: pd.DataFrame, words: Words, lang: str) -> pd.DataFrame:
    """
    Bring mentions into words.

    Parameters
    ----------
    rows
        Rows of the mention layer with ``date``.
    words
        Words of the interface.
    lang
        Its language.
    """
    place = rows["place_name_ar" if lang == "ar" else "place_name"]
    return pd.DataFrame(
        {
            words["date"]: rows["date"],
            words["place"]: place,
            words["name_printed"]: rows["text"],
            words["role_label"]: rows["role"].map(lambda role: words[f"role.{role}"]),
            words["kind_label"]: rows["kind"].map(lambda kind: words[f"kind.{kind}"]),
            words["outlet"]: rows["outlet"],
            words["where"]: rows["precision_km"].astype(float),
            words["score"]: rows["score"].astype(float),
        }
    )


def _events(events: pd.DataFrame, words: Words, lang: str) -> pd.DataFrame:
    conflict = shared_conflict()
    return pd.DataFrame(
        {
            words["date"]: events["date_start"],
            words["act"]: events["type"].map(lambda kind: words[f"type.{kind}"]),
            words["place"]: events["place_name_ar" if lang == "ar" else "place_name"],
            words["status_label"]: events["status"].map(lambda s: words[f"status.{s}"]),
            words["actor"]: _parties(events, "actor", conflict, lang),
            words["target"]: _parties(events, "target", conflict, lang),
            words["says"]: _parties(events, "claimed_by", conflict, lang),
            words["outlet"]: events["outlet"],
            words["sentence"]: events["sentence"],
            words["where"]: events["precision_km"].astype(float),
        }
    )


def _parties(events: pd.DataFrame, name: str, conflict: Conflict, lang: str) -> list[str]:
    """Give the printed label beside the coded side."""
    pairs = zip(events[name].fillna(""), events[f"{name}_side"].fillna(""), strict=True)
    sides = conflict.sides
    found = []
    for printed, side in pairs:
        coded = sides[side].name(lang) if side in sides else side
        found.append(printed_and_coded(printed, coded))
    return found
