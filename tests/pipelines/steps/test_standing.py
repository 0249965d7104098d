from __future__ import annotations

import datetime as dt
from pathlib import Path

from pipelines.steps.refine import refine
from pipelines.steps.standing import standing
from tests.builders import contract, event, key, landed, site

NOW = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)


def test_an_empty_lake_has_no_newest_event(tmp_path: Path) -> None:
    stands = standing(site(tmp_path))
    assert (dict(stands.rows), stands.newest_event, stands.age(NOW)) == ({}, None, None)


def test_a_lake_tells_rows_bytes_and_its_newest_event(tmp_path: Path) -> None:
    at = site(tmp_path)
    rows = ["s1,2026-11-20T10:00:00Z,1", "s1,2026-11-21T09:00:00Z,1", "s1,2026-11-21T10:00:00Z,1"]
    landed(at, "\n".join(["sensor_id,observed_at,level_m", *rows, ""]))
    refine(at)
    stands = standing(at)
    assert dict(stands.rows) == {"2026-11-20": 1, "2026-11-21": 2}
    assert set(stands.bytes) == set(stands.rows)
    assert min(stands.bytes.values()) > 0
    assert stands.age(NOW) == dt.timedelta(hours=2)


def test_events_that_lie_ahead_are_new(tmp_path: Path) -> None:
    at = site(tmp_path)
    landed(at, "sensor_id,observed_at,level_m\ns1,2026-12-24T10:00:00Z,1\n")
    refine(at)
    assert standing(at).age(NOW) == dt.timedelta()


def test_a_date_counts_as_its_midnight(tmp_path: Path) -> None:
    counted = contract(
        key("sensor_id"), event("day_date", "date", primaryKey=True, primaryKeyPosition=2)
    )
    at = site(tmp_path, counted)
    landed(at, "sensor_id,day_date\ns1,2026-11-20\n")
    refine(at)
    assert standing(at).newest_event == dt.datetime(2026, 11, 20, tzinfo=dt.UTC)
