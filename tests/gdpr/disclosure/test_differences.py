from __future__ import annotations

import polars as pl
import pytest

from gdpr.disclosure.differences import HELD, hold_back
from gdpr.disclosure.suppression import Rule, suppress
from gdpr.disclosure.tables import SUPPRESSED, Layout, Table, cross_table
from schemas.errors import PolicyBreach

RULE = Rule(5, 5)
LAYOUT = Layout(("unit", "kind"))
CELLS = {
    ("a", "x"): 10,
    ("a", "y"): 20,
    ("b", "x"): 30,
    ("b", "y"): 8,
    ("c", "x"): 12,
    ("c", "y"): 9,
}


def table_of(cells: dict[tuple[str, str], int], layout: Layout = LAYOUT) -> Table:
    rows = [cell for cell, count in cells.items() for _ in range(count)]
    frame = pl.DataFrame(rows, schema=["unit", "kind"], orient="row")
    return cross_table(frame.with_columns(month=pl.lit("01")), layout)


BEFORE = suppress(table_of(CELLS), RULE).frame


def changed(cells: dict[tuple[str, str], int]) -> pl.DataFrame:
    return hold_back(table_of(CELLS | cells), BEFORE, RULE).frame


def value(frame: pl.DataFrame, unit: str, kind: str) -> int | None:
    found: int | None = frame.row(
        by_predicate=(pl.col("unit") == unit) & (pl.col("kind") == kind), named=True
    )["rows"]
    return found


def test_what_has_not_changed_is_shown_as_it_is() -> None:
    after = changed({})
    assert after.drop(HELD).equals(BEFORE)
    assert not after[HELD].any()


def test_a_change_that_is_large_is_shown() -> None:
    after = changed({("c", "x"): 30})
    assert value(after, "c", "x") == 30
    assert value(after, "total", "total") == 107
    assert not after[HELD].any()


def test_a_change_of_a_few_is_held_in_its_cell_and_in_every_total() -> None:
    after = changed({("a", "x"): 12})
    assert after.drop(HELD).equals(BEFORE)
    for unit in ("a", "total"):
        for kind in ("x", "total"):
            assert after.row(by_predicate=is_at(unit, kind), named=True)[HELD]


def is_at(unit: str, kind: str) -> pl.Expr:
    return (pl.col("unit") == unit) & (pl.col("kind") == kind)


def test_a_large_change_is_told_with_a_small_one_in_their_total_alone() -> None:
    after = changed({("a", "x"): 12, ("c", "x"): 30})
    assert (value(after, "a", "x"), value(after, "c", "x")) == (10, 12)
    assert value(after, "total", "x") == 72


def test_what_has_not_changed_does_not_tell_what_became_small() -> None:
    after = changed({("b", "y"): 2})
    assert value(after, "b", "x") == 30
    assert (value(after, "b", "total"), value(after, "total", "y")) == (38, 37)
    assert value(after, "total", "total") == 89


def test_what_was_hidden_before_does_not_cover_what_became_small() -> None:
    few = CELLS | {("a", "x"): 2, ("a", "y"): 2}
    before = suppress(table_of(few), RULE).frame
    after = hold_back(table_of(few | {("b", "y"): 1}), before, RULE).frame
    assert (value(before, "b", "y"), value(after, "b", "y")) == (8, None)
    assert (value(before, "total", "y"), value(after, "total", "y")) == (19, 19)


def test_all_that_has_changed_is_held_where_no_less_covers_what_became_small() -> None:
    after = changed({("c", "y"): 2, ("a", "x"): 17})
    told = after.filter(~pl.col(SUPPRESSED)).join(BEFORE, on=LAYOUT.by)
    assert value(after, "c", "y") is None
    assert (told["rows"] == told["rows_right"]).all()


def test_a_stricter_rule_hides_what_has_not_changed() -> None:
    after = hold_back(table_of(CELLS), BEFORE, Rule(9, 9)).frame
    assert value(after, "b", "y") is None
    assert after[SUPPRESSED].sum() == 1


def test_a_total_that_would_tell_of_a_few_in_its_hidden_parts_is_held_too() -> None:
    after = changed({("b", "x"): 12, ("a", "x"): 12, ("c", "x"): 6})
    assert value(after, "a", "x") == 10
    few = after.join(BEFORE, on=LAYOUT.by).filter(~pl.col(SUPPRESSED))
    assert all(abs(change) not in range(1, 5) for change in few["rows"] - few["rows_right"])


