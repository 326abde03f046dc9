"""The rows the map draws: mentions with a day, a site and a speaker, sorted by day."""

import json
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gazetteer import Gazetteer
from geocode.conflict import Conflict
from geocode.versions import contested_clusters

NEUTRAL, OTHER = "", "other"
# An outlet the pack says nothing of.
UNKNOWN_LEANING = "unknown"
BY_EVENT, BY_REPORT = "event", "report"
_EPOCH = pd.Timestamp("1970-01-01")
# What the map knows of a mention beside the columns of its layer.
OWN_COLUMNS = (
    "event_id",
    "type",
    "date",
    "speaker",
    "leaning",
    "district",
    "day",
    "reported",
    "site",
    "place",
    "article",
)


@dataclass(frozen=True, kw_only=True)
class MapRows:
    """
    What the map draws.

    Attributes
    ----------
    mentions
        Mentions on the map, sorted by ``day``: the columns of the layer, then ``day`` (days since
        1970), ``reported`` (the same for its report), ``site`` and ``place`` (rows of `sites` and
        `places`), ``article`` (a number for each), ``speaker`` (a side id, ``other`` or empty),
        ``leaning`` (side of its outlet, empty for neutral, ``unknown``), ``district``,
        ``event_id`` and ``type`` (of its first event, or null).
    told
        One row an event and a mention at which it is told; ``contested`` where its claims exclude
        each other.
    sites
        One row a site: ``x``, ``y``, ``km`` (90 % radius), ``place_id`` and the place's names.
    places
        One row a place, with the ``x`` and ``y`` of its own point.
    unresolved, undated
        Mentions that are not on the map, and why.
    """

    mentions: gpd.GeoDataFrame
    told: pd.DataFrame
    sites: pd.DataFrame
    places: pd.DataFrame
    unresolved: pd.DataFrame
    undated: pd.DataFrame

    def in_window(self, first: int, last: int, by: str = BY_EVENT) -> NDArray[np.bool_]:
        """
        Tell which rows are in a window of days: the same rows the browser counts.

        Parameters
        ----------
        first, last
            Days since 1970, both included.
        by
            ``event`` for the day it happened, ``report`` for the day it was reported.

        Returns
        -------
        shown
            One truth value a row.
        """
        days = self.mentions["day" if by == BY_EVENT else "reported"].to_numpy()
        return np.asarray((days >= first) & (days <= last))

    def kept(self, keep: NDArray[np.bool_]) -> "MapRows":
        """
        Keep some rows, with the sites and places they need.

        Parameters
        ----------
        keep
            One truth value a row.
        """
        shown = self.mentions[keep].reset_index(drop=True)
        shown, sites, places = _with_sites(shown)
        return replace(self, mentions=shown, sites=sites, places=places)

    def between(self, first: int | None, last: int | None) -> "MapRows":
        """
        Keep a window of days only.

        Parameters
        ----------
        first, last
            Days since 1970, both included; None for no bound.
        """
        low, high = self.bounds
        return self.kept(
            self.in_window(low if first is None else first, high if last is None else last)
        )

    @cached_property
    def bounds(self) -> tuple[int, int]:
        """First and last day on the map, of events and reports; 0, 0 for an empty one."""
        days = self.mentions[["day", "reported"]].to_numpy()
        return (int(days.min()), int(days.max())) if len(days) else (0, 0)


