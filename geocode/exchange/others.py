"""Tables of others as a layer beside ours."""

import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd

from geocode.errors import InputError
from geocode.exchange.acled import from_acled
from geocode.exchange.gdelt import GDELT_COLUMNS, from_gdelt
from geocode.exchange.ucdp import from_ucdp
from geocode.exchange.viina import from_viina
from geocode.frame import make_layer
from geocode.reading import Refused
from geocode.reading.encoding import decode_bytes

csv.field_size_limit(2_000_000)
_DELIMITERS = ",;\t|"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Dataset:
    """How a table is read: what it must have, its columns where it has no header, and a row."""

    needed: tuple[str, ...]
    make: Callable[[Mapping[str, str]], dict[str, Any]]
    headless: tuple[str, ...] = ()


DATASETS: Mapping[str, _Dataset] = {
    "acled": _Dataset(
        needed=("event_id_cnty", "event_date", "sub_event_type", "latitude", "longitude"),
        make=from_acled,
    ),
    "ucdp": _Dataset(
        needed=("id", "type_of_violence", "latitude", "longitude", "date_start", "date_end"),
        make=from_ucdp,
    ),
    "gdelt": _Dataset(
        needed=("GLOBALEVENTID", "SQLDATE", "EventCode", "ActionGeo_Lat", "ActionGeo_Long"),
        make=from_gdelt,
        headless=GDELT_COLUMNS,
    ),
    "viina": _Dataset(needed=("date", "longitude", "latitude"), make=from_viina),
}


def read_others(
    dataset: str, path: Path, *, refused: list[Refused] | None = None
) -> gpd.GeoDataFrame:
    """
    Read a table of others.

    Parameters
    ----------
    dataset
        One of `DATASETS`.
    path
        Its file: comma, semicolon, tab or bar part the cells; GDELT's has no header.
    refused
        Takes the rows that could not be read, each with its line and reason; None to raise at the
        first.

    Returns
    -------
    others_gdf
        The layer ``others``; of rows with one id the last.

    Raises
    ------
    InputError
        If the file cannot be read, or lacks a column.
    """
    known = DATASETS[dataset]
    rows: dict[str, dict[str, Any]] = {}
    for line, cells in _rows(path, known):
        try:
            row = known.make(_whole(cells))
        except InputError as error:
            if refused is None:
                raise
            refused.append(Refused(source=str(path), where=f"line {line}", reason=str(error)))
            continue
        rows[row["other_id"]] = row
    return make_layer("others", rows.values())


def _rows(path: Path, known: _Dataset) -> Iterator[tuple[int, Mapping[Any, Any]]]:
    try:
        text = decode_bytes(path.read_bytes()).text
    except (OSError, InputError) as error:
        msg = f"{path} cannot be read: {getattr(error, 'strerror', None) or error}"
        raise InputError(msg) from error
    head = text.split("\n", 1)[0]
    delimiter = max(_DELIMITERS, key=head.count)
    headless = bool(known.headless) and known.needed[0].lower() not in head.lower()
    reader = csv.DictReader(
        io.StringIO(text, newline=""),
        fieldnames=list(known.headless) if headless else None,
        delimiter="\t" if headless else delimiter,
        quoting=csv.QUOTE_NONE if headless else csv.QUOTE_MINIMAL,
        strict=True,
    )
    try:
        _check_columns(path, reader.fieldnames or (), known)
        for row in reader:
            yield reader.line_num, row
    except csv.Error as error:
        msg = f"{path}, line {reader.line_num}: {error}"
        raise InputError(msg) from error


def _check_columns(path: Path, names: Sequence[str], known: _Dataset) -> None:
    missing = [name for name in known.needed if name not in names]
    if missing:
        msg = f"{path} lacks the columns {', '.join(missing)}; is it another table?"
        raise InputError(msg)
    twice = sorted({name for name in names if name and names.count(name) > 1})
    if twice:
        msg = f"{path} has the columns {', '.join(twice)} twice; which of them counts?"
        raise InputError(msg)


def _whole(cells: Mapping[Any, Any]) -> dict[str, str]:
    """Give the cells of a row, unless it has more than the header: then none is sure."""
    if any(cells.get(None) or ()):
        msg = "it has more cells than the header; is a comma in a text without quotes?"
        raise InputError(msg)
    if None in cells.values():
        msg = "it has fewer cells than the header"
        raise InputError(msg)
    return {name: cell or "" for name, cell in cells.items() if name is not None}
