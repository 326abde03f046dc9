"""Who holds what, and the front, as the browser reads it: stretches of days."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from dashboard.labels import plain_label
from dashboard.timemap.columns import NEUTRAL_COLOR, pack_numbers
from geocode.conflict import Conflict
from geocode.control import CONTESTED, UNKNOWN
from geocode.weight import two_sides

_EPOCH = pd.Timestamp("1970-01-01")
_DECIMALS = 4
_PERCENT = 100
# Ten metres: what positions of others are told to.
_FINE = 10_000


def to_ground(
    control: gpd.GeoDataFrame,
    front: gpd.GeoDataFrame,
    others: gpd.GeoDataFrame,
    marked: Sequence[str],
    conflict: Conflict,
    *,
    lang: str,
    words: Mapping[str, str],
) -> dict[str, Any]:
    """
    Bring control and front into what the browser reads.

    Parameters
    ----------
    control, front, others
        The layers.
    marked
        Ids of the places of the map's marks, in their order.
    conflict
        The conflict pack: names and colours of the two sides.
    lang
        Language of names.
    words
        Words of the interface.

    Returns
    -------
    ground
        ``sides``; ``places`` with the row of their mark, -1 for none; for each stretch of days in
        columns ``place``, ``from``, ``to`` (days since 1970), ``state`` (0 and 1 a side, 2
        contested, 3 unknown), ``share`` (percent), ``stale``, ``inferred``, ``age`` (days from the
        last claim to the end of the stretch); ``lines`` and ``advances`` of the front; ``others``,
        the placed events of other tables: ``x``, ``y`` (ten-thousandths of a degree from the
        south-west corner of the world), ``from``, ``to``, and ``text``.
    """
    sides = two_sides(conflict)
    states = {**{side: at for at, side in enumerate(sides)}, CONTESTED: 2, UNKNOWN: 3}
    suffix = "_ar" if lang == "ar" else ""
    row_of = {place_id: at for at, place_id in enumerate(marked)}
    codes, ids = pd.factorize(control["place_id"])
    first = control.drop_duplicates("place_id")
    rows = first[["place_id", f"place_name{suffix}", "lon", "lat"]].itertuples(index=False)
    end, last = _days(control["date_end"]), _days(control["last_evidence"])
    at_row = {place_id: at for at, place_id in enumerate(ids)}
    places: list[dict[str, Any]] = [{} for _ in at_row]
    for place_id, name, lon, lat in rows:
        places[at_row[place_id]] = {
            "x": float(lon),
            "y": float(lat),
            "name": plain_label(str(name)),
            "mark": row_of.get(place_id, -1),
        }
    return {
        "sides": [_side(side, conflict, lang) for side in sides],
        "places": places,
        "place": pack_numbers(codes),
        "from": pack_numbers(_days(control["date_start"])),
        "to": pack_numbers(end),
        "state": pack_numbers(control["side"].map(states)),
        "share": pack_numbers((control["probability"] * _PERCENT).round()),
        "stale": pack_numbers(control["stale"].astype(int)),
        "inferred": pack_numbers((control["basis"] == "neighbours").astype(int)),
        "age": pack_numbers(np.where(last > 0, np.clip(end - last, 0, 9999), 9999)),
        "lines": _lines(front[front["form"] == "line"], sides, row_of, suffix),
        "advances": _lines(front[front["form"] == "advance"], sides, row_of, suffix),
        "others": _others(others, words),
    }


def _others(others: gpd.GeoDataFrame, words: Mapping[str, str]) -> dict[str, Any]:
    placed = others[others["lat"].notna()]
    records: Any = placed.drop(columns="geometry").to_dict("records")
    return {
        "x": pack_numbers(((placed["lon"] + 180) * _FINE).round()),
        "y": pack_numbers(((placed["lat"] + 90) * _FINE).round()),
        "from": pack_numbers(_days(placed["date_start"])),
        "to": pack_numbers(_days(placed["date_end"])),
        "text": [_other_text(record, words) for record in records],
    }


def _other_text(row: Mapping[str, Any], words: Mapping[str, str]) -> list[str]:
    """Give head and lines of a tip: whose it is, what, where, when, and its source."""
    head = f"{words['dataset.' + row['dataset']]} · {words['type.' + row['type']]}"
    days = row["date_start"] if row["date_start"] == row["date_end"] else ""
    days = days or f"{row['date_start']} – {row['date_end']}"
    parts = (row["type_printed"], row["place_name"], f"\u2066{days}\u2069", row["source"])
    return [head, *(_line(part) for part in parts if isinstance(part, str))]


def _line(text: str) -> str:
    """Keep our own isolates around days, and nothing of the kind from others."""
    return text if text.startswith("\u2066") else plain_label(text)


def _side(side_id: str, conflict: Conflict, lang: str) -> dict[str, str]:
    side = conflict.sides[side_id]
    return {"id": side_id, "name": side.name(lang), "color": side.color or NEUTRAL_COLOR}


def _days(dates: "pd.Series[str]") -> "np.ndarray[Any, np.dtype[np.int64]]":
    days = (pd.to_datetime(dates, errors="coerce") - _EPOCH).dt.days
    return np.asarray(days.fillna(0).astype("int64"))


def _lines(
    front: gpd.GeoDataFrame, sides: tuple[str, str], row_of: Mapping[str, int], suffix: str
) -> list[dict[str, Any]]:
    records: Any = front.drop(columns="geometry").to_dict("records")
    paths = [shapely.get_coordinates(line).round(_DECIMALS).tolist() for line in front.geometry]
    first, last = _days(front["date_start"]).tolist(), _days(front["date_end"]).tolist()
    return [
        {
            "id": row["front_id"],
            "path": path,
            "from": begin,
            "to": end,
            "sides": [sides.index(row["side_a"]), sides.index(row["side_b"])],
            "names": [plain_label(str(row[f"place_{end}_name{suffix}"])) for end in "ab"],
            "marks": [row_of.get(row["place_a_id"], -1), row_of.get(row["place_b_id"], -1)],
            "share": round(row["probability"] * _PERCENT),
            "km": row["length_km"],
            "via": len(json.loads(row["via"])),
        }
        for row, path, begin, end in zip(records, paths, first, last, strict=True)
    ]
