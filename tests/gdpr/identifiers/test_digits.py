from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from numpy.typing import NDArray

from gdpr.identifiers.digits import (
    PERSON_KINDS,
    account_numbers,
    organisation_numbers,
    person_kinds,
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

MANY = 20_000
STEMS = 400


def matrix(*numbers: str) -> NDArray[np.uint8]:
    return np.array([[int(digit) for digit in number] for number in numbers], np.uint8)


def words(*numbers: str) -> list[str]:
    return [PERSON_KINDS[code] for code in person_kinds(matrix(*numbers))]


@pytest.mark.parametrize(("number", "kind"), PERSONS.items())
def test_a_published_number_of_a_person_has_its_kind(number: str, kind: str) -> None:
    assert words(number) == [kind]
    assert plainly.kind_of(number) == kind


@pytest.mark.parametrize("number", NO_PERSONS)
def test_what_is_no_persons_number_has_no_kind(number: str) -> None:
    assert words(number) == ["none"]


def test_account_numbers_hold_and_are_no_persons() -> None:
    assert account_numbers(matrix(*ACCOUNTS)).all()
    assert not account_numbers(matrix(*NO_ACCOUNTS)).any()


def test_every_persons_number_would_pass_as_an_account_number() -> None:
    assert [plainly.remainder(number, plainly.SECOND) for number in PERSONS] == [0] * len(PERSONS)


def test_organisation_numbers_hold_and_begin_as_a_register_does() -> None:
    assert organisation_numbers(matrix(*ORGANISATIONS)).all()
    assert not organisation_numbers(matrix(*NO_ORGANISATIONS)).any()


def test_a_tax_authoritys_synthetic_organisation_counts() -> None:
    found = [n for n in range(310_000_000, 310_000_100) if plainly.is_organisation(str(n))]
    assert organisation_numbers(matrix(*map(str, found))).all()
    assert found


def test_digits_may_be_characters() -> None:
    persons, accounts = list(PERSONS), [*ACCOUNTS, "00000000000"]
    assert person_kinds(characters(*persons)).tolist() == person_kinds(matrix(*persons)).tolist()
    assert account_numbers(characters(*accounts)).tolist() == [True, True, True, False]
    assert organisation_numbers(characters(*ORGANISATIONS)).all()


def characters(*numbers: str) -> NDArray[np.uint8]:
    return matrix(*numbers) + np.uint8(ord("0"))


def test_no_rows_have_no_kinds() -> None:
    nothing = np.empty((0, 11), np.uint8)
    assert person_kinds(nothing).shape == account_numbers(nothing).shape == (0,)
    assert organisation_numbers(np.empty((0, 9), np.uint8)).shape == (0,)


def test_digits_may_be_wider_whole_numbers() -> None:
    wide = np.array(matrix(*PERSONS).tolist())
    assert [PERSON_KINDS[code] for code in person_kinds(wide)] == list(PERSONS.values())


def test_rows_need_not_lie_beside_one_another() -> None:
    wide = np.zeros((len(PERSONS), 20), np.uint8)
    wide[:, 4:15] = matrix(*PERSONS)
    assert [PERSON_KINDS[code] for code in person_kinds(wide[:, 4:15])] == list(PERSONS.values())


def test_every_ending_of_many_stems_agrees_with_the_rules_read_aloud() -> None:
    stems = np.random.default_rng(11).integers(0, 10**9, STEMS)
    numbers = [number for stem in stems for number in plainly.endings(f"{stem:09d}")]
    assert words(*numbers) == [plainly.kind_of(number) for number in numbers]
    holds = account_numbers(matrix(*numbers)).tolist()
    assert holds == [plainly.is_account(number) for number in numbers]


def test_every_day_and_month_agrees_with_the_rules_read_aloud() -> None:
    numbers = completed(f"{at:04d}{at * 7919 % 10**5:05d}" for at in range(10_000))
    kinds = words(*numbers)
    assert kinds == [plainly.kind_of(number) for number in numbers]
    assert set(kinds) == set(PERSON_KINDS)


def completed(stems: Iterable[str]) -> list[str]:
    """The stems with all control digits of some rule, and with some of none."""
    ends = (plainly.completed(stem, first) for stem in stems for first in (0, 3, 4))
    return [number for number in ends if number]


@dataclass(frozen=True, slots=True)
class Birth:
    day: dt.date
    individual: int
    foreign: bool

    def number(self, word: str, first: int) -> str | None:
        day, month = self.day.day + 40 * self.foreign, self.day.month + plainly.MONTHS[word]
        year = self.day.year % 100
        return plainly.completed(f"{day:02d}{month:02d}{year:02d}{self.individual:03d}", first)

    def kind(self, word: str) -> str:
        return plainly.D_NUMBERS[word] if self.foreign else word


@st.composite
def births(draw: st.DrawFn) -> Birth:
    day = draw(st.dates(dt.date(1854, 1, 1), dt.date(2039, 12, 31)))
    series = [at for at in range(1000) if plainly.century(day.year % 100, at) == day.year]
    return Birth(day, draw(st.sampled_from(series)), draw(st.booleans()))


KINDS = st.sampled_from([word for word in plainly.MONTHS if word != "health_network_synthetic"])


@given(KINDS, births())
def test_a_number_made_by_todays_rule_is_of_its_kind(word: str, birth: Birth) -> None:
    number = birth.number(word, 0)
    assume(number is not None)
    assert words(number or "") == [birth.kind(word)]


@given(births(), st.integers(1, 3))
def test_a_number_made_by_the_rule_of_2032_is_of_its_kind(birth: Birth, first: int) -> None:
    number = birth.number("fodselsnummer", first)
    assume(number is not None)
    assert words(number or "") == [f"{birth.kind('fodselsnummer')}_2032"]


@given(births())
def test_a_month_that_two_testers_write_alike_is_navs(birth: Birth) -> None:
    number = birth.number("health_network_synthetic", 0)
    assume(number is not None)
    shared = plainly.is_date(plainly.LEAP_YEAR, birth.day.month + 5, birth.day.day)
    word = "nav_synthetic" if shared else "health_network_synthetic"
    assert words(number or "") == [birth.kind(word)]


@given(births(), st.sampled_from(list(plainly.MONTHS)), st.integers(4, 10))
def test_no_other_remainder_makes_a_number(birth: Birth, word: str, first: int) -> None:
    number = birth.number(word, first)
    assume(number is not None)
    assert words(number or "") == ["none"]


def test_every_year_and_individual_number_agrees_with_the_rules_read_aloud() -> None:
    years = [f"{year:02d}{at:03d}" for year in range(100) for at in BORDERS]
    numbers = completed(f"{day}02{year}" for day in (28, 29) for year in years)
    assert words(*numbers) == [plainly.kind_of(number) for number in numbers]


BORDERS = (0, 499, 500, 749, 750, 899, 900, 999)


def test_many_organisation_numbers_agree_with_the_rule_read_aloud() -> None:
    numbers = [f"{at:09d}" for at in np.random.default_rng(9).integers(0, 10**9, MANY)]
    holds = organisation_numbers(matrix(*numbers)).tolist()
    assert holds == [plainly.is_organisation(number) for number in numbers]
    assert any(holds)


def test_one_digit_changed_is_never_a_number_again() -> None:
    for number in (*PERSONS, *ACCOUNTS):
        changed = matrix(*one_digit_off(number))
        assert not person_kinds(changed).any()
        assert not account_numbers(changed).any()
    for number in ORGANISATIONS:
        assert not organisation_numbers(matrix(*one_digit_off(number))).any()


def one_digit_off(number: str) -> list[str]:
    return [
        f"{number[:at]}{digit}{number[at + 1 :]}"
        for at in range(len(number))
        for digit in "0123456789"
        if digit != number[at]
    ]


@given(st.sampled_from(list(PERSONS)), st.integers(0, 9))
def test_two_neighbours_exchanged_are_never_a_number_again(number: str, at: int) -> None:
    turned = f"{number[:at]}{number[at + 1]}{number[at]}{number[at + 2 :]}"
    assert (words(turned) == ["none"]) == (turned != number)
