from __future__ import annotations

import datetime as dt
from pathlib import Path

from pipelines.steps.account import account
from pipelines.steps.bring import Errand, bring
from schemas.stages import Window
from tests.builders import LEVEL, OBSERVED, SENSOR, contract, field, site

HEADER = "sensor_id,observed_at,level_m,is_wet\n"
WET = field("is_wet", "boolean")
BOUND = contract(SENSOR, OBSERVED, LEVEL, WET, gate={"max_rejected_percent": 50})
ERRAND = Errand(Window(dt.date(2026, 11, 1), dt.date(2026, 11, 30)), "run")


def test_every_row_that_landed_is_accounted_for(tmp_path: Path) -> None:
    where = site(tmp_path, BOUND)
    rows = (
        "a,2026-11-20T12:00:00Z,1,true\n"
        "a,2026-11-20T12:00:00Z,2,true\n"
        "a,2026-11-20T23:30:00Z,3,false\n"
        "b,2026-11-20T12:00:00Z,-1,true\n"
    )
    (tmp_path / "drop" / "a.csv").write_text(HEADER + rows)
    assert bring(where, ERRAND).batches == 1
    told = account(where)
    assert (told.rows_landed, told.rows_in_lake, told.duplicates) == (4, 2, 1)
    assert told.rejected_by_rule == {"level_m:range": 1}
    assert told.first_event == dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC)
    assert told.last_event == dt.datetime(2026, 11, 20, 23, 30, tzinfo=dt.UTC)
    assert told.rows_per_local_day == {"2026-11-20": 1, "2026-11-21": 1}
    assert told.true == {"is_wet": 1}


def test_nothing_is_accounted_for_as_nothing(tmp_path: Path) -> None:
    where = site(tmp_path, BOUND)
    assert bring(where, ERRAND).receipt is None
    told = account(where)
    assert (told.rows_landed, told.rows_in_lake, told.first_event) == (0, 0, None)
    assert told.rows_per_local_day == {}
