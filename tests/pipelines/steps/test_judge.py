import datetime as dt
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from pipelines.steps.judge import REJECTED, is_open, judge
from pipelines.steps.site import Site
from pipelines.steps.stage import Settled, Stage
from pipelines.steps.standing import newest_event
from schemas.contract import Contract
from schemas.stages import DAY, Check, Counts, Masked
from tests.builders import contract, event, field, key, site

GOOD = Counts(landed=3, kept=3, written=3)


def at(day: int, hour: int = 12) -> dt.datetime:
    return dt.datetime(2026, 11, day, hour, tzinfo=dt.UTC)


def row(sensor: str, moment: dt.datetime, level: float | None = 1.0) -> dict[str, Any]:
    return {"sensor_id": sensor, "observed_at": moment, "level_m": level, DAY: moment.date()}


def settled(where: Site, *rows: dict[str, Any]) -> Settled:
    schema = pl.Schema({**where.contract.lake_schema, DAY: pl.Date()})
    deleted = pl.DataFrame(schema={name: schema[name] for name in where.contract.key})
    stage = Stage(where.contract, where.lake)
    stage.add(Masked(pl.DataFrame(rows, schema=schema), deleted))
    return stage.settle(where.lake.snapshot())


def failed(checks: tuple[Check, ...]) -> dict[str, tuple[int, int]]:
    return {check.name: (check.unexpected, check.rows) for check in checks if not check.passed}


def with_rule(**rule: object) -> Contract:
    arguments = {"properties": ["level_m"]}
    return contract(quality=[{"name": "r", "arguments": arguments, **rule}])


def test_good_rows_pass_every_check(tmp_path: Path) -> None:
    where = site(tmp_path)
    checks = judge(where, settled(where, row("a", at(20)), row("b", at(21))), GOOD)
    assert failed(checks) == {}
    assert is_open(checks)
    assert {check.name for check in checks} >= {REJECTED, "the key is unique"}


@pytest.mark.parametrize(("rejected", "passes"), [(5, True), (6, False)])
def test_as_many_rows_may_be_rejected_as_the_contract_says(
    tmp_path: Path, rejected: int, *, passes: bool
) -> None:
    where = site(tmp_path)
    counts = Counts(landed=100, rejected=rejected)
    [check, *_] = judge(where, settled(where, row("a", at(20))), counts)
    assert (check.name, check.passed) == (REJECTED, passes)
    assert (check.unexpected, check.rows) == (rejected, 100)


def test_the_share_is_judged_also_when_nothing_is_left_to_commit(tmp_path: Path) -> None:
    where = site(tmp_path)
    checks = judge(where, settled(where), Counts(landed=2, rejected=2))
    assert failed(checks) == {REJECTED: (2, 2)}


def test_a_failed_rule_counts_its_rows_over_the_days_as_they_will_be(tmp_path: Path) -> None:
    where = site(tmp_path, with_rule(metric="nullValues", mustBe=0))
    rows = [row("a", at(20)), row("b", at(20), None), row("c", at(21), None)]
    checks = judge(where, settled(where, *rows), GOOD)
    assert failed(checks) == {"r": (2, 3)}
    assert not is_open(checks)


def test_a_warning_does_not_close_the_gate(tmp_path: Path) -> None:
    where = site(tmp_path, with_rule(metric="nullValues", mustBe=0, severity="warning"))
    checks = judge(where, settled(where, row("a", at(20), None)), GOOD)
    assert failed(checks) == {"r": (1, 1)}
    assert is_open(checks)


def test_a_tolerated_share_passes_up_to_its_bound(tmp_path: Path) -> None:
    rule = {"metric": "nullValues", "mustBeLessOrEqualTo": 50, "unit": "percent"}
    where = site(tmp_path, with_rule(**rule))
    half = settled(where, row("a", at(20), None), row("b", at(20)))
    assert failed(judge(where, half, GOOD)) == {}
    more = settled(where, row("a", at(20), None), row("b", at(20)), row("c", at(21), None))
    assert failed(judge(where, more, GOOD)) == {"r": (2, 3)}


def test_too_few_rows_close_the_gate(tmp_path: Path) -> None:
    where = site(tmp_path, with_rule(metric="rowCount", mustBeGreaterThan=1))
    assert "r" in failed(judge(where, settled(where, row("a", at(20))), GOOD))


def test_a_value_that_stands_twice_is_found_across_days(tmp_path: Path) -> None:
    bound = contract(
        key("sensor_id"),
        event(primaryKey=True, primaryKeyPosition=2),
        field("level_m", "number"),
        quality=[
            {
                "name": "r",
                "metric": "duplicateValues",
                "mustBe": 0,
                "arguments": {"properties": ["level_m"]},
            }
        ],
    )
    where = site(tmp_path, bound)
    rows = settled(where, row("a", at(20), 7.0), row("a", at(21), 7.0))
    assert failed(judge(where, rows, GOOD)) == {"r": (2, 2)}


def test_the_newest_event_is_the_last_of_the_last_day(tmp_path: Path) -> None:
    where = site(tmp_path)
    rows = settled(where, row("a", at(21, 9)), row("b", at(21, 4)), row("a", at(20, 22)))
    assert newest_event(where, rows.files) == at(21, 9)
    assert newest_event(where, settled(where).files) is None


def test_a_days_newest_event_is_its_midnight(tmp_path: Path) -> None:
    where = site(tmp_path, contract(key("sensor_id"), event(kind="date")))
    rows = settled(
        where, {"sensor_id": "a", "observed_at": dt.date(2026, 11, 20), DAY: dt.date(2026, 11, 20)}
    )
    assert newest_event(where, rows.files) == at(20, 0)


def test_a_day_that_lost_its_last_row_is_not_the_newest(tmp_path: Path) -> None:
    bound = contract(key("sensor_id"), event(), field("level_m", "number"))
    where = site(tmp_path, bound)
    before = settled(where, row("a", at(20)), row("b", at(25)))
    where.lake.replace(before.before, before.files, bound.lake_schema, {})
    moved = settled(where, row("b", at(21)))
    assert moved.days["2026-11-25"] == 0
    assert newest_event(where, moved.files) == at(21)
