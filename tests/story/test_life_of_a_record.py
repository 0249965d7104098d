"""From a file that somebody drops to a dataset that anybody may have, with what goes wrong."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import polars as pl
import pytest

from pipelines.steps.land import landed
from pipelines.steps.quarantine import quarantined
from pipelines.steps.receipts import read_receipts
from schemas.errors import ContractBroken, GateClosed
from schemas.stages import LINE, RULES
from tests.story.library import HEADER, library, many

TUVA, OLA = "15877600065", "01819500154"
HOUSE = Path(__file__).resolve().parents[2]


def test_the_life_of_a_record(tmp_path: Path) -> None:
    town = library(tmp_path)

    friday = town.drops(
        "friday.csv",
        f"1;20.11.2026 10:00;{TUVA};40;Sult;28",
        f"2;20.11.2026 23:59;{OLA};17;Kjærlighet;14",
        f"3;20.11.2026 12:00;{OLA};17;Markens grøde;400",
    )
    first = town.run()
    assert first is not None
    assert not friday.exists()
    assert [loan["title"] for loan in town.loans()] == ["Sult", "Kjærlighet"]
    assert first.counts.rejected_by_rule == {"lent_days:range": 1}
    assert first.days == {"2026-11-20": 2}

    town.drops(
        "saturday.csv",
        f"4;21.11.2026 09:00;{TUVA};40;Victoria;7",
        f"2;21.11.2026 00:01;{OLA};17;Kjærlighet;21",
        f"5;19.11.2026 15:00;{TUVA};40;Pan;14",
    )
    second = town.run()
    assert second is not None
    assert second.days == {"2026-11-19": 1, "2026-11-20": 1, "2026-11-21": 2}
    assert [loan["loan_id"] for loan in town.loans()] == ["1", "2", "4", "5"]

    one, two, four, five = town.loans()
    assert one["borrower_id"] == four["borrower_id"] == five["borrower_id"]
    assert one["borrower_id"] != two["borrower_id"]
    assert (one["borrower_age"], two["borrower_age"], two["lent_days"]) == ("18-66", "<18", 21)

    version = town.opens(8)
    assert version.rows == 4
    assert town.opens(9).version == version.version
    assert "borrower" not in town.texts("portal", "root/open")
    assert TUVA not in town.texts("portal", "root/open", "root/lake", "root/receipts")
    assert TUVA in town.texts("root/landing")


def test_what_breaks_a_rule_rests_in_quarantine_as_it_was_written(tmp_path: Path) -> None:
    town = library(tmp_path)
    good = [f"{n};20.11.2026 1{n}:00;{TUVA};40;Sult;14" for n in range(4)]
    town.drops("a.csv", *good, f"9;i går;{OLA};x;;14")
    town.run()
    [rows] = quarantined(town.site)
    [row] = rows.rows(named=True)
    assert (row["Lån"], row["Utlånt"], row["Låner"]) == ("9", "i går", OLA)
    assert sorted(row[RULES]) == ["borrower_age:type", "lent_at:type", "title:required"]
    assert row[LINE] == 5


def test_a_closed_gate_says_which_rule_and_how_many_and_leaves_the_lake_as_it_was(
    tmp_path: Path,
) -> None:
    town = library(tmp_path)
    town.drops("a.csv", f"1;20.11.2026 10:00;{TUVA};40;Sult;28")
    town.run()
    before = town.loans()
    town.drops("b.csv", f"1;20.11.2026 10:00;{TUVA};40;Pan;0", f"2;x;{TUVA};40;Pan;1")
    with pytest.raises(GateClosed) as caught:
        town.run()
    said = "1103 loans: the gate is closed: rejected rows within the limit (2 of 2 rows)"
    assert str(caught.value) == said
    assert town.loans() == before
    assert [receipt.open for receipt in read_receipts(town.site)] == [True, False]


def test_a_header_that_changed_stops_the_dataset_and_loses_nothing(tmp_path: Path) -> None:
    town = library(tmp_path)
    path = town.drops("a.csv", f"1;20.11.2026 10:00;{TUVA};40;Sult;28")
    path.write_text(path.read_text("cp1252").replace("Tittel", "Navn"), encoding="cp1252")
    with pytest.raises(ContractBroken) as caught:
        town.run()
    assert str(caught.value) == "1103 loans: a.csv the header changed: missing 'Tittel'"
    assert town.site.lake.snapshot().version == -1
    [batch] = landed(town.site)
    assert town.site.store.read(batch.url).startswith(HEADER.split(";")[0].encode("cp1252"))


_WORKER = """
import signal
import sys
from pathlib import Path
from connectors.lake import LakeTable
from connectors.readers import csv
from pipelines.steps import stage
from tests.story.library import Library
csv.CHUNK_ROWS = stage.HELD_ROWS = 500
LakeTable.replace = lambda *_, **__: signal.pause()  # however late it is killed
Library(Path(sys.argv[1])).run()
"""


def killed_while_staging(folder: Path) -> None:
    command = [sys.executable, "-c", _WORKER, str(folder)]
    with subprocess.Popen(command, cwd=HOUSE) as worker:
        until = time.monotonic() + 600
        try:
            while not any((folder / "root/lake/loans").glob("day=*/*.parquet")):
                assert worker.poll() is None, "the run ended before it could be killed"
                assert time.monotonic() < until
                time.sleep(0.001)
        finally:
            worker.kill()
    assert worker.returncode == -signal.SIGKILL


@pytest.mark.slow
def test_a_run_that_is_killed_is_finished_by_the_next(tmp_path: Path) -> None:
    town = library(tmp_path)
    town.drops("a.csv", *many(20_000))
    killed_while_staging(tmp_path)
    assert town.site.lake.snapshot().version == -1
    receipt = town.run()
    assert receipt is not None
    assert (receipt.counts.landed, receipt.counts.kept) == (20_000, 20_000)
    rows = town.site.lake.scan().collect()
    assert rows["loan_id"].cast(pl.Int64).sort().to_list() == list(range(20_000))
    assert town.run() is None
