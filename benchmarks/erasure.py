"""A hundred persons erased from ten million rows in 365 days, and what is left of them: nothing."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import time
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl

from benchmarks.apart import on_all_cores
from benchmarks.contenders import site_of
from benchmarks.figures import Figure, at_most, seen
from connectors.static_portal.portal import StaticPortal
from gdpr.pseudonyms.concealing import Concealing
from gdpr.subject import Subject
from pipelines.demo.persons import synthetic_number
from pipelines.steps.keys import keyring_of
from pipelines.steps.rights.erase import erase
from pipelines.steps.site import Site

ROWS, DAYS, PERSONS, ERASED = 10_000_000, 365, 200_000, 100
NOW = dt.datetime(2026, 11, 21, tzinfo=dt.UTC)
HERE = Path(__file__).resolve()
_FIRST = dt.date(2025, 1, 1)
_BORN = dt.date(1900, 1, 1)
_PRIME = 2_654_435_761


def measure() -> list[Figure]:
    """The figures, from a process of its own with all of the machine's cores."""
    return on_all_cores("erasure")


def figures() -> list[Figure]:
    """The same, from this process; persons whose rows stand on every day, and on every other."""
    with TemporaryDirectory(prefix="datasjo-erasure-") as root:
        site = site_of("sensor_readings", root)
        numbers = _numbers()
        pseudonyms = _fill(site, numbers)
        some = _erased(site, [n * 2 * 37 for n in range(ERASED)], numbers)
        left = _residue(Path(root), pseudonyms, [n * 2 * 37 for n in range(ERASED)])
        every = _erased(site, [n * 74 + n % 2 + 10_000 for n in range(ERASED)], numbers)
    return [
        at_most("100 persons erased from 10 M rows, on half of 365 days", some.seconds, "s", 15),
        at_most("their pseudonyms left in any byte or row", left, "places", 0),
        at_most("days rewritten that did not hold them", some.days - (DAYS + 1) // 2, "days", 0),
        at_most("100 persons erased from 10 M rows, on each of 365 days", every.seconds, "s", 15),
        seen("rows erased of them", some.rows + every.rows, "rows"),
    ]


@dataclasses.dataclass(frozen=True)
class Run:
    """One erasure: how long it took, and what went."""

    seconds: float
    rows: int
    days: int


def _numbers() -> list[str]:
    """Numbers of persons who do not exist: a few a day of birth."""
    days = (_BORN + dt.timedelta(days=at // 8) for at in range(PERSONS))
    return [synthetic_number(day, at % 8 * 60) for at, day in enumerate(days)]


def _fill(site: Site, numbers: Sequence[str]) -> pl.Series:
    """The lake's table: persons of even numbers on even days, of odd ones on odd days."""
    ring = keyring_of(site)
    concealing = Concealing.of(site.contract.field("resident_id"), ring, ring.current)
    if concealing is None:
        raise LookupError("resident_id has no pseudonyms")
    pseudonyms = concealing.conceal(pl.Series("resident_id", numbers))
    files = [
        site.lake.stage(_rows(site, day, pseudonyms), str(_FIRST + dt.timedelta(days=day)))
        for day in range(DAYS)
    ]
    lake = site.lake.recording({"resident_id": concealing.record})
    lake.replace(lake.snapshot(), files, site.contract.lake_schema, {})
    return pseudonyms


def _rows(site: Site, day: int, pseudonyms: pl.Series) -> pl.DataFrame:
    number = pl.int_range(ROWS // DAYS, dtype=pl.UInt64)
    start = dt.datetime.combine(_FIRST, dt.time(), dt.UTC) + dt.timedelta(days=day)
    pairs = len(pseudonyms) // 2
    # of the persons from 10,000 on, half have rows on every day
    who = (number * _PRIME + day * 7919) % pairs * 2 + day % 2
    made = pl.select(
        sensor_id=pl.format("sensor-{}", number % 1_000),
        observed_at=pl.lit(start) + pl.duration(seconds=number * 3),
        temperature_celsius=(number % 400).cast(pl.Float64) / 10,
        humidity_pct=(number % 100).cast(pl.Float64),
        pressure_hpa=pl.lit(1_000.0),
        battery_pct=(number % 100).cast(pl.Int64),
        status_code=pl.lit("ok"),
        resident_id=who.cast(pl.Int64),
    )
    named = made.with_columns(pseudonyms.gather(made["resident_id"]).alias("resident_id"))
    return named.select(pl.col(n).cast(kind) for n, kind in site.contract.lake_schema.items())


def _erased(site: Site, chosen: Sequence[int], numbers: Sequence[str]) -> Run:
    subjects = [Subject.of(f"national_id: {numbers[at]}") for at in chosen]
    start = time.perf_counter()
    receipt = erase([site], subjects, _no_portal, NOW)
    seconds = time.perf_counter() - start
    [went] = receipt.outcome.went
    if not receipt.complete:
        raise LookupError(receipt.outcome.left[0])
    return Run(seconds, went.rows, went.parts)


def _no_portal() -> StaticPortal:
    raise LookupError("nothing is released of it")


def _residue(root: Path, pseudonyms: pl.Series, chosen: Sequence[int]) -> int:
    """How many files hold one of the pseudonyms, in their bytes or in their rows."""
    gone = pseudonyms.gather(list(chosen))
    files = [path for path in (root / "lake").rglob("*") if path.is_file()]
    found = 0
    for path in files:
        is_table = path.suffix == ".parquet" and "_delta_log" not in path.parts
        content = path.read_bytes()
        # compressed bytes hide a name from this: they are read as rows too
        found += any(name.encode() in content for name in (gone.head(3) if is_table else gone))
        if is_table:
            rows = pl.read_parquet(path, columns=["resident_id"])["resident_id"]
            found += bool(rows.is_in(gone.implode()).any())
    return found


if __name__ == "__main__":
    print(json.dumps(figures()))
