from __future__ import annotations

import datetime as dt
import threading
import time
from pathlib import Path

import polars as pl
import pytest

from connectors.lake import CommitConflict, DataFile, LakeTable, Snapshot
from connectors.store import Store
from connectors.strays import strays
from schemas.errors import ContractBroken, StoreRejected
from schemas.stages import Pseudonymised

SCHEMA = pl.Schema({"k": pl.String(), "at": pl.Datetime("us", "UTC"), "v": pl.Int64()})
FRIDAY, SATURDAY = "2026-11-20", "2026-11-21"
NOON = dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC)


@pytest.fixture
def table(tmp_path: Path) -> LakeTable:
    return LakeTable(Store.at(str(tmp_path)), "readings")


def rows(*values: int, schema: pl.Schema = SCHEMA) -> pl.DataFrame:
    made = [{"k": f"s-{value}", "at": NOON, "v": value, "w": value} for value in values]
    return pl.DataFrame([{n: row[n] for n in schema} for row in made], schema=schema)


def committed(table: LakeTable, *files: DataFile, schema: pl.Schema = SCHEMA) -> int:
    return table.replace(table.snapshot(), files, schema, {"receipt": "r"})


def values(table: LakeTable, *days: str, version: int | None = None) -> list[int]:
    return sorted(table.scan(days or None, version).collect()["v"])


def log(table: LakeTable) -> dict[str, bytes]:
    folder = Path(table.uri) / "_delta_log"
    return {path.name: path.read_bytes() for path in folder.glob("*.json")}


def test_an_empty_lake_has_no_version_and_nothing_to_scan(table: LakeTable) -> None:
    assert table.snapshot() == Snapshot(-1, ())
    assert table.history() == []
    with pytest.raises(StoreRejected, match="readings: nothing has been committed yet"):
        table.scan()


def test_days_are_committed_together_and_found_apart(table: LakeTable) -> None:
    assert committed(table, table.stage(rows(1, 2), FRIDAY), table.stage(rows(3), SATURDAY)) == 0
    assert values(table) == [1, 2, 3]
    assert values(table, SATURDAY) == [3]
    assert [(f.day, f.rows) for f in table.snapshot().files] == [(FRIDAY, 2), (SATURDAY, 1)]
    assert table.scan().collect_schema() == SCHEMA


def test_a_staged_file_is_seen_by_no_reader_before_it_is_committed(table: LakeTable) -> None:
    committed(table, table.stage(rows(1), FRIDAY))
    staged = table.stage(rows(2), FRIDAY)
    assert values(table) == [1]
    table.discard([staged])
    assert not (Path(table.uri) / staged.path).exists()


def test_a_day_is_replaced_whole_and_others_are_not_touched(table: LakeTable) -> None:
    committed(table, table.stage(rows(1, 2), FRIDAY), table.stage(rows(3), SATURDAY))
    stands = table.snapshot().of_day(SATURDAY)
    assert committed(table, table.stage(rows(9), FRIDAY)) == 1
    assert values(table) == [3, 9]
    assert table.snapshot().of_day(SATURDAY) == stands
    assert values(table, version=0) == [1, 2, 3]


def test_the_version_that_a_commit_answers_is_the_one_that_holds_it(table: LakeTable) -> None:
    for number in range(4):
        assert committed(table, table.stage(rows(number), FRIDAY)) == number
        assert table.snapshot().version == number
        assert values(table, version=number) == [number]


def test_the_second_of_two_writers_is_refused_and_changes_nothing(table: LakeTable) -> None:
    committed(table, table.stage(rows(1), FRIDAY))
    before = table.snapshot()
    committed(table, table.stage(rows(2), SATURDAY))
    log_before = log(table)
    late = table.stage(rows(3), FRIDAY)
    with pytest.raises(CommitConflict, match="another writer committed first"):
        table.replace(before, [late], SCHEMA, {})
    assert log(table) == log_before
    assert values(table) == [1, 2]


def test_the_second_of_two_first_writers_is_refused(table: LakeTable) -> None:
    first, second = table.stage(rows(1), FRIDAY), table.stage(rows(2), FRIDAY)
    empty = table.snapshot()
    table.replace(empty, [first], SCHEMA, {})
    with pytest.raises(CommitConflict):
        table.replace(empty, [second], SCHEMA, {})
    assert values(table) == [1]


def test_a_reader_sees_the_old_day_or_the_new_one_and_never_between(table: LakeTable) -> None:
    committed(table, table.stage(rows(0, 0), FRIDAY), table.stage(rows(0), SATURDAY))
    seen: set[tuple[int, ...]] = set()
    done = threading.Event()

    def read() -> None:
        while not done.is_set():
            seen.add(tuple(values(table)))

    reader = threading.Thread(target=read)
    reader.start()
    try:
        for number in range(1, 12):
            files = table.stage(rows(number, number), FRIDAY), table.stage(rows(number), SATURDAY)
            committed(table, *files)
            while (number,) * 3 not in seen and reader.is_alive():
                time.sleep(0.001)
    finally:
        done.set()
        reader.join()
    assert seen - {(0,) * 3} == {(number,) * 3 for number in range(1, 12)}


def test_a_file_that_is_replaced_stays_for_readers_of_its_version(table: LakeTable) -> None:
    committed(table, table.stage(rows(1), FRIDAY))
    query = table.scan()
    committed(table, table.stage(rows(2), FRIDAY))
    assert query.collect()["v"].to_list() == [1]


