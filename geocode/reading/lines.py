"""Files read line by line, so that a list of any length takes little memory."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from geocode.reading.encoding import byte_order_mark, decode_bytes, refuse_binary
from geocode.reading.opening import load

# An article of the longest text that is read, every character escaped in JSON, is twelve million
# bytes; a longer line is no article.
MAX_LINE_BYTES = 16_000_000
_SAMPLE_BYTES = 262_144


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """
    A line of a file.

    Attributes
    ----------
    number
        From 1.
    text
        With its line end; bytes that are no UTF-8 stand in it as lone surrogates.
    fault
        Why it cannot be used; empty where it can.
    """

    number: int
    text: str
    fault: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines:
    """
    The lines of a file.

    Attributes
    ----------
    lines
        Each, once.
    remark
        The encoding, where it is worth a word.
    """

    lines: Iterator[Line]
    remark: str = ""


def open_lines(file: BinaryIO, encoding: str, *, max_bytes: int) -> Lines:
    """
    Read a file line by line.

    Parameters
    ----------
    file
        Open for reading bytes, and seekable.
    encoding
        The encoding, where it is known; empty to find it.
    max_bytes
        A file that is not in UTF-8 is read as a whole, up to this size.

    Raises
    ------
    InputError
        If it is empty, no text, or its encoding cannot be told.
    """
    sample = file.read(_SAMPLE_BYTES)
    refuse_binary(sample)
    mark = byte_order_mark(sample)
    if _is_utf8(sample, encoding or mark):
        file.seek(len("\ufeff".encode()) if mark else 0)
        return Lines(lines=_utf8_lines(file))
    file.seek(0)
    data = load(file, max_bytes)
    decoded = decode_bytes(data, encoding)
    texts = io.StringIO(decoded.text, newline="")
    lines = (Line(number=n, text=text) for n, text in enumerate(texts, start=1))
    return Lines(lines=lines, remark=decoded.remark)


def _is_utf8(sample: bytes, encoding: str) -> bool:
    """Tell UTF-8 by its beginning, which may end in the middle of a letter."""
    if encoding:
        return encoding.lower().replace("_", "-") in ("utf-8", "utf8", "utf-8-sig")
    if b"\0" in sample:
        return False  # UTF-16 without a mark, or no text: looked at as a whole
    try:
        sample.decode("utf-8")
    except UnicodeDecodeError as error:
        # Four bytes are the longest letter.
        cut_off = error.start > len(sample) - 4 and len(sample) == _SAMPLE_BYTES
        return cut_off or _is_mostly_utf8(sample)
    return True


def _is_mostly_utf8(sample: bytes) -> bool:
    """Tell a list with some broken lines from one in another encoding."""
    odd = [line for line in sample.split(b"\n") if not line.isascii()]
    good = sum(_decodes(line) for line in odd)
    return 2 * good > len(odd)


def _decodes(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _utf8_lines(file: BinaryIO) -> Iterator[Line]:
    number, offset = 0, file.tell()
    while raw := file.readline(MAX_LINE_BYTES + 1):
        number += 1
        if len(raw) > MAX_LINE_BYTES:
            size = len(raw)
            while not raw.endswith(b"\n") and (raw := file.readline(MAX_LINE_BYTES)):
                size += len(raw)
            fault = f"the line has {size} bytes, at most {MAX_LINE_BYTES} are read"
            yield Line(number=number, text="", fault=fault)
            offset += size
            continue
        yield _decoded(raw, number, offset)
        offset += len(raw)


def _decoded(raw: bytes, number: int, offset: int) -> Line:
    try:
        return Line(number=number, text=raw.decode("utf-8"))
    except UnicodeDecodeError as error:
        fault = f"byte {offset + error.start} is not UTF-8; name the encoding with --encoding"
        return Line(number=number, text=raw.decode("utf-8", "surrogateescape"), fault=fault)
