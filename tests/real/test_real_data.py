"""The main job on real data, held against figures that were counted without it."""

from __future__ import annotations

import csv
import datetime as dt
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

import polars as pl
import pytest

from pipelines.steps.land import land, landed
from pipelines.steps.refine import refine, refine_batches
from pipelines.steps.site import Site, open_network, sites
from schemas.stages import Receipt, Window

HOUSE = Path(__file__).resolve().parents[2]
DATA = Path(os.environ.get("DATASJO_REAL_DATA", HOUSE.parent / "shared" / "data"))
NETWORK = HOUSE / "deploy" / "real" / "network.yaml"
OSLO = ZoneInfo("Europe/Oslo")
WINDOW = Window(dt.date(2020, 10, 13), dt.date(2020, 11, 30))
LONG_DAY = dt.date(2020, 10, 25)
Reading = tuple[str, dt.datetime]

pytestmark = [
    pytest.mark.real_data,
    pytest.mark.slow,
    pytest.mark.skipif(
        not DATA.is_dir(),
        reason=f"the real data are not at {DATA}: set DATASJO_REAL_DATA to their folder",
    ),
]


@dataclass(frozen=True)
class Brought:
    site: Site
    receipt: Receipt

    @property
    def rows(self) -> pl.DataFrame:
        return self.site.lake.scan().collect()


def network(root: Path) -> pytest.MonkeyPatch:
    patch = pytest.MonkeyPatch()
    patch.setenv("DATASJO_REAL_DATA", str(DATA))
    patch.setenv("DATASJO_VAR", str(root))
    return patch


def bring(dataset: str) -> Brought:
    [site] = sites(open_network(NETWORK), dataset=dataset)
    land(site, WINDOW, "run")
    receipt = refine(site)
    assert receipt is not None
    return Brought(site, receipt)


@pytest.fixture(scope="module")
def parking(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Brought]:
    patch = network(tmp_path_factory.mktemp("real"))
    yield bring("parking_occupancy")
    patch.undo()


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[Path]:
    patch = network(tmp_path)
    yield tmp_path
    patch.undo()


