"""The rows the map draws: mentions with a day, a site and a speaker, sorted by day."""

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from gazetteer import Gazetteer
from geocode.conflict import Conflict

NEUTRAL, OTHER = "", "other"
NEUTRAL_COLOR, OTHER_COLOR = "#67707c", "#7b4fa3"
_EPOCH = pd.Timestamp("1970-01-01")
# Towns whose names are written on the map where no mark stands.
_TOWN_FAME = 4
_TOWN_KINDS = frozenset({"city", "town"})


@dataclass(frozen=True, slots=True, kw_only=True)
class MapRows:
    """
    What the map draws.

    Attributes
    ----------
    mentions
        Mentions on the map, sorted by ``day``: the columns of the layer, then ``day`` (days since
        1970), ``site`` (row of `sites`), ``speaker`` (a side id, ``other`` or empty) and
        ``event_id`` (its first event, or null).
    sites
        One row a site: ``x``, ``y``, ``km`` (90 % radius), ``place_id`` and the place's names.
    unresolved, undated
        Mentions that are not on the map, and why.
    """

    mentions: gpd.GeoDataFrame
    sites: pd.DataFrame
    unresolved: pd.DataFrame
    undated: pd.DataFrame

    def window(self, first: int, last: int) -> slice:
        """
        Give the rows of a window of days.

        Parameters
        ----------
        first, last
            Days since 1970, both included.

        Returns
        -------
        rows
            The same rows the browser counts.
        """
        days = self.mentions["day"].to_numpy()
        return slice(
            int(np.searchsorted(days, first)), int(np.searchsorted(days, last, side="right"))
        )

    def between(self, first: int | None, last: int | None) -> "MapRows":
        """
        Keep a window of days only.

        Parameters
        ----------
        first, last
            Days since 1970, both included; None for no bound.
        """
        low, high = self.bounds
        part = self.window(low if first is None else first, high if last is None else last)
        shown, sites = _with_sites(self.mentions.iloc[part].reset_index(drop=True))
        return replace(self, mentions=shown, sites=sites)

    @property
    def bounds(self) -> tuple[int, int]:
        """First and last day on the map; 0, 0 for an empty one."""
        days = self.mentions["day"]
        return (int(days.iloc[0]), int(days.iloc[-1])) if len(days) else (0, 0)


def make_map_rows(
    mentions: gpd.GeoDataFrame,
    events: gpd.GeoDataFrame,
    conflict: Conflict,
    *,
    front_only: bool,
) -> MapRows:
    """
    Make the rows the map draws.

    Parameters
    ----------
    mentions, events
        The layers.
    conflict
        The conflict pack: which outlets speak for a side.
    front_only
        Mentions of the front line only.

    Returns
    -------
    rows
        A mention counts on the first day of its event, else on the day its article was published.
    """
    table = mentions.copy()
    told = first_events(events)
    table["event_id"] = table["mention_id"].map(told["event_id"])
    date = table["mention_id"].map(told["date_start"])
    table["date"] = date.where(date.notna(), table["published"])
    table["speaker"] = _speakers(table, told, conflict)
    if front_only:
        table = table[table["front_line"].fillna(value=False).astype(bool)]
    placed, dated = table["place_id"].notna(), table["date"].notna()
    shown = table[placed & dated].copy()
    shown["day"] = (pd.to_datetime(shown["date"]) - _EPOCH).dt.days.astype("int32")
    shown = shown.sort_values(["day", "article_id", "start"], kind="stable").reset_index(drop=True)
    shown, sites = _with_sites(shown)
    return MapRows(
        mentions=shown, sites=sites, unresolved=table[~placed], undated=table[placed & ~dated]
    )


def first_events(events: pd.DataFrame) -> pd.DataFrame:
    """
    Give the first event of each mention, those in which an act is only told again included.

    Parameters
    ----------
    events
        The event layer.

    Returns
    -------
    told
        Rows of events, indexed by mention id.
    """
    told = events.assign(told_at=events["mention_ids"].map(json.loads)).explode("told_at")
    return told.drop_duplicates("told_at").set_index("told_at")


