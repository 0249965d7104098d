"""Who works for the demo's municipalities: invented persons, each in a unit with a number."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from pipelines.demo.persons import Person, people
from pipelines.demo.week import dice

_FIRST_NUMBER = 30_000
_POSTCODES: Mapping[str, tuple[str, ...]] = {"1103": ("4006", "4021"), "1122": ("4330", "4333")}
_UNITS: Mapping[str, Mapping[str, int]] = {
    "1103": {"2101": 34, "2140": 30, "3310": 26, "4105": 24, "4110": 22, "1001": 4},
    "1122": {"2101": 40, "3310": 32, "4105": 28, "1001": 8},
}


@dataclass(frozen=True, slots=True)
class Employee:
    """Somebody who works in a unit."""

    person: Person
    number: str
    unit: str


@cache
def employees(municipality: str) -> tuple[Employee, ...]:
    """The municipality's employees, unit by unit; one unit is small."""
    units = [unit for unit, count in _UNITS[municipality].items() for _ in range(count)]
    persons = people(municipality, _POSTCODES[municipality], len(units))
    return tuple(
        Employee(person, str(_FIRST_NUMBER + at), unit)
        for at, (person, unit) in enumerate(zip(persons, units, strict=True))
    )


def employee(municipality: str, number: int) -> Employee:
    """The employee whom the number falls on, the same on every machine."""
    return dice(f"{municipality}/employee/{number}").choice(employees(municipality))
