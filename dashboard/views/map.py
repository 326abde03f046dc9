"""The map page: time map, evidence, counts, table and download for one window of days."""

from collections.abc import Mapping
from dataclasses import replace

import pandas as pd
import streamlit as st

from dashboard.language import direction
from dashboard.settings import Settings
from dashboard.state import (
    LAYERS,
    Tables,
    View,
    iso_day,
    shared_conflict,
    shared_gazetteer,
    write_view,
)
from dashboard.timemap.component import Seen, evidence_panel, timemap
from dashboard.timemap.evidence import MAX_SHOWN, make_evidence
from dashboard.timemap.rows import MapRows, make_map_rows, to_columns
from dashboard.views.frame import paragraph, subheading
from geocode.layers import to_geojson

MAX_TABLE_ROWS = 1000
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
    """Show all that follows the window; only this runs again when a handle is released."""
    layer, tiles = _choices(view, words, settings)
    rows = _rows(tables.version, tables, layer)
    seen = _map(tables, rows, replace(view, layer=layer), words, tiles=tiles)
    window = rows.window(seen.first, seen.last)
    everything = (seen.first, seen.last) == rows.bounds
    first, last = (None, None) if everything else (seen.first, seen.last)
    write_view(replace(view, layer=layer, first=first, last=last))
    shown = rows.mentions.iloc[window]
    _evidence(tables, rows, shown, seen, view.lang, words)
    _counts(shown, rows, words)
    st.download_button(
        words["download"],
        data=lambda: to_geojson("mentions", shown.drop(columns=_OWN_COLUMNS), tables.made_from),
        file_name=f"mihwar-{layer}-{iso_day(seen.first)}-{iso_day(seen.last)}.geojson",
        mime="application/geo+json",
        on_click="ignore",
        key="download",
    )
    _table(shown, view.lang, words)
    _not_on_map(rows, view.lang, words)


_OWN_COLUMNS = ["event_id", "date", "speaker", "day", "site"]


def _choices(view: View, words: Words, settings: Settings) -> tuple[str, bool]:
    left, right = st.columns([3, 2], vertical_alignment="center")
    names = {"front": words["layer_front"], "all": words["layer_all"]}
    with left:
        layer = st.segmented_control(
            words["layer"],
            LAYERS,
            default=view.layer,
            format_func=names.__getitem__,
            key="layer",
            label_visibility="collapsed",
            required=True,
        )
    tiles = False
    if settings.online_tiles:
        with right:
            tiles = st.toggle(words["tiles"], key="tiles", help=words["tiles_help"])
    return str(layer or view.layer), tiles


@st.cache_resource(max_entries=8)
def _rows(version: str, _tables: Tables, layer: str) -> MapRows:
    del version  # the key under which the rows are kept
    return make_map_rows(
        _tables.mentions, _tables.events, shared_conflict(), front_only=layer == "front"
    )


def _map(tables: Tables, rows: MapRows, view: View, words: Words, *, tiles: bool) -> Seen:
    first, last = rows.bounds
    window = (
        min(max(view.first if view.first is not None else first, first), last),
        max(min(view.last if view.last is not None else last, last), first),
    )
    columns = to_columns(rows, shared_conflict(), shared_gazetteer(), lang=view.lang, words=words)
    return timemap(
        columns,
        version=f"{tables.version}-{view.layer}-{view.lang}",
        window=window if window[0] <= window[1] else (first, last),
        words=words,
        tiles=tiles,
        key=f"timemap_{view.lang}",
    )


def _evidence(
    tables: Tables,
    rows: MapRows,
    shown: pd.DataFrame,
    seen: Seen,
    lang: str,
    words: Words,
) -> None:
    """Show the sentences behind the picked mark; it stays picked while the window moves."""
    if seen.picked is not None:
        site = rows.sites.iloc[seen.picked] if 0 <= seen.picked < len(rows.sites) else None
        st.session_state["picked"] = None if site is None else tuple(site[["x", "y", "place_id"]])
    picked = st.session_state.get("picked")
    behind = shown.iloc[0:0]
    if picked is not None:
        x, y, place_id = picked
        here = (shown.geometry.x == x) & (shown.geometry.y == y) & (shown["place_id"] == place_id)
        behind = shown[here]
    if behind.empty:
        paragraph(words["evidence_hint"], faint=True)
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
    evidence_panel(evidence, words=words, direction=direction(lang), key="evidence")


def _counts(shown: pd.DataFrame, rows: MapRows, words: Words) -> None:
    counts = {
        words["mentions"]: len(shown),
        words["places"]: shown["place_id"].nunique(),
        words["articles"]: shown["article_id"].nunique(),
        words["unresolved"]: len(rows.unresolved),
    }
    with st.container(horizontal=True):
        for label, count in counts.items():
            st.metric(label, count, width="content")


def _table(shown: pd.DataFrame, lang: str, words: Words) -> None:
    subheading(words["table"])
    if shown.empty:
        paragraph(words["nothing_here"], faint=True)
        return
    if len(shown) > MAX_TABLE_ROWS:
        more = words["rows_shown"].replace("{shown}", str(MAX_TABLE_ROWS))
        paragraph(more.replace("{all}", str(len(shown))), faint=True)
    st.dataframe(_readable(shown.head(MAX_TABLE_ROWS), lang, words), hide_index=True, key="table")


def _readable(rows: pd.DataFrame, lang: str, words: Words) -> pd.DataFrame:
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


def _not_on_map(rows: MapRows, lang: str, words: Words) -> None:
    label = words["not_on_map"].replace("{unresolved}", str(len(rows.unresolved)))
    with st.expander(label.replace("{undated}", str(len(rows.undated)))):
        paragraph(words["not_on_map_help"], faint=True)
        missing = pd.concat([rows.unresolved, rows.undated])
        if len(missing):
            st.dataframe(_readable(missing.head(MAX_TABLE_ROWS), lang, words), hide_index=True)
