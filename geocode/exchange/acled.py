"""ACLED's table: our events in its 31 columns, and its rows as ours."""

import re
from collections.abc import Mapping
from typing import Any

import pandas as pd

from gazetteer import Gazetteer
from geocode.conflict import Conflict
from geocode.exchange.cells import Cells, other_row
from geocode.exchange.codes import load_codes
from geocode.exchange.gathered import GatheredEvent, gather_events, source_chains, text_of
from geocode.exchange.places import admin_of, country_of
from geocode.triggers import EVENT_TYPES

# The columns of the current export, in their order (ACLED codebook 2024; text codes by default).
ACLED_COLUMNS = (
    "event_id_cnty", "event_date", "year", "time_precision", "disorder_type", "event_type",
    "sub_event_type", "actor1", "assoc_actor_1", "inter1", "actor2", "assoc_actor_2", "inter2",
    "interaction", "civilian_targeting", "iso", "region", "country", "admin1", "admin2", "admin3",
    "location", "latitude", "longitude", "geo_precision", "source", "source_scale", "notes",
    "fatalities", "tags", "timestamp",
)  # fmt: skip
# 1 the day itself, 2 some time in the week, 3 some time in the month; days of each.
_TIME_PRECISION = {1: 1, 7: 2, 31: 3}
_PRECISION = {"1": "day", "2": "week", "3": "month"}
_TAG = re.compile(r"(?:^|;)\s*mihwar (type|last day)=([^;]+)")


def to_acled(events: pd.DataFrame, conflict: Conflict, gazetteer: Gazetteer) -> pd.DataFrame:
    """
    Bring our events into ACLED's columns; what is not known stays empty.

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
        `ACLED_COLUMNS`, one row an event. What ACLED has no column for (our type, the last day)
        stands in ``tags``; ``docs/exchange.md`` says what is lost.
    """
    rows = [_row(event, conflict, gazetteer) for event in gather_events(events)]
    return pd.DataFrame(rows, columns=list(ACLED_COLUMNS), dtype=object)


def _row(event: GatheredEvent, conflict: Conflict, gazetteer: Gazetteer) -> dict[str, object]:
    codes, best = load_codes(), event.best
    kind = best["type"]
    event_type, sub_type = codes.acled_type[kind]
    actor, target = event.side("actor_side"), event.side("target_side")
    if kind == "capture":
        sub_type = _taken_by(actor, conflict)
    harmed = conflict.sides.get(target)
    country = country_of(text_of(best["place_id"]), gazetteer)
    home = country == conflict.country
    return {
        "event_id_cnty": event.event_id,
        "event_date": event.first_day,
        "year": event.first_day[:4],
        "time_precision": event.span_code(_TIME_PRECISION),
        "disorder_type": codes.acled_disorder[event_type],
        "event_type": event_type,
        "sub_event_type": sub_type,
        "actor1": _name(actor, conflict),
        "assoc_actor_1": event.joined("actor"),
        "actor2": _name(target, conflict),
        "assoc_actor_2": event.joined("target"),
        "civilian_targeting": "Civilian targeting" if harmed and harmed.bystander else "",
        "iso": conflict.codes.get("iso_numeric", "") if home else "",
        "region": conflict.codes.get("acled_region", "") if home else "",
        "country": conflict.codes.get("country_name", "") if home else "",
        "admin1": admin_of(text_of(best["place_id"]), gazetteer),
        "location": text_of(best["place_name"]),
        "latitude": _number(best["lat"]),
        "longitude": _number(best["lon"]),
        "geo_precision": _number(best["geo_precision"]),
        "source": event.joined("outlet"),
        "notes": _notes(event),
        "fatalities": event.killed[0] if event.killed else "",
        "tags": "; ".join(_tags(event, kind)),
    }


def _tags(event: GatheredEvent, kind: str) -> list[str]:
    last = [] if event.last_day == event.first_day else [f"mihwar last day={event.last_day}"]
    return [f"mihwar type={kind}", *last]


def _notes(event: GatheredEvent) -> str:
    said, quoted = event.joined("sentence", " / "), source_chains(event)
    return f"{said} [{quoted}]" if quoted else said


def _taken_by(side_id: str, conflict: Conflict) -> str:
    side = conflict.sides.get(side_id)
    if side is None or not any(s.state for s in conflict.sides.values()):
        return ""
    return "Government regains territory" if side.state else "Non-state actor overtakes territory"


def _name(side_id: str, conflict: Conflict) -> str:
    return conflict.sides[side_id].name_en if side_id in conflict.sides else side_id


def _number(value: Any) -> Any:  # noqa: ANN401 (a cell)
    return "" if pd.isna(value) else value


def from_acled(row: Mapping[str, str]) -> dict[str, Any]:
    """
    Read a row of ACLED's table.

    Parameters
    ----------
    row
        Its cells by column.

    Returns
    -------
    row
        Of the layer of others.

    Raises
    ------
    InputError
        If day or position are none.
    """
    cells = Cells(row)
    tags = dict(_TAG.findall(cells.text("tags")))
    sub_type = cells.text("sub_event_type")
    kind = tags.get("type", load_codes().acled_sub_type.get(sub_type, "other"))
    first = cells.day("event_date")
    return other_row(
        "acled",
        number=cells.needed("event_id_cnty"),
        type=kind if kind in EVENT_TYPES else "other",
        type_printed=" / ".join(filter(None, (cells.text("event_type"), sub_type))),
        place_name=cells.text("location"),
        point=cells.point("latitude", "longitude", "country"),
        days=(first, Cells(tags).day("last day") if "last day" in tags else first),
        date_precision=_PRECISION.get(cells.text("time_precision"), "unknown"),
        geo_precision=cells.whole("geo_precision"),
        actor=cells.text("actor1"),
        target=cells.text("actor2"),
        source=cells.text("source"),
        note=cells.text("notes"),
        killed=cells.whole("fatalities"),
    )
