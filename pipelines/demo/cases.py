"""The case and archive system: cases and registry entries as Noark 5 has them, in SQLite."""

import datetime as dt
import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

from pipelines.demo.persons import Person, people
from pipelines.demo.planted import Fault, Planting, Seed, tally
from pipelines.demo.week import DAYS, LATE_DAY, Wave, dice

MUNICIPALITY = "1108"
_TABLES = """
create table saksmappe (
    systemid text primary key, saksaar integer, sakssekvensnummer integer, tittel text,
    administrativ_enhet text, saksbehandler text
);
create table journalpost (
    systemid text primary key, saksmappe text, journalaar integer, journalposttype text,
    journalstatus text, tittel text, mottattdato text, journaldato text, avskrivningsdato text,
    korrespondansepart_navn text, korrespondansepart_fnr text
);
"""
_POSTCODES = ("4306", "4313", "4325")
_UNITS = ("Byggesak", "Skole", "Eiendom", "Ordførerens kontor")
_WEIGHTS = (10, 8, 6, 1)
_TYPES = {"I": "incoming", "U": "outgoing", "X": "internal"}
_OFFICERS = ("Prøve Arkivar", "Liksom Byggmester", "Tenkt Rådgiver")
_CASES, _ENTRIES = 40, 150
_CITIZENS = 90
_SENT_BACK = range(100, 112)
_FUTURE_JOURNAL, _NEVER_A_DAY, _NO_STATUS, _BACKWARDS = 20, 21, 22, 23

Row = dict[str, str | int | None]


@dataclass(frozen=True, slots=True)
class Entry:
    """A registry entry of a case, and what was planted in it."""

    row: Row
    seed: Seed
    party: Person


def entries(wave: Wave) -> tuple[Entry, ...]:
    """The registry entries as they stand in that wave."""
    found = (_entry(number, wave) for number in range(_ENTRIES))
    return tuple(entry for entry in found if wave > 1 or entry.seed.arrives <= DAYS[-1])


def planting(wave: Wave) -> Planting:
    """What the database has shown, up to and including the wave."""
    first = {entry.seed.key: entry for entry in entries(1)}
    now = {entry.seed.key: entry for entry in entries(wave)}
    changed = [key for key in first if first[key].row != now[key].row]
    return tally(
        MUNICIPALITY,
        "case_metadata",
        [
            *(entry.seed for entry in first.values()),
            *(now[key].seed for key in now.keys() - first.keys()),
            *(replace(now[key].seed, change="update") for key in changed),
        ],
    )


def parties() -> Iterator[Person]:
    """Everybody who wrote or was written to."""
    return (entry.party for entry in entries(2))


def write_database(path: Path, wave: Wave) -> None:
    """The system's database as it stands in that wave, in place of an older one."""
    new = path.with_suffix(".new")
    new.unlink(missing_ok=True)
    with closing(sqlite3.connect(new)) as database, database:
        database.executescript(_TABLES)
        database.executemany("insert into saksmappe values (?, ?, ?, ?, ?, ?)", _cases())
        rows = [tuple(entry.row.values()) for entry in entries(wave)]
        database.executemany(
            "insert into journalpost values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", rows
        )
    new.replace(path)


def _cases() -> Iterator[tuple[str | int, ...]]:
    for number in range(_CASES):
        party = _party(dice(f"case/{number}"))
        title = f"Søknad fra {party.name}, {party.address}"
        officer = _OFFICERS[number % len(_OFFICERS)]
        yield _id("case", number), 2026, number + 1, title, _unit(number), officer


def _entry(number: int, wave: Wave) -> Entry:
    chance = dice(f"{MUNICIPALITY}/entry/{number}")
    days = (*DAYS, LATE_DAY)
    day, case = days[number % len(days)], chance.randrange(_CASES)
    kind, party = chance.choice(("I", "I", "U", "X")), _party(chance)
    fault, rule, wrong = _TROUBLE.get(number, ("", "", {}))
    key = _id("entry", number)
    seed = Seed(
        key=key,
        day=day,
        arrives=day,
        fault=fault,
        rule=rule,
        person=party.national_id,
        group=("2026-10-01", "2026", _TYPES[kind], _unit(case)),
        member=key,
    )
    received = day - dt.timedelta(days=chance.randrange(30))
    is_open = number in _SENT_BACK and wave == 1
    row: Row = {
        "systemid": key,
        "saksmappe": _id("case", case),
        "journalaar": 2026,
        "journalposttype": kind,
        "journalstatus": "J",
        "tittel": f"Brev til {party.name}",
        "mottattdato": str(received),
        "journaldato": str(day),
        "avskrivningsdato": None if is_open else str(day),
        "korrespondansepart_navn": party.name,
        "korrespondansepart_fnr": party.national_id,
    }
    return Entry(row | wrong, seed, party)


def _party(chance: Random) -> Person:
    return chance.choice(people(MUNICIPALITY, _POSTCODES, _CITIZENS))


def _unit(case: int) -> str:
    [unit] = dice(f"{MUNICIPALITY}/unit/{case}").choices(_UNITS, _WEIGHTS)
    return unit


def _id(kind: str, number: int) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_OID, f"{MUNICIPALITY}/{kind}/{number}"))


_TROUBLE: dict[int, tuple[Fault, str, Row]] = {
    _FUTURE_JOURNAL: (
        "contradiction",
        "an entry stands in a journal of its time",
        {"journalaar": 2062},
    ),
    _NEVER_A_DAY: ("broken", "journalled_on:type", {"journaldato": "2026-10-32"}),
    _NO_STATUS: ("missing", "entry_status:required", {"journalstatus": None}),
    _BACKWARDS: ("unit_mistake", "processing_days:range", {"avskrivningsdato": "1926-10-20"}),
}
