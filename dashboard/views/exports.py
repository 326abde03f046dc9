"""What a viewer takes along: layers as files, the window as one HTML page; made on the click."""

import tempfile
from collections.abc import Mapping
from pathlib import Path

import streamlit as st

from dashboard.state import Tables, iso_day, shared_conflict, shared_gazetteer
from dashboard.timemap.told import MapView
from dashboard.views.selection import Shown
from geocode.layers import write_layer

LAYERS = ("mentions", "events", "uncertainty", "control", "front", "others")
_PAGE = "html"
_LAPSE = "time_lapse"
_MIME = {
    "geojson": "application/geo+json",
    "gpkg": "application/geopackage+sqlite3",
    "parquet": "application/vnd.apache.parquet",
    "csv": "text/csv",
    _PAGE: "text/html",
    _LAPSE: "text/html",
}


def offer_downloads(
    shown: Shown,
    tables: Tables,
    map_view: MapView,
    words: Mapping[str, str],
    lang: str,
    layer: str = "",
) -> None:
    """
    Offer what is shown as files.

    Parameters
    ----------
    shown
        What the viewer looks at.
    tables
        What is in the store.
    map_view
        Window and way of showing, for the page and the names of files.
    words
        Words of the interface.
    lang
        Its language.
    layer
        The layer that is on the screen; empty to let the viewer choose.
    """
    with st.container(horizontal=True, vertical_alignment="bottom"):
        layer = layer or st.selectbox(
            words["export_layer"],
            LAYERS,
            format_func=lambda name: words[f"export.{name}"],
            key="export_layer",
            width=190,
        )
        file_format = st.selectbox(
            words["export_format"],
            list(_MIME),
            format_func=lambda name: words[f"format.{name}"],
            key="export_format",
            width=190,
        )
        low, high = shown.rows.bounds
        first = low if map_view.first is None else map_view.first
        last = high if map_view.last is None else map_view.last
        what = {_PAGE: "map", _LAPSE: "time-lapse"}.get(str(file_format), layer)
        ending = _PAGE if file_format == _LAPSE else file_format
        st.download_button(
            words["download"],
            data=lambda: _made(shown, tables, map_view, str(layer), str(file_format), lang),
            file_name=f"mihwar-{what}-{iso_day(first)}-{iso_day(last)}.{ending}",
            mime=_MIME[str(file_format)],
            on_click="ignore",
            key="download",
        )


def _made(
    shown: Shown, tables: Tables, map_view: MapView, layer: str, file_format: str, lang: str
) -> bytes:
    if file_format in (_PAGE, _LAPSE):
        return _page(shown, tables, map_view, lang, time_lapse=file_format == _LAPSE)
    with tempfile.TemporaryDirectory(prefix="mihwar-") as folder:
        path = Path(folder) / f"{layer}.{file_format}"
        rows = shown.layer(layer, tables).reset_index(drop=True)
        write_layer(layer, rows, path, file_format=file_format, made_from=tables.made_from)
        return path.read_bytes()


def _start(view: MapView, bounds: tuple[int, int]) -> dict[str, object]:
    window = [
        bounds[0] if view.first is None else view.first,
        bounds[1] if view.last is None else view.last,
    ]
    parts = {name: getattr(view, name) for name in ("mode", "by", "color")}
    place = {"at": list(view.at)} if view.at else {}
    return {"window": window, "layers": list(view.layers), **parts, **place}


def _page(shown: Shown, tables: Tables, map_view: MapView, lang: str, *, time_lapse: bool) -> bytes:
    from dashboard.share import share_html, time_map

    mentions = shown.layer("mentions", tables)
    page = time_map(
        mentions.reset_index(drop=True),
        shown.layer("events", tables),
        tables.articles,
        conflict=shared_conflict(),
        gazetteer=shared_gazetteer(),
        lang=lang,
        view=_start(map_view, shown.rows.bounds),
        control=tables.control,
        front=tables.front,
        others=tables.others,
        time_lapse=time_lapse,
    )
    return share_html(page).encode("utf-8")
