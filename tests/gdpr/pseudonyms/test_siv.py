from __future__ import annotations

import base64
from dataclasses import dataclass

import polars as pl
import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from hypothesis import given
from hypothesis import strategies as st

from gdpr.pseudonyms.siv import Daead, Siv
from schemas.errors import KeyUnavailable

KEY = bytes(range(64))
keys = st.binary(min_size=64, max_size=64)


@dataclass(frozen=True)
class Vector:
    key: str
    associated: tuple[str, ...]
    plain: str
    sealed: str


RFC_5297 = [
    Vector(
        "fffefdfcfbfaf9f8f7f6f5f4f3f2f1f0f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff",
        ("101112131415161718191a1b1c1d1e1f2021222324252627",),
        "112233445566778899aabbccddee",
        "85632d07c6e8f37f950acd320a2ecc9340c02b9690c4dc04daef7f6afe5c",
    ),
    Vector(
        "7f7e7d7c7b7a79787776757473727170404142434445464748494a4b4c4d4e4f",
        (
            "00112233445566778899aabbccddeeffdeaddadadeaddadaffeeddccbbaa99887766554433221100",
            "102030405060708090a0",
            "09f911029d74e35bd84156c5635688c0",
        ),
        "7468697320697320736f6d6520706c61696e7465787420746f20656e63727970"
        "74207573696e67205349562d414553",
        "7bdb6e3b432667eb06f4d14bff2fbd0fcb900f2fddbe404326601965c889bf17"
        "dba77ceb094fa663b7a3f748ba8af829ea64ad544a272e9c485b62a3fd5c0d",
    ),
]
# the keyset and the two values of Statistics Norway's tests of dapla-dlp-pseudo-core
SSB_KEY = base64.b64decode(
    "iI2FKyk0zAMRGUk/MaMgV630i7U7fl5nwXBPz0MYa9Tm/mHQ/OG0jD0A2kxjKg9uNQuCe6EPsN0RV2gvLys2yA=="
)
SSB = [
    (9876543210, "Something", "AUywFurOtYjeblGN+jZeR4w6alLoxuSsaigbZ+am"),
    (1284924461, "Secret", "AUyWZC2kWmY72/261fvqshAWQXfy+FY+F7PB"),
]


@pytest.mark.parametrize("vector", RFC_5297, ids=["A.1", "A.2"])
def test_the_vectors_of_rfc_5297(vector: Vector) -> None:
    cipher = Siv.of(bytes.fromhex(vector.key), [bytes.fromhex(a) for a in vector.associated])
    plain, sealed = (pl.Series([bytes.fromhex(text)]) for text in (vector.plain, vector.sealed))
    assert cipher.encrypt(plain).to_list() == sealed.to_list()
    assert cipher.decrypt(sealed).to_list() == plain.to_list()


@pytest.mark.parametrize(("number", "plain", "sealed"), SSB)
def test_the_values_of_statistics_norway(number: int, plain: str, sealed: str) -> None:
    cipher = Daead.of(SSB_KEY, number)
    assert cipher.encrypt(pl.Series([plain])).to_list() == [sealed]
    assert cipher.decrypt(pl.Series([sealed])).to_list() == [plain]


@given(st.lists(st.none() | st.binary(max_size=70)), keys, st.lists(st.binary(max_size=40)))
def test_equals_cryptography_on_any_bytes(
    values: list[bytes | None], key: bytes, associated: list[bytes]
) -> None:
    peer = AESSIV(key)
    # the peer does not encrypt nothing
    values = [value or None for value in values]
    column = pl.Series("ids", values, dtype=pl.Binary)
    sealed = Siv.of(key, associated).encrypt(column)
    expected = [None if v is None else peer.encrypt(v, associated) for v in values]
    assert sealed.to_list() == expected
    assert Siv.of(key, associated).decrypt(sealed).equals(column)


