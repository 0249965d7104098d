from __future__ import annotations

import resource
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest
import xlsxwriter

from tests.builders import binding_document
from tests.connectors.http_site import Answer, HttpSite, http_site
from tests.pipelines.cli import full_disk
from tests.pipelines.cli.region import BASIS, CANARY, GOOD, HEADER, Region, one_line

ONE_KIB = 1024
ONE_ROW = {"sensor_id": CANARY, "observed_at": "2026-11-20T12:00:00Z", "level_m": 1}


def test_a_changed_header_stops_the_dataset_and_the_bytes_stay_landed(here: Region) -> None:
    here.drop(f"sensor,observed_at,level_m,{CANARY}\n{GOOD}")
    line = one_line(here("run"))
    assert line.startswith("1103 readings: a.csv the header changed: missing 'sensor_id'")
    assert len(here.kept("landing")) == 2
    assert here.kept("lake") + here.kept("quarantine") + here.kept("receipts") == []


def test_the_wrong_encoding_stops_the_dataset(here: Region) -> None:
    here.contract(source={"encoding": "utf-8"})
    here.drop(f"{HEADER}målestasjon {CANARY},2026-11-20T12:00:00Z,1\n", encoding="cp1252")
    line = one_line(here("run"))
    assert "1103 readings: a.csv is not utf-8" in line.replace("UTF-8", "utf-8")
    assert CANARY not in line


def test_a_truncated_workbook_stops_the_dataset(here: Region) -> None:
    here.contract(source={"format": "xlsx"})
    whole = workbook(here.folder / "whole.xlsx").read_bytes()
    (here.folder / "drop" / "a.xlsx").write_bytes(whole[: len(whole) // 2])
    assert "1103 readings: a.xlsx is not a readable XLSX" in one_line(here("run"))
    assert here.kept("lake") == []


def workbook(path: Path) -> Path:
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        for at, row in enumerate((tuple(ONE_ROW), tuple(ONE_ROW.values()))):
            sheet.write_row(at, 0, row)
    return path


def test_a_gate_that_closes_says_which_check_and_how_many_rows(here: Region) -> None:
    here.drop(f"{HEADER}{GOOD}s-3,{CANARY},1\n{CANARY},2026-11-20T12:00:00Z,-5\n")
    line = one_line(here("run"))
    assert line.startswith("1103 readings: the gate is closed: rejected rows")
    assert "(2 of 4 rows)" in line
    assert here.kept("lake") == []
    assert len(here.kept("quarantine")) == 1


@pytest.fixture
def web(here: Region) -> Iterator[HttpSite]:
    here.contract(source={"format": "json"})
    with http_site() as site:
        asks_of(here, site)
        yield site


def asks_of(here: Region, site: HttpSite, timeout: float = 60) -> None:
    source = {
        "engine": "http_json",
        "url": f"{site.url}/readings",
        "timeout_seconds": timeout,
        "retries": {"attempts": 2, "backoff_seconds": 0, "longest_wait_seconds": 0},
    }
    here.bind(binding_document("readings", source, legal_basis=BASIS))


@pytest.mark.live
@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (Answer([ONE_ROW], status=404), "/readings answered 404"),
        (Answer([ONE_ROW], status=429), "/readings answered 429"),
        (Answer([ONE_ROW], status=500), "/readings answered 500"),
        (Answer(body=f"<p>{CANARY}</p>".encode()), "/readings answered no JSON"),
    ],
)
def test_a_source_that_does_not_answer_as_it_should_is_one_line(
    answer: Answer, said: str, here: Region, web: HttpSite
) -> None:
    web.in_turn(answer)
    line = one_line(here("run"))
    assert line.startswith("1103 readings: http://127.0.0.1")
    assert said in line
    assert CANARY not in line
    assert here.kept("") == []


@pytest.mark.live
def test_a_source_that_is_slow_is_one_line(here: Region, web: HttpSite) -> None:
    asks_of(here, web, timeout=1)
    web.in_turn(Answer([ONE_ROW], seconds=60))
    assert "/readings did not answer in time" in one_line(here("run"))
    assert here.kept("") == []


@pytest.mark.live
def test_what_was_asked_in_vain_is_brought_by_the_next_run(here: Region, web: HttpSite) -> None:
    web.in_turn(Answer(status=500), Answer(status=500), Answer([ONE_ROW]))
    one_line(here("run"))
    assert here("run").exit_code == 0
    assert here.rows() == 1


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("postgresql://user:hemmelig@127.0.0.1:1/fag", "127.0.0.1:1"),
        ("sqlite:////nowhere/fag.db", "/nowhere/fag.db"),
    ],
)
def test_a_database_that_is_down_is_one_line_without_its_password(
    url: str, said: str, here: Region
) -> None:
    query = {"engine": "sql", "url": url, "query": "select * from t", "timeout_seconds": 1}
    here.contract(source={"format": "arrow"})
    here.bind(binding_document("readings", query))
    line = one_line(here("run"))
    assert said in line
    assert "hemmelig" not in line


def test_a_root_that_cannot_be_written_is_one_line(here: Region) -> None:
    here.drop(HEADER + GOOD)
    here.root.write_text("a file stands here")
    assert "something else stands in its place" in one_line(here("run"))
    here.root.unlink()
    assert here("run").exit_code == 0
    assert here.rows() == 2


def test_a_full_disk_is_one_line_and_the_next_run_brings_everything(here: Region) -> None:
    full_disk.register()
    here.drop(HEADER + GOOD)
    here.bind(here.source(), root=f"full://{here.root}")
    line = one_line(here("run"))
    assert line.startswith("1103 readings: writing landing/readings/")
    assert line.endswith("No space left on device")
    assert here.kept("") == []
    here.bind(here.source())
    assert here("run").exit_code == 0
    assert here.rows() == 2


@contextmanager
def no_file_above(size: int) -> Iterator[None]:
    """Within the block the operating system lets no file grow beyond the size."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_disk_that_fills_up_while_a_day_is_written_leaves_nothing_half_written(
    here: Region,
) -> None:
    rows = "".join(f"s-{n},2026-11-20T12:00:00Z,{n % 7}\n" for n in range(20))
    here.drop(HEADER + rows)
    with no_file_above(ONE_KIB):
        line = one_line(here("run"))
    assert line == "1103 readings: writing readings 2026-11-20: File too large"
    assert here.kept("lake") == []
    assert here("run").exit_code == 0
    assert here.rows() == 20


SPOILT: Mapping[str, str] = {
    "a value of the wrong type": f"s-3,{CANARY},1\n",
    "a value out of bounds": f"{CANARY},2026-11-20T12:00:00Z,-5\n",
    "too many cells": f"s-3,2026-11-20T12:00:00Z,1,{CANARY}\n",
    "a missing value": f",2026-11-20T12:00:00Z,{CANARY}\n",
}


@pytest.mark.parametrize("spoilt", SPOILT.values(), ids=SPOILT.keys())
def test_no_value_of_a_row_is_in_anything_that_is_said_or_kept_in_the_open(
    spoilt: str, here: Region
) -> None:
    here.drop(HEADER + GOOD + spoilt)
    commands = (("run",), ("run", "--json"), ("status",), ("replay", "--json"), ("release",))
    said = [here(*words).output for words in commands]
    receipts = [path.read_text() for path in here.kept("receipts")]
    names = [str(path) for path in here.kept("")]
    assert len(receipts) > 0
    assert not [text for text in (*said, *receipts, *names) if CANARY in text]
