import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from connectors.lake import LakeTable
from connectors.store import Store
from pipelines.steps import stage as module
from pipelines.steps.stage import Settled, Stage
from schemas.contract import Contract
from schemas.errors import ContractBroken
from schemas.stages import DAY, Masked
from tests.builders import contract, event, field, key

READINGS = contract()
ORDERS = contract(key("order_id"), event("reported_at"), field("status", "string"), name="orders")
DAY_ONE = dt.datetime(2026, 11, 20, tzinfo=dt.UTC)

Row = dict[str, Any]


@pytest.fixture
def table(tmp_path: Path) -> LakeTable:
    return LakeTable(Store.at(str(tmp_path)), "readings")


def reading(sensor: str, hour: int, level: float, day: int = 20) -> Row:
    at = dt.datetime(2026, 11, day, hour, tzinfo=dt.UTC)
    return {"sensor_id": sensor, "observed_at": at, "level_m": level, DAY: at.date()}


def order(number: str, day: int, status: str = "new") -> Row:
    at = dt.datetime(2026, 11, day, 12, tzinfo=dt.UTC)
    return {"order_id": number, "reported_at": at, "status": status, DAY: at.date()}


def masked(bound: Contract, rows: Sequence[Row] = (), gone: Sequence[Row] = ()) -> Masked:
    schema = pl.Schema({**bound.lake_schema, DAY: pl.Date()})
    deleted = pl.DataFrame(gone, schema={name: schema[name] for name in bound.key})
    return Masked(pl.DataFrame(rows, schema=schema), deleted)


def commit(table: LakeTable, bound: Contract, *chunks: Masked) -> Settled:
    stage = Stage(bound, table)
    for chunk in chunks:
        stage.add(chunk)
    settled = stage.settle(table.snapshot())
    table.replace(settled.before, settled.files, bound.lake_schema, {})
    stage.keep(settled.files)
    stage.discard()
    return settled


def readings(table: LakeTable) -> list[tuple[str, int, int, float]]:
    at = pl.col("observed_at")
    day, hour = at.dt.day().alias("at_day"), at.dt.hour().alias("at_hour")
    rows = table.scan().select("sensor_id", day, hour, "level_m")
    return sorted(rows.collect().rows())


def orders(table: LakeTable) -> list[tuple[str, int, str]]:
    rows = table.scan().select("order_id", pl.col("reported_at").dt.day(), "status")
    return sorted(rows.collect().rows())


def counted(settled: Settled) -> tuple[int, int, int]:
    return settled.fresh, settled.restated, settled.removed


def test_new_days_are_written_each_to_its_own_file(table: LakeTable) -> None:
    settled = commit(
        table, READINGS, masked(READINGS, [reading("a", 1, 1.0), reading("a", 2, 2.0, day=21)])
    )
    assert settled.days == {"2026-11-20": 1, "2026-11-21": 1}
    assert counted(settled) == (2, 0, 0)
    assert len(list(Path(table.uri).glob("day=*/*.parquet"))) == 2


def test_of_rows_with_one_key_the_last_one_counts(table: LakeTable) -> None:
    first, second = [reading("a", 1, 1.0), reading("a", 1, 2.0)], [reading("a", 1, 3.0)]
    settled = commit(table, READINGS, masked(READINGS, first), masked(READINGS, second))
    assert readings(table) == [("a", 20, 1, 3.0)]
    assert counted(settled) == (1, 0, 0)


def test_a_correction_takes_the_place_of_what_stood_there(table: LakeTable) -> None:
    commit(table, READINGS, masked(READINGS, [reading("a", 1, 1.0), reading("b", 1, 1.0)]))
    settled = commit(
        table, READINGS, masked(READINGS, [reading("a", 1, 9.0), reading("c", 1, 1.0)])
    )
    assert readings(table) == [("a", 20, 1, 9.0), ("b", 20, 1, 1.0), ("c", 20, 1, 1.0)]
    assert counted(settled) == (2, 1, 0)
    assert settled.days == {"2026-11-20": 3}


