"""The fagsystem in which citizens' reports become work orders: a SQLite database."""

import datetime as dt
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

from pipelines.demo.mishaps import Moment, Slot
from pipelines.demo.persons import Person, people
from pipelines.demo.planted import Fault, Planting, Seed, tally
from pipelines.demo.week import DAYS, LATE_DAY, OSLO, TWICE_DAY, Wave, dice, shown_twice

_TABLE = """
create table arbeidsordre (
    ordrenr integer primary key, kategori text, status text, sluk_id text,
    meldt_tid text, endret_tid text, lukket_tid text,
    melder_fnr text, melder_alder integer, melder_navn text, melder_telefon text,
    adresse text, postnr text, utm_ost integer, utm_nord integer, beskrivelse text
)
"""
_CATEGORIES = ("tett_sluk", "oversvommelse", "hull_i_vei", "kumlokk", "lukt")
_PER_DAY = {"1108": 40, "1122": 20}
_POSTCODES = {"1108": ("4306", "4313", "4325"), "1122": ("4330", "4333", "4335")}
_CENTRES = {"1108": (312_000, 6_527_000), "1122": (319_000, 6_518_000)}
_BACKWARDS = Moment(0, DAYS[2], 7)
_NO_TIME = Moment(0, DAYS[4], 11)
_NO_STATUS = Moment(0, DAYS[5], 5)
_MONTHS_FOR_YEARS = Moment(0, DAYS[6], 9)
_STRUCK_OUT = (Moment(0, DAYS[0], 3), Moment(0, DAYS[5], 8))
_WITH_DELETIONS = "1122"
_PAPER_DAY = DAYS[1]
_ON_PAPER = 3
_NIGHT = tuple(dt.datetime(2026, 10, 25, 1, m, tzinfo=dt.UTC) for m in (10, 25, 40))
_FIRST_NUMBER = 7_000
_CITIZENS = 150

Row = dict[str, str | int | None]


@dataclass(frozen=True, slots=True)
class Order:
    """A row of the table, and what was planted in it."""

    row: Row
    seed: Seed


def orders(municipality: str, wave: Wave) -> tuple[Order, ...]:
    """The table's rows as they stand in that wave, by number."""
    slots = enumerate(_slots(municipality), start=_FIRST_NUMBER)
    if wave == 1:
        found = (_order(municipality, number, slot) for number, slot in slots)
        return tuple(order for order in found if order.seed.arrives <= DAYS[-1])
    return tuple(
        _closed(_order(municipality, number, slot))
        for number, slot in slots
        if not _is_struck_out(municipality, slot)
    )


def planting(municipality: str, wave: Wave) -> Planting:
    """What the database has shown, up to and including the wave."""
    first = {order.seed.key: order for order in orders(municipality, 1)}
    now = {order.seed.key: order for order in orders(municipality, wave)}
    changed = [key for key in first.keys() & now.keys() if first[key].row != now[key].row]
    shown = tally(
        municipality,
        "work_orders",
        [
            *(order.seed for order in first.values()),
            *(now[key].seed for key in now.keys() - first.keys()),
            *(replace(now[key].seed, change="update") for key in changed),
        ],
    )
    gone = len(first.keys() - now.keys())
    return replace(shown, deletions=gone, in_lake=shown.in_lake - gone)


def write_database(path: Path, municipality: str, wave: Wave) -> None:
    """The fagsystem's database as it stands in that wave, in place of an older one."""
    new = path.with_suffix(".new")
    new.unlink(missing_ok=True)
    rows = [tuple(order.row.values()) for order in orders(municipality, wave)]
    marks = ", ".join("?" * len(rows[0]))
    with closing(sqlite3.connect(new)) as database, database:
        database.execute(_TABLE)
        database.executemany(f"insert into arbeidsordre values ({marks})", rows)  # noqa: S608 - marks only
    new.replace(path)


