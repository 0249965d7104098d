"""Alarms from people's homes, as a response centre hands them over: one JSON document a line."""

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import replace

from pipelines.demo.files import Drop, Line, arrival_file
from pipelines.demo.persons import Person, people
from pipelines.demo.planted import Fault, Seed
from pipelines.demo.week import DAYS, LATE_DAY, OSLO, dice, shown_twice, wall

MUNICIPALITY = "1108"
_POSTCODES = ("4306", "4313", "4325")
_RESIDENTS = 70
_COUNT = 240
_OWNERS = {"Hjemmetjenesten øst": 12, "Hjemmetjenesten vest": 9, "Natt-teamet": 4}
_KINDS = {
    "trygghetsalarm": "safety_alarm",
    "fallsensor": "fall_sensor",
    "dorsensor": "door_sensor",
    "medisindispenser": "dispenser",
}
_WEIGHTS = (10, 6, 1, 8)
_ANSWERED_LATER = range(50, 58)
_REPEATED = range(80, 84)
_HOURS_LATE = range(100, 106)
_MILLISECONDS, _NOBODYS, _NO_RESIDENT, _NO_TIME = 130, 131, 132, 133

Record = dict[str, str | int | None]


def alarm_drops() -> tuple[Drop, ...]:
    """Sandnes's files: the events of each day, and those that came through the day after."""
    lines = tuple(line for number in range(_COUNT) for line in _lines(number))
    return (Drop(MUNICIPALITY, "welfare_alarms", lines),)


def residents() -> tuple[Person, ...]:
    """Everybody who has a device at home."""
    return people(MUNICIPALITY, _POSTCODES, _RESIDENTS)


def _lines(number: int) -> Iterator[Line]:
    chance = dice(f"{MUNICIPALITY}/alarm/{number}")
    at, home = _instant(number), chance.choice(residents())
    [device] = chance.choices(list(_KINDS), _WEIGHTS)
    [owner] = chance.choices(list(_OWNERS), list(_OWNERS.values()))
    record = _record(number, home) | {
        "utstyr": device,
        "alarmeier": owner,
        "utlost": at.astimezone(OSLO).strftime("%Y-%m-%dT%H:%M:%S%z"),
        "svartid_sek": None if number in _ANSWERED_LATER else chance.randrange(20, 900),
    }
    fault, rule = _TROUBLE.get(number, ("", ""))
    day = wall(at).date()
    seed = Seed(
        key=str(number),
        day=day,
        arrives=LATE_DAY if number in _HOURS_LATE else day,
        fault=fault,
        rule=rule,
        twice=shown_twice(wall(at)),
        person=home.national_id,
        group=("2026-10-01", _KINDS[device], owner),
        member=home.national_id,
    )
    line = Line(arrival_file("alarmer", seed.arrives, "ndjson"), _text(record, number), seed)
    yield line
    if number in _REPEATED:
        yield replace(line, seed=replace(seed, change="duplicate"))
    if number in _ANSWERED_LATER:
        answered = replace(seed, arrives=LATE_DAY, change="update")
        text = _text(record | {"svartid_sek": 3_000}, number)
        yield Line(arrival_file("alarmer", LATE_DAY, "ndjson"), text, answered)


def _instant(number: int) -> dt.datetime:
    start = dt.datetime.combine(DAYS[0], dt.time(0, 5), OSLO).astimezone(dt.UTC)
    return start + dt.timedelta(minutes=41 * number)


def _record(number: int, home: Person) -> Record:
    return {
        "hendelse_id": f"H{number:05d}",
        "bruker_fnr": home.national_id,
        "bruker_navn": home.name,
        "adresse": home.address,
        "parorende_telefon": home.phone,
        "merknad": f"Ringte {home.name} på {home.phone}.",
    }


def _text(record: Record, number: int) -> str:
    wrongs: dict[int, Record] = {
        _MILLISECONDS: {"svartid_sek": 240_000},
        _NOBODYS: {"alarmeier": None},
        _NO_RESIDENT: {"bruker_fnr": None},
        _NO_TIME: {"utlost": "2026-10-26T25:00:00+0100"},
    }
    return json.dumps(record | wrongs.get(number, {}), ensure_ascii=False)


_TROUBLE: dict[int, tuple[Fault, str]] = {
    _MILLISECONDS: ("unit_mistake", "response_seconds:range"),
    _NOBODYS: ("missing", "alarm_owner:required"),
    _NO_RESIDENT: ("missing", "resident_person_id:required"),
    _NO_TIME: ("broken", "raised_at:type"),
}
