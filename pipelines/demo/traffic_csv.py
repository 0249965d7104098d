"""Hourly counts of bicycles, people on foot and cars in Stavanger, with sums that count nothing."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace

from pipelines.demo.files import Drop, Line, arrival_file
from pipelines.demo.mishaps import Beat, Moment, Slot, Span, slots
from pipelines.demo.planted import Fault, Seed
from pipelines.demo.week import DAYS, LATE_DAY, dice, shown_twice

_HEADER = (
    "Teller;Navn;Type;Retning;Dato;Fra tidspunkt;Antall;Dekningsgrad (%);Breddegrad;Lengdegrad"
)
_MINUTES = 60
_DAY_FOR_HOUR = Moment(2, DAYS[1], 10)
_SPLIT_COVERAGE = Moment(5, DAYS[2], 15)
_COUNTED_BLIND = (Moment(3, DAYS[3], 8), Moment(3, DAYS[3], 9))
_NO_DIRECTION = Moment(1, DAYS[5], 13)
_NOT_COUNTED = (Span(4, DAYS[4], range(5, 16)), Span(0, DAYS[6], range(2)))
_OUT_OF_ORDER = Span(6, DAYS[0], range(6, 20))
_REPEATED = Beat(7, at=11)
_NEXT_MORNING = Span(2, DAYS[3], range(20, 24))
_NEXT_WEEK = (Span(0, DAYS[2], range(12, 24)), Span(5, DAYS[5], range(6)))
_RUSH = (7, 8, 15, 16)


@dataclass(frozen=True, slots=True)
class _Counter:
    number: str
    name: str
    mode: str
    direction: str
    place: tuple[str, str]
    most: int


_GANDSFJORD = ("58,9289", "5,7411")
_BYBRUA = ("58,9724", "5,7448")
_COUNTERS = (
    _Counter("41117B1103", "Sykkelstamvegen Mariero", "Sykkel", "Sentrum", _GANDSFJORD, 210),
    _Counter("41117B1103", "Sykkelstamvegen Mariero", "Sykkel", "Forus", _GANDSFJORD, 190),
    _Counter("41118B1103", "Bybrua", "Sykkel", "Sentrum", _BYBRUA, 160),
    _Counter("41118B1103", "Bybrua", "Sykkel", "Hundvåg", _BYBRUA, 150),
    _Counter("41118B1103", "Bybrua", "Gående", "Sentrum", _BYBRUA, 120),
    _Counter("41118B1103", "Bybrua", "Gående", "Hundvåg", _BYBRUA, 110),
    _Counter("41119V1103", "Bybrua", "Kjøretøy", "Sentrum", _BYBRUA, 980),
    _Counter("41119V1103", "Bybrua", "Kjøretøy", "Hundvåg", _BYBRUA, 940),
)


def traffic_drops() -> tuple[Drop, ...]:
    """Stavanger's files: a line for each counter, direction and hour, and below them the sums."""
    lines = tuple(line for day in (*DAYS, LATE_DAY) for line in _of_day(day))
    sums = ("Totalt i retning Sentrum;;;;;;-;;;", "Totalt;;;;;;-;;;")
    return (Drop("1103", "traffic_counts", lines, _HEADER, sums, "cp1252"),)


def _of_day(day: dt.date) -> Iterator[Line]:
    for slot in slots(day, _MINUTES, len(_COUNTERS)):
        if slot in _OUT_OF_ORDER:
            continue
        line = _counted(slot)
        yield line
        if slot in _REPEATED:
            yield replace(line, seed=replace(line.seed, change="duplicate"))


def _counted(slot: Slot) -> Line:
    counter, day = _COUNTERS[slot.unit], slot.clock.date()
    fault, rule = _trouble(slot)
    arrives = LATE_DAY if any(slot in span for span in _NEXT_WEEK) else day
    if slot in _NEXT_MORNING:
        arrives = DAYS[DAYS.index(day) + 1]
    seed = Seed(
        key=f"{counter.number} {counter.mode} {counter.direction} {slot.instant.isoformat()}",
        day=day,
        arrives=arrives,
        fault=fault,
        rule=rule,
        twice=shown_twice(slot.clock),
    )
    return Line(arrival_file("trafikk", arrives, "csv"), _text(counter, slot), seed)


def _trouble(slot: Slot) -> tuple[Fault, str]:
    if slot in _DAY_FOR_HOUR:
        return "unit_mistake", "traffic_count:range"
    if slot in _SPLIT_COVERAGE:
        return "broken", "row:excess_cells"
    if any(slot in moment for moment in _COUNTED_BLIND):
        return "contradiction", "an hour that nobody watched has no count"
    if slot in _NO_DIRECTION:
        return "missing", "direction:required"
    return "", ""


def _text(counter: _Counter, slot: Slot) -> str:
    count, coverage = _passed(counter, slot)
    cells = (
        counter.number,
        counter.name,
        counter.mode,
        "" if slot in _NO_DIRECTION else counter.direction,
        f"{slot.clock:%d.%m.%Y}",
        f"{slot.clock:%H:%M}",
        count,
        coverage.replace(",", ";") if slot in _SPLIT_COVERAGE else coverage,
        *counter.place,
    )
    return ";".join(cells)


def _passed(counter: _Counter, slot: Slot) -> tuple[str, str]:
    if any(slot in span for span in _NOT_COUNTED):
        return "-", "0,00"
    chance = dice(f"{counter.number}/{counter.mode}/{counter.direction}/{slot.instant:%Y%m%d%H}")
    share = 1.0 if slot.clock.hour in _RUSH else 0.3 if slot.clock.hour in range(6, 23) else 0.04
    count = int(counter.most * share * chance.uniform(0.8, 1.0))
    if slot in _DAY_FOR_HOUR:
        return str(100_000 + count), "100,00"
    blind = any(slot in moment for moment in _COUNTED_BLIND)
    return str(count), "0,00" if blind else "99,70"
