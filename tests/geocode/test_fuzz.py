"""No bytes of others end the program: a short run of what benchmarks/fuzz runs for hours."""

import contextlib

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from targets import EXPECTED, TARGETS

# What the long runs found, so that it is tried every time.
FOUND = [
    (
        "zip",
        b"PK\x01\x02"
        + bytes(42)
        + b"PK\x05\x06"
        + bytes(4)
        + b"\x01\x00\x01\x00"
        + b"\x2e\x00\x00\x00"
        + bytes(6),
    ),
]


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
