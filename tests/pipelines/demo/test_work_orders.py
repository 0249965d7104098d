from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from tests.pipelines.demo.counting import Made, table

FAGSYSTEM = pytest.mark.parametrize("municipality", ["1108", "1122"])


def by_number(made: Made, municipality: str) -> Mapping[int, dict[str, Any]]:
    return {row["ordrenr"]: row for row in table(made, municipality)}


@FAGSYSTEM
def test_rows_updates_and_deletions_are_as_planted(
    first: Made, both: Made, municipality: str
) -> None:
    before, now = by_number(first, municipality), by_number(both, municipality)
    planting = both.planted.of(municipality, "work_orders")
    changed = [n for n in before.keys() & now.keys() if before[n] != now[n]]
    assert len(before) == first.planted.of(municipality, "work_orders").rows
    assert len(changed) == planting.updates > 0
    assert len(before.keys() - now.keys()) == planting.deletions
    assert len(before) + len(now.keys() - before.keys()) + len(changed) == planting.rows


@FAGSYSTEM
def test_each_fault_stands_once(first: Made, municipality: str) -> None:
    rows = table(first, municipality)
    assert sum(row["status"] is None for row in rows) == 1
    assert sum(row["melder_alder"] > 120 for row in rows) == 1
    assert sum(" 24:" in row["meldt_tid"] for row in rows) == 1
    timely = [row for row in rows if row["lukket_tid"] and " 24:" not in row["meldt_tid"]]
    assert sum(row["lukket_tid"] < row["meldt_tid"] for row in timely) == 1
    assert sorted(first.planted.of(municipality, "work_orders").rejected.values()) == [1, 1, 1, 1]


@FAGSYSTEM
def test_what_the_second_wave_changes_lies_after_the_cursor_of_the_first(
    first: Made, both: Made, municipality: str
) -> None:
    before, now = by_number(first, municipality), by_number(both, municipality)
    cursor = max(row["endret_tid"] for row in before.values())
    changed = [row["endret_tid"] for n, row in now.items() if before.get(n) != row]
    assert min(changed) > cursor


@FAGSYSTEM
def test_late_reports_and_the_repeated_hour_are_as_planted(both: Made, municipality: str) -> None:
    rows = table(both, municipality)
    planting = both.planted.of(municipality, "work_orders")
    on_paper = [row for row in rows if row["endret_tid"].startswith("2026-10-29 07:30")]
    night = [row for row in rows if row["meldt_tid"].startswith("2026-10-25 02")]
    assert len(on_paper) == planting.late == 3
    assert len(night) == planting.twice_hour == 3


def test_only_the_difference_by_key_can_see_deletions(both: Made) -> None:
    assert both.planted.of("1108", "work_orders").deletions == 0
    assert both.planted.of("1122", "work_orders").deletions == 2


@FAGSYSTEM
def test_persons_are_as_planted(first: Made, municipality: str) -> None:
    people = {row["melder_fnr"] for row in table(first, municipality)}
    assert len(people) == first.planted.of(municipality, "work_orders").persons