def counted_by_hand() -> dict[Reading, int]:
    """Car park and instant → free spaces, read with the standard library alone."""
    found: dict[Reading, int] = {}
    for path in sorted((DATA / "stavanger-parking-2020" / "parking").glob("*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as stream:
            found.update(_of_file(csv.DictReader(stream)))
    return found


def _of_file(rows: Iterator[dict[str, str]]) -> Iterator[tuple[Reading, int]]:
    last: dict[str, dt.datetime] = {}
    second: set[tuple[str, dt.date]] = set()
    for row in rows:
        park = row["Sted"]
        wall = dt.datetime.strptime(  # noqa: DTZ007 - the zone follows
            f"{row['Dato']} {row['Klokkeslett']}", "%d.%m.%Y %H:%M"
        )
        early, late = (wall.replace(tzinfo=OSLO, fold=fold) for fold in (0, 1))
        if early.utcoffset() != late.utcoffset():
            if wall < last.get(park, wall):
                second.add((park, wall.date()))
            last[park] = wall
        chosen = late if (park, wall.date()) in second else early
        spaces = row["Antall_ledige_plasser"]
        yield (park, chosen.astimezone(dt.UTC)), 0 if spaces == "Fullt" else int(spaces)


def readings(rows: pl.DataFrame) -> dict[Reading, int]:
    columns = rows.select("car_park_name", "observed_at", "free_spaces")
    return {(park, at): spaces for park, at, spaces in columns.iter_rows()}


def on(rows: pl.DataFrame, day: dt.date) -> pl.DataFrame:
    local = pl.col("observed_at").dt.convert_time_zone("Europe/Oslo").dt.date()
    return rows.filter(local == day)


def test_all_parking_rows_land_and_every_reading_is_in_the_lake_once(parking: Brought) -> None:
    counts = parking.receipt.counts
    assert len(landed(parking.site)) == 73
    assert (counts.landed, counts.rejected, counts.kept) == (152_118, 0, 141_552)
    assert counts.landed == counts.duplicate + counts.kept
    assert parking.rows.height == len(readings(parking.rows)) == 141_552


def test_the_lake_holds_what_a_count_by_hand_finds(parking: Brought) -> None:
    assert readings(parking.rows) == counted_by_hand()


def test_the_long_day_has_both_passes_through_its_hour(parking: Brought) -> None:
    assert parking.receipt.days[LONG_DAY.isoformat()] == 2_583
    assert on(parking.rows, LONG_DAY).height == 2_583


def test_full_car_parks_are_counted(parking: Brought) -> None:
    full = parking.rows.filter("is_full")
    assert full.height == 496
    assert set(full["free_spaces"]) == {0}


def test_running_it_all_again_changes_no_row(parking: Brought) -> None:
    assert land(parking.site, WINDOW, "again") == []
    assert refine(parking.site) is None
    before = readings(parking.rows)
    receipt = refine_batches(parking.site, landed(parking.site))
    assert receipt.counts.restated == receipt.counts.kept == 141_552
    assert readings(parking.rows) == before


_WORKER = """
import signal
from connectors.lake import LakeTable
from pipelines.steps import stage
from tests.real.test_real_data import NETWORK, WINDOW, land, open_network, refine, sites
[site] = sites(open_network(NETWORK), dataset="parking_occupancy")
land(site, WINDOW, "killed")
stage.HELD_ROWS = 5_000  # so that files are staged long before the last batch is read
LakeTable.replace = lambda *_, **__: signal.pause()  # however late it is killed
refine(site)
"""


def killed_when(pattern: str, root: Path) -> None:
    """Kill a run of the main job, hard, as soon as a file of that pattern is there."""
    with subprocess.Popen([sys.executable, "-c", _WORKER], cwd=HOUSE) as worker:
        until = time.monotonic() + 600
        try:
            while not any(root.glob(pattern)):
                assert worker.poll() is None, "the run ended before it could be killed"
                assert time.monotonic() < until
                time.sleep(0.001)
        finally:
            worker.kill()
    assert worker.returncode == -signal.SIGKILL


@pytest.mark.parametrize(
    "pattern",
    [
        "roots/1103/landing/parking_occupancy/*/*.sidecar.json",
        "roots/1103/lake/parking_occupancy/day=*/*.parquet",
    ],
    ids=["while landing", "while staging"],
)
def test_a_run_that_is_killed_and_run_again_has_every_reading_once(
    elsewhere: Path, parking: Brought, pattern: str
) -> None:
    killed_when(pattern, elsewhere)
    [site] = sites(open_network(NETWORK), dataset="parking_occupancy")
    assert site.lake.snapshot().version == -1
    again = bring("parking_occupancy")
    assert len(landed(again.site)) == 73
    assert readings(again.rows) == readings(parking.rows)


@pytest.mark.usefixtures("elsewhere")
def test_frosts_observations_keep_their_quality_codes() -> None:
    frost = bring("weather_observation")
    assert (frost.receipt.counts.landed, frost.rows.height) == (87_241, 87_241)
    assert frost.rows["quality_code"].null_count() == 4_421


@pytest.mark.usefixtures("elsewhere")
def test_seklimas_mark_winter_time_commas_and_footer_are_read_right() -> None:
    seklima = bring("weather_hourly")
    rows = seklima.rows.sort("observed_at")
    assert (seklima.receipt.counts.landed, rows.height) == (72, 72)
    first, last = rows.row(0, named=True), rows.row(-1, named=True)
    assert first["observed_at"] == dt.datetime(2021, 6, 11, 0, tzinfo=dt.UTC)
    assert last["observed_at"] == dt.datetime(2021, 6, 13, 23, tzinfo=dt.UTC)
    assert (first["station_name"], first["air_temperature_celsius"]) == ("Sola", 16.1)
    assert (last["air_temperature_celsius"], last["sea_level_pressure_hpa"]) == (14.5, 1016.5)
    assert seklima.receipt.days == {
        "2021-06-11": 22,
        "2021-06-12": 24,
        "2021-06-13": 24,
        "2021-06-14": 2,
    }
