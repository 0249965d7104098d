"""Which of a source's slots go wrong: fixed patterns, so that they can be counted."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from pipelines.demo.week import instants, wall


@dataclass(frozen=True, slots=True)
class Slot:
    """A place in time for one row of one unit (a device, a meter, a car park) of a source."""

    unit: int
    instant: dt.datetime
    number: int

    @property
    def clock(self) -> dt.datetime:
        """What an Oslo clock shows."""
        return wall(self.instant)


@dataclass(frozen=True, slots=True)
class Span:
    """Some hours of one day of one unit."""

    unit: int
    day: dt.date
    hours: range

    def __contains__(self, slot: Slot) -> bool:
        clock = slot.clock
        return (slot.unit, clock.date()) == (self.unit, self.day) and clock.hour in self.hours


@dataclass(frozen=True, slots=True)
class Beat:
    """The slot `at` of every `every` slots of a unit's day."""

    unit: int
    at: int
    every: int = 1_000_000

    def __contains__(self, slot: Slot) -> bool:
        return slot.unit == self.unit and slot.number % self.every == self.at


@dataclass(frozen=True, slots=True)
class Moment:
    """One slot of one day of one unit."""

    unit: int
    day: dt.date
    number: int

    def __contains__(self, slot: Slot) -> bool:
        place = (slot.unit, slot.clock.date(), slot.number)
        return place == (self.unit, self.day, self.number)


def slots(day: dt.date, minutes: int, units: int) -> Iterator[Slot]:
    """Every unit's slots of an Oslo day: by instant, then by unit."""
    for number, instant in enumerate(instants(day, minutes)):
        for unit in range(units):
            yield Slot(unit, instant, number)
