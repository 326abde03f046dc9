"""What is shown: the rows that pass the filters and lie in the window, for every page alike."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
import streamlit as st
from numpy.typing import NDArray

from dashboard.filters import Filters, SentenceSearch, kept_events, kept_rows
from dashboard.state import Tables, View, iso_day, shared_conflict, shared_gazetteer
from dashboard.timemap.columns import to_columns
from dashboard.timemap.ground import to_ground
from dashboard.timemap.rows import OWN_COLUMNS, MapRows, make_map_rows
from dashboard.timemap.told import DEFAULT_LAYERS, MAP_LAYERS, MapView, read_at, read_map_view
from geocode.schema import BESIDE_LAYERS, CONCLUDED_LAYERS


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """
    What a viewer looks at.

    Attributes
    ----------
    rows
        All rows on the map.
    keep
        Which of them pass the filters.
    positions
        Rows that pass and lie in the window.
    days
        First and last day of the window, days since 1970.
    filters
        The filters.
    """

    rows: MapRows
    keep: NDArray[np.bool_]
    positions: NDArray[np.intp]
    days: tuple[int, int]
    filters: Filters

    @property
    def mentions(self) -> gpd.GeoDataFrame:
        """The rows that pass and lie in the window, with the map's own columns; made when asked."""
        return self.rows.mentions.iloc[self.positions]

    def head(self, count: int) -> gpd.GeoDataFrame:
        """
        Give the first rows.

        Parameters
        ----------
        count
            How many.
        """
        return self.rows.mentions.iloc[self.positions[:count]]

    def at_place(self, place: int) -> gpd.GeoDataFrame:
        """
        Give the rows of one place.

        Parameters
        ----------
        place
            Its row in the places of the map.
        """
        here = self.rows.mentions.iloc[self.positions[self._of("place") == place]]
        if self.filters.layer != "events":
            return here
        # An event is one row on the map; behind it stand all that tell it.
        told = self.rows.told
        clusters = told["cluster_id"][told["told_at"].isin(here["mention_id"])]
        ids = told["told_at"][told["cluster_id"].isin(clusters)]
        return self.rows.mentions[self.rows.mentions["mention_id"].isin(ids)]

    @property
    def place_count(self) -> int:
        """How many places are shown."""
        return len(np.unique(self._of("place")))

    @property
    def leanings(self) -> "pd.Series[str]":
        """The leaning of each report that is shown, one row a report."""
        _, first = np.unique(self._of("article"), return_index=True)
        leanings: pd.Series[str] = self.rows.mentions["leaning"].iloc[self.positions[first]]
        return leanings

    def _of(self, column: str) -> NDArray[np.int32]:
        return np.asarray(self.rows.mentions[column].to_numpy()[self.positions])

    def _concluded(self, rows: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
        """Keep what holds in the window, and of places the filters name or the map's area holds."""
        first, last = map(iso_day, self.days)
        keep = (rows["date_start"] <= last) & (rows["date_end"] >= first)
        places = [rows[n] for n in ("place_id", "place_a_id", "place_b_id") if n in rows]
        if self.filters.place and places:
            named = [column.isin(self.filters.place) for column in places]
            keep &= pd.concat(named, axis=1).any(axis=1)
        if self.filters.area:
            keep &= rows.intersects(shapely.Polygon(self.filters.area).buffer(0))
        return rows[keep]

    def layer(self, name: str, tables: Tables) -> gpd.GeoDataFrame:
        """
        Give a layer as it is exported.

        Parameters
        ----------
        name
            ``mentions``, ``events``, ``uncertainty``, ``control``, ``front`` or ``others``.
        tables
            What is in the store.
        """
        if name in (*CONCLUDED_LAYERS, *BESIDE_LAYERS):
            return self._concluded(getattr(tables, name))
        if name == "events":
            told = self.rows.told
            here = told["told_at"].isin(self.mentions["mention_id"]).to_numpy()
            ids = told["event_id"][here & kept_events(self.filters, told)]
            return tables.events[tables.events["event_id"].isin(ids)]
        plain = self.mentions.drop(columns=list(OWN_COLUMNS))
        if name == "uncertainty":
            from geocode.uncertainty import uncertain_areas

            # The whole article beside each mention: «بين سرت والجفرة» needs the name after it.
            near = tables.mentions[tables.mentions["article_id"].isin(plain["article_id"])]
            areas = uncertain_areas(near, shared_gazetteer())
            return areas[areas["mention_id"].isin(plain["mention_id"])]
        return plain


def rows_of(tables: Tables) -> MapRows:
    """
    Give all rows on the map, made once for all viewers.

    Parameters
    ----------
    tables
        What is in the store.
    """
    return _rows(tables.version, tables)


def columns_of(tables: Tables, lang: str, words: Mapping[str, str]) -> dict[str, Any]:
    """
    Give what the browser reads of all rows, and of who holds what, made once for all viewers.

    Parameters
    ----------
    tables
        What is in the store.
    lang
        Language of names.
    words
        Words of the interface.
    """
    return _columns(tables.version, lang, tables, words)


def version_of(tables: Tables, lang: str) -> str:
    """
    Name what the browser reads; while it is the same nothing is sent again.

    Parameters
    ----------
    tables
        What is in the store.
    lang
        Language of names.
    """
    return f"{tables.version}-{lang}"


def keep_of(tables: Tables, filters: Filters) -> NDArray[np.bool_]:
    """
    Tell which rows pass the filters, found once for all viewers.

    Parameters
    ----------
    tables
        What is in the store.
    filters
        The filters.
    """
    return _keep(tables.version, repr(filters), tables, filters)


def left_out(rows: MapRows, filters: Filters) -> tuple[pd.DataFrame, pd.DataFrame]:
    """
    Give the mentions that pass the filters but are not on the map.

    Parameters
    ----------
    rows
        All rows.
    filters
        The filters; what is looked for in the text and on the map is not asked of these.

    Returns
    -------
    unresolved, undated
        Those without a place, and those without a day.
    """
    wanted = replace(filters, text="", area=())
    missing, undated = (
        table[kept_rows(wanted, table, rows.told)] for table in (rows.unresolved, rows.undated)
    )
    return missing, undated


def shown_in(tables: Tables, filters: Filters, map_view: MapView) -> Shown:
    """
    Give what a viewer looks at.

    Parameters
    ----------
    tables
        What is in the store.
    filters
        The filters; the area drawn on the map stands in ``map_view``.
    map_view
        Window and area.
    """
    rows = rows_of(tables)
    wanted = replace(filters, area=map_view.area)
    keep = keep_of(tables, wanted)
    low, high = rows.bounds
    first = low if map_view.first is None or map_view.mode == "cumulative" else map_view.first
    last = high if map_view.last is None else map_view.last
    inside = rows.in_window(first, last, map_view.by)
    positions = np.flatnonzero(keep & inside)
    return Shown(rows=rows, keep=keep, positions=positions, days=(first, last), filters=wanted)


def start_of(view: View) -> MapView:
    """
    Give the map's view that an address asks for.

    Parameters
    ----------
    view
        The address.
    """
    first, last = view.window or (None, None)
    options = view.options
    layers = options["map"].split(" ") if "map" in options else list(DEFAULT_LAYERS)
    try:
        at = read_at([float(part) for part in options.get("at", "").split(",")])
    except ValueError:
        at = None
    plain = MapView(area=view.filters.area, at=at)
    wanted = {**{n: options.get(n) for n in ("mode", "by", "color")}, "layers": layers}
    return replace(read_map_view(wanted, plain), first=first, last=last)


def view_of(view: View, filters: Filters, map_view: MapView, rows: MapRows) -> View:
    """
    Give the address of what is shown.

    Parameters
    ----------
    view
        The address before.
    filters
        The filters.
    map_view
        What the viewer sees of the map.
    rows
        All rows, for the bounds: a window over everything needs no dates.
    """
    plain = MapView()
    options: dict[str, str] = {
        name: getattr(map_view, name)
        for name in ("mode", "by", "color")
        if getattr(map_view, name) != getattr(plain, name)
    }
    if map_view.layers != plain.layers:
        options["map"] = " ".join(n for n in MAP_LAYERS if n in map_view.layers) or "none"
    if map_view.at is not None:
        options["at"] = ",".join(f"{part:g}" for part in map_view.at)
    low, high = rows.bounds
    first = low if map_view.first is None else map_view.first
    last = high if map_view.last is None else map_view.last
    window = None if (first, last) == (low, high) else (first, last)
    return replace(
        view, filters=replace(filters, area=map_view.area), window=window, options=options
    )


@st.cache_resource(max_entries=4)
def _rows(version: str, _tables: Tables) -> MapRows:
    del version  # the key under which the rows are kept
    return make_map_rows(_tables.mentions, _tables.events, shared_conflict(), shared_gazetteer())


@st.cache_resource(max_entries=4)
def _columns(version: str, lang: str, _tables: Tables, _words: Mapping[str, str]) -> dict[str, Any]:
    rows, conflict = _rows(version, _tables), shared_conflict()
    marked = rows.places["place_id"].to_list()
    return {
        **to_columns(rows, conflict, shared_gazetteer(), lang=lang, words=_words),
        "ground": to_ground(
            _tables.control,
            _tables.front,
            _tables.others,
            marked,
            conflict,
            lang=lang,
            words=_words,
        ),
    }


@st.cache_resource(max_entries=2)
def _search(version: str, _tables: Tables) -> SentenceSearch:
    rows = _rows(version, _tables)
    return SentenceSearch(rows.mentions, _tables.articles, shared_gazetteer())


@st.cache_resource(max_entries=64)
def _keep(version: str, key: str, _tables: Tables, _filters: Filters) -> NDArray[np.bool_]:
    del key  # what the filters are, in words
    rows = _rows(version, _tables)
    search = _search(version, _tables) if _filters.text else None
    return kept_rows(_filters, rows.mentions, rows.told, search)
