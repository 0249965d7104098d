"""A made-up page of a released dataset, and the bytes behind it."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

import polars as pl

from connectors.portal import Line, OverTime, Page, Quality
from schemas.contract import Contract
from schemas.municipality import Approval, Municipality, Name
from schemas.reading import read_contract
from schemas.stages import Change, Release, Resource

RELEASED = dt.datetime(2026, 11, 21, 14, 5, tzinfo=dt.UTC)
FORMS = (("parking_occupancy.csv", "csv"), ("parking_occupancy.parquet", "parquet"))


def parking() -> Contract:
    """The parking contract."""
    return read_contract(Path("schemas/datasets/parking_occupancy.odcs.yaml"))


def stavanger(number: str = "1103", name: str = "Stavanger kommune") -> Municipality:
    """A municipality of that number and name."""
    return Municipality(
        number=number,
        name=Name(nb=name),
        organisation_number="964965226",
        valid_from=dt.date(2020, 1, 1),
        root="unused",
        key="unused",
        data_protection_officer="personvernombud@example.no",
        contact="datadeling@example.no",
    )


def content(release: Release, name: str) -> bytes:
    """What stands in a made-up file of a version."""
    return f"{release.version} {name}\n".encode()


@dataclass(frozen=True, slots=True)
class Files:
    """Gives the bytes of every version's files, or wrong ones."""

    broken: bool = False

    def open(self, release: Release, name: str) -> BinaryIO:
        """The bytes of one of the version's files."""
        return io.BytesIO(b"torn" if self.broken else content(release, name))


def version(day: int, change: Change | None = None) -> Release:
    """A version of that day of November."""
    name = f"2026-11-{day:02}-0badc0de"
    at = RELEASED.replace(day=day)
    bare = Release(
        municipality="1103",
        dataset="parking_occupancy",
        version=name,
        released_at=at,
        resources=(),
        rows=18_180,
        newest_event=at - dt.timedelta(minutes=9),
        contract_version="1.0.0",
        receipt="receipt",
        changes=(change or Change(name, at, 182, 7, 0, (f"2026-11-{day:02}",)),),
    )
    files = [*FORMS, ("datapackage.json", "json")]
    resources = [_resource(bare, file, form) for file, form in files]
    return replace(bare, resources=tuple(resources))


def _resource(release: Release, name: str, form: str) -> Resource:
    held = content(release, name)
    forms: dict[str, Resource] = {
        "csv": Resource(name, "csv", "", len(held), release.rows),
        "parquet": Resource(name, "parquet", "", len(held), release.rows),
        "json": Resource(name, "json", "", len(held), 0),
    }
    return replace(forms[form], sha256=hashlib.sha256(held).hexdigest())


def over_time(contract: Contract) -> OverTime:
    """Three hours of free spaces."""
    at = [RELEASED.replace(hour=hour, minute=0) for hour in (10, 11, 12)]
    line = Line("", at, [210.0, 180.5, 90.0], [100.0, 90.0, 0.0], [310.0, 300.0, 200.0])
    return OverTime(contract.field("free_spaces"), "hour", None, (line,))


def page(*releases: Release, broken: bool = False) -> Page:
    """A page of those versions, or of one."""
    contract = parking()
    publication = contract.publication
    if publication is None:
        raise AssertionError(contract.name)
    rows = {"car_park_name": ["<b>Posten</b>"], "free_spaces": [12]}
    return Page(
        municipality=stavanger(),
        contract=contract,
        publication=publication,
        approval=Approval(
            approved_by="kommunalsjef",
            approved_on=dt.date(2026, 11, 1),
            organisation="stavanger-kommune",
        ),
        legal_basis=None,
        fields=(contract.field("car_park_name"), contract.field("free_spaces")),
        releases=releases or (version(21),),
        first_rows=pl.DataFrame(rows),
        plot=over_time(contract),
        quality=Quality(
            judged_at=RELEASED,
            landed=18_221,
            rejected_by_rule={"free_spaces:range": 29, "row:broken": None, "unreleased": 4},
            passed=("one reading per car park and instant",),
            warned=(),
        ),
        open=Files(broken).open,
    )
