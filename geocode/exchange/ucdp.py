"""UCDP GED's table: our events in its 49 columns, and its rows as ours."""

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd

from gazetteer import Gazetteer
from geocode.conflict import Conflict
from geocode.exchange.cells import Cells, other_row
from geocode.exchange.gathered import GatheredEvent, gather_events, source_chains, text_of
from geocode.exchange.places import admin_of, country_of

# The columns of GED 24.1, in their order (UCDP GED codebook).
UCDP_COLUMNS = (
    "id", "relid", "year", "active_year", "code_status", "type_of_violence", "conflict_dset_id",
    "conflict_new_id", "conflict_name", "dyad_dset_id", "dyad_new_id", "dyad_name",
    "side_a_dset_id", "side_a_new_id", "side_a", "side_b_dset_id", "side_b_new_id", "side_b",
    "number_of_sources", "source_article", "source_office", "source_date", "source_headline",
    "source_original", "where_prec", "where_coordinates", "where_description", "adm_1", "adm_2",
    "latitude", "longitude", "geom_wkt", "priogrid_gid", "country", "country_id", "region",
    "event_clarity", "date_prec", "date_start", "date_end", "deaths_a", "deaths_b",
    "deaths_civilians", "deaths_unknown", "best", "high", "low", "gwnoa", "gwnob",
)  # fmt: skip
_STATE_BASED, _ONE_SIDED = 1, 3
# 1 the place, 2 near it, 5 a region or a vague place.
_WHERE = {1: 1, 2: 2, 3: 5}
# 1 the day, 2 two to six days, 3 a week, 4 a month, 5 up to a year; days of each.
_DATE = {1: 1, 6: 2, 7: 3, 31: 4, 366: 5}
_DATE_BACK = {"1": "day", "2": "range", "3": "week", "4": "month", "5": "range"}
_WHERE_BACK = {"1": 1, "2": 2}
_REGION = 3
# Cells of PRIO-GRID are half a degree; 720 stand in a row (Tollefsen et al. 2012).
_CELLS_A_DEGREE, _CELLS_A_ROW = 2, 720


def to_ucdp(events: pd.DataFrame, conflict: Conflict, gazetteer: Gazetteer) -> pd.DataFrame:
    """
    Bring our events into UCDP GED's columns; what is not known stays empty.

    Parameters
    ----------
    events
        Rows of the events layer, with ``cluster_id``.
    conflict
        The conflict pack: names of sides, codes of the country.
    gazetteer
        For districts and countries.

    Returns
    -------
    table
        `UCDP_COLUMNS`, one row an event, with or without deaths (GED has only those with);
        ``docs/exchange.md`` says what is lost.
    """
    rows = [_row(event, conflict, gazetteer) for event in gather_events(events)]
    return pd.DataFrame(rows, columns=list(UCDP_COLUMNS), dtype=object)


def _row(event: GatheredEvent, conflict: Conflict, gazetteer: Gazetteer) -> dict[str, object]:
    best = event.best
    place_id = text_of(best["place_id"])
    home = country_of(place_id, gazetteer) == conflict.country
    sides = _sides(event, conflict)
    placed = not pd.isna(best["lat"])
    return {
        "relid": event.event_id,
        "year": event.first_day[:4],
        "type_of_violence": _violence(event, conflict),
        "dyad_name": " - ".join(sides) if all(sides) else "",
        "side_a": sides[0],
        "side_b": sides[1],
        "number_of_sources": event.sources,
        "source_article": _articles(event),
        "source_office": event.joined("outlet", ";"),
        "source_date": event.joined("published", ";"),
        "source_original": source_chains(event),
        "where_prec": _WHERE.get(best["geo_precision"], "") if placed else "",
        "where_coordinates": text_of(best["place_name"]),
        "where_description": event.joined("sentence", " / "),
        "adm_1": admin_of(place_id, gazetteer),
        "latitude": best["lat"] if placed else "",
        "longitude": best["lon"] if placed else "",
        "geom_wkt": f"POINT ({best['lon']:g} {best['lat']:g})" if placed else "",
        "priogrid_gid": priogrid_gid(best["lat"], best["lon"]) if placed else "",
        "country": conflict.codes.get("country_name", "") if home else "",
        "country_id": conflict.codes.get("gwno", "") if home else "",
        "region": conflict.codes.get("ucdp_region", "") if home else "",
        "event_clarity": 1 if all(sides) and best["date_precision"] == "day" else 2,
        "date_prec": event.span_code(_DATE),
        "date_start": event.first_day,
        "date_end": event.last_day,
        **_deaths(event),
    }


