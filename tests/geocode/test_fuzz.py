"""No bytes of others end the program: a short run of what benchmarks/fuzz runs for hours."""

import contextlib
import io
import struct
import zipfile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from targets import EXPECTED, TARGETS


def nameless_zip():
    """An archive whose directory has an entry without a name: zipfile raises an IndexError."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("a", "x")
    data = bytearray(buffer.getvalue())
    entry, end = data.rfind(b"PK\x01\x02"), data.rfind(b"PK\x05\x06")
    struct.pack_into("<H", data, entry + 28, 0)
    struct.pack_into("<I", data, end + 12, end - entry - 1)
    del data[entry + 46]
    return bytes(data)


def broken_lzma():
    """An archive whose LZMA has options there are not: zipfile lets an LZMAError through."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("a.txt", "x" * 100)
    data = bytearray(buffer.getvalue())
    start = 30 + len("a.txt")
    data[start + 4 : start + 9] = b"\xff" * 5
    return bytes(data)


# What the long runs found, so that it is tried every time.
FOUND = [("zip", nameless_zip()), ("zip", broken_lzma())]


@st.composite
def damaged(draw, seed):
    """A seed with pieces cut out, doubled, or exchanged."""
    data = bytearray(seed)
    for _ in range(draw(st.integers(0, 4))):
        at = draw(st.integers(0, len(data)))
        length = draw(st.integers(0, 12))
        piece = draw(
            st.one_of(
                st.binary(max_size=8),
                st.sampled_from(
                    [
                        b'"',
                        b",",
                        b"<!DOCTYPE x [",
                        b"\xff\xfe",
                        b"9" * 400,
                        bytes(data[:20]),
                        b"\0",
                        b"&x;",
                    ]
                ),
            )
        )
        data[at : at + length] = piece
    return bytes(data)


@pytest.mark.parametrize("name", TARGETS)
def test_damaged_files_are_read_or_refused(name):
    target = TARGETS[name]

    @settings(
        max_examples=25, deadline=None, database=None, suppress_health_check=list(HealthCheck)
    )
    @given(st.one_of([damaged(seed) for seed in target.seeds]))
    def run(data):
        with contextlib.suppress(*EXPECTED):
            target.run(data)

    run()


@pytest.mark.parametrize(("name", "data"), FOUND)
def test_what_was_found_once_is_refused(name, data):
    with contextlib.suppress(*EXPECTED):
        TARGETS[name].run(data)
