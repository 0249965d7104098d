"""Hourly power of municipal buildings, as two cities' systems export it: Windows-1252, commas."""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from pipelines.demo.buildings import Building, buildings
from pipelines.demo.files import Drop, Line, arrival_file
from pipelines.demo.mishaps import Beat, Moment, Slot, Span
from pipelines.demo.planted import Change, Fault, Seed
from pipelines.demo.week import DAYS, LATE_DAY, dice, instants, shown_twice, wall

_WATT_HOURS = Span(1, DAYS[2], range(8, 12))
_NOT_READ = Beat(2, at=5, every=24)
_ESTIMATED = Beat(3, at=9, every=12)
_ESTIMATED_NOTHING = Moment(3, DAYS[4], 14)
_SPLIT_DECIMAL = Moment(4, DAYS[1], 7)
_HOUR_24 = Moment(5, DAYS[0], 23)
_REPEATED = Beat(0, at=6, every=24)
_LATE = Span(2, DAYS[4], range(24))
_CORRECTED = Span(1, DAYS[2], range(24))
_WORKING_HOURS = range(7, 22)


@dataclass(frozen=True, slots=True)
class _Hour:
    building: Building
    slot: Slot
    kwh: float | None
    is_estimated: bool = False
    unit: str = "kWh"


_Writer = Callable[[_Hour], str]


def energy_drops() -> tuple[Drop, ...]:
    """Stavanger's files and Sandnes's: one contract, two sets of conventions."""
    return (
        Drop(
            municipality="1103",
            dataset="energy_hourly",
            lines=tuple(_lines("1103", _stavanger)),
            header="Målepunkt;Byggnr;Bygg;Fra;Til;Verdi;Enhet;Kvalitet",
            footers=("Totalt;;;;;;kWh;",),
            encoding="cp1252",
        ),
        Drop(
            municipality="1108",
            dataset="energy_hourly",
            lines=tuple(_lines("1108", _sandnes)),
            header="Målernr|Anlegg|Anleggsnavn|Time fra|Forbruk|Enhet|Status",
            footers=("Sum||||||", "Eksportert fra Driftskontroll, måler for måler||||||"),
            encoding="cp1252",
        ),
    )


def _lines(municipality: str, write: _Writer) -> Iterator[Line]:
    for day in (*DAYS, LATE_DAY):
        for unit, building in enumerate(buildings(municipality)):
            for number, instant in enumerate(instants(day, 60)):
                yield from _exported(building, Slot(unit, instant, number), write)


def _exported(building: Building, slot: Slot, write: _Writer) -> Iterator[Line]:
    hour = _used(building, slot)
    day = slot.clock.date()
    fault, rule = _trouble(slot)
    seed = Seed(
        key=f"{building.meter} {slot.instant.isoformat()}",
        day=day,
        arrives=LATE_DAY if slot in _LATE else day,
        fault=fault,
        rule=rule,
        twice=shown_twice(slot.clock),
    )
    line = Line(arrival_file("energi", seed.arrives, "csv"), _wrong(slot, hour, write), seed)
    yield line
    if slot in _REPEATED:
        yield replace(line, seed=replace(seed, change="duplicate"))
    if slot in _CORRECTED:
        yield _correction(hour, seed, write)


def _used(building: Building, slot: Slot) -> _Hour:
    chance = dice(f"{building.meter}/{slot.instant:%Y%m%d%H}")
    load = 3.2 if slot.clock.hour in _WORKING_HOURS else 1.0
    kwh = (340.0 if building.is_pool else 24.0) * load * chance.uniform(0.85, 1.15)
    return _Hour(building, slot, None if slot in _NOT_READ else round(kwh, 2), slot in _ESTIMATED)


def _trouble(slot: Slot) -> tuple[Fault, str]:
    if slot in _WATT_HOURS:
        return "unit_mistake", "energy_kwh:range"
    if slot in _ESTIMATED_NOTHING:
        return "contradiction", "an estimate has a value"
    if slot in _SPLIT_DECIMAL:
        return "broken", "row:excess_cells"
    if slot in _HOUR_24:
        return "broken", "starts_at:type"
    return "", ""


def _wrong(slot: Slot, hour: _Hour, write: _Writer) -> str:
    if slot in _WATT_HOURS:
        return write(replace(hour, kwh=1_000 * (hour.kwh or 0), unit="Wh"))
    if slot in _ESTIMATED_NOTHING:
        return write(replace(hour, kwh=None, is_estimated=True))
    text = write(hour)
    if slot in _SPLIT_DECIMAL:
        return text.replace(",", "|" if "|" in text else ";")
    if slot in _HOUR_24:
        return text.replace(" 23:00", " 24:00", 1)
    return text


def _correction(hour: _Hour, wrong: Seed, write: _Writer) -> Line:
    mended = replace(hour, kwh=round((hour.kwh or 0) * 1.02, 2))
    change: Change = "" if wrong.rule else "update"
    seed = replace(wrong, arrives=LATE_DAY, fault="", rule="", change=change)
    return Line(f"energi/{wrong.day}_korrigert.csv", write(mended), seed)


def _stavanger(hour: _Hour) -> str:
    end = wall(hour.slot.instant + dt.timedelta(hours=1))
    number = "-" if hour.kwh is None else f"{hour.kwh:,.2f}".translate(_NORWEGIAN)
    cells = (
        hour.building.meter,
        hour.building.number,
        hour.building.name,
        f"{hour.slot.clock:%d.%m.%Y %H:%M}",
        f"{end:%d.%m.%Y %H:%M}",
        number,
        hour.unit,
        "Estimert" if hour.is_estimated else "Målt",
    )
    return ";".join(cells)


def _sandnes(hour: _Hour) -> str:
    cells = (
        hour.building.meter,
        hour.building.number,
        hour.building.name,
        f"{hour.slot.clock:%Y-%m-%d %H:%M}",
        ".." if hour.kwh is None else f"{hour.kwh:.2f}".replace(".", ","),
        hour.unit,
        "E" if hour.is_estimated else "M",
    )
    return "|".join(cells)


_NORWEGIAN = str.maketrans({",": "\N{NO-BREAK SPACE}", ".": ","})