def make_map_rows(
    mentions: gpd.GeoDataFrame,
    events: gpd.GeoDataFrame,
    conflict: Conflict,
    gazetteer: Gazetteer,
    *,
    front_only: bool = False,
) -> MapRows:
    """
    Make the rows the map draws.

    Parameters
    ----------
    mentions, events
        The layers.
    conflict
        The conflict pack: which outlets speak for a side.
    gazetteer
        For the districts of places.
    front_only
        Mentions of the front line only.

    Returns
    -------
    rows
        A mention counts on the first day of its event, else on the day its article was published.
    """
    table = mentions.copy()
    told = events_told(events)
    told["contested"] = told["cluster_id"].isin(contested_clusters(events, conflict))
    first = told.drop_duplicates("told_at").set_index("told_at")
    table["event_id"] = table["mention_id"].map(first["event_id"])
    table["type"] = table["mention_id"].map(first["type"]).astype("str")
    date = table["mention_id"].map(first["date_start"])
    table["date"] = date.where(date.notna(), table["published"])
    table["speaker"] = _speakers(table, first, conflict)
    table["leaning"] = _leanings(table, conflict)
    districts = {p.place_id: p.admin for p in gazetteer if p.admin}
    table["district"] = table["place_id"].map(districts).astype("str")
    if front_only:
        table = table[table["front_line"].fillna(value=False).astype(bool)]
    placed, dated = table["place_id"].notna(), table["date"].notna()
    shown = table[placed & dated].copy()
    shown["day"] = _day_numbers(shown["date"])
    published = shown["published"]
    shown["reported"] = _day_numbers(published.where(published.notna(), shown["date"]))
    shown = shown.sort_values(["day", "article_id", "start"], kind="stable").reset_index(drop=True)
    shown["article"] = pd.factorize(shown["article_id"])[0].astype("int32")
    shown, sites, places = _with_sites(shown)
    return MapRows(
        mentions=shown,
        told=told,
        sites=sites,
        places=places,
        unresolved=table[~placed],
        undated=table[placed & ~dated],
    )


def events_told(events: pd.DataFrame) -> pd.DataFrame:
    """
    Give events by the mentions at which they are told, those told again included.

    Parameters
    ----------
    events
        The event layer.

    Returns
    -------
    told
        Rows of events with ``told_at``, a mention id; an event told twice stands there twice.
    """
    return events.assign(told_at=events["mention_ids"].map(json.loads)).explode("told_at")


def _day_numbers(dates: "pd.Series[Any]") -> "pd.Series[int]":
    return (pd.to_datetime(dates) - _EPOCH).dt.days.astype("int32")


def _speakers(table: pd.DataFrame, told: pd.DataFrame, conflict: Conflict) -> "pd.Series[str]":
    """Say who speaks in each mention: a side, its outlet, another side, or nobody's."""
    said = table["mention_id"].map(told["claimed_by_side"]).astype("str")
    outlets = {o: conflict.outlet_side(o) or NEUTRAL for o in table["outlet"].dropna().unique()}
    printed = table["outlet"].map(outlets).astype("str")
    side = said.where(said.notna(), printed).fillna(NEUTRAL)
    colored = {s.side_id for s in conflict.sides.values() if s.color}
    neutral = {s.side_id for s in conflict.sides.values() if not s.party}
    return side.map(lambda s: s if s in colored else NEUTRAL if s in neutral | {NEUTRAL} else OTHER)


def _leanings(table: pd.DataFrame, conflict: Conflict) -> "pd.Series[str]":
    sides = {o: conflict.outlet_side(o) for o in table["outlet"].dropna().unique()}
    known = {o: UNKNOWN_LEANING if side is None else side for o, side in sides.items()}
    return table["outlet"].map(known).astype("str").fillna(UNKNOWN_LEANING)


def _with_sites(
    shown: gpd.GeoDataFrame,
) -> tuple[gpd.GeoDataFrame, pd.DataFrame, pd.DataFrame]:
    """Give sites and places numbers; mentions with one geometry and radius share a site."""
    points = pd.DataFrame(
        {
            "x": shown.geometry.x,
            "y": shown.geometry.y,
            "km": shown["precision_km"].astype(float),
            **{n: shown[n] for n in ("place_id", "place_name", "place_name_ar", "lat", "lon")},
            "mention_id": shown["mention_id"],
        }
    )
    shown["site"] = points.groupby(["x", "y", "km", "place_id"], sort=True).ngroup().astype("int32")
    shown["place"] = points.groupby("place_id", sort=True).ngroup().astype("int32")
    points["site"], points["place"] = shown["site"], shown["place"]
    sites = points.drop_duplicates("site").sort_values("site").drop(columns=["site"])
    places = points.drop_duplicates("place").sort_values("place")
    places = places[["place_id", "place_name", "place_name_ar"]].assign(
        x=places["lon"].astype(float), y=places["lat"].astype(float)
    )
    return shown, sites.reset_index(drop=True), places.reset_index(drop=True)
