"""Everyone born in a year, tried against what is stored: the attack that unkeyed hashes lose to.

They are synthetic persons: their months are 80 too high.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
from collections.abc import Callable, Iterator

import numpy as np
import polars as pl
import pytest

from gdpr.apply import Keys, Masking
from gdpr.identifiers.digits import person_kinds
from gdpr.keys import Keyring
from gdpr.policy import effective
from gdpr.pseudonyms.pseudonym import LETTERS
from schemas.mask import PSEUDONYMS
from schemas.stages import DAY, Valid
from tests.builders import contract, event, field, key, policies

SECRET = bytes(range(32))
YEAR = 1986
# the hundreds of the individual number that the year has, by the rule before 2032
HUNDREDS = (0, 1, 2, 3, 4, 9)
FIRST = (3, 7, 6, 1, 8, 9, 4, 5, 2)
SECOND = (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)
HASHES: tuple[Callable[[bytes], hashlib._Hash], ...] = (hashlib.md5, hashlib.sha1, hashlib.sha256)
SPELLED = str.maketrans("0123456789abcdef", LETTERS)
WIDTH = 32
OWNED = contract(
    key("row"),
    event(),
    *(
        field(use, "string", mask={"use": use}, classification="identifier", purpose="a test")
        for use in PSEUDONYMS
    ),
)


def everyone() -> list[str]:
    """Every valid number of the year, its control digits found by their definition."""
    days = [dt.date(YEAR, 1, 1) + dt.timedelta(days=n) for n in range(365)]
    dates = [f"{day.day:02d}{day.month + 80}{day:%y}" for day in days]
    individuals = [f"{100 * hundred + n:03d}" for hundred in HUNDREDS for n in range(100)]
    texts = [date + individual for date in dates for individual in individuals]
    digits = np.frombuffer("".join(texts).encode(), np.uint8).reshape(-1, 9) - ord("0")
    first = -(digits @ np.array(FIRST)) % 11
    ten = np.column_stack([digits, first])
    second = -(ten @ np.array(SECOND)) % 11
    whole = np.column_stack([ten, second])[(first < 10) & (second < 10)]
    return [bytes(row).decode() for row in (whole + ord("0")).astype(np.uint8)]


def stored(persons: list[str], municipality: str) -> pl.DataFrame:
    policy = effective("datasjo_baseline", policies())
    keys = Keys(lambda: Keyring(SECRET, municipality))
    at = dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC)
    frame = pl.DataFrame(dict.fromkeys(("row", *PSEUDONYMS), persons))
    rows = frame.with_columns(pl.lit(at).alias("observed_at"), pl.lit(at.date()).alias(DAY))
    masking = Masking.of(OWNED, policy, keys, "Europe/Oslo")
    return masking.apply(Valid(rows, rows.select("row").clear())).frame.select(PSEUDONYMS)


def forms(digest: bytes) -> Iterator[str]:
    """How a hash may be written, whole or cut to the width of a pseudonym."""
    digits = digest.hex()
    for text in (digits, base64.b64encode(digest).decode(), digits.translate(SPELLED)):
        yield text
        yield text[:WIDTH]


def found_by_hashing(held: set[str], persons: list[str]) -> bool:
    values = [person.encode() for person in persons]
    digests = (hashed(value).digest() for hashed in HASHES for value in values)
    return any(form in held for digest in digests for form in forms(digest))


@pytest.fixture(scope="module")
def persons() -> list[str]:
    return everyone()


def test_the_year_is_whole(persons: list[str]) -> None:
    digits = np.frombuffer("".join(persons).encode(), np.uint8).reshape(-1, 11)
    assert 150_000 < len(persons) == len(set(persons))
    assert (person_kinds(digits) > 0).all()


def test_no_hash_of_anybody_is_stored(persons: list[str]) -> None:
    held = {value for column in stored(persons, "1103") for value in column}
    assert len(held) == len(PSEUDONYMS) * len(persons)
    assert held.isdisjoint(persons)
    assert not found_by_hashing(held, persons)


@pytest.mark.parametrize("hashed", HASHES)
def test_the_attack_finds_what_was_only_hashed(
    persons: list[str], hashed: Callable[[bytes], hashlib._Hash]
) -> None:
    one = hashed(persons[7].encode()).digest()
    assert all(found_by_hashing({form}, persons[:20]) for form in forms(one))


def test_no_pseudonym_of_anybody_elsewhere_is_stored(persons: list[str]) -> None:
    few = persons[::10]
    here, elsewhere = stored(few, "1103"), stored(few, "1108")
    # a format-preserving pseudonym is one of 10^11: somebody else's may be the same digits
    for use in ("pseudonym", "reversible"):
        assert set(here[use]).isdisjoint(elsewhere[use])
    assert not (here["format_preserving"] == elsewhere["format_preserving"]).any()
