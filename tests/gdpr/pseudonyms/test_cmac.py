from __future__ import annotations

import polars as pl
import pytest
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.cmac import CMAC
from hypothesis import given
from hypothesis import strategies as st

from gdpr.pseudonyms.cmac import LONG, cmac, tags

RFC_KEY = bytes.fromhex("2b7e151628aed2a6abf7158809cf4f3c")
RFC_MESSAGE = bytes.fromhex(
    "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51"
    "30c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710"
)
RFC_TAGS = {
    0: "bb1d6929e95937287fa37d129b756746",
    16: "070a16b46b4d4144f79bdd9dd04a287c",
    40: "dfa66747de9ae63030ca32611497c827",
    64: "51f0bebf7e3b9d92fc49741779363cfe",
}
KEY = bytes(range(32))


def peer(value: bytes, key: bytes = KEY) -> bytes:
    mac = CMAC(AES(key))
    mac.update(value)
    return mac.finalize()


@pytest.mark.parametrize("length", RFC_TAGS)
def test_the_vectors_of_rfc_4493(length: int) -> None:
    column = pl.Series([RFC_MESSAGE[:length]])
    assert cmac(column, RFC_KEY).to_list() == [bytes.fromhex(RFC_TAGS[length])]


def test_the_vectors_of_rfc_4493_in_one_column() -> None:
    column = pl.Series([RFC_MESSAGE[:length] for length in RFC_TAGS])
    assert cmac(column, RFC_KEY).to_list() == [bytes.fromhex(tag) for tag in RFC_TAGS.values()]


@given(st.lists(st.none() | st.binary(max_size=80)), st.binary(min_size=32, max_size=32))
def test_equals_cryptography_on_any_bytes(values: list[bytes | None], key: bytes) -> None:
    column = pl.Series("ids", values, dtype=pl.Binary)
    expected = [None if value is None else peer(value, key) for value in values]
    assert cmac(column, key).to_list() == expected


@given(st.lists(st.text(max_size=40)))
def test_equals_cryptography_on_any_text(values: list[str]) -> None:
    column = pl.Series(values, dtype=pl.String)
    assert cmac(column, KEY).to_list() == [peer(value.encode()) for value in values]


@given(st.integers(0, 48), st.integers(1, 20))
def test_equals_cryptography_on_fixed_widths(width: int, rows: int) -> None:
    values = [bytes([row]) * width for row in range(rows)]
    assert cmac(pl.Series(values), KEY).to_list() == [peer(value) for value in values]


@pytest.mark.parametrize("length", [LONG - 1, LONG, LONG + 1, 3 * LONG])
def test_long_values_get_the_same_tags_as_short_ones_would(length: int) -> None:
    values = [b"short", b"x" * length, b""]
    assert cmac(pl.Series(values), KEY).to_list() == [peer(value) for value in values]


def test_a_column_longer_than_one_pass() -> None:
    column = pl.Series(range(70_000)).cast(pl.String)
    got = cmac(column, KEY)
    for row in (0, 9, 65_535, 65_536, 69_999):
        assert got[row] == peer(str(row).encode())


def test_a_slice_of_a_column() -> None:
    column = pl.Series(["first", "second", "third", None, "fifth"])
    assert cmac(column[1:4], KEY).to_list() == [peer(b"second"), peer(b"third"), None]


def test_a_column_in_many_chunks() -> None:
    column = pl.concat([pl.Series(["a"]), pl.Series(["bb", None]), pl.Series(["ccc"])])
    assert cmac(column, KEY).to_list() == [peer(b"a"), peer(b"bb"), None, peer(b"ccc")]


@pytest.mark.parametrize("values", [[], [None], [None, None]])
def test_nothing_to_tag(values: list[None]) -> None:
    got = cmac(pl.Series("ids", values, dtype=pl.String), KEY)
    assert got.to_list() == values
    assert got.dtype == pl.Binary
    assert got.name == "ids"


def test_tags_come_as_rows_of_sixteen_bytes() -> None:
    assert tags(pl.Series(["a", "b"]), KEY).shape == (2, 16)
    assert tags(pl.Series([], dtype=pl.String), KEY).shape == (0, 16)
