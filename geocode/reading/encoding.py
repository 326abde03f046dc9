"""Bytes to text: the encoding is known, found beyond doubt, or the file is refused."""

import codecs
from contextlib import suppress
from dataclasses import dataclass

from geocode.errors import InputError

# Beginnings of files that are no text, whatever they are called.
_MAGIC = {
    b"\x89PNG": "a PNG picture",
    b"\xff\xd8\xff": "a JPEG picture",
    b"GIF8": "a GIF picture",
    b"MZ": "a Windows program",
    b"\x7fELF": "a program",
    b"PK\x03\x04": "a zip file (or an Office document)",
    b"%PDF": "a PDF document; save its text first",
    b"SQLite format 3": "an SQLite database",
}
_BOMS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
# The 8-bit encodings in which the Arabic, English and French press is met.
_LIKELY = ["cp1256", "iso-8859-6", "cp1252", "utf-16-le", "utf-16-be"]
# What pages and feeds say of themselves, for these.
_DECLARED = {
    "windows-1256": "cp1256",
    "cp1256": "cp1256",
    "iso-8859-6": "iso-8859-6",
    "windows-1252": "cp1252",
    "iso-8859-1": "cp1252",
}
# Under this many bytes of other letters than ASCII a guess is a coin toss (measured: ISO-8859-6 is
# taken for something else in texts of 25 characters).
_MIN_EVIDENCE_BYTES = 40
_CONTROL_SHARE = 0.02


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoded:
    """
    A text and the encoding it was written in.

    Attributes
    ----------
    text
        With no byte order mark.
    encoding
        As Python calls it.
    """

    text: str
    encoding: str

    @property
    def remark(self) -> str:
        """The encoding where it is worth a word: any but UTF-8."""
        plain = self.encoding.replace("_", "-").lower()
        return "" if plain in ("utf-8", "utf-8-sig", "utf8") else f"read as {self.encoding}"


def refuse_binary(data: bytes) -> None:
    """
    See that there is something, and that it does not begin like what is no text.

    Parameters
    ----------
    data
        The file, or its beginning.

    Raises
    ------
    InputError
        If it is empty or no text.
    """
    if not data.strip():
        msg = "the file is empty"
        raise InputError(msg)
    for magic, what in _MAGIC.items():
        if data.startswith(magic):
            msg = f"it is not text but {what}"
            raise InputError(msg)


def decode_bytes(data: bytes, encoding: str = "", *, declared: str = "") -> Decoded:
    """
    Decode the bytes of a text file.

    Parameters
    ----------
    data
        The whole file.
    encoding
        The encoding, where it is known; empty to find it.
    declared
        What the file itself says, which is tried where it is not UTF-8.

    Returns
    -------
    decoded
        The text.

    Raises
    ------
    InputError
        If it is empty, no text, not in the encoding named, or in one that cannot be told.
    """
    refuse_binary(data)
    if encoding:
        return _decode(data, encoding)
    if name := byte_order_mark(data):
        return _decode(data, name)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        return _guess(data, declared, error)
    return Decoded(text=_checked(text), encoding="utf-8")


def byte_order_mark(data: bytes) -> str:
    """
    Give the encoding that a byte order mark tells, empty where there is none.

    Parameters
    ----------
    data
        The file, or its beginning.
    """
    return next((name for bom, name in _BOMS.items() if data.startswith(bom)), "")


def _decode(data: bytes, encoding: str) -> Decoded:
    try:
        return Decoded(text=_checked(data.decode(encoding)), encoding=encoding)
    except InputError:
        raise
    except LookupError as error:
        msg = f"there is no encoding {encoding!r}"
        raise InputError(msg) from error
    except UnicodeDecodeError as error:
        msg = f"byte {error.start} is not {encoding}; name the right encoding with --encoding"
        raise InputError(msg) from error
    except (ValueError, TypeError) as error:  # codecs that are no text encodings, or odd names
        msg = f"{encoding!r} is no encoding of text"
        raise InputError(msg) from error


def _checked(text: str) -> str:
    odd = sum(c < " " and c not in "\t\n\r\f\x0b\x1b" for c in text[:10_000])
    if odd > max(2, _CONTROL_SHARE * min(len(text), 10_000)):
        msg = "it is not text (too many control characters)"
        raise InputError(msg)
    return text


def _guess(data: bytes, declared: str, error: UnicodeDecodeError) -> Decoded:
    """Take the encoding in which the letters read as a language, if one does."""
    if declared.lower() in _DECLARED:
        with suppress(InputError):
            return _decode(data, _DECLARED[declared.lower()])
    odd = sum(byte < ord(" ") and byte not in b"\t\n\r\f\x0b\x1b" for byte in data[:10_000])
    if odd > max(2, _CONTROL_SHARE * min(len(data), 10_000)) and b"\0\0" not in data[:10_000]:
        even = data[:10_000:2].count(0) + data[1:10_000:2].count(0)
        if even < odd // 2:  # not every second byte a nought, as in UTF-16
            msg = "it is not text (too many control characters)"
            raise InputError(msg)
    evidence = sum(byte > 127 for byte in data)  # noqa: PLR2004 (the end of ASCII)
    from charset_normalizer import from_bytes  # only texts that are not UTF-8 need it

    best = from_bytes(data, cp_isolation=_LIKELY).best() if evidence else None
    if best is None or evidence < _MIN_EVIDENCE_BYTES:
        msg = (
            f"byte {error.start} is not UTF-8 and the encoding is not certain; "
            "name it with --encoding, or save it as UTF-8"
        )
        raise InputError(msg)
    return Decoded(text=_checked(str(best)), encoding=best.encoding)
