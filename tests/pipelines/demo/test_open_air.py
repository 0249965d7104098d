from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from pipelines.demo.week import TWICE_DAY
from tests.pipelines.demo.counting import OSLO, Made, csv_rows

Row = tuple[Path, list[str]]
SILENT = "0-10105"
NOBODY = "Totalt"


@dataclass(frozen=True)
class Asked:
    file: Path
    record: dict[str, Any]

    @property
    def key(self) -> tuple[str, str]:
        return self.record["locationId"], self.record["time"]

    @property
    def observed(self) -> datetime | None:
        time = self.record["time"]
        return None if time == "i går" else datetime.fromisoformat(time)


def beaches(made: Made) -> list[Asked]:
    files = made.files("1103/badetemperatur/*.json")
    return [Asked(path, record) for path in files for record in json.loads(path.read_bytes())]


def counters(made: Made) -> list[Row]:
    rows = csv_rows(made, "1103/trafikk/*.csv", ";")
    return [row for row in rows if not row[1][0].startswith(NOBODY)]


def test_bathing_faults_and_repeated_readings_are_as_planted(both: Made) -> None:
    asked, planting = beaches(both), both.planted.of("1103", "bathing_water")
    values = [a.record["temperature"] for a in asked]
    whole = [a for a in asked if a.observed and a.record["temperature"] is not None]
    shown = Counter(a.key for a in whole)
    assert len(asked) == planting.rows
    assert values.count(None) == planting.missing == 2
    assert sum(value > 35 for value in values if value is not None) == planting.unit_mistakes == 4
    assert sum(a.observed is None for a in asked) == planting.broken == 1
    assert shown.total() - len(shown) == planting.duplicates + planting.updates


def test_the_last_reading_of_a_silent_sensor_is_shown_until_it_is_called_old(both: Made) -> None:
    silent = [a for a in beaches(both) if a.record["locationId"] == SILENT]
    last = max(a.key[1] for a in silent)
    lingering = [a.record["status"] for a in silent if a.key[1] == last]
    assert last == "2026-10-28T18:00:00+01:00"
    assert Counter(lingering) == {"ok": 6, "stale": 24}
    assert {a.record["status"] for a in beaches(both) if a not in silent} == {"ok"}


def test_late_bathing_readings_are_as_planted(first: Made, both: Made) -> None:
    for made in (first, both):
        asked = [a for a in beaches(made) if a.observed and a.record["temperature"] is not None]
        late = {a.key for a in asked if a.observed and day_of(a.observed) < a.file.stem}
        again = {a.key for a in asked if a.observed and day_of(a.observed) == a.file.stem}
        assert len(late - again) == made.planted.of("1103", "bathing_water").late > 0


def day_of(observed: datetime) -> str:
    return str(observed.astimezone(OSLO).date())


def test_counts_that_go_wrong_are_as_planted(both: Made) -> None:
    rows, planting = counters(both), both.planted.of("1103", "traffic_counts")
    whole = [cells for _, cells in rows if len(cells) == 10]
    counted = [cells for cells in whole if cells[6] != "-"]
    assert len(rows) == planting.rows
    assert len(rows) - len(whole) == planting.broken == 1
    assert sum(int(cells[6]) > 20_000 for cells in counted) == planting.unit_mistakes == 1
    assert sum(cells[7] == "0,00" for cells in counted) == planting.contradictions == 2
    assert sum(cells[3] == "" for cells in whole) == planting.missing == 1


def test_counters_have_gaps_of_both_kinds(first: Made) -> None:
    rows = [cells for _, cells in counters(first)]
    hours = Counter((cells[0], cells[2], cells[3]) for cells in rows if cells[3])
    assert sum(cells[6] == "-" for cells in rows) == 13
    assert hours["41119V1103", "Kjøretøy", "Sentrum"] == 7 * 24 + 1 - 14
    assert hours["41119V1103", "Kjøretøy", "Hundvåg"] == 7 * 24 + 1 + 7


def test_counts_of_the_repeated_hour_and_late_ones_are_as_planted(both: Made) -> None:
    rows, planting = counters(both), both.planted.of("1103", "traffic_counts")
    night = [
        cells for _, cells in rows if (cells[4], cells[5]) == (f"{TWICE_DAY:%d.%m.%Y}", "02:00")
    ]
    late = [
        cells for path, cells in rows if cells[4] != f"{datetime.fromisoformat(path.stem):%d.%m.%Y}"
    ]
    assert len(night) == planting.twice_hour == 16
    assert len(late) == planting.late == 22


def test_each_file_of_counts_ends_with_sums_that_count_nothing(both: Made) -> None:
    rows = csv_rows(both, "1103/trafikk/*.csv", ";")
    sums = Counter(path.name for path, cells in rows if cells[0].startswith(NOBODY))
    assert set(sums.values()) == {2}
    assert len(sums) == 8


def test_people_bicycles_and_cars_are_counted_both_ways(first: Made) -> None:
    ways = {(cells[2], cells[3]) for _, cells in counters(first) if cells[3]}
    assert {mode for mode, _ in ways} == {"Sykkel", "Gående", "Kjøretøy"}
    assert all(sum(way[0] == mode for way in ways) >= 2 for mode, _ in ways)
