"""Water temperatures at Stavanger's beaches: the newest of each, as a service answers hourly."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace

from pipelines.demo.files import Drop, Line, arrival_file
from pipelines.demo.mishaps import Beat, Moment, Slot, Span, slots
from pipelines.demo.planted import Change, Fault, Seed
from pipelines.demo.week import DAYS, LATE_DAY, OSLO, dice, shown_twice

_MINUTES = 60
_FAHRENHEIT = Span(1, DAYS[2], range(6, 10))
_NO_VALUE = (Moment(0, DAYS[1], 7), Moment(3, DAYS[5], 12))
_NO_TIME = Moment(2, DAYS[3], 9)
_SHOWN_AGAIN = Beat(0, at=14)
_NEXT_MORNING = Span(3, DAYS[0], range(20, 24))
_NEXT_WEEK = Span(1, DAYS[4], range(6))
_SILENT = 4
_LAST_HEARD = Moment(_SILENT, DAYS[6], 18)


@dataclass(frozen=True, slots=True)
class _Beach:
    number: str
    name: str
    latitude: float
    longitude: float


_BEACHES = (
    _Beach("0-10101", "Godalen", 58.9563, 5.7617),
    _Beach("0-10102", "Vaulen", 58.9266, 5.7476),
    _Beach("0-10103", "Møllebukta", 58.9399, 5.6713),
    _Beach("0-10104", "Hålandsvatnet", 58.9661, 5.6480),
    _Beach("0-10105", "Sølyst", 58.9835, 5.7447),
)


def beach_drops() -> tuple[Drop, ...]:
    """Stavanger's files: the service's answers of a day, one after the other.

    One sensor falls silent. The service goes on showing its last reading, and says the day after
    that it is an old one.
    """
    lines = tuple(_lines())
    return (Drop("1103", "bathing_water", lines, "[", ("]",), between=","),)


def _lines() -> Iterator[Line]:
    last = None
    for day in (*DAYS, LATE_DAY):
        for slot in slots(day, _MINUTES, len(_BEACHES)):
            if last is not None and slot.unit == _SILENT:
                yield _lingering(last, slot)
                continue
            line = _read(slot)
            yield line
            if slot in _SHOWN_AGAIN:
                yield replace(line, seed=replace(line.seed, change="duplicate"))
            if slot in _LAST_HEARD:
                last = line


def _read(slot: Slot) -> Line:
    beach, day = _BEACHES[slot.unit], slot.clock.date()
    fault, rule = _trouble(slot)
    arrives = LATE_DAY if slot in _NEXT_WEEK else day
    if slot in _NEXT_MORNING:
        arrives = DAYS[DAYS.index(day) + 1]
    seed = Seed(
        key=f"{beach.number} {slot.instant.isoformat()}",
        day=day,
        arrives=arrives,
        fault=fault,
        rule=rule,
        twice=shown_twice(slot.clock),
    )
    text = json.dumps(_record(beach, slot), ensure_ascii=False)
    return Line(arrival_file("badetemperatur", arrives, "json"), text, seed)


def _lingering(last: Line, slot: Slot) -> Line:
    day = slot.clock.date()
    file = arrival_file("badetemperatur", day, "json")
    if day != LATE_DAY:
        return Line(file, last.text, replace(last.seed, arrives=day, change="duplicate"))
    text = json.dumps(json.loads(last.text) | {"status": "stale"}, ensure_ascii=False)
    change: Change = "duplicate" if slot.number else "update"
    return Line(file, text, replace(last.seed, arrives=day, change=change))


def _trouble(slot: Slot) -> tuple[Fault, str]:
    if slot in _FAHRENHEIT:
        return "unit_mistake", "water_temperature_celsius:range"
    if any(slot in moment for moment in _NO_VALUE):
        return "missing", "water_temperature_celsius:required"
    if slot in _NO_TIME:
        return "broken", "observed_at:type"
    return "", ""


def _record(beach: _Beach, slot: Slot) -> dict[str, object]:
    return {
        "locationName": beach.name,
        "locationId": beach.number,
        "position": {"lat": beach.latitude, "lon": beach.longitude},
        "elevation": 0,
        "county": "Rogaland",
        "municipality": "Stavanger kommune",
        "temperature": _temperature(slot),
        "time": "i går" if slot in _NO_TIME else slot.instant.astimezone(OSLO).isoformat(),
        "sourceDisplayName": "Stavanger kommune",
        "status": "ok",
    }


def _temperature(slot: Slot) -> float | None:
    if any(slot in moment for moment in _NO_VALUE):
        return None
    chance = dice(f"beach/{slot.unit}/{slot.instant:%Y%m%d%H}")
    degrees = 10.8 - 0.05 * (slot.instant.day - DAYS[0].day) + 0.2 * slot.unit
    celsius = degrees + chance.gauss(0, 0.15)
    return round(celsius * 1.8 + 32, 1) if slot in _FAHRENHEIT else round(celsius, 1)
