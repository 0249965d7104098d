"""What masks without a key keep: never the value, always its place among others."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl
from hypothesis import assume, given
from hypothesis import strategies as st

from gdpr.masking.masks import (
    Ends,
    Grain,
    Groups,
    Places,
    bucket,
    generalise,
    grid_cell,
    round_to,
    top_code,
    truncate,
)

WHOLE = st.integers(-(1 << 62), 1 << 62)
REAL = st.floats(-1e9, 1e9)
WORDS = st.text("abcdefghij0123456789", min_size=1, max_size=6)
GROUPS = st.dictionaries(
    st.sampled_from(["north", "south", "west"]), st.frozensets(WORDS, min_size=1), min_size=1
).filter(lambda groups: len(set().union(*groups.values())) == sum(map(len, groups.values())))
METRES = st.integers(-1_500_000, 7_500_000)
NORTHINGS = st.integers(0, 9_400_000)
CELLS = st.sampled_from([100, 250, 500, 1000, 5000, 10_000, 100_000])


def whole(values: Sequence[int]) -> pl.Series:
    return pl.Series(values, dtype=pl.Int64)


def real(values: Sequence[float]) -> pl.Series:
    return pl.Series(values, dtype=pl.Float64)


def cell(easting: int, northing: int, width: int) -> str:
    return str(grid_cell(Places(whole([easting]), whole([northing])), width)[0])


@given(st.lists(WORDS | st.just("") | st.none()), GROUPS)
def test_only_names_of_groups_are_shown(
    values: list[str | None], members: dict[str, frozenset[str]]
) -> None:
    groups = Groups({name: tuple(of) for name, of in members.items()})
    shown = generalise(pl.Series(values, dtype=pl.String), groups).to_list()
    for value, label in zip(values, shown, strict=True):
        home = [name for name, of in members.items() if value in of]
        assert label == (None if value is None else (home or ["other"])[0])


@given(st.lists(WHOLE), st.integers(2, 1 << 40))
def test_a_whole_number_is_rounded_to_the_nearest_multiple(values: list[int], width: int) -> None:
    rounded = round_to(whole(values), width).to_list()
    for value, near in zip(values, rounded, strict=True):
        assert near % width == 0
        assert abs(near - value) * 2 <= width
        assert abs(near - value) * 2 < width or abs(near) > abs(value)


@given(st.lists(REAL), st.floats(1e-3, 1e6))
def test_a_number_is_rounded_to_the_nearest_multiple(values: list[float], width: float) -> None:
    rounded = round_to(real(values), width)
    for value, near in zip(values, rounded, strict=True):
        assert near == round(near / width) * width
        assert abs(near - value) <= width / 2 + abs(value) * 1e-12


@given(st.lists(WHOLE), st.integers(2, 1 << 40))
def test_what_is_rounded_or_bucketed_stays_so(values: list[int], width: int) -> None:
    for mask in (round_to, bucket):
        once = mask(whole(values), width)
        assert mask(once, width).equals(once)


@given(st.lists(WHOLE), st.integers(2, 1 << 40), WHOLE)
def test_masked_numbers_keep_their_order(values: list[int], width: int, end: int) -> None:
    ordered = whole(sorted(values))
    for masked in (
        round_to(ordered, width),
        bucket(ordered, width),
        top_code(ordered, Ends(top=end)),
        top_code(ordered, Ends(bottom=end)),
    ):
        assert masked.is_sorted()


@given(st.lists(WHOLE), WHOLE, WHOLE)
def test_nothing_is_shown_beyond_the_ends_and_all_else_as_it_is(
    values: list[int], one: int, other: int
) -> None:
    assume(float(one) == one and float(other) == other and one != other)
    ends = Ends(min(one, other), max(one, other))
    shown = top_code(whole(values), ends)
    assert shown.to_list() == [min(max(v, min(one, other)), max(one, other)) for v in values]
    assert top_code(shown, ends).equals(shown)


@given(METRES, NORTHINGS, CELLS, st.tuples(st.integers(0, 99_999), st.integers(0, 99_999)))
def test_places_of_one_square_have_one_name(
    easting: int, northing: int, width: int, within: tuple[int, int]
) -> None:
    west, south = easting // width * width, northing // width * width
    east, north = within
    name = cell(easting, northing, width)
    assert name == cell(west, south, width)
    assert name == cell(west + east % width, south + north % width, width)
    assert name != cell(west + width, south, width)
    assert name != cell(west, south + width, width)


@given(METRES, NORTHINGS, CELLS)
def test_a_name_tells_the_square_and_no_more(easting: int, northing: int, width: int) -> None:
    name = cell(easting, northing, width)
    assert len(name) == 14
    west, south = int(name[:7]) - 2_000_000, int(name[7:])
    assert west % width == south % width == 0
    assert west <= easting < west + width
    assert south <= northing < south + width


@given(st.lists(st.text(max_size=20)), st.integers(1, 10))
def test_what_is_cut_off_stays_so(values: list[str], length: int) -> None:
    once = truncate(pl.Series(values, dtype=pl.String), length)
    assert truncate(once, length).equals(once)


@given(st.dates().filter(lambda day: day.year > 1), st.sampled_from(["quarter", "week"]))
def test_two_days_of_one_period_cannot_be_told_apart(day: object, to: str) -> None:
    grain = Grain(to)  # type: ignore[arg-type]  # one of the two words
    first = bucket(pl.Series([day]), grain)
    assert bucket(first, grain).equals(first)
    assert generalise(first, grain).equals(generalise(pl.Series([day]), grain))


def test_null_stays_null_under_every_mask() -> None:
    none, nothing = whole([]).extend_constant(None, 1), pl.Series([None], dtype=pl.String)
    masked = [
        generalise(nothing, Groups({"a": ("b",)})),
        truncate(nothing, 1),
        bucket(none, 10),
        round_to(none, 10),
        top_code(none, Ends(top=1)),
        grid_cell(Places(none, whole([1])), 1000),
        grid_cell(Places(whole([1]), none), 1000),
    ]
    assert [values.to_list() for values in masked] == [[None]] * len(masked)
