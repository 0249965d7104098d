"""All the demo's sources at once: files, databases and keys on disk, and what was planted."""

import secrets
from pathlib import Path

from pipelines.demo import bookings, cases, registers, work_orders
from pipelines.demo.absences import absence_drops
from pipelines.demo.alarms import alarm_drops
from pipelines.demo.beaches import beach_drops
from pipelines.demo.energy_csv import energy_drops
from pipelines.demo.extracts import extract_drops
from pipelines.demo.files import Drop
from pipelines.demo.letters import letter_drops
from pipelines.demo.parking_csv import parking_drops
from pipelines.demo.payslips import payslip_drops
from pipelines.demo.planted import Planted
from pipelines.demo.sensors import sensor_drops
from pipelines.demo.traffic_csv import traffic_drops
from pipelines.demo.week import Wave

_MUNICIPALITIES = ("1103", "1108", "1122")
_ROOT = "root"
_WITH_FAGSYSTEM = ("1108", "1122")
_KEY_BYTES = 32


def make_sources(folder: Path, wave: Wave = 1) -> Planted:
    """Make what has arrived by the wave below `folder`, and say what was planted in it.

    Files go to sources/<number>/, each fagsystem to sources/<number>/*.db; keys are made
    once, in keys/. Wave 1 is a week; wave 2 adds the day after it, late readings, corrections and
    changed rows. The same wave gives the same bytes. Bookings are shown by `booking_server`.
    """
    _make_keys(folder / "keys")
    drops = _drops()
    for drop in drops:
        for arrived in _up_to(wave):
            drop.write(folder / "sources", arrived)
    for municipality in _WITH_FAGSYSTEM:
        database = folder / "sources" / municipality / "fagsystem.db"
        work_orders.write_database(database, municipality, wave)
    cases.write_database(folder / "sources" / cases.MUNICIPALITY / "sak.db", wave)
    for register in registers.REGISTERS:
        registers.write_database(folder / "sources" / register.file, register, wave)
    return Planted(
        wave,
        (
            *(drop.planting(wave) for drop in drops),
            *(bookings.planting(municipality, wave) for municipality in bookings.POSTCODES),
            *(work_orders.planting(municipality, wave) for municipality in _WITH_FAGSYSTEM),
            cases.planting(wave),
            *(registers.planting(register, wave) for register in registers.REGISTERS),
        ),
    )


def _drops() -> tuple[Drop, ...]:
    measured = (*sensor_drops(), *energy_drops(), *parking_drops())
    open_air = (*beach_drops(), *traffic_drops(), *extract_drops())
    about_persons = (*absence_drops(), *payslip_drops(), *letter_drops(), *alarm_drops())
    return (*measured, *open_air, *about_persons)


def _up_to(wave: Wave) -> tuple[Wave, ...]:
    return (1,) if wave == 1 else (1, 2)


def _make_keys(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name in (*_MUNICIPALITIES, _ROOT):
        path = folder / f"{name}.key"
        if not path.exists():
            path.touch(mode=0o600)
            path.write_text(f"{secrets.token_hex(_KEY_BYTES)}\n")