def to_columns(
    rows: MapRows, conflict: Conflict, gazetteer: Gazetteer, *, lang: str, words: Mapping[str, str]
) -> dict[str, Any]:
    """
    Bring the rows into what the browser reads.

    Parameters
    ----------
    rows
        The rows.
    conflict
        The conflict pack.
    gazetteer
        For the names of towns.
    lang
        Language of names.
    words
        Words of the interface.

    Returns
    -------
    columns
        JSON with typed arrays in base64: the same rows always give the same bytes.
    """
    sides = _sides(conflict, lang, words)
    ids = [side["id"] for side in sides]
    first, last = rows.bounds
    label = "place_name_ar" if lang == "ar" else "place_name"
    return {
        "sites": [
            {"x": float(x), "y": float(y), "km": float(km), "name": str(name)}
            for x, y, km, name in rows.sites[["x", "y", "km", label]].itertuples(index=False)
        ],
        "site": _base64(rows.mentions["site"]),
        "side": _base64(rows.mentions["speaker"].map({s: i for i, s in enumerate(ids)})),
        "day": _base64(rows.mentions["day"]),
        "first_day": first,
        "last_day": last,
        "sides": sides,
        "towns": _towns(gazetteer, conflict, lang),
    }


def _speakers(table: pd.DataFrame, told: pd.DataFrame, conflict: Conflict) -> "pd.Series[str]":
    """Say who speaks in each mention: a side, its outlet, another side, or nobody's."""
    said = table["mention_id"].map(told["claimed_by_side"])
    outlets = {o: conflict.outlet_side(o) or NEUTRAL for o in table["outlet"].dropna().unique()}
    printed = table["outlet"].map(outlets)
    side = said.where(said.notna(), printed).fillna(NEUTRAL)
    colored = {s.side_id for s in conflict.sides.values() if s.color}
    neutral = {s.side_id for s in conflict.sides.values() if not s.party}
    return side.map(lambda s: s if s in colored else NEUTRAL if s in neutral | {NEUTRAL} else OTHER)


def _with_sites(shown: gpd.GeoDataFrame) -> tuple[gpd.GeoDataFrame, pd.DataFrame]:
    """Give sites numbers; mentions with one geometry and radius share a mark."""
    points = pd.DataFrame(
        {
            "x": shown.geometry.x,
            "y": shown.geometry.y,
            "km": shown["precision_km"].astype(float),
            **{name: shown[name] for name in ("place_id", "place_name", "place_name_ar")},
        }
    )
    groups = points.groupby(["x", "y", "km", "place_id"], sort=True)
    shown["site"] = groups.ngroup().astype("int32")
    sites = points.assign(site=shown["site"]).drop_duplicates("site").sort_values("site")
    return shown, sites.drop(columns="site").reset_index(drop=True)


def _sides(conflict: Conflict, lang: str, words: Mapping[str, str]) -> list[dict[str, str]]:
    colored = [
        {
            "id": s.side_id,
            "name": words["and_outlets"].replace("{side}", s.name(lang)),
            "color": s.color,
        }
        for s in conflict.sides.values()
        if s.color
    ]
    others = {"id": OTHER, "name": words["other_sides"], "color": OTHER_COLOR}
    return [*colored, others, {"id": NEUTRAL, "name": words["neutral"], "color": NEUTRAL_COLOR}]


def _towns(gazetteer: Gazetteer, conflict: Conflict, lang: str) -> list[dict[str, Any]]:
    towns = [
        p
        for p in gazetteer
        if p.country == conflict.country and p.kind in _TOWN_KINDS and p.fame >= _TOWN_FAME
    ]
    towns.sort(key=lambda p: (-p.fame, -p.precision_km, p.place_id))
    return [{"x": p.lon, "y": p.lat, "name": p.name(lang)} for p in towns]


def _base64(values: "pd.Series[Any] | Sequence[int]") -> str:
    return base64.b64encode(np.asarray(values, dtype="<i4").tobytes()).decode("ascii")