def test_small_changes_are_shown_together_when_they_are_many() -> None:
    after = changed({("a", "x"): 13, ("b", "x"): 33})
    assert (value(after, "a", "x"), value(after, "b", "x")) == (10, 30)
    assert value(after, "total", "x") == 58


def test_a_held_change_is_shown_once_it_has_grown() -> None:
    held = changed({("a", "x"): 12})
    later = hold_back(table_of(CELLS | {("a", "x"): 15}), held, RULE).frame
    assert value(later, "a", "x") == 15
    assert not later[HELD].any()


def test_a_cell_that_became_small_is_suppressed_and_not_held() -> None:
    after = changed({("b", "y"): 2})
    cell = after.row(by_predicate=is_at("b", "y"), named=True)
    assert (cell["rows"], cell[SUPPRESSED], cell[HELD]) == (None, True, False)


def test_a_cell_that_was_suppressed_stays_so() -> None:
    before = suppress(table_of(CELLS | {("a", "x"): 2}), RULE).frame
    hidden = before.filter(SUPPRESSED).select(LAYOUT.by)
    after = hold_back(table_of(CELLS | {("a", "x"): 40}), before, RULE).frame
    assert after.join(hidden, on=LAYOUT.by)[SUPPRESSED].all()
    assert len(hidden) >= 4


def test_a_suppressed_cell_of_a_group_that_is_gone_stays_suppressed_and_its_total_is_shown() -> (
    None
):
    before = suppress(table_of(CELLS | {("c", "x"): 2, ("c", "y"): 20}), RULE).frame
    gone = {cell: count for cell, count in CELLS.items() if cell[0] != "c"}
    after = hold_back(table_of(gone), before, RULE).frame
    assert (value(before, "c", "x"), value(before, "c", "total")) == (None, 22)
    assert (value(after, "c", "x"), value(after, "c", "total")) == (None, 0)


def test_a_value_that_was_not_there_before_was_zero() -> None:
    after = changed({("d", "x"): 7, ("d", "y"): 3})
    assert value(after, "d", "y") is None
    gone = {cell: count for cell, count in CELLS.items() if cell[0] != "c"}
    left = hold_back(table_of(gone), BEFORE, RULE).frame
    assert value(left, "c", "x") == value(left, "c", "total") == 0
    assert value(left, "total", "total") == 68


def test_a_period_that_was_not_released_is_suppressed_as_any_other() -> None:
    layout = Layout(("unit", "kind"), period="month")
    table = table_of(CELLS | {("a", "x"): 2}, layout)
    other = table.frame.with_columns(month=pl.lit("12"), suppressed=pl.lit(value=False))
    fresh = hold_back(table, other, RULE)
    assert fresh.frame.drop(HELD).equals(suppress(table, RULE).frame)


def test_sums_that_change_while_counts_stand_are_held() -> None:
    layout = Layout(("unit",), "person", ("hours",))
    rows = pl.DataFrame({"unit": ["a"] * 9 + ["b"] * 9, "person": range(18), "hours": [7.5] * 18})
    before = suppress(cross_table(rows, layout), RULE).frame
    hours = pl.when(pl.col("person") == 0).then(1.0).otherwise("hours").alias("hours")
    after = hold_back(cross_table(rows.with_columns(hours), layout), before, RULE).frame
    assert after["hours"].equals(before["hours"])
    assert after.filter(pl.col("unit").is_in(["a", "total"]))[HELD].all()
    more = pl.concat([rows, rows.with_columns(person=pl.col("person") + 100)])
    grown = hold_back(cross_table(more, layout), before, RULE).frame
    assert grown["hours"].to_list() == [135.0, 135.0, 270.0]


def test_persons_who_are_in_several_cells_do_not_make_totals_tell() -> None:
    layout = Layout(("unit",), "person")
    rows = pl.DataFrame({"unit": ["a"] * 9 + ["b"] * 9, "person": [*range(9), *range(9)]})
    before = suppress(cross_table(rows, layout), RULE).frame
    more = pl.DataFrame({"unit": ["b"] * 6, "person": range(20, 26)})
    after = hold_back(cross_table(pl.concat([rows, more]), layout), before, RULE).frame
    assert after["persons"].to_list() == [9, 15, 15]


def test_what_was_published_before_must_be_of_the_same_table() -> None:
    with pytest.raises(
        PolicyBreach, match=r"^the previous release of the table has no column kind$"
    ):
        hold_back(table_of(CELLS), BEFORE.drop("kind"), RULE)
