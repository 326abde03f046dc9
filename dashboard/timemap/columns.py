"""The columns the browser reads: what the map draws, packed into typed arrays."""

import base64
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from dashboard.labels import plain_label
from dashboard.timemap.rows import NEUTRAL, OTHER, MapRows
from gazetteer import Gazetteer
from gazetteer.shapes import load_roads, load_shapes
from geocode.conflict import Conflict
from geocode.triggers import EVENT_TYPES
from geocode.uncertainty import uncertain_areas

NEUTRAL_COLOR, OTHER_COLOR = "#67707c", "#7b4fa3"
# Tol's "muted" and "bright" schemes, told apart by the colour-blind; each type also has a sign of
# its own in the browser.
TYPE_COLORS = {
    "airstrike": "#cc3311",
    "shelling": "#ee7733",
    "clash": "#882255",
    "capture": "#117733",
    "withdrawal": "#0077bb",
    "advance": "#44aa99",
    "repelled_attack": "#332288",
    "aircraft_downed": "#aa4499",
    "strike_on_equipment": "#997700",
    "arms_delivery": "#5b7f00",
    "ultimatum": "#6699cc",
    "deployment": "#336666",
    "other": "#8a8a8a",
}
NO_EVENT_COLOR = "#9aa3ad"
# Towns whose names are written on the map where no mark stands.
_TOWN_FAME = 4
_TOWN_KINDS = frozenset({"city", "town"})
# Outlines are drawn for the eye: 0.002 degrees are 200 m.
_TOLERANCE_DEG = 0.002
_DECIMALS = 4


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
        For the names of towns, the roads and the outlines of regions.
    lang
        Language of names.
    words
        Words of the interface.

    Returns
    -------
    columns
        JSON with typed arrays in base64, each with its type: the same rows always give the same
        bytes.
    """
    sides, types = _sides(conflict, lang, words), _types(words)
    first, last = rows.bounds
    label = "place_name_ar" if lang == "ar" else "place_name"
    table = rows.mentions
    return {
        "sites": [
            {"x": float(x), "y": float(y), "km": float(km), "place": int(place)}
            for x, y, km, place in rows.sites[["x", "y", "km", "place"]].itertuples(index=False)
        ],
        "places": [
            {"x": float(x), "y": float(y), "name": plain_label(str(name))}
            for x, y, name in rows.places[["x", "y", label]].itertuples(index=False)
        ],
        "site": pack_numbers(table["site"]),
        "side": pack_numbers(_codes(table["speaker"], sides)),
        "type": pack_numbers(_codes(table["type"].fillna(""), types)),
        "day": pack_numbers(table["day"] - first),
        "reported": pack_numbers(table["reported"] - first),
        "first_day": first,
        "last_day": last,
        "sides": sides,
        "types": types,
        "areas": _areas(rows, gazetteer),
        "towns": _towns(gazetteer, conflict, lang),
        "roads": _roads(gazetteer),
        "regions": _regions(gazetteer, lang),
    }


def pack_mask(keep: NDArray[np.bool_]) -> str:
    """
    Pack a truth value a row for the browser.

    Parameters
    ----------
    keep
        Which rows pass the filters.

    Returns
    -------
    mask
        A bit a row, lowest bit first, in base64.
    """
    return base64.b64encode(np.packbits(keep, bitorder="little").tobytes()).decode("ascii")


def _codes(values: "pd.Series[str]", known: Sequence[Mapping[str, str]]) -> "pd.Series[int]":
    return values.map({entry["id"]: code for code, entry in enumerate(known)})


def pack_numbers(values: Any) -> dict[str, str]:  # noqa: ANN401 (whatever numpy makes an array of)
    """
    Pack whole numbers from 0 into the smallest type that holds them, for the browser.

    Parameters
    ----------
    values
        The numbers.
    """
    numbers = np.asarray(values, dtype=np.int64)
    most = int(numbers.max()) if len(numbers) else 0
    kind = "u1" if most < 1 << 8 else "u2" if most < 1 << 16 else "u4"
    packed = base64.b64encode(numbers.astype(f"<{kind}").tobytes()).decode("ascii")
    return {"kind": kind, "data": packed}


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


def _types(words: Mapping[str, str]) -> list[dict[str, str]]:
    known = [
        {"id": kind, "name": words[f"type.{kind}"], "color": TYPE_COLORS[kind]}
        for kind in EVENT_TYPES
    ]
    return [*known, {"id": "", "name": words["no_event"], "color": NO_EVENT_COLOR}]


def _areas(rows: MapRows, gazetteer: Gazetteer) -> dict[str, list[list[list[float]]]]:
    """Give the outlines of sites that are no circle, by the row of the site."""
    ids = rows.sites["mention_id"]
    ordered = rows.mentions.sort_values(["article_id", "start"])
    wanted = ordered["mention_id"].isin(ids)
    # «بين سرت والجفرة» needs the name after it.
    drawn = uncertain_areas(ordered[wanted | wanted.shift(fill_value=False)], gazetteer)
    outlines = drawn.drop_duplicates("mention_id").set_index("mention_id").geometry
    found = ids.map(outlines).to_numpy()
    return {str(i): _rings(g) for i, g in enumerate(found) if isinstance(g, shapely.Geometry)}


def _rings(geometry: shapely.Geometry) -> list[list[list[float]]]:
    simple = shapely.simplify(geometry, _TOLERANCE_DEG)
    lines = [
        ring
        for part in shapely.get_parts(simple)
        for ring in ([part.exterior, *part.interiors] if part.geom_type == "Polygon" else [part])
    ]
    return [np.round(shapely.get_coordinates(line), _DECIMALS).tolist() for line in lines]


def _towns(gazetteer: Gazetteer, conflict: Conflict, lang: str) -> list[dict[str, Any]]:
    towns = [
        p
        for p in gazetteer
        if p.country == conflict.country and p.kind in _TOWN_KINDS and p.fame >= _TOWN_FAME
    ]
    towns.sort(key=lambda p: (-p.fame, -p.precision_km, p.place_id))
    return [{"x": p.lon, "y": p.lat, "name": plain_label(p.name(lang))} for p in towns]


def _roads(gazetteer: Gazetteer) -> list[list[list[float]]]:
    known = [
        (gazetteer.by_id(r.from_id), gazetteer.by_id(r.to_id))
        for r in load_roads(gazetteer).roads
        if r.from_id in gazetteer and r.to_id in gazetteer
    ]
    return [[[a.lon, a.lat], [b.lon, b.lat]] for a, b in known]


def _regions(gazetteer: Gazetteer, lang: str) -> list[dict[str, Any]]:
    regions = []
    for place_id, outline in load_shapes(gazetteer).items():
        geometry = shapely.geometry.shape(dict(outline))
        closed = geometry.geom_type.endswith("Polygon")
        name = plain_label(gazetteer.by_id(place_id).name(lang))
        regions.append({"name": name, "rings": _rings(geometry), "closed": closed})
    return regions
