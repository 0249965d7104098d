"""Registers as they stand in SQLite: health buildings in Sandnes and sculptures in Gjesdal."""

import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

from pipelines.demo.planted import Fault, Planting, Seed, tally
from pipelines.demo.week import DAYS, LATE_DAY, Wave, dice

Row = dict[str, str | int | float | None]
_Trouble = tuple[Fault, str, Row]

_ENTRIES = 32
_GONE, _NEW, _LATE = 9, 30, 31
_CHANGED = (13, 14, 15)
_IN_BERGEN, _NAMELESS, _IN_MILLIMETRES, _NEVER_A_DAY = 4, 5, 5, 6
_KINDS = ("Legesenter", "Helsestasjon", "Sykehjem", "Tannklinikk")
_PLACES = ("Lura", "Ganddal", "Hana", "Hommersåk", "Sentrum", "Austrått", "Figgjo", "Riska")
_MATERIALS = ("Bronse", "Granitt", "Stål", "Tre")
_TITLES = ("Vinden", "Sauen", "Steinen", "Elva", "Spinneriet", "Fuglen", "Porten", "Ringen")


@dataclass(frozen=True, slots=True)
class Register:
    """A table of a municipality's database.

    `says` tells the cells of an entry beside number, place and date; `faults` what is wrong in
    which entry, the rule that it breaks, and how it is written.
    """

    municipality: str
    dataset: str
    table: str
    says: Callable[[int], Row]
    centre: tuple[float, float]
    faults: Mapping[int, _Trouble]

    @property
    def file(self) -> str:
        """The database, below the municipality's sources."""
        return f"{self.municipality}/{self.table}.db"


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of the register, and what was planted in it."""

    row: Row
    seed: Seed


def entries(register: Register, wave: Wave) -> tuple[Entry, ...]:
    """The register's rows as they stand in that wave."""
    absent = (_NEW, _LATE) if wave == 1 else (_GONE,)
    return tuple(_entry(register, n, wave) for n in range(_ENTRIES) if n not in absent)


def planting(register: Register, wave: Wave) -> Planting:
    """What the register has shown, up to and including the wave."""
    first = {entry.seed.key: entry for entry in entries(register, 1)}
    now = {entry.seed.key: entry for entry in entries(register, wave)}
    changed = [key for key in first.keys() & now.keys() if first[key].row != now[key].row]
    shown = tally(
        register.municipality,
        register.dataset,
        [
            *(entry.seed for entry in first.values()),
            *(now[key].seed for key in now.keys() - first.keys()),
            *(replace(now[key].seed, change="update") for key in changed),
        ],
    )
    gone = len(first.keys() - now.keys())
    return replace(shown, deletions=gone, in_lake=shown.in_lake - gone)


def write_database(path: Path, register: Register, wave: Wave) -> None:
    """The register's database as it stands in that wave, in place of an older one."""
    new = path.with_suffix(".new")
    new.parent.mkdir(parents=True, exist_ok=True)
    new.unlink(missing_ok=True)
    rows = [entry.row for entry in entries(register, wave)]
    names, marks = ", ".join(rows[0]), ", ".join("?" * len(rows[0]))
    with closing(sqlite3.connect(new)) as database, database:
        database.execute(f"create table {register.table} ({names})")
        database.executemany(
            f"insert into {register.table} values ({marks})",  # noqa: S608 - names of our own
            [tuple(row.values()) for row in rows],
        )
    new.replace(path)


def _entry(register: Register, number: int, wave: Wave) -> Entry:
    chance = dice(f"{register.dataset}/{number}")
    changed = wave > 1 and number in _CHANGED
    day = LATE_DAY if changed or number == _NEW else DAYS[number % len(DAYS)]
    north, east = register.centre
    row: Row = {
        "id": number + 1,
        **register.says(number),
        "breddegrad": round(north + chance.uniform(-0.01, 0.01), 6),
        "lengdegrad": round(east + chance.uniform(-0.01, 0.01), 6),
        "endret_dato": str(day),
    }
    fault, rule, wrong = register.faults.get(number, ("", "", {}))
    arrives = LATE_DAY if number in (_NEW, _LATE) else day
    return Entry(row | wrong, Seed(str(number + 1), day, arrives, fault, rule))


def _building(number: int) -> Row:
    kind, place = _KINDS[number % len(_KINDS)], _PLACES[number % len(_PLACES)]
    return {
        "navn": f"{place} {kind.lower()}",
        "type": kind,
        "etasjer": 1 + number % 4,
    }


def _sculpture(number: int) -> Row:
    title = _TITLES[number % len(_TITLES)]
    return {
        "tittel": title if number < len(_TITLES) else f"{title} {1 + number // len(_TITLES)}",
        "kunstner": "Ukjent" if number % 5 else "Prøve Billedhugger",
        "aar": 1962 + 2 * number,
        "materiale": _MATERIALS[number % len(_MATERIALS)],
        "hoyde_cm": 80 + 15 * number,
    }


_IN_THE_WEST: Row = {"breddegrad": 60.39, "lengdegrad": 5.32}
_OUTSIDE: _Trouble = ("contradiction", "the place lies in Rogaland", _IN_THE_WEST)
_NO_DAY: _Trouble = ("broken", "updated_on:type", {"endret_dato": "2026-10-32"})
HEALTH = Register(
    municipality="1108",
    dataset="health_buildings",
    table="helsebygg",
    says=_building,
    centre=(58.8520, 5.7350),
    faults={
        _IN_BERGEN: _OUTSIDE,
        _NAMELESS: ("missing", "building_name:required", {"navn": None}),
        _NEVER_A_DAY: _NO_DAY,
    },
)
SCULPTURES = Register(
    municipality="1122",
    dataset="sculptures",
    table="skulptur",
    says=_sculpture,
    centre=(58.7690, 5.8530),
    faults={
        _IN_BERGEN: _OUTSIDE,
        _IN_MILLIMETRES: ("unit_mistake", "height_cm:range", {"hoyde_cm": 12_400}),
        _NEVER_A_DAY: _NO_DAY,
    },
)
REGISTERS = (HEALTH, SCULPTURES)
