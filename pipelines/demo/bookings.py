"""Bookings of halls and rooms as Aktiv kommune shows them, for the two cities that share it."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace
from random import Random

from pipelines.demo.buildings import Building, buildings
from pipelines.demo.mishaps import Moment, Slot
from pipelines.demo.persons import Person, people
from pipelines.demo.planted import Fault, Planting, Seed, tally
from pipelines.demo.week import DAYS, OSLO, TWICE_DAY, Wave, dice, shown_twice

Record = dict[str, str | int | None]

POSTCODES = {"1103": ("4006", "4021", "4042"), "1108": ("4306", "4313", "4325")}
"""The cities that share the system, and where their people live."""

_ROOMS = ("Sal A", "Sal B", "Møterom", "Kjøkken")
_ACTIVITIES = ("Håndball", "Turn", "Svømming", "Kor", "Folkedans", "Sjakk")
_KINDS = ("event", "booking", "allocation")
_BACKWARDS = (Moment(2, DAYS[1], 3), Moment(17, DAYS[5], 5))
_SHORT_NUMBER = (Moment(4, DAYS[3], 2), Moment(20, DAYS[6], 6))
_NOWHERE = (Moment(9, DAYS[2], 4),)
_OVERLAPPED = (Moment(5, DAYS[4], 4), Moment(13, DAYS[2], 2))
_CANCELLED = (Moment(1, DAYS[2], 2), Moment(6, DAYS[6], 2), Moment(7, DAYS[6], 3))
_PROLONGED = (Moment(3, DAYS[1], 5), Moment(11, DAYS[6], 8))
_NIGHT = (
    dt.datetime(2026, 10, 25, 0, 30, tzinfo=dt.UTC),
    dt.datetime(2026, 10, 25, 1, 45, tzinfo=dt.UTC),
)
_FIXED = (*_BACKWARDS, *_SHORT_NUMBER, *_NOWHERE, *_OVERLAPPED, *_CANCELLED, *_PROLONGED)
_CITIZENS = 240


@dataclass(frozen=True, slots=True)
class Booking:
    """A booking as the system shows it, and what was planted in it."""

    record: Record
    seed: Seed


@dataclass(frozen=True, slots=True)
class _Order:
    slot: Slot
    building: Building
    kind: str
    hours: int
    customer: Person


def bookings(municipality: str, wave: Wave) -> tuple[Booking, ...]:
    """What the system shows of the municipality's week, by number; wave 2 shows what changed."""
    orders = list(_orders(municipality))
    return tuple(_booking(number, order, wave) for number, order in enumerate(orders, start=40_000))


def planting(municipality: str, wave: Wave) -> Planting:
    """What the system has shown of the municipality, up to and including the wave."""
    first = bookings(municipality, 1)
    changed = [
        replace(later.seed, change="update")
        for earlier, later in zip(first, bookings(municipality, wave), strict=True)
        if earlier.record != later.record
    ]
    return tally(municipality, "facility_bookings", [*(b.seed for b in first), *changed])


def _orders(municipality: str) -> Iterator[_Order]:
    chance = dice(f"{municipality}/bookings")
    houses = buildings(municipality)
    for day in DAYS:
        for slot in _hours(day, len(houses) * len(_ROOMS)):
            fixed = any(slot in moment for moment in _FIXED)
            order = _Order(
                slot=slot,
                building=houses[slot.unit // len(_ROOMS)],
                kind="event" if fixed else chance.choice(_KINDS),
                hours=1 + chance.randrange(2),
                customer=chance.choice(people(municipality, POSTCODES[municipality], _CITIZENS)),
            )
            if fixed or slot.instant in _NIGHT or chance.randrange(4):
                yield order
            if any(slot in moment for moment in _OVERLAPPED):
                yield replace(order, kind="event")


def _hours(day: dt.date, rooms: int) -> Iterator[Slot]:
    if day == TWICE_DAY:
        yield from (Slot(0, instant, 0) for instant in _NIGHT)
    opening = dt.datetime.combine(day, dt.time(8), OSLO).astimezone(dt.UTC)
    for number in range(1, 9):
        for room in range(rooms):
            yield Slot(room, opening + dt.timedelta(hours=2 * (number - 1)), number)


def _booking(number: int, order: _Order, wave: Wave) -> Booking:
    chance = dice(f"{order.building.number}/booking/{number}")
    record = _slot_of(number, order, chance) | _later(order.slot, wave)
    if order.kind == "event":
        record |= _who(order.customer, chance)
    fault, rule, wrong = _trouble(order)
    seed = Seed(
        key=f"{order.kind} {number}",
        day=order.slot.clock.date(),
        arrives=order.slot.clock.date(),
        fault=fault,
        rule=rule,
        twice=shown_twice(order.slot.clock),
        person=order.customer.national_id if order.kind == "event" else "",
    )
    return Booking(record | wrong, seed)


def _slot_of(number: int, order: _Order, chance: Random) -> Record:
    room = order.slot.unit % len(_ROOMS)
    longer = any(order.slot in moment for moment in _PROLONGED)
    return {
        "id": number,
        "type": order.kind,
        "active": 1 if chance.randrange(25) else 0,
        "from_": _oslo(order.slot.instant),
        "to_": _oslo(order.slot.instant + dt.timedelta(hours=1 if longer else order.hours)),
        "building_id": int(order.building.number),
        "building_name": order.building.name,
        "resource_id": int(order.building.number) * 10 + room,
        "resource_name": _ROOMS[room],
        "activity_name": chance.choice(_ACTIVITIES),
        "participant_limit": 5 * chance.randrange(1, 30),
        "is_public": chance.randrange(2),
        "skip_bas": chance.choice((0, 0, 0, 0, 1, None)),
        "completed": 0,
        "cost": "0.00",
    }


def _who(customer: Person, chance: Random) -> Record:
    return {
        "name": f"Feiring for {customer.name}",
        "organizer": customer.name,
        "description": f"Ring {customer.phone} ved spørsmål, hilsen {customer.name}.",
        "contact_name": customer.name,
        "contact_email": customer.email,
        "contact_phone": customer.phone,
        "customer_identifier_type": "ssn",
        "customer_ssn": customer.national_id if chance.randrange(5) else None,
        "customer_organization_number": None,
        "responsible_zip_code": customer.postcode,
    }


def _later(slot: Slot, wave: Wave) -> Record:
    if wave == 1:
        return {}
    if any(slot in moment for moment in _CANCELLED):
        return {"active": 0}
    if any(slot in moment for moment in _PROLONGED):
        return {"to_": _oslo(slot.instant + dt.timedelta(hours=2))}
    return {}


def _trouble(order: _Order) -> tuple[Fault, str, Record]:
    slot = order.slot
    if any(slot in moment for moment in _BACKWARDS):
        backwards = _oslo(slot.instant - dt.timedelta(hours=1))
        return "contradiction", "a booking ends after it starts", {"to_": backwards}
    if any(slot in moment for moment in _SHORT_NUMBER):
        short = order.customer.national_id[:10]
        return "broken", "customer_person_id:pattern", {"customer_ssn": short}
    if any(slot in moment for moment in _NOWHERE):
        return "missing", "building_id:required", {"building_id": None}
    return "", "", {}


def _oslo(instant: dt.datetime) -> str:
    return instant.astimezone(OSLO).isoformat()
