from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.builders import event, field, key
from tests.pipelines.cli.region import RELEASE, Region, one_line

ROWS = "id,at,level\n1,2026-11-20T10:00:00Z,4\n"
LOG = ("gdpr", "log", "-m", "1103")


@pytest.fixture
def released(here: Region) -> Region:
    release = {word: value for word, value in RELEASE.items() if word != "plot"}
    here.contract(key("id"), event("at"), field("level", "number"), release=release)
    here.drop(ROWS)
    assert here("run").exit_code == 0
    assert here("release").exit_code == 0
    return here


def test_a_log_that_was_put_back_is_told_and_goes_on_once_it_is_said_why(released: Region) -> None:
    released.drop(f"{ROWS}2,2026-11-20T11:00:00Z,5\n", "b.csv")
    for verb in ("run", "release"):
        assert released(verb).exit_code == 0
    assert released.document(*LOG)["receipts"] == 1
    # the copy is of before anything was released
    shutil.rmtree(released.root / "audit")
    line = one_line(released(*LOG))
    assert line.startswith("1103: audit/actions: older than ")
    assert line.endswith("bring back the newest, or see gdpr log --restored")
    noted = released(*LOG, "--restored", "the disk broke")
    assert noted.exit_code == 0, noted.output
    assert 'restored  for "the disk broke"' in noted.stdout
    assert noted.stdout.endswith("1103: held against 1 receipts\n")
    assert released(*LOG).exit_code == 0
    assert "nothing is older" in one_line(released(*LOG, "--restored", "again"))


def test_a_receipt_that_somebody_kept_is_asked_too(released: Region) -> None:
    receipt = next(released.root.glob("open/*/latest/receipt.json"))
    kept = Path(shutil.copy(receipt, released.folder / "kept.json"))
    assert released(*LOG, "--receipt", str(kept)).exit_code == 0
    kept.write_text("{}", encoding="ascii")
    assert "is no receipt that tells" in one_line(released(*LOG, "--receipt", str(kept)))
