from __future__ import annotations

from collections.abc import Mapping

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gdpr.keys import Keyring
from gdpr.pseudonyms.concealing import ALGORITHMS, Concealing
from gdpr.pseudonyms.pseudonym import PATTERN
from schemas.contract import Field
from schemas.errors import KeyUnavailable
from schemas.mask import PSEUDONYMS, MaskWord
from schemas.stages import Pseudonymised
from tests.builders import contract, event, field, key

SECRET = bytes(range(32))
RING = Keyring({1: SECRET, 2: SECRET[::-1]}, "1103")
WORDS = st.sampled_from(PSEUDONYMS)
NUMBERS = st.lists(st.none() | st.integers(10**6, 10**9).map(str), max_size=20)


def masked(use: str, **words: object) -> Field:
    told = {"classification": "identifier", "purpose": "facility management", **words}
    mask = {"use": use, **({"domain": told.pop("domain")} if "domain" in told else {})}
    bound = contract(key("a"), event(), field("person_id", "string", mask=mask, **told))
    return bound.field("person_id")


def concealing(use: str, ring: Keyring = RING, version: int = 1, **words: object) -> Concealing:
    made = Concealing.of(masked(use, **words), ring, version)
    assert made is not None
    return made


def test_every_pseudonym_word_has_an_algorithm_of_its_own() -> None:
    assert set(ALGORITHMS) == set(PSEUDONYMS)
    assert len({algorithm.name for algorithm in ALGORITHMS.values()}) == len(PSEUDONYMS)
    assert len({algorithm.label for algorithm in ALGORITHMS.values()}) == len(PSEUDONYMS)


def test_a_field_that_is_masked_otherwise_or_not_at_all_makes_no_pseudonyms() -> None:
    assert Concealing.of(masked("drop"), RING, 1) is None
    bound = contract(key("a"), event())
    assert Concealing.of(bound.field("a"), RING, 1) is None


@pytest.mark.parametrize("use", PSEUDONYMS)
def test_algorithm_key_and_version_are_what_a_record_says(use: MaskWord) -> None:
    made = concealing(use, version=2)
    expected = RING.derive("facility management", "person_id", 2, ALGORITHMS[use])
    assert made.record == Pseudonymised(ALGORITHMS[use].name, expected.key_id, 2)


@given(NUMBERS, WORDS)
def test_null_stays_null_and_what_is_equal_stays_equal(
    values: list[str | None], use: MaskWord
) -> None:
    column = pl.Series("person_id", values, dtype=pl.String)
    sealed = concealing(use).conceal(column)
    assert sealed.name == "person_id"
    assert sealed.dtype == pl.String
    assert sealed.is_null().to_list() == column.is_null().to_list()
    assert sealed.n_unique() == column.n_unique()
    assert not set(sealed.drop_nulls()) & set(column.drop_nulls())


@given(NUMBERS, st.sampled_from(["reversible", "format_preserving"]))
def test_the_key_alone_gives_the_values_back(values: list[str | None], use: str) -> None:
    column = pl.Series("person_id", values, dtype=pl.String)
    made = concealing(use)
    assert made.reversible
    assert made.reveal(made.conceal(column)).equals(column)
    assert not concealing("pseudonym").reversible


OTHERS: Mapping[str, Mapping[str, object]] = {
    "municipality": {"ring": Keyring({1: SECRET}, "1108")},
    "secret": {"ring": Keyring({1: SECRET[::-1]}, "1103")},
    "version": {"version": 2},
    "purpose": {"purpose": "billing"},
    "domain": {"domain": "person"},
}


@pytest.mark.parametrize("use", PSEUDONYMS)
@pytest.mark.parametrize("other", OTHERS)
def test_another_place_gives_another_pseudonym(use: str, other: str) -> None:
    value = pl.Series("person_id", ["01810012345"])
    told: dict[str, object] = {**OTHERS[other]}
    ring, version = told.pop("ring", RING), told.pop("version", 1)
    assert isinstance(ring, Keyring)
    assert isinstance(version, int)
    elsewhere = concealing(use, ring, version, **told)
    assert concealing(use).conceal(value).item() != elsewhere.conceal(value).item()


@pytest.mark.parametrize("use", PSEUDONYMS)
def test_one_value_in_many_spellings_has_one_pseudonym(use: str) -> None:
    made = concealing(use)
    spellings = pl.Series(["1234567", " 1234567", "1234 567\t", "12 34 567"])
    assert made.conceal(spellings).n_unique() == 1
    assert made.conceal(pl.Series([1234567])).item() == made.conceal(spellings)[0]
    assert made.conceal(pl.Series(["01234567"])).item() != made.conceal(spellings)[0]


@pytest.mark.parametrize("use", ["pseudonym", "reversible"])
def test_the_empty_text_has_a_pseudonym_and_one_composition_counts(use: str) -> None:
    made = concealing(use)
    texts = pl.Series(["", None, "K\u00e5ra", "Ka\u030ara"])
    sealed = made.conceal(texts).to_list()
    assert sealed[0] is not None
    assert sealed[1] is None
    assert sealed[2] == sealed[3] != sealed[0]


def test_few_values_and_many_get_the_same_pseudonyms() -> None:
    made = concealing("reversible")
    many = pl.Series("person_id", range(10**6, 10**6 + 30_000)).cast(pl.String)
    few = pl.Series("person_id", ["1000007", None, "1000007"])
    assert made.conceal(few).to_list() == [made.conceal(many)[7], None, made.conceal(many)[7]]


def test_another_key_reveals_nothing() -> None:
    sealed = concealing("reversible").conceal(pl.Series("person_id", ["1234567"]))
    with pytest.raises(KeyUnavailable, match="person_id: the values were not all made with this"):
        concealing("reversible", version=2).reveal(sealed)


def test_a_one_way_pseudonym_is_letters() -> None:
    sealed = concealing("pseudonym").conceal(pl.Series(["1234567"]))
    assert sealed.str.contains(PATTERN).all()
