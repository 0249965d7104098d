from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gdpr.identifiers.digits import PERSON_KINDS, person_kinds
from gdpr.identifiers.numbers import (
    ACCOUNT_NUMBER_PATTERN,
    ORGANISATION_NUMBER_PATTERN,
    PERSON_NUMBER_PATTERN,
    is_account_number,
    is_organisation_number,
    is_person_number,
    person_number_kind,
)
from tests.gdpr.identifiers import plainly
from tests.gdpr.identifiers.vectors import (
    ACCOUNTS,
    NO_ACCOUNTS,
    NO_ORGANISATIONS,
    NO_PERSONS,
    ORGANISATIONS,
    PERSONS,
)

TENOR = "10915596784"
EARLY = "02013299997"


def column(*values: object) -> pl.Series:
    return pl.Series("field", values)


def test_kinds_of_a_column_are_words() -> None:
    kinds = person_number_kind(column(*PERSONS, *NO_PERSONS))
    assert kinds.dtype == pl.String
    assert kinds.name == "field"
    assert kinds.to_list() == [*PERSONS.values(), *[None] * len(NO_PERSONS)]


def test_verdicts_of_columns() -> None:
    assert is_person_number(column(*PERSONS)).all()
    assert not is_person_number(column(*NO_PERSONS)).any()
    assert is_account_number(column(*ACCOUNTS)).all()
    assert not is_account_number(column(*NO_ACCOUNTS)).any()
    assert is_organisation_number(column(*ORGANISATIONS)).all()
    assert not is_organisation_number(column(*NO_ORGANISATIONS)).any()


@pytest.mark.parametrize(
    "written",
    [
        "109155 96784",
        "109155-96784",
        "109155\u00a096784",
        "10.91.55 96784",
        "10 91 55 96784",
        "  10915596784\t",
    ],
)
def test_a_persons_number_may_be_grouped_as_usual(written: str) -> None:
    assert person_number_kind(column(written, TENOR)).to_list() == ["tenor_synthetic"] * 2


@pytest.mark.parametrize(
    "written",
    [
        "974 760 673",
        "974.760.673",
        "NO 974 760 673 MVA",
        "NO974760673MVA",
        "974760673 mva",
        "no-974760673",
    ],
)
def test_an_organisation_number_may_be_grouped_as_usual(written: str) -> None:
    assert is_organisation_number(column(written)).all()


@pytest.mark.parametrize("written", ["8601.11.17947", "8601 11 17947", "8601 1117947"])
def test_an_account_number_may_be_grouped_as_usual(written: str) -> None:
    assert is_account_number(column(written)).all()


@pytest.mark.parametrize(
    "written",
    [
        "",
        " ",
        "x",
        "1091559678",
        "109155967841",
        "1 0915596784",
        "nr 10915596784",
        "\N{FULLWIDTH DIGIT ONE}0915596784",
    ],
)
def test_other_text_is_no_number(written: str) -> None:
    for holds in (is_person_number, is_account_number, is_organisation_number):
        assert holds(column(written)).to_list() == [False]


def test_null_stays_null_and_empty_is_no_number() -> None:
    values = column(None, "", TENOR)
    assert is_person_number(values).to_list() == [None, False, True]
    assert is_account_number(values).to_list() == [None, False, False]
    assert is_organisation_number(values).to_list() == [None, False, False]
    assert person_number_kind(values).to_list() == [None, None, "tenor_synthetic"]


@pytest.mark.parametrize("dtype", [pl.String, pl.Int64, pl.Float64])
def test_a_column_without_rows_or_values_has_no_verdicts(dtype: type[pl.DataType]) -> None:
    for values in (pl.Series([], dtype=dtype), pl.Series([None, None], dtype=dtype)):
        assert is_person_number(values).to_list() == values.to_list()
        assert person_number_kind(values).to_list() == values.to_list()


def test_a_whole_number_has_lost_its_leading_nought() -> None:
    whole = pl.Series([int(EARLY), int(TENOR), 7, -int(TENOR), None])
    assert is_person_number(whole).to_list() == [True, True, False, False, None]
    assert is_person_number(whole.cast(pl.String)).to_list() == [True, True, False, False, None]


def test_a_workbooks_number_is_whole_among_fractions() -> None:
    cells = pl.Series([float(EARLY), float(TENOR), float(TENOR) + 0.5, float("nan"), None])
    assert is_person_number(cells).to_list() == [True, True, False, False, None]
    assert is_organisation_number(pl.Series([974760673.0])).all()


def test_a_column_of_other_things_holds_no_numbers() -> None:
    assert is_person_number(pl.Series([True, None])).to_list() == [False, None]
    assert is_account_number(pl.Series([b"x".decode()]).cast(pl.Categorical)).to_list() == [False]


@given(st.lists(st.integers(10**9, 10**11 - 1), max_size=40))
def test_whole_numbers_and_their_text_agree(numbers: list[int]) -> None:
    whole = pl.Series("field", numbers, dtype=pl.Int64)
    for holds in (is_person_number, is_account_number, is_organisation_number):
        assert holds(whole).to_list() == holds(whole.cast(pl.String)).to_list()


@given(st.lists(st.one_of(st.none(), st.sampled_from(list(PERSONS)), st.text(max_size=14))))
def test_a_persons_number_is_found_among_anything(values: list[str | None]) -> None:
    kinds = person_number_kind(pl.Series("field", values, dtype=pl.String)).to_list()
    assert kinds == [PERSONS.get(value or "") for value in values]


def test_many_rows_agree_with_the_rules_read_aloud() -> None:
    stems = np.random.default_rng(5).integers(0, 10**9, 150)
    numbers = [number for stem in stems for number in plainly.endings(f"{stem:09d}")]
    digits = np.array([[int(digit) for digit in number] for number in numbers], np.uint8)
    kinds = [PERSON_KINDS[code] for code in person_kinds(digits)]
    assert person_number_kind(column(*numbers)).fill_null("none").to_list() == kinds
    spaced = [f" {number[:6]} {number[6:]}" for number in numbers]
    assert person_number_kind(column(*spaced)).fill_null("none").to_list() == kinds
    accounts = is_account_number(column(*numbers)).to_list()
    assert accounts == [plainly.is_account(number) for number in numbers]


def test_the_patterns_find_numbers_in_a_text() -> None:
    text = column("fnr 109155 96784, konto 8601.11.17947, org. 974 760 673 i Stavanger")
    assert "109155 96784" in text.str.extract_all(PERSON_NUMBER_PATTERN)[0].to_list()
    assert "8601.11.17947" in text.str.extract_all(ACCOUNT_NUMBER_PATTERN)[0].to_list()
    assert "974 760 673" in text.str.extract_all(ORGANISATION_NUMBER_PATTERN)[0].to_list()
