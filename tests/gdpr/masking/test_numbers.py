from __future__ import annotations

import math
from collections.abc import Callable

import polars as pl
import pytest

from gdpr.masking.masks import Ends, round_to, top_code
from schemas.errors import PolicyBreach

GREATEST = (1 << 63) - 1


def column(*values: object, dtype: pl.DataType | None = None) -> pl.Series:
    return pl.Series("field", values, dtype=dtype)


def test_whole_numbers_are_rounded_to_the_nearest_and_a_half_away_from_zero() -> None:
    got = round_to(column(-15, -14, -5, -4, 0, 4, 5, 14, 15, None), 10.0)
    assert got.to_list() == [-20, -10, -10, 0, 0, 0, 10, 10, 20, None]
    assert (got.name, got.dtype) == ("field", pl.Int64())
    assert round_to(column(1, 2, 4, 5), 3).to_list() == [0, 3, 3, 6]


def test_numbers_with_decimals_are_rounded_likewise() -> None:
    got = round_to(column(-1.25, 1.25, 1.2, 2.5, 0.0, None), 0.5)
    assert got.to_list() == [-1.5, 1.5, 1.0, 2.5, 0.0, None]
    assert round_to(column(0.49999999999999994), 1).to_list() == [0.0]
    assert str(round_to(column(-0.2), 1)[0]) == "0.0"


def test_what_cannot_be_rounded_is_null_and_never_another_number() -> None:
    assert round_to(column(math.nan, math.inf, -math.inf), 10).to_list() == [None] * 3
    assert round_to(column(GREATEST), 10).to_list() == [None]
    assert round_to(column((1 << 64) - 1, dtype=pl.UInt64()), 10).to_list() == [None]
    assert round_to(column(GREATEST - 7), 10).to_list() == [GREATEST - 7]


def test_what_lies_beyond_the_ends_is_the_end() -> None:
    ages = column(-3, 0, 40, 90, 91, 110, None)
    assert top_code(ages, Ends(0, 90)).to_list() == [0, 0, 40, 90, 90, 90, None]
    assert top_code(ages, Ends(top=90.0))[0] == -3
    assert top_code(ages, Ends(bottom=40))[5] == 110


@pytest.mark.parametrize("dtype", [pl.Int8(), pl.Int64(), pl.UInt32(), pl.Float32(), pl.Float64()])
def test_the_ends_keep_the_columns_type(dtype: pl.DataType) -> None:
    got = top_code(column(7, 100, dtype=dtype), Ends(10, 90))
    assert got.to_list() == [10, 90]
    assert got.dtype == dtype


def test_infinities_lie_beyond_every_end_and_no_number_is_null() -> None:
    got = top_code(column(math.inf, -math.inf, math.nan, 1.5), Ends(0, 90))
    assert got.to_list() == [90.0, 0.0, None, 1.5]


@pytest.mark.parametrize("ends", [(None, None), (1, 1), (2, 1), (None, math.inf), (math.nan, 1)])
def test_ends_that_hold_nothing_between_them_are_refused(
    ends: tuple[float | None, float | None],
) -> None:
    with pytest.raises(PolicyBreach, match="a top above a bottom, or one of them, is needed"):
        Ends(*ends)


@pytest.mark.parametrize(
    "masked",
    [
        lambda: round_to(column("a"), 10),
        lambda: round_to(column(7), 1),
        lambda: round_to(column(7), 2.5),
        lambda: round_to(column(7), math.nan),
        lambda: round_to(column(7.5), 0),
        lambda: round_to(column(7.5), math.inf),
        lambda: round_to(column(True), 10),
        lambda: top_code(column("a"), Ends(top=10)),
        lambda: top_code(column(7), Ends(top=2.5)),
        lambda: top_code(column(7, dtype=pl.Int8()), Ends(top=300)),
        lambda: top_code(column(7, dtype=pl.UInt8()), Ends(bottom=-1)),
    ],
)
def test_numbers_that_a_mask_does_not_fit_are_refused_by_the_fields_name(
    masked: Callable[[], pl.Series],
) -> None:
    with pytest.raises(PolicyBreach, match=r"^field: ") as refusal:
        masked()
    assert "7" not in str(refusal.value)
