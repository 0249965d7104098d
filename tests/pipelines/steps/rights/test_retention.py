from __future__ import annotations

import datetime as dt
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from pipelines.steps.audit import Logbook
from pipelines.steps.land import land, landed
from pipelines.steps.refine import pending, refine
from pipelines.steps.replay import replay
from pipelines.steps.rights.retention import Retained, retention
from schemas.stages import Window
from tests.builders import NOVEMBER
from tests.pipelines.steps.rights.visits import (
    KARI,
    NOW,
    OLA,
    Hall,
    holding,
    row,
    visits,
    with_short_number,
)

SHORT = {"property": "retention", "value": 10, "unit": "days"}
LATER = dt.datetime.now(dt.UTC) + dt.timedelta(days=31)
LEVELS = [
    {"property": "frequency", "value": 10, "unit": "minutes"},
    {"property": "latency", "value": 5, "unit": "minutes"},
]


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    made = Hall.at(tmp_path)
    made.drops("1.csv", [row(1, KARI), row(2, with_short_number(OLA)), row(3, OLA, day=22)])
    made.run()
    return made


def places(found: Retained) -> dict[str, tuple[int, int]]:
    return {expired.place: (len(expired.parts), expired.rows) for expired in found.expired}


def test_nothing_goes_before_its_time(hall: Hall) -> None:
    before = hall.files()
    assert retention(hall.site, NOW).expired == ()
    assert hall.files() == before


def test_what_was_received_goes_by_the_policy_and_the_lake_stays(hall: Hall) -> None:
    found = retention(hall.site, LATER)
    assert places(found) == {"landing": (1, 0), "quarantine": (1, 0)}
    assert found.expired[0].bytes > 0
    assert landed(hall.site) == []
    assert [p.rsplit(".", 1)[-1] for p in hall.site.store.find("landing")] == ["json"]
    assert hall.rejected() == []
    assert hall.halls() == {"1": "A", "3": "A"}


def test_a_dry_run_says_the_same_and_changes_nothing(hall: Hall) -> None:
    before = hall.files()
    told = retention(hall.site, LATER, dry_run=True)
    assert hall.files() == before
    assert retention(hall.site, LATER) == told


def test_the_same_bytes_do_not_land_again_when_their_copy_is_gone(hall: Hall) -> None:
    retention(hall.site, LATER)
    assert land(hall.site, NOVEMBER, "run") == []
    assert pending(hall.site) == []
    assert replay(hall.site) == ()
    assert refine(hall.site) is None


def test_a_batch_that_is_not_in_the_lake_stays(hall: Hall) -> None:
    hall.drops("2.csv", [row(4, OLA)])
    land(hall.site, NOVEMBER, "run")
    assert places(retention(hall.site, LATER))["landing"] == (1, 0)
    [waiting] = landed(hall.site)
    assert pending(hall.site) == [waiting]
    refine(hall.site)
    assert hall.halls()["4"] == "A"


def test_days_go_by_the_contract_with_their_bytes(tmp_path: Path) -> None:
    hall = Hall.at(tmp_path, visits(slaProperties=[*LEVELS, SHORT]))
    hall.drops("1.csv", [row(1, KARI, day=10), row(2, OLA, day=11), row(3, OLA, day=22)])
    hall.run()
    found = retention(hall.site, NOW)
    assert places(found) == {"lake": (1, 1)}
    assert hall.halls() == {"2": "A", "3": "A"}
    days = {path.split("/")[2] for path in hall.files() if path.endswith(".parquet")}
    assert days == {"day=2026-11-11", "day=2026-11-22"}
    assert retention(hall.site, NOW).expired == ()


def test_rows_without_a_limit_stay(tmp_path: Path) -> None:
    hall = Hall.at(tmp_path)
    hall.drops("1.csv", [row(1, KARI, day=10)])
    hall.run()
    far = dt.datetime(2036, 1, 1, tzinfo=dt.UTC)
    assert "lake" in places(retention(hall.site, far))


def test_a_sweep_that_was_killed_is_finished_by_the_next(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(type(hall.site.store), "remove", killed)
        with pytest.raises(KeyboardInterrupt):
            retention(hall.site, LATER)
    retention(hall.site, LATER)
    assert [p.rsplit(".", 1)[-1] for p in hall.site.store.find("landing")] == ["json"]


def test_what_went_is_put_down_in_the_log(hall: Hall) -> None:
    retention(hall.site, LATER)
    [entry] = Logbook.of(hall.site).entries("actions")
    assert (entry.event.action, entry.event.dataset) == ("retention", "readings")
    assert entry.event.note == "2 batches or days"


def test_the_batch_that_the_next_difference_is_made_from_stays(tmp_path: Path) -> None:
    path = tmp_path / "hall.db"
    write(path, [(1, KARI), (2, OLA)])
    hall = Hall.at(tmp_path, visits(source={"format": "arrow"}), **_sql(path))
    hall.run()
    write(path, [(2, OLA)])
    hall.run()
    assert places(retention(hall.site, LATER)) == {"landing": (1, 0)}
    assert hall.halls() == {"2": "A"}
    write(path, [(3, OLA)])
    hall.run()
    assert hall.halls() == {"3": "A"}


def _sql(path: Path) -> dict[str, Any]:
    return {
        "engine": "sql",
        "url": f"sqlite:///{path}",
        "query": "select * from visit",
        "key": ["visit_id"],
    }


def write(path: Path, rows: list[tuple[int, Any]]) -> None:
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("drop table if exists visit")
        database.execute("create table visit (visit_id, at, person_id, phone, email, hall)")
        database.executemany(
            "insert into visit values (?, '2026-11-20T10:00:00Z', ?, ?, ?, 'A')",
            [(str(at), who.number, who.phone, who.email) for at, who in rows],
        )


def test_a_database_is_read_by_its_difference_after_an_erasure(tmp_path: Path) -> None:
    path = tmp_path / "hall.db"
    write(path, [(1, KARI), (2, OLA)])
    hall = Hall.at(tmp_path, visits(source={"format": "arrow"}), **_sql(path))
    hall.run()
    write(path, [(1, KARI), (2, OLA), (3, OLA)])
    hall.run()
    assert hall.erase(KARI).complete
    assert hall.halls() == {"2": "A", "3": "A"}
    for _ in range(2):
        land(hall.site, Window(NOW.date(), NOW.date()), "run")
        refine(hall.site)
    assert hall.halls() == {"2": "A", "3": "A"}
    count = len(landed(hall.site))
    hall.run()
    assert len(landed(hall.site)) == count
    write(path, [(1, KARI), (2, OLA)])
    receipt = hall.run()
    assert receipt is not None
    assert (receipt.counts.deleted, receipt.counts.erased) == (1, 1)
    assert hall.halls() == {"2": "A"}
    assert list(holding(hall.files(), KARI.traces)) == []
    assert len(list(holding(hall.files(), OLA.traces))) == len(landed(hall.site))