def test_late_rows_restate_only_the_days_that_they_touch(table: LakeTable) -> None:
    days = [reading("a", 1, 1.0, day=day) for day in (18, 19, 20)]
    commit(table, READINGS, masked(READINGS, days))
    before = table.snapshot()
    settled = commit(table, READINGS, masked(READINGS, [reading("b", 1, 1.0, day=19)]))
    after = table.snapshot()
    assert list(settled.days) == ["2026-11-19"]
    for day in ("2026-11-18", "2026-11-20"):
        assert after.of_day(day) == before.of_day(day)


def test_a_row_that_moves_to_another_day_leaves_the_first(table: LakeTable) -> None:
    commit(table, ORDERS, masked(ORDERS, [order("1", 20), order("2", 20)]))
    settled = commit(table, ORDERS, masked(ORDERS, [order("1", 22, "moved")]))
    assert orders(table) == [("1", 22, "moved"), ("2", 20, "new")]
    assert settled.days == {"2026-11-20": 1, "2026-11-22": 1}


def test_a_row_may_move_within_one_commit_and_back(table: LakeTable) -> None:
    moves = [order("1", 20), order("1", 21), order("1", 20, "back"), order("2", 21)]
    commit(table, ORDERS, *(masked(ORDERS, [row]) for row in moves))
    assert orders(table) == [("1", 20, "back"), ("2", 21, "new")]


def test_a_deleted_row_leaves_its_day_wherever_it_is(table: LakeTable) -> None:
    commit(table, ORDERS, masked(ORDERS, [order("1", 20), order("2", 20), order("3", 25)]))
    settled = commit(table, ORDERS, masked(ORDERS, gone=[{"order_id": "2"}, {"order_id": "9"}]))
    assert orders(table) == [("1", 20, "new"), ("3", 25, "new")]
    assert counted(settled) == (0, 0, 1)
    assert list(settled.days) == ["2026-11-20"]


def test_a_row_that_comes_again_after_its_deletion_stays(table: LakeTable) -> None:
    commit(table, ORDERS, masked(ORDERS, [order("1", 20)]))
    commit(
        table,
        ORDERS,
        masked(ORDERS, gone=[{"order_id": "1"}]),
        masked(ORDERS, [order("1", 20, "again")]),
    )
    assert orders(table) == [("1", 20, "again")]


def test_a_row_that_is_deleted_after_it_came_does_not_reach_the_lake(table: LakeTable) -> None:
    commit(table, ORDERS, masked(ORDERS, [order("2", 20)]))
    settled = commit(
        table,
        ORDERS,
        masked(ORDERS, [order("1", 20), order("3", 21)]),
        masked(ORDERS, gone=[{"order_id": "1"}]),
    )
    assert orders(table) == [("2", 20, "new"), ("3", 21, "new")]
    assert settled.fresh == 1


def test_the_last_row_of_a_day_may_go(table: LakeTable) -> None:
    commit(table, ORDERS, masked(ORDERS, [order("1", 20), order("2", 21)]))
    settled = commit(table, ORDERS, masked(ORDERS, gone=[{"order_id": "1"}]))
    assert settled.days == {"2026-11-20": 0}
    assert orders(table) == [("2", 21, "new")]
    commit(table, ORDERS, masked(ORDERS, [order("3", 20)]))
    assert orders(table) == [("2", 21, "new"), ("3", 20, "new")]


def test_a_deletion_of_what_was_never_there_touches_nothing(table: LakeTable) -> None:
    commit(table, ORDERS, masked(ORDERS, [order("1", 20)]))
    stage = Stage(ORDERS, table)
    stage.add(masked(ORDERS, gone=[{"order_id": "9"}]))
    assert stage.settle(table.snapshot()).files == ()


def test_no_rows_touch_no_day(table: LakeTable) -> None:
    stage = Stage(READINGS, table)
    stage.add(masked(READINGS))
    assert stage.settle(table.snapshot()).files == ()


