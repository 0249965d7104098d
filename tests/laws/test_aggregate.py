from __future__ import annotations

import datetime as dt
import itertools
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.steps.aggregate import count
from pipelines.steps.site import Site
from tests.pipelines.steps.absences import Row, absence_site, counts

FEW = settings(max_examples=12, deadline=None)
LEAST = 5
BEFORE = dt.datetime(2999, 8, 1, tzinfo=dt.UTC)
ENDED = dt.datetime(3000, 1, 1, tzinfo=dt.UTC)
UNITS = ("north", "south", "west")
MEASURES = ("persons", "rows", "absence_days")
# a period that lies ahead is not counted until the test says that it has ended
one_row = st.tuples(
    st.just(""),
    st.sampled_from(("2999-08-03", "2999-08-31", "2999-09-01", "2999-09-14")),
    st.integers(0, 12),
    st.sampled_from(UNITS),
    st.sampled_from((0.5, 1.0, 2.5, 30.0)),
)
some_rows = st.lists(one_row, min_size=1, max_size=60).map(
    lambda found: [(f"a{at}", *row[1:]) for at, row in enumerate(found)]
)


@contextmanager
def office() -> Iterator[Site]:
    with tempfile.TemporaryDirectory() as folder:
        yield absence_site(Path(folder))


def stand(where: Site, rows: Sequence[Row]) -> None:
    """The rows in the restricted table, in the place of what stood there on their days."""
    before, files = where.lake.snapshot(), []
    for day in sorted({row[1] for row in rows} | {file.day for file in before.files}):
        theirs = [row for row in rows if row[1] == day]
        columns = [
            [row[0] for row in theirs],
            [dt.date.fromisoformat(day)] * len(theirs),
            [f"pseudonym-{row[2]}" for row in theirs],
            [row[3] for row in theirs],
            [row[4] for row in theirs],
        ]
        schema = where.contract.lake_schema
        frame = pl.DataFrame(dict(zip(schema, columns, strict=True)), schema)
        files.append(where.lake.stage(frame, day))
    where.lake.replace(before, files, where.contract.lake_schema, {})


def told(where: Site) -> pl.DataFrame:
    count(where, ENDED)
    return counts(where)


def by_hand(rows: Sequence[Row]) -> dict[tuple[str, str], tuple[int, int, float]]:
    """Period and unit → persons, rows and days, each row looked at for each cell."""
    cells = {}
    for period, unit in itertools.product(("2999-08", "2999-09"), (*UNITS, "total")):
        inside = [r for r in rows if r[1].startswith(period) and unit in (r[3], "total")]
        days = sum(row[4] for row in inside)
        cells[f"{period}-01", unit] = (len({row[2] for row in inside}), len(inside), days)
    return cells


def shown(cells: pl.DataFrame) -> dict[tuple[str, str], tuple[int, int, float]]:
    open_cells = cells.filter(~pl.col("suppressed"))
    named = open_cells.select(pl.col("period").cast(pl.String), "unit_code", *MEASURES)
    return {(period, unit): tuple(measures) for period, unit, *measures in named.iter_rows()}


@FEW
@given(some_rows)
def test_what_is_told_of_a_group_is_what_counting_by_hand_gives(rows: list[Row]) -> None:
    with office() as where:
        stand(where, rows)
        expected = by_hand(rows)
        assert all(expected[cell] == measures for cell, measures in shown(told(where)).items())


@FEW
@given(some_rows)
def test_a_suppressed_group_tells_nothing_and_a_told_one_is_large_enough(rows: list[Row]) -> None:
    with office() as where:
        stand(where, rows)
        cells = told(where)
        hidden = cells.filter("suppressed")
        assert hidden.select(MEASURES).null_count().row(0) == (hidden.height,) * len(MEASURES)
        assert all(not 0 < persons < LEAST for persons, _, _ in shown(cells).values())


@FEW
@given(some_rows, st.data())
def test_however_the_rows_of_a_period_arrive_its_counts_are_the_same(
    rows: list[Row], data: st.DataObject
) -> None:
    order = data.draw(st.permutations(rows))
    cut = data.draw(st.integers(1, len(rows)))
    with office() as at_once, office() as by_parts:
        stand(at_once, rows)
        for arrived in (order[:cut], order):
            stand(by_parts, arrived)
            count(by_parts, BEFORE)
        assert told(at_once).equals(told(by_parts))


@FEW
@given(some_rows, some_rows)
def test_two_publications_never_differ_by_fewer_persons_than_a_group(
    rows: list[Row], late: list[Row]
) -> None:
    with office() as where:
        stand(where, rows)
        before = shown(told(where))
        stand(where, rows + late)
        after = shown(told(where))
        changes = {abs(after[cell][0] - before[cell][0]) for cell in after.keys() & before}
        assert all(change == 0 or change >= LEAST for change in changes)
        assert all(not 0 < persons < LEAST for persons, _, _ in after.values())
