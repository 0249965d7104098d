from __future__ import annotations

import datetime as dt
import hashlib
import io
import uuid
from functools import cache

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gdpr.identifiers.digits import PERSON_KINDS, person_kinds
from gdpr.scan.findings import Sought, Tally
from gdpr.scan.text import scan_text
from tests.gdpr.scan.files import HIDING, kinds

_FIRST = (3, 7, 6, 1, 8, 9, 4, 5, 2)
_SECOND = (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)


@cache
def synthetic_persons() -> tuple[str, ...]:
    """Synthetic persons' numbers by today's rule, months over 80, some with a leading nought."""
    dice = np.random.default_rng(7)
    drawn = dice.integers((1, 81, 40, 0), (29, 93, 100, 500), (400, 4)).tolist()
    made = (_closed(f"{day:02}{month}{year}{order:03}") for day, month, year, order in drawn)
    return tuple(number for number in made if number and _kind(number) == "tenor_synthetic")


def _closed(nine: str) -> str:
    for weights in (_FIRST, _SECOND):
        control = (
            -sum(int(digit) * weight for digit, weight in zip(nine, weights, strict=True)) % 11
        )
        if control == 10:
            return ""
        nine += str(control)
    return nine


def _kind(number: str) -> str:
    return PERSON_KINDS[person_kinds(np.frombuffer(number.encode(), np.uint8)[None])[0]]


@given(number=st.sampled_from(synthetic_persons()), where=st.sampled_from(sorted(HIDING)))
def test_a_synthetic_person_planted_anywhere_is_found(number: str, where: str) -> None:
    file, content = HIDING[where](number)
    assert set(kinds(content, file)) == {"person number"}


WORDS = st.text(
    st.characters(
        codec="utf-8", exclude_categories=["Nd", "L", "Cs"], exclude_characters=".%&<>@\\\0"
    ),
    max_size=30,
)


@given(number=st.sampled_from(synthetic_persons()), before=WORDS, after=WORDS)
def test_whatever_stands_around_a_number_does_not_hide_it(
    number: str, before: str, after: str
) -> None:
    assert kinds(f"{before}{number}{after}".encode()) == {"person number": 1}


def rows(count: int) -> pl.DataFrame:
    """Rows as open data have them, each kind of value that could look like a person's number."""
    dice = np.random.default_rng(11)
    start = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    return pl.DataFrame(
        {
            "at": [start + dt.timedelta(seconds=61 * n) for n in range(count)],
            "epoch": [1_767_000_000 + 61 * n for n in range(count)],
            "millis": [1_767_000_000_000 + 61_007 * n for n in range(count)],
            "east": [round(300_000 + dice.random() * 90_000, 2) for _ in range(count)],
            "lat": [58 + dice.random() for _ in range(count)],
            "sum": [dice.normal(0, 1e9) for _ in range(count)],
            "sha": [hashlib.sha256(str(n).encode()).hexdigest() for n in range(count)],
            "uuid": [str(uuid.UUID(bytes=dice.bytes(16))) for _ in range(count)],
            "eui": [dice.bytes(8).hex().upper() for _ in range(count)],
            "day": [(start + dt.timedelta(days=n % 365)).strftime("%Y%m%d") for n in range(count)],
        }
    )


@pytest.mark.parametrize("form", ["a.csv", "a.json", "a.parquet"])
def test_values_of_open_data_are_not_taken_for_persons(form: str) -> None:
    buffer = io.BytesIO()
    frame = rows(3000)
    write = {
        "a.csv": frame.write_csv,
        "a.json": frame.write_ndjson,
        "a.parquet": frame.write_parquet,
    }
    write[form](buffer)
    assert kinds(buffer.getvalue(), form) == {}


def test_eleven_digits_by_chance_are_a_person_as_often_as_the_rules_allow() -> None:
    dice = np.random.default_rng(3)
    numbers = "\n".join(f"{number:011}" for number in dice.integers(10**11, size=20_000))
    tally = Tally()
    scan_text([numbers.encode()], Sought(frozenset({"person number"})), tally)
    assert tally.total().get("person number", 0) < 20_000 * 0.02
