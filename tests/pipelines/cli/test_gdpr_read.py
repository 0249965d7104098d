from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from tests.builders import owner_document
from tests.pipelines.cli.region import GOOD, HEADER, Region, one_line

GRANT: dict[str, Any] = {
    "recipient": "1108",
    "dataset": "readings",
    "columns": ["sensor_id", "level_m"],
    "rows": "level_m > 1",
    "purpose": "flood warning",
    "legal_basis": {"article_6": "e", "purpose": "flood warning"},
    "expires": "2099-12-31",
}


@pytest.fixture
def granted(here: Region) -> Region:
    neighbour = owner_document(number="1108", root=str(here.folder / "neighbour"))
    here.files.owner(neighbour)
    here.bind(here.source(), grants=[GRANT])
    here.drop(HEADER + GOOD)
    here("run")
    return here


def read(here: Region, to: Path, who: str = "1108", purpose: str = "flood warning") -> Any:  # noqa: ANN401 - the result of a command
    words = ("-m", "1103", "-d", "readings", "--as", who, "--purpose", purpose, "--to", str(to))
    return here("gdpr", "read", *words)


@pytest.mark.parametrize("suffix", ["parquet", "csv"])
def test_a_neighbour_gets_a_file_of_what_it_was_granted(granted: Region, suffix: str) -> None:
    to = granted.folder / f"out.{suffix}"
    result = read(granted, to)
    assert result.exit_code == 0, result.output
    assert "1103 readings: 1 rows for 1108" in result.stdout
    rows = pl.read_csv(to) if suffix == "csv" else pl.read_parquet(to)
    assert rows.rows() == [("s-2", 2.0)]
    assert [path.name for path in granted.folder.glob(".part*")] == []


def test_another_purpose_is_one_line_no_file_and_an_entry_in_the_log(granted: Region) -> None:
    to = granted.folder / "out.parquet"
    line = one_line(read(granted, to, purpose="marketing"))
    assert line == "1103 readings: 1108 has a grant of it for another purpose: flood warning"
    assert not to.exists()
    [entry] = log(granted)["access"]
    assert (entry["event"]["action"], entry["event"]["purpose"]) == ("refused", "marketing")


def test_a_file_of_another_kind_is_one_line(granted: Region) -> None:
    line = one_line(read(granted, granted.folder / "out.xlsx"))
    assert "--to: is neither Parquet nor CSV by its name" in line


def test_a_folder_that_does_not_exist_is_one_line(granted: Region) -> None:
    for name in ("out.csv", "out.parquet"):
        line = one_line(read(granted, granted.folder / "nowhere" / name))
        assert "No such file or directory" in line


def log(here: Region, *words: str) -> dict[str, Any]:
    told: dict[str, Any] = here.document("gdpr", "log", "-m", "1103", *words)
    return told


def test_the_log_says_who_read_what_and_that_nothing_is_missing(granted: Region) -> None:
    read(granted, granted.folder / "out.csv")
    read(granted, granted.folder / "out.csv", who="1103")
    shown = granted("gdpr", "log", "-m", "1103").stdout.splitlines()
    assert shown[0] == "1103 access: 2 entries, nothing is missing"
    assert '  1108  read  readings  for "flood warning"  2026-11-20/2026-11-20  1 rows' in shown[1]
    assert shown[3] == "1103 actions: 0 entries, nothing is missing"


def test_the_log_can_be_shown_from_a_day_on(granted: Region) -> None:
    read(granted, granted.folder / "out.csv")
    assert len(log(granted, "--from", "2026-01-01")["access"]) == 1
    assert log(granted, "--from", "2099-01-01")["access"] == []


def test_a_log_with_a_hole_is_one_line(granted: Region) -> None:
    for _ in range(2):
        read(granted, granted.folder / "out.csv")
    first, *_ = granted.kept("audit/access")
    told = json.loads(first.read_text())
    told["event"]["who"] = "1122"
    first.write_text(json.dumps(told))
    line = one_line(granted("gdpr", "log", "-m", "1103"))
    assert line == "1103 audit/access: entry 1 is not what was written"


def test_the_log_of_nobody_is_one_line(granted: Region) -> None:
    line = one_line(granted("gdpr", "log", "-m", "9999"))
    assert "9999: is not a municipality of the network" in line
