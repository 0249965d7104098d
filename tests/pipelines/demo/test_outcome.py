from __future__ import annotations

import dataclasses

import polars as pl
import pytest

from pipelines.demo.outcome import Became, differences, held
from pipelines.demo.planted import Planting
from pipelines.demo.traces import planted_traces, rows_with_traces

PLANTED = Planting(
    municipality="1103",
    dataset="water_level",
    rows=10,
    late=1,
    duplicates=1,
    updates=1,
    unit_mistakes=1,
    broken=0,
    missing=0,
    contradictions=0,
    twice_hour=1,
    persons=0,
    in_lake=7,
    rejected={"level:range": 1},
)
BECAME = Became(
    rejected={"level:range": 1},
    duplicates=1,
    updates=1,
    deletions=0,
    twice_hour=1,
    in_lake=7,
    restated=("2026-10-24",),
    in_clear=0,
)


def test_what_became_what_was_planted_is_no_difference() -> None:
    assert list(differences(PLANTED, BECAME)) == []


@pytest.mark.parametrize(
    "name", ["duplicates", "updates", "deletions", "twice_hour", "in_lake", "in_clear"]
)
def test_every_figure_that_differs_is_told(name: str) -> None:
    other = dataclasses.replace(BECAME, **{name: 99})
    [line] = differences(PLANTED, other)
    assert line.startswith(f"{name}: 99 where ")


def test_a_rule_that_held_back_too_few_or_too_many_is_told() -> None:
    other = dataclasses.replace(BECAME, rejected={"row:broken": 2})
    assert list(differences(PLANTED, other)) == [
        "level:range: 0 in quarantine where 1 were planted",
        "row:broken: 2 in quarantine where 0 were planted",
    ]


def test_late_rows_that_restated_nothing_are_told() -> None:
    [line] = differences(PLANTED, dataclasses.replace(BECAME, restated=()))
    assert line.startswith("late: ")


def test_a_person_is_found_in_any_text_column_whole_or_in_part() -> None:
    traces = planted_traces("1103", "facility_bookings")
    someone = min(traces)
    rows = pl.DataFrame(
        {"n": [1, 2, 3], "a": ["x", someone, None], "b": [f"- {someone} -", "", ""]}
    )
    assert rows_with_traces(rows, traces) == 2
    assert rows_with_traces(rows.select("n"), traces) == 0
    assert len(traces) > 100


def test_sensors_know_nobody() -> None:
    assert planted_traces("1103", "water_level") == frozenset()


def test_a_group_that_is_told_in_another_size_or_ought_not_to_be_is_told() -> None:
    sizes = {("2026-10-01", "north"): 7, ("2026-10-01", "south"): 4, ("2026-10-01", "west"): None}
    planted = dataclasses.replace(
        PLANTED, groups={("2026-10-01", unit): 4 for unit in ("north", "south", "west")}
    )
    found = dataclasses.replace(BECAME, groups=3, sizes=sizes, least=5)
    assert found.suppressed == 1
    assert list(differences(planted, found)) == [
        "2026-10-01 north: a group smaller than 5 is told",
        "2026-10-01 south: a group smaller than 5 is told",
    ]
    larger = dataclasses.replace(planted, groups=dict.fromkeys(planted.groups, 9))
    assert list(differences(larger, found)) == [
        "2026-10-01 south: 4 are counted where 9 were planted",
    ]
    assert held(larger.groups, found) == 2