@given(st.integers(1, 50), st.integers(1, 20))
def test_equals_cryptography_on_fixed_widths(width: int, rows: int) -> None:
    values = [bytes([row]) * width for row in range(rows)]
    expected = [AESSIV(KEY).encrypt(value, [b""]) for value in values]
    assert Siv.of(KEY).encrypt(pl.Series(values)).to_list() == expected


@given(st.lists(st.none() | st.text(max_size=40)), keys, st.integers(0, 2**40))
def test_what_is_encrypted_can_be_decrypted(
    values: list[str | None], key: bytes, number: int
) -> None:
    column = pl.Series("ids", values, dtype=pl.String)
    cipher = Daead.of(key, number)
    sealed = cipher.encrypt(column)
    assert sealed.dtype == pl.String
    assert sealed.null_count() == column.null_count()
    assert sealed.n_unique() == column.n_unique()
    assert cipher.decrypt(sealed).equals(column)
    assert cipher.decrypt(sealed).name == "ids"


def test_the_empty_text_is_sealed_and_null_is_not() -> None:
    cipher = Daead.of(KEY, 1)
    sealed = cipher.encrypt(pl.Series(["", None, "a"]))
    assert [value is None for value in sealed] == [False, True, False]
    assert cipher.decrypt(sealed).to_list() == ["", None, "a"]


def test_a_column_longer_than_one_pass() -> None:
    column = pl.Series(range(70_000)).cast(pl.String)
    sealed = Siv.of(KEY).encrypt(column)
    for row in (0, 9, 65_535, 65_536, 69_999):
        assert sealed[row] == AESSIV(KEY).encrypt(str(row).encode(), [b""])
    assert Siv.of(KEY).decrypt(sealed).cast(pl.String).equals(column)


def test_a_value_of_many_blocks() -> None:
    value = bytes(range(256)) * 40
    sealed = Siv.of(KEY).encrypt(pl.Series([value]))
    assert sealed.to_list() == [AESSIV(KEY).encrypt(value, [b""])]


ANOTHER = Daead.of(bytes(64), 7).encrypt(pl.Series(["secret value"]))[0]
NUMBERED = Daead.of(KEY, 8).encrypt(pl.Series(["secret value"]))[0]
OURS = Daead.of(KEY, 7).encrypt(pl.Series(["secret value"]))[0]
NO_TEXT = base64.b64encode(
    b"\x01" + (7).to_bytes(4) + AESSIV(KEY).encrypt(b"\xff\xfe", [b""])
).decode()


@pytest.mark.parametrize(
    "foreign",
    [ANOTHER, NUMBERED, f"{OURS[:-5]}A{OURS[-4:]}", "plain text", "AQAA", "", "AQAAAAc=", NO_TEXT],
    ids=["key", "number", "changed", "no base64", "short", "empty", "head alone", "no text"],
)
def test_a_value_of_another_key_is_refused_by_the_name_of_its_column(foreign: str) -> None:
    with pytest.raises(KeyUnavailable) as refusal:
        Daead.of(KEY, 7).decrypt(pl.Series("person_id", [OURS, foreign]))
    assert str(refusal.value) == "person_id: the values were not all made with this key"
    assert refusal.value.__suppress_context__


def test_bytes_of_another_key_are_refused_too() -> None:
    sealed = Siv.of(KEY).encrypt(pl.Series("person_id", ["a"]))
    with pytest.raises(KeyUnavailable, match=r"^person_id: the values were not all"):
        Siv.of(bytes(64)).decrypt(sealed)


def test_no_rows_and_only_nulls() -> None:
    cipher = Daead.of(KEY, 1)
    assert cipher.encrypt(pl.Series([], dtype=pl.String)).to_list() == []
    nothing = pl.Series([None, None], dtype=pl.String)
    assert cipher.encrypt(nothing).to_list() == [None, None]
    assert cipher.decrypt(nothing).to_list() == [None, None]
