"""Tables of articles: JSON Lines, JSON, CSV and Parquet, a row an article."""

import csv
import io
import json
from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from geocode.errors import InputError

# A field of a CSV file longer than this is more likely an unclosed quote than an article.
csv.field_size_limit(2_000_000)
_DELIMITERS = ",;\t|"
Row = tuple[str, Mapping[str, Any] | InputError]


def read_json_lines(text: str) -> Iterator[Row]:
    """
    Read JSON Lines.

    Parameters
    ----------
    text
        The whole file.

    Yields
    ------
    row
        Where it stands and the object, or what is wrong with that line; the others go on.
    """
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            yield f"line {number}", _json_object(line)


def read_json(text: str) -> Iterator[Row]:
    """
    Read a JSON file: an article, or a list of them.

    Parameters
    ----------
    text
        The whole file.

    Yields
    ------
    row
        As `read_json_lines`.

    Raises
    ------
    InputError
        If it is not JSON, or neither an object nor a list.
    """
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        msg = f"it is not JSON: {_short(error)}"
        raise InputError(msg) from error
    records = data if isinstance(data, list) else [data]
    for number, record in enumerate(records, start=1):
        if isinstance(record, dict):
            yield f"item {number}", record
        else:
            yield f"item {number}", InputError(f"expected an object, found {type(record).__name__}")


def read_csv(text: str) -> Iterator[Row]:
    """
    Read a CSV file with a header; comma, semicolon, tab or bar part the cells.

    Parameters
    ----------
    text
        The whole file.

    Yields
    ------
    row
        As `read_json_lines`; rows with more or fewer cells than the header are refused, never
        shifted.

    Raises
    ------
    InputError
        If there is no column ``text``, or two columns have one name.
    """
    header = text.split("\n", 1)[0]
    delimiter = max(_DELIMITERS, key=header.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        names = [name.strip() for name in next(reader)]
    except (csv.Error, StopIteration) as error:
        msg = f"its first line is no header: {error}"
        raise InputError(msg) from error
    _check_names(names)
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield f"line {reader.line_num}", InputError(f"it is not CSV from here on: {error}")
            return
        if len(cells) == len(names):
            yield f"line {reader.line_num}", dict(zip(names, cells, strict=True))
        elif any(cell.strip() for cell in cells):
            wrong = f"{len(cells)} cells where the header has {len(names)}"
            msg = f"{wrong}; is a {delimiter!r} not quoted?"
            yield f"line {reader.line_num}", InputError(msg)


def read_parquet(data: bytes) -> Iterator[Row]:
    """
    Read a Parquet file.

    Parameters
    ----------
    data
        The whole file.

    Yields
    ------
    row
        As `read_json_lines`.

    Raises
    ------
    InputError
        If it is not Parquet or has no column ``text``.
    """
    try:
        table = pd.read_parquet(io.BytesIO(data))
    except (ValueError, OSError) as error:
        msg = f"it is not Parquet: {_short(error)}"
        raise InputError(msg) from error
    _check_names([str(name) for name in table.columns])
    for number, record in enumerate(table.to_dict("records"), start=1):
        named = {str(k): v for k, v in record.items() if not _is_missing(v)}
        yield f"row {number}", named


def _json_object(line: str) -> Mapping[str, Any] | InputError:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError) as error:
        return InputError(f"it is not JSON: {_short(error)}")
    if not isinstance(record, dict):
        return InputError(f"expected an object, found {type(record).__name__}")
    return record


def _check_names(names: list[str]) -> None:
    if "text" not in names and "file" not in names:
        msg = f"there is no column 'text'; found {', '.join(map(repr, names)) or 'nothing'}"
        raise InputError(msg)
    doubled = sorted({name for name in names if names.count(name) > 1})
    if doubled:
        msg = f"the columns {', '.join(map(repr, doubled))} stand twice"
        raise InputError(msg)


def _is_missing(value: object) -> bool:
    return value is None or value is pd.NaT or (isinstance(value, float) and value != value)  # noqa: PLR0124 (NaN)


def _short(error: BaseException) -> str:
    return str(error).split("\n")[0][:200] or type(error).__name__
