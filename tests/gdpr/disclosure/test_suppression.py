from __future__ import annotations

import itertools

import numpy as np
import polars as pl
import pytest

from gdpr.disclosure.bounds import Polytope, Quantity
from gdpr.disclosure.grid import Grid
from gdpr.disclosure.suppression import Rule, Suppressed, small_cells, suppress
from gdpr.disclosure.tables import SUPPRESSED, Layout, Table, cross_table
from schemas.errors import PolicyBreach

YOUNG_AND_OLD = [
    ("young", "Spain", 5),
    ("young", "Iceland", 2),
    ("young", "Portugal", 0),
    ("old", "Spain", 6),
    ("old", "Iceland", 3),
    ("old", "Portugal", 4),
]
FOUR = [
    ("young", "Spain", 20),
    ("young", "Iceland", 3),
    ("old", "Spain", 30),
    ("old", "Iceland", 9),
]
BY_AGE = Layout(("age", "country"))


def rows_of(cells: list[tuple[str, str, int]]) -> pl.DataFrame:
    rows = [(age, country) for age, country, count in cells for _ in range(count)]
    return pl.DataFrame(rows, schema=list(BY_AGE.by), orient="row")


def is_cell(age: str, country: str) -> pl.Expr:
    return (pl.col("age") == age) & (pl.col("country") == country)


def hidden_cells(suppressed: Suppressed) -> set[tuple[str, ...]]:
    frame = suppressed.frame.filter(SUPPRESSED)
    return set(frame.select(BY_AGE.by).rows())


def test_the_first_example_of_gauss_suppression_hides_the_same_cells() -> None:
    # small count frequency table suppression, maxN = 1: zeros and ones are primary
    found = suppress(cross_table(rows_of(YOUNG_AND_OLD), BY_AGE), Rule(2, 2, protect_zeros=True))
    assert hidden_cells(found) == {
        ("young", "Portugal"),
        ("young", "Iceland"),
        ("old", "Portugal"),
        ("old", "Iceland"),
    }
    assert (found.primary, found.secondary) == (1, 3)


def test_two_ones_are_not_told_by_their_sum() -> None:
    # the problem of singletons: zeros are shown, so two hidden cells that make two are one each
    cells = [("young", "Spain", 20), ("young", "Iceland", 1), ("young", "Portugal", 1)]
    more = [("old", "Spain", 30), ("old", "Iceland", 40), ("old", "Portugal", 50)]
    found = suppress(cross_table(rows_of(cells + more), BY_AGE), Rule(2, 2))
    assert hidden_cells(found) >= {("young", "Spain"), ("old", "Spain")}


def test_a_small_cell_takes_three_with_it_and_no_total() -> None:
    found = suppress(cross_table(rows_of(FOUR), BY_AGE), Rule(5, 5))
    assert hidden_cells(found) == set(itertools.product(("young", "old"), ("Spain", "Iceland")))
    shown = found.frame.filter(~pl.col(SUPPRESSED))
    assert shown.rows() == [
        ("old", "total", 39, False),
        ("young", "total", 23, False),
        ("total", "Iceland", 12, False),
        ("total", "Spain", 50, False),
        ("total", "total", 62, False),
    ]


def test_the_same_cell_is_hidden_wherever_a_hierarchy_shows_it() -> None:
    rows = rows_of(YOUNG_AND_OLD)
    union = pl.when(pl.col("country") == "Iceland").then(pl.lit("none")).otherwise(pl.lit("EU"))
    layout = Layout(("age", "union", "country"))
    frame = suppress(cross_table(rows.with_columns(union=union), layout), Rule(4, 4)).frame
    hidden = set(frame.filter(SUPPRESSED).select(layout.by).rows())
    for union_shown, country in [("none", "Iceland"), ("none", "total"), ("total", "Iceland")]:
        assert ("old", union_shown, country) in hidden


def test_where_zeros_leave_no_box_totals_are_hidden_too() -> None:
    cells = [("young", "Spain", 3), ("old", "Iceland", 20), ("aged", "Portugal", 30)]
    found = suppress(cross_table(rows_of(cells), BY_AGE), Rule(5, 5))
    assert hidden_cells(found) >= {("young", "Spain"), ("young", "total"), ("total", "Spain")}
    assert found.frame.filter(pl.col("rows") == 0)["suppressed"].not_().all()


def test_a_group_is_as_large_as_its_persons_and_its_sums_go_with_it() -> None:
    rows = rows_of([(age, country, 20) for age, country, _ in FOUR]).with_row_index("person")
    twice = pl.when((pl.col("age") == "young") & (pl.col("country") == "Spain"))
    person = twice.then(pl.col("person") % 2).otherwise(pl.col("person"))
    layout = Layout(BY_AGE.by, "person", ("hours",))
    table = cross_table(rows.with_columns(person=person, hours=7.5), layout)
    found = suppress(table, Rule(5, 5))
    cell = found.frame.row(by_predicate=is_cell("young", "Spain"), named=True)
    assert [cell[name] for name in ("persons", "rows", "hours", SUPPRESSED)] == [None] * 3 + [True]
    assert found.primary == 1
    assert found.secondary == 3


