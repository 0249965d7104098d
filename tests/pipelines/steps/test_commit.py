import datetime as dt
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from connectors.lake import CommitConflict
from pipelines.steps.commit import commit
from pipelines.steps.receipts import (
    committed_batches,
    latest_receipt,
    read_receipts,
    write_receipt,
)
from pipelines.steps.site import Site
from pipelines.steps.stage import Settled, Stage
from schemas.errors import GateClosed, StoreRejected
from schemas.stages import DAY, Check, Counts, Masked, Pseudonymised, Receipt
from tests.builders import contract, site

NOON = dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC)


def receipt(where: Site, *, is_open: bool = True, minutes: int = 0, batch: str = "b") -> Receipt:
    return Receipt(
        id=f"{minutes:032x}",
        municipality="1103",
        dataset=where.contract.name,
        open=is_open,
        contract_version=where.contract.version,
        contract_sha256=where.contract.sha256,
        policy=where.policy.name,
        policy_version=where.policy.version,
        inputs=[batch],
        input_sha256=["0" * 64],
        counts=Counts(landed=2, rejected=1, kept=1, rejected_by_rule={"level_m:range": 1}),
        checks=[Check("r", ("level_m",), is_open, "error", 2, 1)],
        days={"2026-11-20": 1},
        pseudonyms={"person": Pseudonymised("AES-CMAC", "00ff", 1)},
        newest_event=NOON,
        judged_at=NOON + dt.timedelta(minutes=minutes),
        seconds=0.5,
        table_version=3,
    )


def settled(where: Site, sensor: str = "a") -> Settled:
    rows = pl.DataFrame(
        [{"sensor_id": sensor, "observed_at": NOON, "level_m": 1.0, DAY: NOON.date()}],
        schema=pl.Schema({**where.contract.lake_schema, DAY: pl.Date()}),
    )
    stage = Stage(where.contract, where.lake)
    stage.add(Masked(rows, rows.clear().select(where.contract.key)))
    return stage.settle(where.lake.snapshot())


def test_an_open_receipt_commits_and_stands_in_the_tables_history(tmp_path: Path) -> None:
    where = site(tmp_path)
    note = receipt(where)
    assert commit(where, settled(where), note) == 0
    assert where.lake.scan().collect()["sensor_id"].to_list() == ["a"]
    assert where.lake.history()[0]["receipt"] == note.id


def test_a_closed_receipt_commits_nothing(tmp_path: Path) -> None:
    where = site(tmp_path)
    with pytest.raises(GateClosed, match="1103 readings: the gate is closed"):
        commit(where, settled(where), receipt(where, is_open=False))
    assert where.lake.snapshot().version == -1


def test_what_was_settled_on_an_older_table_is_refused(tmp_path: Path) -> None:
    where = site(tmp_path)
    first, second = settled(where), settled(where, "b")
    commit(where, first, receipt(where))
    with pytest.raises(CommitConflict):
        commit(where, second, receipt(where))
    assert where.lake.scan().collect()["sensor_id"].to_list() == ["a"]


def test_a_receipt_comes_back_as_it_was_written(tmp_path: Path) -> None:
    where = site(tmp_path)
    written = receipt(where)
    write_receipt(where, written)
    found = latest_receipt(where)
    assert found == replace(written, checks=found.checks if found else ())
    assert found is not None
    assert found.checks[0].name == "r"
    assert found.checks[0].unexpected == 1


def test_receipts_come_oldest_first_and_from_a_time_on(tmp_path: Path) -> None:
    where = site(tmp_path)
    for minutes in (3, 1, 2):
        write_receipt(where, receipt(where, minutes=minutes))
    assert [r.judged_at.minute for r in read_receipts(where)] == [1, 2, 3]
    since = NOON + dt.timedelta(minutes=2)
    oslo = since.astimezone(dt.timezone(dt.timedelta(hours=1)))
    assert [r.judged_at.minute for r in read_receipts(where, oslo)] == [2, 3]


def test_a_dataset_without_a_commit_has_no_receipt(tmp_path: Path) -> None:
    where = site(tmp_path)
    assert latest_receipt(where) is None
    assert committed_batches(where, NOON) == set()


def test_only_an_open_receipt_of_the_contract_as_it_stands_counts_as_committed(
    tmp_path: Path,
) -> None:
    where = site(tmp_path)
    write_receipt(where, receipt(where, minutes=1, batch="open"))
    write_receipt(where, receipt(where, minutes=2, batch="closed", is_open=False))
    assert committed_batches(where, NOON) == {"open"}
    changed = replace(where, contract=contract(version="1.0.1"))
    assert committed_batches(changed, NOON) == set()


def test_a_receipt_that_cannot_be_read_is_one_line(tmp_path: Path) -> None:
    where = site(tmp_path)
    where.store.write_json("receipts/readings/20261120T120000000000-0.json", {"id": "x"})
    with pytest.raises(StoreRejected, match="a stored receipt cannot be read"):
        latest_receipt(where)
