"""Sickness absence as an HR system exports it day by day: Windows-1252, semicolons, commas."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace

from pipelines.demo.employees import Employee, employee
from pipelines.demo.files import Drop, Line, arrival_file
from pipelines.demo.planted import Fault, Seed
from pipelines.demo.week import DAYS, LATE_DAY, dice

MUNICIPALITY = "1103"
_HEADER = "Fraværsnr;Fødselsnummer;Ansattnr;Navn;Ansvar;Fraværskode;Fra dato;Til dato;Dagsverk"
_FIRST_NUMBER = 500
_COUNT = 190
_REPORTED_LATE = range(40, 46)
_REPEATED = range(70, 74)
_PROLONGED = range(90, 98)
_HOURS_FOR_DAYS, _ENDS_FIRST, _NO_UNIT, _NO_SUCH_DAY = 110, 111, 112, 113
_WORK_HOURS = 400
_KINDS = {"EM": "self_certified", "SM": "certified"}


@dataclass(frozen=True, slots=True)
class _Absence:
    number: int
    who: Employee
    code: str
    first: dt.date
    last: dt.date
    days: float


def absence_drops() -> tuple[Drop, ...]:
    """Stavanger's files: what was registered each day, and the day after the week what changed."""
    lines = tuple(line for number in range(_COUNT) for line in _lines(number))
    return (
        Drop(MUNICIPALITY, "sickness_absence", lines, _HEADER, ("Sum;;;;;;;;",), encoding="cp1252"),
    )


def _lines(number: int) -> Iterator[Line]:
    absence = _absence(number)
    fault, rule = _TROUBLE.get(number, ("", ""))
    arrives = LATE_DAY if number in _REPORTED_LATE else absence.first
    seed = Seed(
        key=str(number),
        day=absence.first,
        arrives=arrives,
        fault=fault,
        rule=rule,
        person=absence.who.person.national_id,
        group=("2026-10-01", absence.who.unit, _KINDS[absence.code]),
        member=absence.who.person.national_id,
    )
    line = Line(arrival_file("fravaer", arrives, "csv"), _text(absence, number), seed)
    yield line
    if number in _REPEATED:
        yield replace(line, seed=replace(seed, change="duplicate"))
    if number in _PROLONGED:
        longer = replace(absence, last=absence.last + dt.timedelta(days=7), days=absence.days + 5)
        later = replace(seed, arrives=LATE_DAY, change="update")
        yield Line(arrival_file("fravaer", LATE_DAY, "csv"), _text(longer, number), later)


def _absence(number: int) -> _Absence:
    chance = dice(f"{MUNICIPALITY}/absence/{number}")
    first = DAYS[number % len(DAYS)]
    code = chance.choice(("EM", "EM", "SM"))
    length = chance.randrange(1, 4) if code == "EM" else chance.randrange(7, 40)
    degree = 1.0 if code == "EM" else chance.choice((1.0, 0.5, 0.6))
    return _Absence(
        number=_FIRST_NUMBER + number,
        who=employee(MUNICIPALITY, number),
        code=code,
        first=first,
        last=first + dt.timedelta(days=length),
        days=round(length * degree, 1),
    )


def _text(absence: _Absence, number: int) -> str:
    cells = {
        "number": str(absence.number),
        "national_id": absence.who.person.national_id,
        "employee": absence.who.number,
        "name": absence.who.person.name,
        "unit": absence.who.unit,
        "code": absence.code,
        "first": f"{absence.first:%d.%m.%Y}",
        "last": f"{absence.last:%d.%m.%Y}",
        "days": str(absence.days).replace(".", ","),
    }
    return ";".join((cells | _wrong(absence, number)).values())


def _wrong(absence: _Absence, number: int) -> dict[str, str]:
    before = absence.first - dt.timedelta(days=3)
    wrongs = {
        _HOURS_FOR_DAYS: {"days": f"{absence.days + _WORK_HOURS}".replace(".", ",")},
        _ENDS_FIRST: {"last": f"{before:%d.%m.%Y}"},
        _NO_UNIT: {"unit": ""},
        _NO_SUCH_DAY: {"first": "31.09.2026"},
    }
    return wrongs.get(number, {})


_TROUBLE: dict[int, tuple[Fault, str]] = {
    _HOURS_FOR_DAYS: ("unit_mistake", "absence_days:range"),
    _ENDS_FIRST: ("contradiction", "an absence ends after it began"),
    _NO_UNIT: ("missing", "unit_code:required"),
    _NO_SUCH_DAY: ("broken", "absent_from:type"),
}