def test_a_new_column_is_null_in_rows_of_before(table: LakeTable) -> None:
    committed(table, table.stage(rows(1), FRIDAY))
    wider = pl.Schema({**SCHEMA, "w": pl.Float64()})
    committed(table, table.stage(rows(2, schema=wider), SATURDAY), schema=wider)
    assert table.scan().collect_schema() == wider
    assert table.scan().sort("v").collect()["w"].to_list() == [None, 2.0]


def test_a_column_that_the_contract_left_behind_is_not_seen(table: LakeTable) -> None:
    committed(table, table.stage(rows(1), FRIDAY))
    narrower = pl.Schema({name: kind for name, kind in SCHEMA.items() if name != "at"})
    committed(table, table.stage(rows(2, schema=narrower), SATURDAY), schema=narrower)
    assert table.scan().collect().columns == ["k", "v"]
    assert values(table) == [1, 2]


def test_whole_numbers_of_before_read_as_numbers(table: LakeTable) -> None:
    committed(table, table.stage(rows(1), FRIDAY))
    widened = pl.Schema({**SCHEMA, "v": pl.Float64()})
    table.require(table.snapshot(), widened)
    committed(table, table.stage(rows(2, schema=widened), SATURDAY), schema=widened)
    assert table.scan().sort("v").collect()["v"].to_list() == [1.0, 2.0]


def test_a_column_of_another_type_needs_another_name(table: LakeTable) -> None:
    committed(table, table.stage(rows(1), FRIDAY))
    with pytest.raises(ContractBroken, match="v is Int64 in the lake and String in the contract"):
        table.require(table.snapshot(), pl.Schema({**SCHEMA, "v": pl.String()}))


def test_no_files_are_no_rows_of_the_wanted_columns(table: LakeTable) -> None:
    assert table.read([], SCHEMA).collect().schema == SCHEMA


def test_a_commit_says_under_which_receipt_it_was_made(table: LakeTable) -> None:
    committed(table, table.stage(rows(1), FRIDAY))
    assert table.history()[0]["receipt"] == "r"


def test_the_table_asks_no_more_of_its_readers_than_the_first_protocol(table: LakeTable) -> None:
    committed(table, table.stage(rows(1), FRIDAY))
    assert b'"minReaderVersion":1' in log(table)["00000000000000000000.json"]


def test_vacuum_removes_what_was_replaced_or_never_committed(table: LakeTable) -> None:
    committed(table, table.stage(rows(1), FRIDAY))
    committed(table, table.stage(rows(2), FRIDAY))
    table.stage(rows(3), FRIDAY)
    assert table.vacuum(keep_hours=0) == 2
    assert len(list(Path(table.uri).glob("day=*/*.parquet"))) == 1
    assert values(table) == [2]


def test_what_is_behind_a_column_of_pseudonyms_is_recorded_in_the_table(table: LakeTable) -> None:
    first = {"k": Pseudonymised("AES-256-CMAC", "00ff", 1)}
    files = [table.stage(rows(1), FRIDAY)]
    table.recording(first).replace(table.snapshot(), files, SCHEMA, {})
    assert table.snapshot().pseudonyms == first
    assert table.snapshot().schema == SCHEMA


def test_what_is_recorded_of_a_column_stays_until_it_is_told_anew(table: LakeTable) -> None:
    first = {"k": Pseudonymised("AES-256-CMAC", "00ff", 1)}
    table.recording(first).replace(table.snapshot(), [table.stage(rows(1), FRIDAY)], SCHEMA, {})
    committed(table, table.stage(rows(2), SATURDAY))
    assert table.snapshot().pseudonyms == first
    second = {"k": Pseudonymised("AES-256-CMAC", "00aa", 2)}
    table.recording(second).replace(table.snapshot(), [table.stage(rows(1), FRIDAY)], SCHEMA, {})
    assert table.snapshot().pseudonyms == second
    without = pl.Schema({name: kind for name, kind in SCHEMA.items() if name != "k"})
    committed(table, table.stage(rows(3, schema=without), SATURDAY), schema=without)
    assert table.snapshot().pseudonyms == {}


def test_days_are_left_out_in_one_commit_and_their_files_go_with_the_vacuum(
    table: LakeTable,
) -> None:
    committed(table, table.stage(rows(1), FRIDAY), table.stage(rows(2), SATURDAY))
    version = table.drop(table.snapshot(), [FRIDAY], {"why": "retention"})
    assert [file.day for file in table.snapshot().files] == [SATURDAY]
    assert table.snapshot().version == version
    assert table.vacuum(keep_hours=0, strays=False) == 1
    assert len(list(Path(table.uri).glob("day=*/*.parquet"))) == 1


def test_a_vacuum_can_spare_what_is_staged_and_not_yet_committed(table: LakeTable) -> None:
    committed(table, table.stage(rows(1), FRIDAY))
    staged = table.stage(rows(2), SATURDAY)
    before = table.snapshot()
    assert table.vacuum(keep_hours=0, strays=False) == 0
    assert table.snapshot() == before
    assert [stray.path for stray in strays(table)] == [staged.path]
    assert strays(table)[0].day == SATURDAY


def test_a_table_whose_log_is_no_log_is_refused_in_one_line(table: LakeTable) -> None:
    table.store.write_json(f"{table.folder}/_delta_log/{0:020d}.json", {})
    with pytest.raises(StoreRejected, match="the table's log cannot be read"):
        table.snapshot()