def _slots(municipality: str) -> Iterator[Slot]:
    for day in (*DAYS, LATE_DAY):
        chance = dice(f"{municipality}/orders/{day}")
        if day == TWICE_DAY:
            yield from (Slot(0, instant, -1) for instant in _NIGHT)
        morning = dt.datetime.combine(day, dt.time(6), OSLO).astimezone(dt.UTC)
        for number in range(_PER_DAY[municipality]):
            yield Slot(0, morning + dt.timedelta(seconds=chance.randrange(57_600)), number)


def _order(municipality: str, number: int, slot: Slot) -> Order:
    chance = dice(f"{municipality}/order/{number}")
    person = chance.choice(people(municipality, _POSTCODES[municipality], _CITIZENS))
    day = slot.clock.date()
    on_paper = day == _PAPER_DAY and slot.number in range(_ON_PAPER)
    row = {"ordrenr": number} | _work(municipality, slot, chance) | _who(person, day)
    row |= _where(municipality, person, chance)
    if on_paper:
        row["endret_tid"] = f"{LATE_DAY} 07:30:0{slot.number}"
    fault, rule, wrong = _trouble(slot)
    seed = Seed(
        key=str(number),
        day=day,
        arrives=LATE_DAY if on_paper else day,
        fault=fault,
        rule=rule,
        twice=shown_twice(slot.clock),
        person=person.national_id,
    )
    return Order(row | wrong, seed)


def _work(municipality: str, slot: Slot, chance: Random) -> Row:
    category = chance.choice(_CATEGORIES)
    status = chance.choice(("ny", "tildelt", "lukket", "lukket"))
    changed = slot.clock + dt.timedelta(minutes=chance.randrange(1, 240))
    drain = f"sluk-{municipality}-{chance.randrange(12):03d}"
    return {
        "kategori": category,
        "status": status,
        "sluk_id": drain if category == "tett_sluk" else None,
        "meldt_tid": str(slot.clock),
        "endret_tid": str(changed),
        "lukket_tid": str(changed) if status == "lukket" else None,
    }


def _who(person: Person, day: dt.date) -> Row:
    return {
        "melder_fnr": person.national_id,
        "melder_alder": person.age(day),
        "melder_navn": person.name,
        "melder_telefon": person.phone,
    }


def _where(municipality: str, person: Person, chance: Random) -> Row:
    east, north = _CENTRES[municipality]
    return {
        "adresse": person.address,
        "postnr": person.postcode,
        "utm_ost": east + chance.randrange(-3_000, 3_000),
        "utm_nord": north + chance.randrange(-3_000, 3_000),
        "beskrivelse": f"Utenfor {person.address}. Ring {person.name}, {person.phone}.",
    }


def _is_struck_out(municipality: str, slot: Slot) -> bool:
    return municipality == _WITH_DELETIONS and any(slot in moment for moment in _STRUCK_OUT)


def _closed(order: Order) -> Order:
    if order.row["status"] != "tildelt" or order.seed.rule or order.seed.day not in DAYS[4:]:
        return order
    done = f"{LATE_DAY} 09:{int(order.seed.key) % 60:02d}:00"
    return Order(
        order.row | {"status": "lukket", "endret_tid": done, "lukket_tid": done}, order.seed
    )


def _trouble(slot: Slot) -> tuple[Fault, str, Row]:
    if slot in _BACKWARDS:
        before = str(slot.clock - dt.timedelta(hours=2))
        return "contradiction", "an order is closed after it was reported", {"lukket_tid": before}
    if slot in _NO_TIME:
        return "broken", "reported_at:type", {"meldt_tid": f"{slot.clock.date()} 24:10:00"}
    if slot in _NO_STATUS:
        return "missing", "status_code:required", {"status": None}
    if slot in _MONTHS_FOR_YEARS:
        return "unit_mistake", "reporter_age:range", {"melder_alder": 480}
    return "", "", {}
