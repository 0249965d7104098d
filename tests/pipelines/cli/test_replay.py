from __future__ import annotations

import shutil

from tests.builders import OBSERVED, SENSOR, field
from tests.pipelines.cli.region import GOOD, HEADER, Region, one_line

WIDER = field("level_m", "number", logicalTypeOptions={"minimum": -10, "maximum": 10})
LOW = "s-3,2026-11-20T12:00:00Z,-5\n"
LENIENT = {"max_rejected_percent": 50}


def quarantined(here: Region) -> int:
    return int(here.document("status")["datasets"][0]["rejected"]["quarantined"])


def brought(here: Region) -> None:
    here.contract(gate=LENIENT)
    here.drop(HEADER + GOOD + LOW)
    assert here("run").exit_code == 0
    assert (here.rows(), quarantined(here)) == (2, 1)


def test_rows_that_now_pass_leave_quarantine(here: Region) -> None:
    brought(here)
    here.contract(SENSOR, OBSERVED, WIDER, gate=LENIENT)
    assert here("replay").exit_code == 0
    assert (here.rows(), quarantined(here)) == (3, 0)


def test_a_program_reads_the_receipts(here: Region) -> None:
    brought(here)
    here.contract(SENSOR, OBSERVED, WIDER, gate=LENIENT)
    [dataset] = here.document("replay")["datasets"]
    [receipt] = dataset["receipts"]
    assert receipt["counts"]["kept"] == 3


def test_one_batch_is_named_as_its_receipt_names_it(here: Region) -> None:
    brought(here)
    [dataset] = here.document("replay")["datasets"]
    [batch] = dataset["receipts"][0]["inputs"]
    assert here("replay", "--batch", batch).exit_code == 0
    line = one_line(here("replay", "--batch", "20200101T000000000000"))
    assert "is neither in landing nor in quarantine" in line


def test_a_closed_gate_leaves_lake_and_quarantine_as_they_were(here: Region) -> None:
    brought(here)
    before = [path.read_bytes() for path in here.kept("quarantine")]
    narrow = field("level_m", "number", logicalTypeOptions={"minimum": 8, "maximum": 10})
    here.contract(SENSOR, OBSERVED, narrow, gate=LENIENT)
    assert "the gate is closed" in one_line(here("replay"))
    assert [path.read_bytes() for path in here.kept("quarantine")] == before
    assert here.rows() == 2


def test_without_anything_fetched_there_is_nothing_to_replay(here: Region) -> None:
    [dataset] = here.document("replay")["datasets"]
    assert (dataset["receipts"], dataset["error"]) == ([], None)


def test_quarantine_is_replayed_after_landing_has_let_go(here: Region) -> None:
    brought(here)
    shutil.rmtree(here.root / "landing")
    here.contract(SENSOR, OBSERVED, WIDER, gate=LENIENT)
    assert here("replay").exit_code == 0
    assert (here.rows(), quarantined(here)) == (3, 0)
