"""VIINA's event table: its rows as ours."""

from collections.abc import Mapping, Sequence
from typing import Any

from geocode.exchange.cells import Cells, other_row
from geocode.exchange.codes import load_codes

_GEO_PRECISION = {"STREET": 1, "PPL": 1, "ADM3": 2, "ADM2": 3, "ADM1": 3}


def from_viina(row: Mapping[str, str]) -> dict[str, Any]:
    """
    Read a row of VIINA's event table, with its labels.

    Parameters
    ----------
    row
        Its cells by column; labels are columns that end with ``_b``.

    Returns
    -------
    row
        Of the layer of others. VIINA's day is that of the report.

    Raises
    ------
    InputError
        If day or position are none.
    """
    cells, codes = Cells(row), load_codes()
    day = cells.day("date")
    label, kind = _first_set(cells, codes.viina_labels) or ("", "other")
    _, actor = _first_set(cells, codes.viina_actors) or ("", "")
    return other_row(
        "viina",
        number=cells.text("event_id_1pd") or cells.needed("event_id"),
        type=kind,
        type_printed=label,
        place_name=cells.text("address") or cells.text("asciiname"),
        point=cells.point("latitude", "longitude"),
        days=(day, day),
        date_precision="report",
        geo_precision=_GEO_PRECISION.get(cells.text("GEO_PRECISION").upper()),
        actor=actor,
        source=cells.text("source"),
        url=cells.text("url"),
        note=cells.text("text"),
    )


def _first_set(cells: Cells, names: Sequence[tuple[str, str]]) -> tuple[str, str] | None:
    return next((pair for pair in names if cells.text(f"{pair[0]}_b") in ("1", "1.0")), None)
