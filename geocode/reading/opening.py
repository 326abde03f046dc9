"""Files opened, unpacked where they are packed, and never more of them than fits."""

import gzip
import io
import os
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

from geocode.errors import InputError

MAX_FILE_BYTES = 500_000_000
# A list that is read line by line may be longer, but not by so much more than its packed size:
# text packs to a tenth.
_MAX_RATIO = 200
_CHUNK_BYTES = 1_000_000


def kind_of(path: Path) -> str:
    """
    Tell the kind of a file by its ending, without that of its packing.

    Parameters
    ----------
    path
        Its name.
    """
    name = path.name.lower().removesuffix(".gz")
    return Path(name).suffix


@contextmanager
def opened(source: Path | bytes, *, packed: bool) -> Iterator[BinaryIO]:
    """
    Open a file, or bytes, for reading what is in it.

    Parameters
    ----------
    source
        A file, or what is in one.
    packed
        Whether it is packed by gzip; then it is unpacked once before, so that nothing of a
        damaged one is read.

    Yields
    ------
    file
        Seekable.

    Raises
    ------
    InputError
        If it unpacks to too much.
    OSError
        If it cannot be read.
    EOFError
        If it is cut off.
    """
    with io.BytesIO(source) if isinstance(source, bytes) else source.open("rb") as raw:
        if not packed:
            yield cast("BinaryIO", raw)
            return
        try:
            with gzip.GzipFile(fileobj=raw) as file:
                _walk(file, raw.seek(0, os.SEEK_END), raw)
            raw.seek(0)
            with gzip.GzipFile(fileobj=raw) as file:
                yield cast("BinaryIO", file)
        except zlib.error as error:
            msg = f"it is damaged: {error}"
            raise InputError(msg) from error


def _walk(file: gzip.GzipFile, packed_bytes: int, raw: BinaryIO | io.BytesIO) -> None:
    raw.seek(0)
    size = 0
    while chunk := file.read(_CHUNK_BYTES):
        size += len(chunk)
        if size > MAX_FILE_BYTES and size > _MAX_RATIO * packed_bytes:
            msg = f"it unpacks to more than {MAX_FILE_BYTES // 1_000_000} MB; unpack it first"
            raise InputError(msg)


def load(file: BinaryIO, max_bytes: int = MAX_FILE_BYTES) -> bytes:
    """
    Read all of an open file.

    Parameters
    ----------
    file
        Open for reading bytes.
    max_bytes
        So large it may be.

    Raises
    ------
    InputError
        If it is larger.
    """
    data = bytearray()
    # Piece by piece: asked for all at once, Python makes room for the largest there may be.
    while chunk := file.read(_CHUNK_BYTES):
        data += chunk
        if len(data) > max_bytes:
            msg = f"it is larger than {max_bytes // 1_000_000} MB; cut it into parts"
            raise InputError(msg)
    return bytes(data)


def load_file(path: Path) -> bytes:
    """
    Read all of a file, unpacked.

    Parameters
    ----------
    path
        The file.

    Raises
    ------
    InputError
        If it is larger than `MAX_FILE_BYTES`.
    """
    with opened(path, packed=is_packed(path)) as file:
        return load(file)


def is_packed(path: Path) -> bool:
    """
    Say whether a file is packed by gzip.

    Parameters
    ----------
    path
        Its name.
    """
    return path.suffix.lower() == ".gz"


def reason_of(error: BaseException) -> str:
    """
    Say why a file could not be read.

    Parameters
    ----------
    error
        What happened.
    """
    if isinstance(error, FileNotFoundError):
        return "there is no such file or folder"
    if isinstance(error, PermissionError):
        return "it may not be read (permissions)"
    if isinstance(error, OSError) and error.strerror and not isinstance(error, gzip.BadGzipFile):
        return error.strerror
    return str(error)