def test_a_sum_is_not_told_by_sums_that_are_nearly_nothing() -> None:
    few = [("young", "Spain", 3), ("young", "Iceland", 20), ("old", "Spain", 20)]
    many = [("old", "Iceland", 20), ("young", "Portugal", 30), ("old", "Portugal", 30)]
    rows = rows_of([*few, *many])
    hours = pl.when(pl.col("country") == "Portugal").then(9.0).otherwise(0.001)
    with_hours = rows.with_columns(
        hours=pl.when(is_cell("young", "Spain")).then(100.0).otherwise(hours)
    )
    plain = suppress(cross_table(rows, BY_AGE), Rule(5, 5))
    summed = suppress(cross_table(with_hours, Layout(BY_AGE.by, sums=("hours",))), Rule(5, 5))
    assert ("young", "Portugal") not in hidden_cells(plain)
    assert hidden_cells(summed) >= {("young", "Spain"), ("young", "Portugal")}


def test_a_sum_that_can_be_negative_is_hidden_by_any_other() -> None:
    rows = rows_of(FOUR).with_columns(change=pl.int_range(pl.len()) - 20)
    found = suppress(cross_table(rows, Layout(BY_AGE.by, sums=("change",))), Rule(5, 5))
    assert (found.primary, found.secondary) == (1, 3)


def test_a_sum_that_one_person_dominates_is_small() -> None:
    rows = rows_of([(age, country, 20) for age, country, _ in FOUR]).with_row_index("n")
    hours = pl.when(pl.col("n") == 0).then(1000.0).otherwise(1.0)
    table = cross_table(rows.with_columns(hours=hours), Layout(BY_AGE.by, sums=("hours",)))
    assert suppress(table, Rule(5, 5)).primary == 0
    dominated = suppress(table, Rule(5, 5, largest_share=0.97))
    assert dominated.frame.row(by_predicate=is_cell("young", "Spain"), named=True)["rows"] is None


def test_each_period_is_judged_by_itself() -> None:
    rows = pl.concat(
        [
            rows_of(FOUR).with_columns(month=1),
            rows_of([(a, c, 20) for a, c, _ in FOUR]).with_columns(month=2),
        ]
    )
    table = cross_table(rows, Layout(BY_AGE.by, period="month"))
    found = suppress(table, Rule(5, 5)).frame
    assert found.group_by("month").agg(pl.col(SUPPRESSED).sum()).sort("month").rows() == [
        (1, 4),
        (2, 0),
    ]


def test_a_rule_of_one_hides_nothing_and_a_table_of_nothing_hides_nothing() -> None:
    table = cross_table(rows_of(YOUNG_AND_OLD), BY_AGE)
    assert hidden_cells(suppress(table, Rule(1, 0))) == set()
    empty = suppress(cross_table(rows_of([]), BY_AGE), Rule(5, 5))
    assert empty.frame.is_empty()
    assert (empty.primary, empty.secondary) == (0, 0)


def test_the_wider_of_two_limits_and_a_wider_interval_hold() -> None:
    assert Rule(5, 10).least == Rule(10, 5).least == Rule(5, 10).interval == 10
    table = cross_table(rows_of(FOUR), BY_AGE)
    assert not {("total", "Iceland"), ("total", "Spain")} & hidden_cells(
        suppress(table, Rule(5, 5))
    )
    assert {("total", "Iceland"), ("total", "Spain")} < hidden_cells(
        suppress(table, Rule(5, 5, width=15))
    )


def told_without_the_boxes(table: Table, rule: Rule) -> bool:
    small = small_cells(table, rule)
    assert small.any()
    grid, width = Grid.of(table.shape()), np.where(small, float(rule.interval), 0)
    persons, rows = (table.frame[name].cast(pl.Float64).to_numpy() for name in ("persons", "rows"))
    counts = [
        Quantity(persons, width, 1, grid.additive(persons)),
        Quantity(rows, width, 1, (True, True)),
    ]
    polytope = Polytope(grid, counts)
    hidden = suppress(table, rule).frame[SUPPRESSED].to_numpy()
    return bool(polytope.exposed(hidden).any())


def test_a_table_whose_totals_are_not_its_sums_is_refused() -> None:
    table = cross_table(rows_of(FOUR), BY_AGE)
    rows = pl.when(is_cell("total", "total")).then(70).otherwise("rows").alias("rows")
    wrong = Table(table.frame.with_columns(rows), BY_AGE)
    with pytest.raises(PolicyBreach, match=r"^1 small cells could be worked out: totals are not"):
        suppress(wrong, Rule(5, 5))


@pytest.mark.parametrize("least", [3, 5, 8])
def test_linear_bounds_alone_find_no_small_cell_told(least: int) -> None:
    random = np.random.default_rng(least)
    drawn = {name: random.integers(0, top, 150) for name, top in [("age", 5), ("country", 4)]}
    rows = pl.DataFrame(drawn | {"person": random.integers(0, 60, 150)})
    table = cross_table(rows, Layout(BY_AGE.by, "person"))
    assert not told_without_the_boxes(table, Rule(least, least))


@pytest.mark.parametrize(
    "seen",
    [
        [(2, 1, 5), (1, 0, 2), (1, 0, 1), (0, 1, 1), (0, 1, 1)],
        [(2, 2, 3), (1, 1, 3), (1, 0, 5), (1, 0, 1)],
        [(0, 1, 3), (0, 2, 1), (0, 2, 4), (1, 1, 1), (1, 2, 2), (1, 1, 0)],
    ],
)
def test_persons_in_several_cells_are_not_told_by_their_totals(
    seen: list[tuple[int, int, int]],
) -> None:
    rows = pl.DataFrame(seen, schema=[*BY_AGE.by, "person"], orient="row")
    assert not told_without_the_boxes(cross_table(rows, Layout(BY_AGE.by, "person")), Rule(3, 3))