MANY = [
    masked(READINGS, [reading("a", hour, hour + day / 100, day=day) for day in (18, 19, 20)])
    for hour in (3, 1, 2, 3)
]


def test_what_does_not_fit_into_memory_goes_to_files_and_comes_to_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    roomy = LakeTable(Store.at(str(tmp_path / "roomy")), "readings")
    tight = LakeTable(Store.at(str(tmp_path / "tight")), "readings")
    whole = commit(roomy, READINGS, *MANY)
    monkeypatch.setattr(module, "HELD_ROWS", 1)
    pieces = commit(tight, READINGS, *MANY)
    assert readings(tight) == readings(roomy)
    assert counted(pieces) == counted(whole) == (9, 0, 0)


def test_rows_that_move_are_found_in_files_as_well(
    table: LakeTable, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "HELD_ROWS", 1)
    moves = [order("1", 20), order("2", 21), order("1", 22), order("3", 20), order("2", 20)]
    gone = masked(ORDERS, gone=[{"order_id": "3"}])
    commit(table, ORDERS, *(masked(ORDERS, [row]) for row in moves), gone)
    assert orders(table) == [("1", 22, "new"), ("2", 20, "new")]


def test_pieces_are_removed_once_they_are_merged(
    table: LakeTable, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "HELD_ROWS", 1)
    commit(table, READINGS, *MANY)
    stands = {file.path for file in table.snapshot().files}
    assert {f"{p.parent.name}/{p.name}" for p in Path(table.uri).glob("day=*/*")} == stands


def test_what_is_discarded_leaves_nothing(table: LakeTable) -> None:
    stage = Stage(READINGS, table)
    stage.add(masked(READINGS, [reading("a", 1, 1.0)]))
    stage.settle(table.snapshot())
    stage.discard()
    assert list(Path(table.uri).rglob("*.parquet")) == []


@pytest.mark.parametrize("held", [1, 1_000])
def test_settling_again_on_what_another_writer_left_keeps_both(
    table: LakeTable, monkeypatch: pytest.MonkeyPatch, held: int
) -> None:
    monkeypatch.setattr(module, "HELD_ROWS", held)
    stage = Stage(READINGS, table)
    stage.add(masked(READINGS, [reading("a", 1, 1.0), reading("a", 1, 1.0, day=21)]))
    stage.settle(table.snapshot())
    commit(table, READINGS, masked(READINGS, [reading("b", 1, 2.0), reading("a", 1, 7.0)]))
    settled = stage.settle(table.snapshot())
    table.replace(settled.before, settled.files, READINGS.lake_schema, {})
    assert readings(table) == [("a", 20, 1, 1.0), ("a", 21, 1, 1.0), ("b", 20, 1, 2.0)]
    assert counted(settled) == (2, 1, 0)


def test_a_field_that_the_contract_gained_is_null_in_rows_that_stay(table: LakeTable) -> None:
    commit(table, READINGS, masked(READINGS, [reading("a", 1, 1.0)]))
    wider = contract(
        *(key("sensor_id"), event(primaryKey=True, primaryKeyPosition=2)),
        field("level_m", "number"),
        field("battery_v", "number"),
    )
    commit(table, wider, masked(wider, [reading("b", 1, 2.0) | {"battery_v": 3.6}]))
    assert table.scan().sort("sensor_id").collect()["battery_v"].to_list() == [None, 3.6]


def test_a_field_that_changed_its_type_stops_before_anything_is_written(table: LakeTable) -> None:
    commit(table, READINGS, masked(READINGS, [reading("a", 1, 1.0)]))
    changed = contract(
        *(key("sensor_id"), event(primaryKey=True, primaryKeyPosition=2)),
        field("level_m", "string"),
    )
    stage = Stage(changed, table)
    stage.add(masked(changed, [reading("a", 1, 1.0) | {"level_m": "high"}]))
    with pytest.raises(ContractBroken, match="readings: level_m is Float64 in the lake"):
        stage.settle(table.snapshot())
