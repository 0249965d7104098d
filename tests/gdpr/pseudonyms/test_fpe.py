from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
import pytest
from fastfpe import ff1
from hypothesis import given
from hypothesis import strategies as st

from gdpr.identifiers.digits import person_kinds
from gdpr.identifiers.numbers import is_person_number
from gdpr.pseudonyms.fpe import DIGITS, Ff1
from schemas.errors import KeyUnavailable, PolicyBreach

KEY = bytes(range(32))
LETTERS = DIGITS + "abcdefghijklmnopqrstuvwxyz"
# Tenor's month + 80; a control digit of 2032 stands in the last
PERSONS = ["10915596784", "11854898347", "30829999991"]


@dataclass(frozen=True)
class Sample:
    bits: int
    tweak: str
    plain: str
    sealed: str

    @property
    def key(self) -> str:
        whole = "2B7E151628AED2A6ABF7158809CF4F3CEF4359D8D580AA4F7F036D6F04FC6A94"
        return whole[: self.bits // 4]

    @property
    def alphabet(self) -> str:
        return DIGITS if self.plain.isdigit() and len(self.plain) == 10 else LETTERS


TEN, TWENTY = "39383736353433323130", "3737373770717273373737"
SAMPLES = [
    Sample(128, "", "0123456789", "2433477484"),
    Sample(128, TEN, "0123456789", "6124200773"),
    Sample(128, TWENTY, "0123456789abcdefghi", "a9tv40mll9kdu509eum"),
    Sample(192, "", "0123456789", "2830668132"),
    Sample(192, TEN, "0123456789", "2496655549"),
    Sample(192, TWENTY, "0123456789abcdefghi", "xbj3kv35jrawxv32ysr"),
    Sample(256, "", "0123456789", "6657667009"),
    Sample(256, TEN, "0123456789", "1001623463"),
    Sample(256, TWENTY, "0123456789abcdefghi", "xs8a0azh2avyalyzuwd"),
]


@pytest.mark.parametrize("sample", SAMPLES, ids=range(1, 10))
def test_the_samples_of_nist_sp_800_38g(sample: Sample) -> None:
    told = (sample.key, sample.tweak, sample.alphabet)
    assert ff1.encrypt(*told, sample.plain) == sample.sealed
    assert ff1.decrypt(*told, sample.sealed) == sample.plain


@pytest.mark.parametrize("number", [1, 4, 7])
def test_a_column_is_encrypted_as_the_samples_say(number: int) -> None:
    sample = SAMPLES[number - 1]
    cipher = Ff1(bytes.fromhex(sample.key))
    assert not is_person_number(pl.Series([sample.plain, sample.sealed])).any()
    assert cipher.encrypt(pl.Series([sample.plain])).to_list() == [sample.sealed]
    assert cipher.decrypt(pl.Series([sample.sealed])).to_list() == [sample.plain]


numbers = st.text(DIGITS, min_size=6, max_size=20).filter(
    lambda text: not is_person_number(pl.Series([shifted(text)])).item()
)


def shifted(text: str) -> str:
    return text[:-2] + "".join(str((int(digit) + 5) % 10) for digit in text[-2:])


@given(
    st.lists(st.none() | numbers | st.sampled_from(PERSONS)), st.binary(min_size=32, max_size=32)
)
def test_what_is_encrypted_can_be_decrypted_and_is_no_persons_number(
    values: list[str | None], key: bytes
) -> None:
    column = pl.Series("ids", values, dtype=pl.String)
    sealed = Ff1(key).encrypt(column)
    assert Ff1(key).decrypt(sealed).equals(column)
    assert sealed.name == "ids"
    assert sealed.str.len_bytes().to_list() == column.str.len_bytes().to_list()
    assert not is_person_number(sealed).any()
    assert sealed.n_unique() == column.n_unique()


def day_of_persons() -> pl.Series:
    """Every number of Tenor's persons born on 1 January 1986, by today's rule."""
    endings = np.arange(100_000)
    digits = np.array([[int(digit) for digit in f"018186{n:05d}"] for n in endings], np.uint8)
    found = endings[person_kinds(digits) > 0]
    return pl.Series([f"018186{n:05d}" for n in found])


def test_a_whole_days_persons_become_nobody_and_come_back() -> None:
    persons = day_of_persons()
    assert len(persons) > 400
    cipher = Ff1(KEY)
    sealed = cipher.encrypt(persons)
    assert not is_person_number(sealed).any()
    assert sealed.n_unique() == len(persons)
    assert cipher.decrypt(sealed).equals(persons)


def test_the_walk_goes_on_where_a_step_ends_at_a_person() -> None:
    cipher = Ff1(KEY)
    one = next(
        number
        for number in map(str, range(20_000_000_000, 20_000_100_000))
        if is_person_number(pl.Series([ff1.encrypt(KEY.hex(), "", DIGITS, number)])).item()
    )
    sealed = cipher.encrypt(pl.Series([one]))
    assert sealed.item() != ff1.encrypt(KEY.hex(), "", DIGITS, one)
    assert cipher.decrypt(sealed).to_list() == [one]


@pytest.mark.parametrize("value", ["12345", "", "AB12345", "123 456", "12345é"])
def test_what_a_million_tries_would_find_or_is_no_number_is_refused(value: str) -> None:
    with pytest.raises(PolicyBreach) as refusal:
        Ff1(KEY).encrypt(pl.Series("person_id", ["1234567", value]))
    assert str(refusal.value).startswith("person_id: format_preserving takes numbers of 6 digits")


def test_the_one_number_whose_place_a_person_takes_is_refused() -> None:
    near = pl.Series("person_id", [shifted(PERSONS[0])])
    assert not is_person_number(near).any()
    with pytest.raises(PolicyBreach, match="person_id: a value is a person's number with other"):
        Ff1(KEY).encrypt(near)


@pytest.mark.parametrize("foreign", [PERSONS[0], "12", "text"])
def test_what_encryption_never_makes_is_not_decrypted(foreign: str) -> None:
    with pytest.raises(KeyUnavailable, match="person_id: the values were not all made with this"):
        Ff1(KEY).decrypt(pl.Series("person_id", ["123456", foreign]))


def test_no_rows_and_only_nulls() -> None:
    for values in ([], [None, None]):
        column = pl.Series(values, dtype=pl.String)
        assert Ff1(KEY).encrypt(column).to_list() == values
        assert Ff1(KEY).decrypt(column).to_list() == values
