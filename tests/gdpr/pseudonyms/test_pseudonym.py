from __future__ import annotations

import datetime as dt

import polars as pl
import pytest
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.cmac import CMAC

from gdpr.keys import Keyring
from gdpr.pseudonyms.pseudonym import LETTERS, PATTERN, canonical, pseudonym
from schemas.errors import PolicyBreach

KEY = Keyring(bytes(range(32)), "1103").derive("facility management", "person", 1)
SYNTHETIC = "10915596784"


def spelled(text: str) -> str:
    mac = CMAC(AES(KEY.material()))
    mac.update(text.encode())
    return mac.finalize().hex().translate(str.maketrans("0123456789abcdef", LETTERS))


def names(*values: object, dtype: pl.DataType | None = None) -> list[str | None]:
    return pseudonym(pl.Series("booker", values, dtype=dtype), KEY).to_list()


def test_a_pseudonym_is_the_cmac_of_the_value_in_letters() -> None:
    assert names(SYNTHETIC) == [spelled(SYNTHETIC)] == ["nqmphrngfkrlthbhrdbtqldssfcnnqcm"]


def test_a_pseudonym_has_no_digit_no_vowel_and_one_length() -> None:
    shapes = pseudonym(pl.Series(range(20_000)), KEY).str.contains(PATTERN)
    assert shapes.all()
    assert not set(LETTERS) & set("0123456789aeiouyæøå")


def test_null_stays_null_and_empty_has_a_name_of_its_own() -> None:
    got = names("", None, "a", None)
    assert got == [spelled(""), None, spelled("a"), None]


@pytest.mark.parametrize("values", [[], [None], [None, None]])
def test_a_column_without_values_stays_so(values: list[None]) -> None:
    for dtype in (pl.String(), pl.Int64(), pl.Null()):
        got = pseudonym(pl.Series("booker", values, dtype=dtype), KEY)
        assert (got.to_list(), got.dtype, got.name) == (values, pl.String(), "booker")


@pytest.mark.parametrize(
    ("written", "stands_for"),
    [
        (f" {SYNTHETIC}\n", SYNTHETIC),
        ("109155 96784", SYNTHETIC),
        ("109155\u00a096784", SYNTHETIC),
        ("109 155 967\u202f84 ", SYNTHETIC),
        ("+47 99 00 00 01", "+4799000001"),
        ("007", "007"),
        ("- 7", "- 7"),
        ("Kari  Nordmann ", "Kari  Nordmann"),
        ("SU 12345", "SU 12345"),
        ("Ka\u030ara", "K\u00e5ra"),
        ("  ", ""),
        ("Ⅻ ½ ٣ ٤", "Ⅻ ½ ٣ ٤"),
    ],
)
def test_what_a_text_stands_for(written: str, stands_for: str) -> None:
    column = pl.Series(["plain", written, None])
    assert canonical(column).to_list() == ["plain", stands_for, None]


def test_numbers_and_dates_have_the_names_of_their_texts() -> None:
    number = int(SYNTHETIC)
    assert names(number, -7, 0) == names(SYNTHETIC, "-7", "0")
    assert names(7, dtype=pl.UInt8()) == names("7")
    assert names(dt.date(1955, 11, 10)) == names("1955-11-10")
    assert names("a", "b", dtype=pl.Categorical()) == names("a", "b")


def test_a_leading_zero_and_case_count() -> None:
    assert names("0150") != names("150")
    assert names("Kari") != names("kari")


@pytest.mark.parametrize("value", [7.0, True, b"a", [1], dt.datetime(2026, 1, 1, tzinfo=dt.UTC)])
def test_a_column_of_another_kind_is_refused_by_name(value: object) -> None:
    column = pl.Series("booker", [value])
    with pytest.raises(PolicyBreach, match=r"^booker: a pseudonym is of text, a whole number"):
        pseudonym(column, KEY)


def test_the_column_that_was_given_is_untouched() -> None:
    column = pl.Series("booker", [" a ", None, "1 2"])
    pseudonym(column, KEY)
    assert column.to_list() == [" a ", None, "1 2"]