def _deaths(event: GatheredEvent) -> dict[str, object]:
    """Give deaths as told; whose they are is not read, and between two numbers none is best."""
    if event.killed is None:
        return {}
    low, high = event.killed
    best = low if low == high else ""
    return {"deaths_unknown": best, "best": best, "low": low, "high": high}


def _sides(event: GatheredEvent, conflict: Conflict) -> tuple[str, str]:
    """Give the recognised state first, as GED does, where it is one of the two."""
    ids = [event.side("actor_side"), event.side("target_side")]
    known = [conflict.sides.get(side_id) for side_id in ids]
    if known[1] is not None and known[1].state:
        known.reverse()
    one, other = ((side.name_en if side else "") for side in known)
    return one, other


def _violence(event: GatheredEvent, conflict: Conflict) -> int | str:
    """Say what kind of violence it is, where the two sides tell it; else leave it empty."""
    sides = [conflict.sides.get(event.side(n)) for n in ("actor_side", "target_side")]
    if None in sides:
        return ""
    if sides[1] is not None and sides[1].bystander:
        return _ONE_SIDED
    return _STATE_BASED if any(side is not None and side.state for side in sides) else ""


def _articles(event: GatheredEvent) -> str:
    parts = [
        ",".join(filter(None, (text_of(c["outlet"]), text_of(c["published"]), text_of(c["url"]))))
        for c in event.claims
    ]
    return ";".join(dict.fromkeys(f'"{part}"' for part in parts if part))


def priogrid_gid(lat: float, lon: float) -> int:
    """
    Give the cell of PRIO-GRID a point lies in.

    Parameters
    ----------
    lat, lon
        Degrees on EPSG:4326.

    Returns
    -------
    gid
        Cells count from the south-west corner, eastward, then northward (Tollefsen et al. 2012).

    Examples
    --------
    Kabul lies in cell 179779 of GED.

    >>> priogrid_gid(-90, -180), priogrid_gid(34.531, 69.163)
    (1, 179779)
    """
    column = math.floor((lon + 180) * _CELLS_A_DEGREE) + 1
    row = math.floor((lat + 90) * _CELLS_A_DEGREE)
    return row * _CELLS_A_ROW + min(column, _CELLS_A_ROW)


def from_ucdp(row: Mapping[str, str]) -> dict[str, Any]:
    """
    Read a row of UCDP GED's table.

    Parameters
    ----------
    row
        Its cells by column.

    Returns
    -------
    row
        Of the layer of others; GED tells no kind of act, so the type is ``clash`` between armed
        sides and ``other`` for violence against civilians.

    Raises
    ------
    InputError
        If day or position are none.
    """
    cells = Cells(row)
    one_sided = cells.text("type_of_violence") == str(_ONE_SIDED)
    kinds = {"1": "state-based", "2": "non-state", "3": "one-sided"}
    return other_row(
        "ucdp",
        number=cells.text("id") or cells.needed("relid"),
        type="other" if one_sided else "clash",
        type_printed=kinds.get(cells.text("type_of_violence"), ""),
        place_name=cells.text("where_coordinates"),
        point=cells.point("latitude", "longitude", "country"),
        days=(cells.day("date_start"), cells.day("date_end")),
        date_precision=_DATE_BACK.get(cells.text("date_prec"), "unknown"),
        geo_precision=_WHERE_BACK.get(cells.text("where_prec"), _REGION),
        actor=cells.text("side_a"),
        target=cells.text("side_b"),
        source=cells.text("source_office") or cells.text("source_article"),
        note=cells.text("where_description"),
        killed=cells.whole("best"),
    )
