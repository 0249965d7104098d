from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from pipelines.demo.week import DAYS, TWICE_DAY
from tests.pipelines.demo.counting import Made, Uplink, texts, uplinks


@dataclass(frozen=True)
class Fleet:
    municipality: str
    dataset: str

    @property
    def pattern(self) -> str:
        return f"{self.municipality}/uplinks/{self.dataset.replace('_', '-')}/*.ndjson"


ROADS = Fleet("1122", "road_weather")
FLEETS = (Fleet("1103", "water_level"), Fleet("1122", "water_level"), ROADS)
FLEET = pytest.mark.parametrize("fleet", FLEETS, ids=str)


@FLEET
def test_rows_broken_rows_and_duplicates_are_as_planted(both: Made, fleet: Fleet) -> None:
    planting = both.planted.of(fleet.municipality, fleet.dataset)
    lines = list(texts(both.folder, fleet.pattern))
    whole = uplinks(both.folder, fleet.pattern)
    keys = Counter(uplink.key for uplink in whole)
    assert len(lines) == planting.rows
    assert len(lines) - len(whole) == planting.broken
    assert keys.total() - len(keys) == planting.duplicates


@FLEET
def test_missing_payloads_and_unit_mistakes_are_as_planted(both: Made, fleet: Fleet) -> None:
    planting = both.planted.of(fleet.municipality, fleet.dataset)
    payloads = [uplink.payload for uplink in uplinks(both.folder, fleet.pattern)]
    name, most = ("water_level", 10) if fleet.dataset == "water_level" else ("air_temperature", 45)
    assert sum(not payload for payload in payloads) == planting.missing
    assert sum(payload.get(name, 0) > most for payload in payloads) == planting.unit_mistakes


@FLEET
def test_late_readings_are_as_planted_in_both_waves(first: Made, both: Made, fleet: Fleet) -> None:
    for made in (first, both):
        found = uplinks(made.folder, fleet.pattern)
        late = {u.key for u in found if u.payload and u.day < date.fromisoformat(u.file.stem)}
        assert len(late) == made.planted.of(fleet.municipality, fleet.dataset).late > 0


@FLEET
def test_the_second_wave_restates_older_days(both: Made, fleet: Fleet) -> None:
    assert both.planted.of(fleet.municipality, fleet.dataset).late > 0
    found = uplinks(both.folder, fleet.pattern.replace("*", "2026-10-29"))
    assert {uplink.day for uplink in found} == {DAYS[2], DAYS[4], date(2026, 10, 29)}


def test_the_long_day_has_25_hours_of_readings(first: Made) -> None:
    found = uplinks(first.folder, "1122/uplinks/water-level/*.ndjson")
    steady = [u for u in found if u.key[0] == "sluk-1122-006"]
    assert Counter(u.day for u in steady)[TWICE_DAY] == 100


def test_an_uplink_has_the_stacks_quirks(first: Made) -> None:
    found = uplinks(first.folder, "1122/uplinks/water-level/2026-10-23.ndjson")
    assert all(uplink.key[1].endswith("Z") and len(uplink.key[1]) == 30 for uplink in found)
    assert {len(message(u)["rx_metadata"]) for u in found} == {1, 2, 3}
    starts = [u for u in found if u.day == DAYS[1] and "f_cnt" not in message(u)]
    assert len(starts) == 12
    assert {u.key[1][:19] for u in found} & {"2026-10-22T22:00:00"}


def test_ice_lies_on_warm_roads_as_often_as_planted(both: Made) -> None:
    payloads = [u.payload for u in uplinks(both.folder, ROADS.pattern)]
    icy = [p for p in payloads if p.get("state") == "ice" and p["surface_temperature"] >= 4]
    assert len(icy) == both.planted.of("1122", "road_weather").contradictions == 2


def message(uplink: Uplink) -> dict[str, Any]:
    found: dict[str, Any] = uplink.document["uplink_message"]
    return found
