from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.steps.land import landed
from pipelines.steps.refine import refine, refine_batches
from schemas.errors import GateClosed
from tests.laws.readings import (
    Row,
    expected,
    good_rows,
    lake,
    land_rows,
    lenient,
    rejected,
    some_rows,
    table_files,
)

FEW = settings(max_examples=15, deadline=None)


@FEW
@given(some_rows)
def test_what_landed_is_in_the_lake_or_in_quarantine_and_nowhere_twice(found: list[Row]) -> None:
    with lenient() as where:
        land_rows(where, found)
        receipt = refine(where)
        assert receipt is not None
        counts = receipt.counts
        assert counts.landed == len(found)
        assert counts.landed == counts.rejected + counts.duplicate + counts.deleted + counts.kept
        [batch] = landed(where)
        bad = [line for line, row in enumerate(found, 1) if not row.is_valid]
        assert rejected(where) == [(batch.batch, line) for line in bad]
        assert lake(where) == expected(found)
        assert counts.kept == counts.written == sum(receipt.days.values()) == len(lake(where))


@FEW
@given(some_rows)
def test_committing_twice_is_committing_once(found: list[Row]) -> None:
    with lenient() as where:
        land_rows(where, found)
        refine(where)
        once, put_aside = lake(where), rejected(where)
        assert refine(where) is None
        again = refine_batches(where, landed(where))
        assert (lake(where), rejected(where)) == (once, put_aside)
        assert again.counts.restated == again.counts.kept


@FEW
@given(good_rows.flatmap(lambda found: st.tuples(st.just(found), st.permutations(found))))
def test_the_order_of_rows_with_keys_of_their_own_makes_no_difference(
    orders: tuple[list[Row], list[Row]],
) -> None:
    lakes = []
    for found in orders:
        own = {(row.sensor, row.hour): row for row in sorted(found, key=str)}
        with lenient() as where:
            land_rows(where, [row for row in found if own[row.sensor, row.hour] is row])
            refine(where)
            lakes.append(lake(where))
    assert lakes[0] == lakes[1]


@FEW
@given(
    found=some_rows,
    cuts=st.lists(st.integers(0, 40), max_size=3),
    sizes=st.tuples(st.integers(1, 7), st.integers(1, 9)),
    at_once=st.booleans(),
)
def test_files_chunks_and_memory_make_no_difference(
    found: list[Row], cuts: list[int], sizes: tuple[int, int], *, at_once: bool
) -> None:
    edges = [0, *sorted(cuts), len(found)]
    with lenient() as where, pytest.MonkeyPatch.context() as tight:
        tight.setattr("connectors.readers.csv.CHUNK_ROWS", sizes[0])
        tight.setattr("pipelines.steps.stage.HELD_ROWS", sizes[1])
        for at, (start, end) in enumerate(pairwise(edges)):
            landing = found[start:end]
            if landing:
                land_rows(where, [Row("file", at, "0"), *landing], f"{at}.csv")
            if not at_once:
                refine(where)
        refine(where)
        marks = {("file", Row("file", at, "0").at): 0.0 for at in range(len(edges))}
        found_lake = {key: level for key, level in lake(where).items() if key not in marks}
        assert found_lake == expected(found)


@FEW
@given(good_rows, some_rows)
def test_a_closed_gate_changes_no_byte_of_the_lake(good: list[Row], more: list[Row]) -> None:
    with lenient(0.0) as where:
        land_rows(where, good)
        refine(where)
        before, content = table_files(where), lake(where)
        land_rows(where, [*more, Row("a", 0, "bad")], "b.csv")
        with pytest.raises(GateClosed, match=r"^1103 readings: the gate is closed"):
            refine(where)
        assert table_files(where) == before
        assert lake(where) == content


@FEW
@given(good_rows, good_rows)
def test_late_rows_restate_only_the_days_that_they_touch(first: list[Row], late: list[Row]) -> None:
    with lenient() as where:
        land_rows(where, first)
        refine(where)
        before = where.lake.snapshot()
        land_rows(where, [*late, Row("late", 0, "0")], "late.csv")
        receipt = refine(where)
        after = where.lake.snapshot()
        assert receipt is not None
        for day in {file.day for file in before.files} - set(receipt.days):
            assert after.of_day(day) == before.of_day(day)
        assert lake(where) == expected([*first, *late, Row("late", 0, "0")])


@FEW
@given(good_rows, good_rows, some_rows)
def test_what_a_closed_gate_held_back_comes_with_the_next_commit(
    first: list[Row], good: list[Row], more: list[Row]
) -> None:
    with lenient(50.0) as where:
        land_rows(where, first)
        refine(where)
        bad = [Row("", hour, "x") for hour in range(len(good) + 2)]
        land_rows(where, [*good, *bad], "b.csv")
        with pytest.raises(GateClosed):
            refine(where)
        repaired = [Row("c", hour, "1.5") for hour in range(60)]
        land_rows(where, [*more, *repaired], "c.csv")
        refine(where)
        assert lake(where) == expected([*first, *good, *bad, *more, *repaired])
