"""Tables of articles: JSON Lines, JSON, CSV and Parquet, a row an article."""

import csv
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, BinaryIO

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from geocode.errors import InputError
from geocode.reading.lines import MAX_LINE_BYTES, Line

# A field of a CSV file longer than this is more likely an unclosed quote than an article.
csv.field_size_limit(MAX_LINE_BYTES)
_DELIMITERS = ",;\t|،؛"
_COLUMNS = ("id", "text", "file", "title", "published", "outlet", "url", "lang", "remarks")
_BATCH_ROWS = 64
_MAX_RAW = 100_000
# Before the reason why a line is not read; no text can hold it.
_FAULT = "\udfff"
Row = tuple[str, Mapping[str, Any] | InputError, str | None]


def read_json_lines(lines: Iterable[Line]) -> Iterator[Row]:
    """
    Read JSON Lines.

    Parameters
    ----------
    lines
        Of the file.

    Yields
    ------
    row
        Where it stands, the object, or what is wrong with that line, and the line where it is
        short enough to keep; the others go on.
    """
    for line in lines:
        if line.fault:
            yield f"line {line.number}", InputError(line.fault), None
        elif line.text.strip():
            raw = line.text.strip("\r\n") if len(line.text) <= _MAX_RAW else None
            yield f"line {line.number}", _json_object(line.text), raw


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
    data = _parsed(text)
    records = data if isinstance(data, list) else [data]
    for number, record in enumerate(records, start=1):
        if isinstance(record, dict):
            yield f"item {number}", record, None
        else:
            wrong = InputError(f"expected an object, found {type(record).__name__}")
            yield f"item {number}", wrong, None


def read_csv(lines: Iterable[Line]) -> Iterator[Row]:
    """
    Read a CSV file with a header; comma, semicolon, tab, bar or their Arabic forms part the cells.

    Parameters
    ----------
    lines
        Of the file.

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
    rest = iter(lines)
    header = next(rest, Line(number=1, text=""))
    delimiter = max(_DELIMITERS, key=header.text.count)
    texts = _texts(header, rest)
    reader = csv.reader(texts, delimiter=delimiter, strict=True)
    try:
        names = [name.strip() for name in next(reader)]
    except (csv.Error, StopIteration) as error:
        msg = f"its first line is no header: {error}"
        raise InputError(msg) from error
    check_names(names)
    while True:
        where = f"line {reader.line_num + 1}"
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            fault = f"it is not CSV from here on ({error}); is a quote not closed?"
            yield where, InputError(fault), None
            return
        yield from _csv_row(where, cells, names, delimiter)


def _texts(header: Line, rest: Iterator[Line]) -> Iterator[str]:
    yield header.text
    for line in rest:
        # An over-long line has no text; as a blank one it would be passed over in silence.
        yield line.text or f"{_FAULT}{line.fault}\n"


def _csv_row(where: str, cells: list[str], names: list[str], delimiter: str) -> Iterator[Row]:
    if cells and cells[0].startswith(_FAULT):
        yield where, InputError(",".join(cells)[1:]), None
    elif len(cells) == len(names):
        row = dict(zip(names, cells, strict=True))
        yield where, _utf8(row), None
    elif any(cell.strip() for cell in cells):
        wrong = f"{len(cells)} cells where the header has {len(names)}"
        yield where, InputError(f"{wrong}; is a {delimiter!r} not quoted?"), None


def _utf8(row: Mapping[str, str]) -> Mapping[str, str] | InputError:
    for name, cell in row.items():
        try:
            cell.encode("utf-8")
        except UnicodeEncodeError:
            msg = f"{name!r} holds bytes that are not UTF-8; name the encoding with --encoding"
            return InputError(msg)
    return row


def read_parquet(file: BinaryIO) -> Iterator[Row]:
    """
    Read a Parquet file.

    Parameters
    ----------
    file
        Open for reading bytes.

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
        table = pq.ParquetFile(file)
        names = [str(name) for name in table.schema_arrow.names]
        check_names(names)
        wanted = [name for name in names if name in _COLUMNS]
        number = 0
        for batch in table.iter_batches(_BATCH_ROWS, columns=wanted):
            for record in batch.to_pylist():
                number += 1
                named = {k: v for k, v in record.items() if not _is_missing(v)}
                yield f"row {number}", named, None
    except (pa.ArrowException, ValueError, OSError) as error:
        if isinstance(error, InputError):
            raise
        msg = f"it is not Parquet: {_short(error)}"
        raise InputError(msg) from error


def check_names(names: list[str]) -> None:
    """
    See that a table has a text in each row, and no column twice.

    Parameters
    ----------
    names
        Of its columns.

    Raises
    ------
    InputError
        If it has not.
    """
    if "text" not in names and "file" not in names:
        msg = f"there is no column 'text'; found {', '.join(map(repr, names[:20])) or 'nothing'}"
        raise InputError(msg)
    doubled = sorted({name for name in names if names.count(name) > 1})
    if doubled:
        msg = f"the columns {', '.join(map(repr, doubled))} stand twice"
        raise InputError(msg)


def parse_object(line: str) -> Mapping[str, Any]:
    """
    Read a JSON object.

    Parameters
    ----------
    line
        Its text.

    Raises
    ------
    InputError
        If it is none, or a key stands twice in it.
    """
    record = _parsed(line)
    if not isinstance(record, dict):
        msg = f"expected an object, found {type(record).__name__}"
        raise InputError(msg)
    return record


def _json_object(line: str) -> Mapping[str, Any] | InputError:
    try:
        return parse_object(line)
    except InputError as error:
        return error


def _parsed(text: str) -> Any:  # noqa: ANN401 (whatever the JSON holds)
    try:
        return json.loads(text, object_pairs_hook=_once)
    except InputError:
        raise
    except (ValueError, RecursionError, MemoryError) as error:
        msg = f"it is not JSON: {_short(error)}"
        raise InputError(msg) from error


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    record = dict(pairs)
    if len(record) < len(pairs):
        keys = [key for key, _ in pairs]
        doubled = sorted({key for key in keys if keys.count(key) > 1})
        msg = f"the keys {', '.join(map(repr, doubled[:8]))} stand twice; which one is meant?"
        raise InputError(msg)
    return record


def _is_missing(value: object) -> bool:
    return value is None or value is pd.NaT or (isinstance(value, float) and value != value)  # noqa: PLR0124 (NaN)


def _short(error: BaseException) -> str:
    return str(error).split("\n")[0][:200] or type(error).__name__
