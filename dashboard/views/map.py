"""The map page: filters, time map, evidence, counts, table and downloads for one view."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
import streamlit as st

from dashboard.filters import Filters
from dashboard.language import direction
from dashboard.settings import Settings
from dashboard.state import Tables, View, shared_conflict, shared_gazetteer, write_view
from dashboard.timemap.columns import pack_mask
from dashboard.timemap.component import evidence_panel, send_mask, timemap
from dashboard.timemap.evidence import MAX_SHOWN, make_evidence
from dashboard.timemap.rows import MapRows
from dashboard.timemap.told import MapView, Picked
from dashboard.views.exports import offer_downloads
from dashboard.views.filter_form import choose_filters
from dashboard.views.frame import paragraph, show_balance, subheading
from dashboard.views.holding import show_front, show_holder
from dashboard.views.login import look_again
from dashboard.views.selection import (
    Shown,
    columns_of,
    left_out,
    rows_of,
    shown_in,
    start_of,
    version_of,
    view_of,
)
from dashboard.views.table import readable, show_table, units

_MAX_LEFT_OUT = 1000
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
    if tables.mentions.empty:
        st.info(words["empty_store"])
        return
    _live(tables, view, words, settings)


@st.fragment
def _live(tables: Tables, view: View, words: Words, settings: Settings) -> None:
    """Show all that follows the view; only this runs again when a handle is released."""
    look_again(settings)
    rows = rows_of(tables)
    filters = choose_filters(tables.version, rows, view.filters, words, view.lang)
    tiles = settings.online_tiles and st.toggle(
        words["tiles"], key="tiles", help=words["tiles_help"]
    )
    map_view, picked = _map(tables, view, words, tiles=tiles)
    shown = shown_in(tables, filters, map_view)
    send_mask(
        pack_mask(shown.keep),
        version=version_of(tables, view.lang),
        channel=_key(view.lang),
        heard=map_view.told,
        counted=words["count_events" if filters.layer == "events" else "count"],
        key="mask",
    )
    write_view(view_of(view, filters, map_view, rows))
    _evidence(tables, shown, picked, _last_day(map_view, rows), view.lang, words)
    _counts(shown, words)
    show_balance(shown.leanings, words, view.lang)
    offer_downloads(shown, tables, map_view, words, view.lang)
    subheading(words["table"])
    show_table(shown, words, view.lang)
    _not_on_map(rows, filters, view.lang, words)


def _key(lang: str) -> str:
    return f"timemap_{lang}"


def _map(tables: Tables, view: View, words: Words, *, tiles: bool) -> tuple[MapView, Picked | None]:
    return timemap(
        columns_of(tables, view.lang, words),
        version=version_of(tables, view.lang),
        view=start_of(view),
        words=words,
        lang=view.lang,
        tiles=tiles,
        key=_key(view.lang),
    )


def _last_day(map_view: MapView, rows: MapRows) -> int:
    return rows.bounds[1] if map_view.last is None else map_view.last


def _evidence(
    tables: Tables, shown: Shown, picked: Picked | None, day: int, lang: str, words: Words
) -> None:
    """Show the sentences behind the picked mark; it stays picked while the window moves."""
    picked_now = ""
    if picked is not None:
        st.session_state["picked"] = _what(shown.rows, picked)
        st.session_state["picked_front"] = picked.front
        picked_now = f"{picked.place}/{picked.site}"
    kept = st.session_state.get("picked")
    if front_id := st.session_state.get("picked_front", ""):
        show_front(tables, front_id, words, lang)
        return
    behind = shown.head(0)
    if kept is not None:
        place_id, x, y = kept
        show_holder(tables, place_id, day, words, lang)
        places = np.flatnonzero((shown.rows.places["place_id"] == place_id).to_numpy())
        behind = shown.at_place(int(places[0])) if len(places) else behind
        if x is not None:
            behind = behind[(behind.geometry.x == x) & (behind.geometry.y == y)]
    if behind.empty:
        paragraph(words["evidence_hint" if kept is None else "nothing_told"], faint=True)
        return
    evidence = make_evidence(
        behind,
        tables.events,
        tables.articles,
        conflict=shared_conflict(),
        gazetteer=shared_gazetteer(),
        lang=lang,
        words=words,
    )
    if len(behind) > MAX_SHOWN:
        more = words["evidence_more"].replace("{shown}", str(MAX_SHOWN))
        paragraph(more.replace("{all}", str(len(behind))), faint=True)
    evidence_panel(
        evidence,
        words=words,
        lang=lang,
        direction=direction(lang),
        reveal=picked_now,
        key="evidence",
    )


def _what(rows: MapRows, picked: Picked) -> tuple[str, float | None, float | None] | None:
    """Give the place that was picked, and the site where only one of its sites was."""
    if not 0 <= picked.place < len(rows.places):
        return None
    place_id = str(rows.places["place_id"].iloc[picked.place])
    if not 0 <= picked.site < len(rows.sites):
        return place_id, None, None
    site = rows.sites.iloc[picked.site]
    return place_id, float(site["x"]), float(site["y"])


def _counts(shown: Shown, words: Words) -> None:
    counts = {
        words["events" if shown.filters.layer == "events" else "mentions"]: len(shown.positions),
        words["places"]: shown.place_count,
        words["articles"]: len(shown.leanings),
        words["unresolved"]: len(left_out(shown.rows, shown.filters)[0]),
    }
    with st.container(horizontal=True):
        for label, count in counts.items():
            st.metric(label, count, width="content")


def _not_on_map(rows: MapRows, filters: Filters, lang: str, words: Words) -> None:
    missing, undated = left_out(rows, filters)
    label = words["not_on_map"].replace("{unresolved}", str(len(missing)))
    with st.expander(label.replace("{undated}", str(len(undated)))):
        paragraph(words["not_on_map_help"], faint=True)
        both = pd.concat([missing, undated])
        if len(both):
            table = readable(both.head(_MAX_LEFT_OUT), words, lang)
            st.dataframe(table, hide_index=True, column_config=units(words))
