from __future__ import annotations

import sqlite3
from collections import Counter
from contextlib import closing
from typing import Any

import pytest

from pipelines.demo.registers import HEALTH, REGISTERS, SCULPTURES, Register
from tests.pipelines.demo.counting import Made, csv_rows

REGISTER = pytest.mark.parametrize("register", REGISTERS, ids=lambda register: register.dataset)
DEMO_REGION = (range(5870, 5905), range(560, 596))
FIRST, LAST = "2026-10-22", "2026-10-29"


def table(made: Made, register: Register) -> dict[int, dict[str, Any]]:
    with closing(sqlite3.connect(made.folder / "sources" / register.file)) as database:
        database.row_factory = sqlite3.Row
        rows = database.execute(f"select * from {register.table}")  # noqa: S608 - a name of our own
        return {row["id"]: dict(row) for row in rows}


def extracts(made: Made, folder: str, encoding: str = "cp1252") -> dict[str, list[list[str]]]:
    return {
        path.stem: [line.split(";") for line in path.read_text(encoding).splitlines()[1:]]
        for path in made.files(folder)
    }


@REGISTER
def test_what_is_struck_out_added_and_changed_is_as_planted(
    first: Made, both: Made, register: Register
) -> None:
    before, now = table(first, register), table(both, register)
    planting = both.planted.of(register.municipality, register.dataset)
    changed = [n for n in before.keys() & now.keys() if before[n] != now[n]]
    assert len(before.keys() - now.keys()) == planting.deletions == 1
    assert len(changed) == planting.updates == 3
    assert {now[n]["endret_dato"] for n in changed} == {LAST}
    added = [now[n]["endret_dato"] for n in now.keys() - before.keys()]
    assert sum(day < LAST for day in added) == planting.late == 1


def test_faults_of_the_registers_are_as_planted(first: Made) -> None:
    buildings, sculptures = table(first, HEALTH), table(first, SCULPTURES)
    assert sum(row["navn"] is None for row in buildings.values()) == 1
    assert sum(row["hoyde_cm"] > 6_000 for row in sculptures.values()) == 1
    for rows in (buildings, sculptures):
        assert sum(row["endret_dato"] == "2026-10-32" for row in rows.values()) == 1
        assert sum(not lies_in_region(row) for row in rows.values()) == 1


def lies_in_region(row: dict[str, Any]) -> bool:
    return within(float(row["breddegrad"]), float(row["lengdegrad"]))


def within(north: float, east: float) -> bool:
    return int(north * 100) in DEMO_REGION[0] and int(east * 100) in DEMO_REGION[1]


def test_an_extract_holds_the_whole_register_of_its_day(both: Made) -> None:
    drawn = extracts(both, "1103/ladestasjoner/*.csv")
    first, last = ({row[1] for row in drawn[day]} for day in (FIRST, LAST))
    assert first - last == {"L1106"}
    assert last - first == {"L1120", "L1134"}
    assert [row[1] for row in drawn[f"{FIRST}_rettet"]] == ["L1120", "L1121"]
    assert all(Counter(row[1] for row in drawn[day])["L1130"] == 2 for day in (FIRST, LAST))


def test_faults_of_charging_stations_are_as_planted(both: Made) -> None:
    rows = [row for drawn in extracts(both, "1103/ladestasjoner/*.csv").values() for row in drawn]
    planting = both.planted.of("1103", "charging_stations")
    assert len(rows) == planting.rows
    assert sum(float(row[5]) > 1_000 for row in rows) == planting.unit_mistakes == 1
    assert sum(not row[2] for row in rows) == planting.missing == 1
    assert all(within(degrees(row[6]), degrees(row[7])) for row in rows)


def degrees(text: str) -> float:
    return float(text.replace(",", "."))


def test_routes_to_school_are_as_planted(both: Made) -> None:
    drawn = extracts(both, "1122/skoleveier/*.csv", "utf-8")
    rows, planting = [*drawn[FIRST], *drawn[LAST]], both.planted.of("1122", "school_routes")
    assert len(rows) == planting.rows
    assert sum(len(row[0]) > 10 for row in rows) == planting.broken == 1
    assert sum(int(row[4]) > 20_000 for row in rows) == planting.unit_mistakes == 1
    outside = [row for row in rows if not within(degrees(row[5]), degrees(row[6]))]
    assert len(outside) == planting.contradictions == 1
    assert {row[1] for row in drawn[FIRST]} ^ {row[1] for row in drawn[LAST]} == {"R5", "R6"}


def test_places_of_beaches_and_counters_lie_in_the_region(first: Made) -> None:
    rows = [row for _, row in csv_rows(first, "1103/trafikk/*.csv", ";") if row[-1]]
    assert all(within(degrees(row[-2]), degrees(row[-1])) for row in rows)
