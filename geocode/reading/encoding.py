"""Bytes to text: the encoding is known, found beyond doubt, or the file is refused."""

import codecs

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
# Under this many bytes of other letters than ASCII a guess is a coin toss (measured: ISO-8859-6 is
# taken for something else in texts of 25 characters).
_MIN_EVIDENCE_BYTES = 40
_CONTROL_SHARE = 0.02


def decode_bytes(data: bytes, encoding: str | None = None) -> str:
    """
    Decode the bytes of a text file.

    Parameters
    ----------
    data
        The whole file.
    encoding
        The encoding, where it is known.

    Returns
    -------
    text
        With no byte order mark.

    Raises
    ------
    InputError
        If it is empty, no text, not in the encoding named, or in one that cannot be told.
    """
    if not data.strip():
        msg = "the file is empty"
        raise InputError(msg)
    for magic, what in _MAGIC.items():
        if data.startswith(magic):
            msg = f"it is not text but {what}"
            raise InputError(msg)
    if encoding:
        return _decode(data, encoding)
    for bom, name in _BOMS.items():
        if data.startswith(bom):
            return _decode(data, name)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        return _guess(data, error)
    return _checked(text)


def _decode(data: bytes, encoding: str) -> str:
    try:
        return _checked(data.decode(encoding))
    except LookupError as error:
        msg = f"there is no encoding {encoding!r}"
        raise InputError(msg) from error
    except UnicodeDecodeError as error:
        msg = f"byte {error.start} is not {encoding}; name the right encoding"
        raise InputError(msg) from error


def _checked(text: str) -> str:
    odd = sum(c < " " and c not in "\t\n\r\f\x0b\x1b" for c in text[:10_000])
    if odd > max(2, _CONTROL_SHARE * min(len(text), 10_000)):
        msg = "it is not text (too many control characters)"
        raise InputError(msg)
    return text


def _guess(data: bytes, error: UnicodeDecodeError) -> str:
    """Take the encoding in which the letters read as a language, if one does."""
    evidence = sum(byte > 127 for byte in data)  # noqa: PLR2004 (the end of ASCII)
    from charset_normalizer import from_bytes  # only texts that are not UTF-8 need it

    best = from_bytes(data, cp_isolation=_LIKELY).best() if evidence else None
    if best is None or evidence < _MIN_EVIDENCE_BYTES:
        msg = f"byte {error.start} is not UTF-8 and the encoding is not certain; save it as UTF-8"
        raise InputError(msg)
    return _checked(str(best))
