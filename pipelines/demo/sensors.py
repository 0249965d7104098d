"""The municipalities' sensors in rivers, drains and roads: what they measure, what goes wrong."""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from random import Random

from pipelines.demo.files import Drop, Line, arrival_file
from pipelines.demo.mishaps import Beat, Moment, Slot, Span, slots
from pipelines.demo.nature import Payload, level, road
from pipelines.demo.planted import Fault, Seed
from pipelines.demo.uplinks import Device, Reading, uplink
from pipelines.demo.week import DAYS, LATE_DAY, dice, shown_twice

_WRONG_UNIT = Span(2, DAYS[2], range(6, 10))
_TORN = Beat(3, at=40)
_UNDECODED = Beat(1, at=20, every=48)
_SENT_TWICE = Beat(0, at=11, every=30)
_NEXT_MORNING = Span(1, DAYS[1], range(20, 24))
_NEXT_WEEK = (Span(4, DAYS[2], range(6)), Span(5, DAYS[4], range(12, 18)))


@dataclass(frozen=True, slots=True)
class _Fleet:
    municipality: str
    dataset: str
    devices: tuple[Device, ...]
    minutes: int
    measure: Callable[[int, dt.datetime, Random], Payload]
    field: str
    payload_field: str
    wrong_factor: float
    contradictions: tuple[Moment, ...] = ()


@dataclass(frozen=True, slots=True)
class _Kind:
    prefix: str
    application: str
    size: int
    centre: tuple[float, float]


def sensor_drops() -> tuple[Drop, ...]:
    """The sensors' files: water in Stavanger and Gjesdal, roads in Gjesdal."""
    fleets = (_water("1103", 16, (58.969, 5.733)), _water("1122", 12, (58.766, 5.853)), _roads())
    return tuple(Drop(fleet.municipality, fleet.dataset, tuple(_lines(fleet))) for fleet in fleets)


def _lines(fleet: _Fleet) -> Iterator[Line]:
    for day in (*DAYS, LATE_DAY):
        for slot in slots(day, fleet.minutes, len(fleet.devices)):
            yield from _sent(fleet, slot)


def _water(municipality: str, size: int, centre: tuple[float, float]) -> _Fleet:
    return _Fleet(
        municipality=municipality,
        dataset="water_level",
        devices=_devices(municipality, _Kind("sluk", "water-level", size, centre)),
        minutes=15,
        measure=level,
        field="water_level_m",
        payload_field="water_level",
        wrong_factor=100.0,
    )


def _roads() -> _Fleet:
    return _Fleet(
        municipality="1122",
        dataset="road_weather",
        devices=_devices("1122", _Kind("vei", "road-weather", 7, (58.769, 5.861))),
        minutes=10,
        measure=road,
        field="air_temperature_celsius",
        payload_field="air_temperature",
        wrong_factor=10.0,
        contradictions=(Moment(0, DAYS[5], 30), Moment(6, DAYS[6], 90)),
    )


def _devices(municipality: str, kind: _Kind) -> tuple[Device, ...]:
    chance = dice(f"{municipality}/{kind.application}")
    north, east = kind.centre
    return tuple(
        Device(
            number=number,
            name=f"{kind.prefix}-{municipality}-{number:03d}",
            application=kind.application,
            eui=f"A8404{chance.getrandbits(44):011X}",
            latitude=round(north + chance.uniform(-0.03, 0.03), 6),
            longitude=round(east + chance.uniform(-0.05, 0.05), 6),
        )
        for number in range(kind.size)
    )


def _sent(fleet: _Fleet, slot: Slot) -> Iterator[Line]:
    device = fleet.devices[slot.unit]
    chance = dice(f"{device.name}/{slot.instant:%Y%m%d%H%M}")
    heard = slot.instant + dt.timedelta(
        seconds=7 * slot.unit, microseconds=chance.randrange(1_000_000)
    )
    fault, rule = _trouble(fleet, slot)
    payload = _faulty(fleet, fault, fleet.measure(slot.unit, heard, chance))
    text = uplink(device, Reading(heard, chance.randrange(1, 1000), slot.number, payload), chance)
    seed = Seed(
        key=f"{device.name} {heard.isoformat()}",
        day=slot.clock.date(),
        arrives=_arrival(slot),
        fault=fault,
        rule=rule,
        twice=shown_twice(slot.clock),
    )
    file = arrival_file(f"uplinks/{device.application}", seed.arrives, "ndjson")
    yield Line(file, text[: len(text) * 2 // 3] if fault == "broken" else text, seed)
    if slot in _SENT_TWICE:
        yield Line(file, text, replace(seed, change="duplicate"))


def _arrival(slot: Slot) -> dt.date:
    if any(slot in span for span in _NEXT_WEEK):
        return LATE_DAY
    return slot.clock.date() + dt.timedelta(days=slot in _NEXT_MORNING)


def _trouble(fleet: _Fleet, slot: Slot) -> tuple[Fault, str]:
    if slot in _WRONG_UNIT:
        return "unit_mistake", f"{fleet.field}:range"
    if slot in _TORN:
        return "broken", "row:broken"
    if slot in _UNDECODED:
        return "missing", f"{fleet.field}:required"
    if any(slot in moment for moment in fleet.contradictions):
        return "contradiction", "ice does not lie on a warm road"
    return "", ""


def _faulty(fleet: _Fleet, fault: Fault, payload: Payload) -> Payload | None:
    name = fleet.payload_field
    if fault == "missing":
        return None
    if fault == "contradiction":
        return payload | {"state": "ice"}
    if fault == "unit_mistake":
        return payload | {name: round(float(payload[name]) * fleet.wrong_factor, 1)}
    return payload
