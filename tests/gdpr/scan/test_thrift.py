from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gdpr.scan.thrift import Reader, binaries, integer, structs


def test_a_structure_gives_its_fields_by_number() -> None:
    data = bytes.fromhex(
        "15 02 18 03616263 11 12 13 07 17 0000000000000000 19 21 01 02 1c 15 04 00 00"
    )
    fields = Reader(data).struct()
    assert fields == {
        1: 1,
        2: b"abc",
        3: True,
        4: False,
        5: 7,
        6: bytes(8),
        7: [True, False],
        8: {1: 2},
    }
    assert binaries(fields) == [b"abc", bytes(8)]
    assert (integer(fields, 1), integer(fields, 2, 9), integer(fields, 99)) == (1, 9, 0)
    assert (structs(fields, 8), structs(fields, 7), structs(fields, 99)) == ([{1: 2}], [], [])


def test_far_fields_and_long_lists_are_read() -> None:
    data = bytes([0x05, 0xC8, 0x01, 0x02]) + bytes([0x19, 0xF3, 20, *range(20), 0])
    assert Reader(data).struct() == {100: 1, 101: list(range(20))}


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x15",
        b"\x18\x09abc",
        b"\x1d\x00",
        b"\x15" + b"\xff" * 12,
        b"\x19\xf3\xff\xff\x03",
        b"\x1c" * 40,
        b"\x19\x19" + b"\x19" * 40,
    ],
)
def test_what_is_no_structure_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        Reader(data).struct()


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        Reader(data).struct()
    except ValueError:
        return
