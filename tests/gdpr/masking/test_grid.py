from __future__ import annotations

from collections.abc import Callable

import polars as pl
import pytest

from gdpr.masking.masks import Places, grid_cell
from schemas.errors import PolicyBreach


def places(*both: tuple[float | None, float | None], dtype: pl.DataType | None = None) -> Places:
    east, north = zip(*both, strict=True)
    return Places(pl.Series("east", east, dtype=dtype), pl.Series("north", north, dtype=dtype))


@pytest.mark.parametrize(
    ("easting", "northing", "width", "cell"),
    [
        (262_345, 6_649_999, 1000, "22620006649000"),
        (262_000, 6_649_000, 1000, "22620006649000"),
        (261_999, 6_648_999, 1000, "22610006648000"),
        (262_345, 6_649_999, 250, "22622506649750"),
        (262_345, 6_649_999, 5000, "22600006645000"),
        (-75_300, 6_450_000, 1000, "19240006450000"),
        (-1, 0, 1000, "19990000000000"),
        (0, 999, 1000, "20000000000000"),
    ],
)
def test_a_square_is_named_by_its_south_western_corner(
    easting: int, northing: int, width: int, cell: str
) -> None:
    assert grid_cell(places((easting, northing)), width).to_list() == [cell]
    assert int(cell) == (
        20_000_000_000_000 + easting // width * width * 10_000_000 + northing // width * width
    )


def test_metres_with_decimals_lie_in_the_square_of_their_whole_metres() -> None:
    got = grid_cell(places((262_999.9, 6_649_000.0), (None, 1.0), (1.0, None)), 1000)
    assert got.to_list() == ["22620006649000", None, None]
    assert (got.name, got.dtype) == ("east", pl.String())


@pytest.mark.parametrize(
    "beyond",
    [(-2_000_001, 0), (8_000_000, 0), (0, -1), (0, 10_000_000), (0, 1e300), (float("nan"), 0)],
)
def test_a_place_that_seven_digits_cannot_name_is_in_no_square(
    beyond: tuple[float, float],
) -> None:
    assert grid_cell(places(beyond, dtype=pl.Float64()), 1000).to_list() == [None]


def test_no_rows_lie_in_no_squares() -> None:
    empty = pl.Series("east", [], dtype=pl.Int64)
    assert grid_cell(Places(empty, empty), 1000).to_list() == []


@pytest.mark.parametrize(
    "masked",
    [
        lambda: grid_cell(Places(pl.Series("field", ["a"]), pl.Series([1])), 1000),
        lambda: grid_cell(Places(pl.Series([1]), pl.Series("field", ["a"])), 1000),
        lambda: grid_cell(Places(pl.Series("field", [1]), pl.Series([1])), 1),
    ],
)
def test_what_is_no_place_is_refused_by_the_fields_name(masked: Callable[[], pl.Series]) -> None:
    with pytest.raises(PolicyBreach, match=r"^field: "):
        masked()
