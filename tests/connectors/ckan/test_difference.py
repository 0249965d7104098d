from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.ckan.difference import Difference

SCHEMA = {"key": pl.Int64(), "text": pl.String(), "amount": pl.Float64()}
ROWS = st.lists(
    st.tuples(
        st.integers(0, 9),
        st.none() | st.sampled_from(["", "a", "å"]),
        st.none() | st.sampled_from([0.5, float("nan"), float("inf")]),
    ),
    max_size=8,
    unique_by=lambda row: row[0],
)


def frame(rows: list[tuple[int, str | None, float | None]]) -> pl.DataFrame:
    return pl.DataFrame(rows, SCHEMA, orient="row")


@given(before=ROWS, now=ROWS)
def test_the_difference_put_upon_what_was_gives_what_is(
    before: list[tuple[int, str | None, float | None]],
    now: list[tuple[int, str | None, float | None]],
) -> None:
    held, fresh = frame(before), frame(now)
    difference = Difference.between(held, fresh, ["key"])
    without = pl.concat([difference.gone, difference.changed])
    kept = held.join(without, on="key", how="anti")
    made = pl.concat([kept, difference.added, difference.changed])
    assert made.sort("key").equals(fresh.sort("key"), null_equal=True)


@given(rows=ROWS)
def test_nothing_differs_from_itself(rows: list[tuple[int, str | None, float | None]]) -> None:
    difference = Difference.between(frame(rows), frame(rows[::-1]), ["key"])
    assert [difference.added.height, difference.changed.height, difference.gone.height] == [0, 0, 0]


@pytest.mark.parametrize(("was", "told"), [(None, "changed"), ("a", "none"), ("", "changed")])
def test_an_empty_value_and_an_empty_text_are_two(was: str | None, told: str) -> None:
    difference = Difference.between(frame([(1, was, 0.5)]), frame([(1, "a", 0.5)]), ["key"])
    assert difference.changed.height == (1 if told == "changed" else 0)
