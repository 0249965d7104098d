from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest

from pipelines.demo.week import TWICE_DAY, shown_twice
from tests.pipelines.demo.counting import Made, csv_rows

Row = tuple[Path, list[str]]


def stavanger(made: Made) -> list[Row]:
    rows = csv_rows(made, "1103/energi/*.csv", ";")
    return [row for row in rows if row[1][0] != "Totalt"]


def sandnes(made: Made) -> list[Row]:
    rows = csv_rows(made, "1108/energi/*.csv", "|")
    return [row for row in rows if not row[1][0].startswith(("Sum", "Eksportert"))]


def clock(row: Row) -> datetime | None:
    form = "%d.%m.%Y %H:%M" if "." in row[1][3] else "%Y-%m-%d %H:%M"
    try:
        return datetime.strptime(row[1][3], form)  # noqa: DTZ007 - wall time is the point
    except ValueError:
        return None


def number(text: str) -> float:
    return float(text.replace("\N{NO-BREAK SPACE}", "").replace(",", "."))


@dataclass(frozen=True)
class City:
    municipality: str
    read: Callable[[Made], list[Row]]
    cells: int
    value: int


CITY = pytest.mark.parametrize(
    "city",
    [City("1103", stavanger, 8, 5), City("1108", sandnes, 7, 4)],
    ids=lambda city: city.municipality,
)


@CITY
def test_rows_and_broken_rows_are_as_planted(both: Made, city: City) -> None:
    planting = both.planted.of(city.municipality, "energy_hourly")
    rows = city.read(both)
    assert len(rows) == planting.rows
    assert sum(len(row[1]) > city.cells for row in rows) == planting.rejected["row:excess_cells"]
    assert sum(clock(row) is None for row in rows) == planting.rejected["starts_at:type"]


@CITY
def test_wrong_units_are_as_planted(both: Made, city: City) -> None:
    planting = both.planted.of(city.municipality, "energy_hourly")
    values = [row[city.value] for _, row in city.read(both) if row[city.value] not in ("-", "..")]
    assert sum(number(value) > 3000 for value in values) == planting.unit_mistakes
    assert planting.unit_mistakes == planting.rejected["energy_kwh:range"] == 4


@CITY
def test_the_second_hour_stands_twice_for_each_meter(first: Made, city: City) -> None:
    rows = [row for row in city.read(first) if row[0].stem == str(TWICE_DAY)]
    twice = Counter(row[1][0] for row in rows if (c := clock(row)) and shown_twice(c))
    assert set(twice.values()) == {2}
    assert twice.total() == first.planted.of(city.municipality, "energy_hourly").twice_hour


@CITY
def test_late_rows_and_updates_come_with_the_second_wave(both: Made, city: City) -> None:
    planting = both.planted.of(city.municipality, "energy_hourly")
    rows = city.read(both)
    corrected = [row for row in rows if row[0].stem.endswith("_korrigert")]
    others = [row for row in rows if row not in corrected]
    late = [row for row in others if (c := clock(row)) and f"{c:%Y-%m-%d}" < row[0].stem]
    assert len(corrected) == 24
    assert len(late) + len(corrected) == planting.late + planting.updates
    assert planting.updates == 24 - planting.unit_mistakes


def test_stavanger_writes_norwegian_numbers(first: Made) -> None:
    text = first.files("1103/energi/*.csv")[0].read_bytes()
    assert b"\xa0" in text
    assert "Målepunkt".encode("cp1252") in text
    assert any(row[1][5] == "-" for row in stavanger(first))


def test_car_parks_are_as_planted(both: Made) -> None:
    planting = both.planted.of("1108", "parking_occupancy")
    rows = csv_rows(both, "1108/parkering/*.csv", ";")
    assert len(rows) == planting.rows
    assert sum(len(row) > 6 for _, row in rows) == planting.rejected["row:excess_cells"]
    assert sum(row[2] == "-3" for _, row in rows) == planting.rejected["free_spaces:range"]
    assert sum(row[2] == "ukjent" for _, row in rows) == planting.rejected["free_spaces:type"]
    assert sum(row[2] == "FULLT" for _, row in rows) > 0
    late = {(row[0], row[1]) for path, row in rows if row[1][:10] < path.stem}
    assert len(late) == planting.late > 0
