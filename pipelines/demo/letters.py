"""Letters as SvarUt tells of them: one JSON document a line, with the recipient inside it."""

import json
import uuid
from collections.abc import Iterator
from dataclasses import replace

from pipelines.demo.files import Drop, Line, arrival_file
from pipelines.demo.persons import Person, people
from pipelines.demo.planted import Fault, Seed
from pipelines.demo.week import DAYS, LATE_DAY, dice

MUNICIPALITY = "1103"
_POSTCODES = ("4006", "4021", "4042")
_RECIPIENTS = 240
_COUNT = 1_200
_UNITS = ("Byggesak", "Skole", "Kemner", "Barnehage")
_CHANNELS = ("ALTINN", "DIGIPOST", "DIGIPOST", "EBOKS", "PRINT")
_WORDS = {"ALTINN": "altinn", "DIGIPOST": "digipost", "EBOKS": "eboks", "PRINT": "print"}
_STATUSES = ("LEST", "LEST", "VARSLET", "AKSEPTERT")
_REPEATED = range(60, 66)
_READ_LATER = range(90, 110)
_BY_PIGEON, _NO_UNIT, _CUT_OFF, _PRINTED_ONLINE = 120, 121, 122, 123


def letter_drops() -> tuple[Drop, ...]:
    """Stavanger's files: what was sent each day, and the day after the week what was read since."""
    lines = tuple(line for number in range(_COUNT) for line in _lines(number))
    return (Drop(MUNICIPALITY, "digital_post", lines),)


def recipients() -> tuple[Person, ...]:
    """Everybody who may get a letter."""
    return people(MUNICIPALITY, _POSTCODES, _RECIPIENTS)


def _lines(number: int) -> Iterator[Line]:
    chance = dice(f"{MUNICIPALITY}/letter/{number}")
    to, day = chance.choice(recipients()), DAYS[number % len(DAYS)]
    channel, unit = chance.choice(_CHANNELS), chance.choice(_UNITS)
    status = "PRINTET" if channel == "PRINT" else chance.choice(_STATUSES)
    key = str(uuid.uuid5(uuid.NAMESPACE_OID, f"{MUNICIPALITY}/letter/{number}"))
    record: dict[str, object] = {
        "forsendelsesId": key,
        "dato": str(day),
        "kanal": channel,
        "status": "VARSLET" if number in _READ_LATER and channel != "PRINT" else status,
        "tittel": f"Vedtak til {to.name}",
        "avsender": {"enhet": unit},
        "mottaker": _recipient(to),
    }
    fault, rule = _TROUBLE.get(number, ("", ""))
    seed = Seed(
        key=key,
        day=day,
        arrives=day,
        fault=fault,
        rule=rule,
        person=to.national_id,
        group=("2026-10-01", _WORDS[channel], unit),
        member=key,
    )
    line = Line(arrival_file("svarut", day, "ndjson"), _text(record, number), seed)
    yield line
    if number in _REPEATED:
        yield replace(line, seed=replace(seed, change="duplicate"))
    if number in _READ_LATER and channel != "PRINT":
        read = replace(seed, arrives=LATE_DAY, change="update")
        text = _text(record | {"status": "LEST"}, number)
        yield Line(arrival_file("svarut", LATE_DAY, "ndjson"), text, read)


def _recipient(to: Person) -> dict[str, str]:
    return {
        "navn": to.name,
        "fodselsnr": to.national_id,
        "adresse": to.address,
        "postnr": to.postcode,
    }


def _text(record: dict[str, object], number: int) -> str:
    wrongs: dict[int, dict[str, object]] = {
        _BY_PIGEON: {"kanal": "BREVDUE"},
        _NO_UNIT: {"avsender": {}},
        _PRINTED_ONLINE: {"kanal": "ALTINN", "status": "PRINTET"},
    }
    text = json.dumps(record | wrongs.get(number, {}), ensure_ascii=False)
    return text[: len(text) // 2] if number == _CUT_OFF else text


_TROUBLE: dict[int, tuple[Fault, str]] = {
    _BY_PIGEON: ("broken", "channel:pattern"),
    _NO_UNIT: ("missing", "sending_unit:required"),
    _CUT_OFF: ("broken", "row:broken"),
    _PRINTED_ONLINE: ("contradiction", "paper is printed and not read"),
}
