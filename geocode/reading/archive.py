"""Zip archives of articles: looked at before they are unpacked, and never written to disk."""

import io
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import PurePosixPath, PureWindowsPath

from geocode.errors import InputError

MAX_ENTRIES = 10_000
# Text packs to a tenth; a hundredfold is no text but made to fill a memory.
MAX_RATIO = 100
_SMALL_BYTES = 1_000_000
_ENCRYPTED = 0x1
# An unpacker of LZMA makes room for as much as an archive asks for.
_PACKINGS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
# What Python's zipfile raises for what is no archive; the second row is not in its manual.
_FAULTS = (
    zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError,
    LookupError, RuntimeError, struct.error, MemoryError,
)  # fmt: skip
# Of the record at the end, and of a file in the directory with a long name.
_END_BYTES, _ENTRY_BYTES = 22, 1000


def read_archive(data: bytes, *, max_bytes: int) -> Iterator[tuple[str, bytes | InputError]]:
    """
    Read the files of a zip archive.

    Parameters
    ----------
    data
        The archive.
    max_bytes
        So much may all of it unpack to.

    Yields
    ------
    entry
        The name of a file and what is in it, or why it is not read; in the order of the names.

    Raises
    ------
    InputError
        If the archive is broken, encrypted, too large, too many, or made to be; nothing of it is
        read then.
    """
    _check_directory(data)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = [e for e in archive.infolist() if not e.filename.endswith("/")]
            _check(entries, len(data), max_bytes)
            # All sums are looked at before anything is handed on.
            if broken := archive.testzip():
                msg = f"the archive is damaged: {broken!r} has a wrong sum (CRC)"
                raise InputError(msg)
            for entry in sorted(entries, key=lambda e: e.filename):
                yield entry.filename, _entry(archive, entry)
    except _FAULTS as error:
        if isinstance(error, InputError):
            raise
        msg = f"the archive is damaged: {error}"
        raise InputError(msg) from error


def _check_directory(data: bytes) -> None:
    """Refuse a directory that is larger than any we read, before it is read (APPNOTE 4.3.16)."""
    at = data.rfind(b"PK\x05\x06")
    if at < 0 or len(data) < at + _END_BYTES:
        msg = "the archive is damaged: it has no directory"
        raise InputError(msg)
    count, size = struct.unpack_from("<HI", data, at + 10)
    if count > MAX_ENTRIES or size > MAX_ENTRIES * _ENTRY_BYTES:
        msg = f"the archive has more than {MAX_ENTRIES} files"
        raise InputError(msg)


def _check(entries: list[zipfile.ZipInfo], packed: int, max_bytes: int) -> None:
    """Refuse by what the archive says of itself, before anything is unpacked."""
    if len(entries) > MAX_ENTRIES:
        msg = f"the archive has {len(entries)} files, at most {MAX_ENTRIES} are read"
        raise InputError(msg)
    size = sum(entry.file_size for entry in entries)
    if size > max_bytes or (size > _SMALL_BYTES and size > MAX_RATIO * packed):
        msg = f"the archive unpacks to {size} bytes from {packed}; unpack it and hand in its files"
        raise InputError(msg)
    if any(entry.flag_bits & _ENCRYPTED for entry in entries):
        msg = "the archive is encrypted; unpack it first"
        raise InputError(msg)
    if any(entry.compress_type not in _PACKINGS for entry in entries):
        msg = "the archive is packed in a way that is not read; pack it by deflate"
        raise InputError(msg)
    names = [entry.filename.lower() for entry in entries]
    if any(name.endswith(".shp") for name in names):
        crs = "" if any(n.endswith(".prj") for n in names) else " (it has no .prj: ask for its CRS)"
        msg = f"the archive holds a shapefile; convert it to GeoJSON in EPSG:4326 first{crs}"
        raise InputError(msg)


def _entry(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes | InputError:
    name = entry.filename
    windows = PureWindowsPath(name)
    parts = (*PurePosixPath(name).parts, *windows.parts)
    if name.startswith("/") or windows.drive or ".." in parts:
        return InputError("its name leads out of the archive")
    if stat.S_ISLNK(entry.external_attr >> 16):
        return InputError("it is a link")
    if name.lower().removesuffix(".gz").endswith(".zip"):
        return InputError("archives in archives are not read")
    with archive.open(entry) as file:
        # One byte more than declared: an archive may lie about it.
        data = file.read(entry.file_size + 1)
    if len(data) > entry.file_size:
        return InputError("it unpacks to more than the archive says")
    return data
