"""Cells of tables that others made: read with care, refused with a reason."""

import math
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from gazetteer.cells import plain_cell
from gazetteer.place import MAX_LAT, MAX_LON
from gazetteer.shapes import position_doubt
from geocode.conflict import load_conflict
from geocode.errors import InputError

_LONGEST = 5000
_MOST = 10**9
# «1 January 2020», as ACLED writes days by hand, and the plain ways.
_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
)  # fmt: skip


class Cells:
    """
    The cells of one row.

    Parameters
    ----------
    row
        By column.
    """

    def __init__(self, row: Mapping[str, str]) -> None:
        self._row = row

    def text(self, column: str) -> str:
        """
        Give a text; empty where there is none.

        Parameters
        ----------
        column
            Its name.
        """
        value = str(self._row.get(column) or "").strip()
        # What our writer marked, so that no spreadsheet runs it.
        return plain_cell(value)[:_LONGEST]

    def needed(self, column: str) -> str:
        """
        Give a text that has to be there.

        Parameters
        ----------
        column
            Its name.

        Raises
        ------
        InputError
            If it is empty.
        """
        value = self.text(column)
        if not value:
            msg = f"{column} is empty"
            raise InputError(msg)
        return value

    def whole(self, column: str) -> int | None:
        """
        Give a number of people or a code, without its fraction; None where there is none.

        Parameters
        ----------
        column
            Its name.

        Raises
        ------
        InputError
            If it is no number, below nought, or above a thousand million.
        """
        value = self.text(column)
        try:
            number = float(value or 0)
        except ValueError:
            number = math.nan
        if not 0 <= number <= _MOST:
            msg = f"{column}={value[:40]!r} is no number from 0 to {_MOST}"
            raise InputError(msg)
        return int(number) if value else None

    def day(self, column: str) -> str:
        """
        Give a day, ISO.

        Parameters
        ----------
        column
            Its name; 2020-01-31, 20200131, 31 January 2020, and what begins with one of these.

        Raises
        ------
        InputError
            If it is none.
        """
        value = self.needed(column)
        try:
            return _day(value).isoformat()
        except ValueError as error:
            msg = f"{column}={value!r} is no day; expected for example 2020-01-31"
            raise InputError(msg) from error

    def point(self, lat: str, lon: str, country: str = "") -> tuple[float, float] | None:
        """
        Give latitude and longitude in degrees on EPSG:4326; None where neither is told.

        Parameters
        ----------
        lat, lon
            Names of the columns.
        country
            Name of the column of the country, where there is one.

        Raises
        ------
        InputError
            If they are none, or cannot be meant: 0, 0, or swapped in the country of the war.
        """
        values = self.text(lat), self.text(lon)
        if not any(values):
            return None
        try:
            y, x = map(float, values)
        except ValueError:
            y = x = math.nan
        if not (abs(y) <= MAX_LAT and abs(x) <= MAX_LON):
            msg = f"{lat}={values[0]!r}, {lon}={values[1]!r} is no position in degrees"
            raise InputError(msg)
        name, code = _home()
        at_home = bool(country) and self.text(country) == name
        if doubt := position_doubt(y, x, code if at_home else ""):
            raise InputError(doubt)
        return y, x


@lru_cache(maxsize=1)
def _home() -> tuple[str, str]:
    """Give what others call the country of the war, and its ISO code."""
    conflict = load_conflict()
    return conflict.codes.get("country_name", ""), conflict.country


def _day(value: str) -> date:
    words = value.split()
    if len(words) == 3 and words[1].lower() in _MONTHS:  # noqa: PLR2004 (day, month, year)
        return date(int(words[2]), _MONTHS.index(words[1].lower()) + 1, int(words[0]))
    digits = value[:8]
    if digits.isdecimal() and len(digits) == 8:  # noqa: PLR2004 (YYYYMMDD)
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    return date.fromisoformat(value[:10])


def other_row(  # noqa: PLR0913 (the columns of the layer)
    dataset: str,
    *,
    number: str,
    type: str,  # noqa: A002 (the name of the column)
    type_printed: str,
    place_name: str,
    point: tuple[float, float] | None,
    days: tuple[str, str],
    date_precision: str,
    geo_precision: int | None,
    actor: str = "",
    target: str = "",
    source: str = "",
    url: str = "",
    note: str = "",
    killed: int | None = None,
) -> dict[str, Any]:
    """
    Make a row of the layer of others.

    Parameters
    ----------
    dataset
        Whose table.
    number
        Its id there.
    type, type_printed
        Our type, and theirs as printed.
    place_name, point
        Place, and latitude and longitude; None where it is not told.
    days
        First and last, ISO.
    date_precision, geo_precision
        As in the events layer.
    actor, target, source, url, note
        As printed.
    killed
        How many; None where it is not told.

    Returns
    -------
    row
        With ``x`` and ``y``.
    """
    first, last = days
    lat, lon = point or (None, None)
    return {
        "other_id": f"{dataset}:{number[:500]}",
        "dataset": dataset,
        "type": type,
        "type_printed": type_printed or None,
        "place_name": place_name or None,
        "lat": lat,
        "lon": lon,
        "geo_precision": geo_precision,
        "date_start": first,
        "date_end": max(last, first),
        "date_precision": date_precision,
        "actor": actor or None,
        "target": target or None,
        "killed": killed,
        "source": source or None,
        "url": url or None,
        "note": note or None,
        "x": lon,
        "y": lat,
    }
