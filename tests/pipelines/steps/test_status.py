from __future__ import annotations

import dataclasses
import datetime as dt
from pathlib import Path

import pytest

from connectors.portal import slug_of
from connectors.static_portal.entry import entry_path
from connectors.store import Store
from pipelines.steps.counts import Groups
from pipelines.steps.refine import refine
from pipelines.steps.site import Site
from pipelines.steps.status import Freshness, Rejections, status
from schemas.contract import Gate
from schemas.errors import GateClosed
from tests.builders import contract, event, field, key, landed, site
from tests.pipelines.steps.absences import absence_site, written

HEADER = "sensor_id,observed_at,level_m\n"
NOW = dt.datetime(2026, 11, 20, 12, 20, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)
PROMISED = 15 * MINUTE


def at(clock: str, level: float = 1, sensor: str = "a") -> str:
    return f"{sensor},2026-11-20T{clock}:00Z,{level}\n"


def brought(folder: Path, *batches: str) -> Site:
    where = site(folder, dataclasses.replace(contract(), gate=Gate(max_rejected_percent=50)))
    for number, batch in enumerate(batches):
        landed(where, HEADER + batch, f"{number}.csv")
        refine(where)
    return where


def test_a_dataset_that_never_was_has_nothing_to_show(tmp_path: Path) -> None:
    found = status(site(tmp_path), NOW)
    assert (found.last_day, found.newest_event, found.rows) == (None, None, 0)
    assert found.freshness == Freshness(PROMISED, None)
    assert not found.freshness.holds
    assert (found.gate, found.judged_at, found.released) == ("not judged", None, None)


@pytest.mark.parametrize(("clock", "kept"), [("12:05", PROMISED), ("12:04", 16 * MINUTE)])
def test_freshness_is_the_newest_events_age_against_the_promise(
    clock: str, kept: dt.timedelta, tmp_path: Path
) -> None:
    found = status(brought(tmp_path, at(clock)), NOW)
    assert found.freshness.kept == kept
    assert found.freshness.holds is (kept <= PROMISED)


def test_the_last_day_is_the_municipalitys_own(tmp_path: Path) -> None:
    found = status(brought(tmp_path, at("23:30")), NOW)
    assert found.last_day == "2026-11-21"
    assert found.newest_event == dt.datetime(2026, 11, 20, 23, 30, tzinfo=dt.UTC)


def test_events_that_lie_ahead_are_fresh(tmp_path: Path) -> None:
    found = status(brought(tmp_path, at("18:00")), NOW)
    assert found.freshness.kept == dt.timedelta()


def test_a_late_reading_does_not_make_the_newest_event_older(tmp_path: Path) -> None:
    late = "a,2026-11-01T08:00:00Z,2\n"
    found = status(brought(tmp_path, at("12:05"), late), NOW)
    assert (found.last_day, found.rows) == ("2026-11-20", 2)
    assert found.freshness.holds


def test_rejected_rows_are_those_of_the_newest_commit_and_those_in_quarantine(
    tmp_path: Path,
) -> None:
    where = brought(tmp_path, at("12:00") + at("12:01", -1), at("12:02"))
    assert status(where, NOW).rejected == Rejections(last_commit=0, quarantined=1)


def test_a_closed_gate_names_the_checks_that_failed(tmp_path: Path) -> None:
    where = brought(tmp_path, at("12:05"))
    landed(where, HEADER + at("12:10", -1), "late.csv")
    with pytest.raises(GateClosed):
        refine(where)
    found = status(where, NOW)
    assert (found.gate, found.rows) == ("closed", 1)
    assert found.failed == ("rejected rows within the limit",)


def test_a_date_counts_from_its_midnight(tmp_path: Path) -> None:
    daily = contract(
        key("sensor_id"),
        event("measured_on", "date", primaryKey=True, primaryKeyPosition=2),
        field("level_m", "number"),
    )
    where = site(tmp_path, daily)
    landed(where, "sensor_id,measured_on,level_m\na,2026-11-20,1\n")
    refine(where)
    found = status(where, NOW)
    assert found.newest_event == dt.datetime(2026, 11, 20, tzinfo=dt.UTC)
    assert found.last_day == "2026-11-20"


def test_of_an_aggregate_the_restricted_rows_and_the_counts_are_told(tmp_path: Path) -> None:
    where = absence_site(tmp_path)
    units = ["north"] * 6 + ["south"] * 2 + ["west"] * 6
    rows = [(f"a{n}", "2026-10-20", n, unit, 1.0) for n, unit in enumerate(units)]
    landed(where, written(rows))
    refine(where)
    found = status(where, NOW)
    assert found.rows == 14
    assert found.groups == Groups(4, 2)
    assert status(brought(tmp_path / "b", at("12:05")), NOW).groups is None


def test_points_are_those_that_the_portal_tells(tmp_path: Path) -> None:
    where, portal = site(tmp_path / "a"), Store.at(str(tmp_path / "portal"))
    assert status(where, NOW, portal).points is None
    entry = entry_path(slug_of(where.municipality.number, where.contract.name))
    for told, known in (('{"points": 380}', 380), ("{}", None), ("{", None)):
        with portal.write(entry) as stream:
            stream.write(told.encode())
        assert status(where, NOW, portal).points == known
