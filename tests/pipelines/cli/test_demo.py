from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pytest
from typer.testing import Result

from pipelines.demo.traces import planted_traces
from tests.pipelines.cli.region import invoke

HOUSE = Path(__file__).parents[3]
DATASETS = 21
PACKED = {".parquet", ".xlsx", ".gpkg", ".zip"}
ABOUT_PERSONS = (
    ("1103", "facility_bookings"),
    ("1103", "sickness_absence"),
    ("1103", "digital_post"),
    ("1108", "case_metadata"),
    ("1108", "welfare_alarms"),
    ("1122", "work_orders"),
    ("1122", "payroll"),
)


@dataclass(frozen=True)
class Shown:
    var: Path
    result: Result


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shown]:
    var = tmp_path_factory.mktemp("demo") / "var"
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(HOUSE)
        patch.setenv("DATASJO_VAR", str(var))
        yield Shown(var, invoke("demo", env={"COLUMNS": "80"}))


@pytest.mark.slow
def test_everything_became_what_was_planted(shown: Shown) -> None:
    assert shown.result.exit_code == 0, shown.result.output
    assert shown.result.stderr == ""
    assert "✗" not in shown.result.stdout
    assert shown.result.stdout.count(" in the lake") >= DATASETS


@pytest.mark.slow
@pytest.mark.parametrize(
    "what",
    [
        "restated 24.10, 26.10",
        "24 sent twice",
        "16 in a wrong unit",
        "water_level_m:range",
        "row:broken",
        "2 deleted later",
        "36 sent twice ✓ 36 dropped",
        "the place lies in Rogaland (1)",
        "told apart on 25 October",
        "masked: no trace in the lake",
        "12 groups ✓ 21 counts in the lake, 2 held",
        "3 of them below 5 ✓ suppressed",
        "16 groups ✓ 25 counts in the lake, with noise",
        "make portal",
    ],
)
def test_the_summary_tells_of_every_kind_of_row_and_of_what_to_do_next(
    what: str, shown: Shown
) -> None:
    told = re.sub(r"\s+", " ", shown.result.stdout)
    assert what in told


@pytest.mark.slow
def test_the_summary_fits_on_a_screen(shown: Shown) -> None:
    tables = shown.result.stdout.partition("Done in")[0]
    assert max(map(len, tables.splitlines())) <= 82


@pytest.mark.slow
def test_the_portal_and_the_status_show_it(shown: Shown) -> None:
    assert (shown.var / "portal" / "index.html").is_file()
    status = invoke("status", "--json")
    assert status.exit_code == 0, status.output
    told = json.loads(status.stdout)
    assert len(told["datasets"]) == DATASETS
    assert {dataset["gate"] for dataset in told["datasets"]} == {"open"}
    assert sum(dataset["released"] is not None for dataset in told["datasets"]) == 15


@pytest.mark.slow
def test_nobody_of_the_demo_is_named_outside_landing_and_quarantine(shown: Shown) -> None:
    traces = {
        trace for number, dataset in ABOUT_PERSONS for trace in planted_traces(number, dataset)
    }
    secret = {"landing", "quarantine", "sources", "keys"}
    opened = [path for path in shown.var.rglob("*") if not secret & set(path.parts)]
    plain = [path for path in opened if path.is_file() and path.suffix not in PACKED]
    texts = [path.read_text() for path in plain]
    assert len(texts) > 100
    told = pl.Series([*texts, shown.result.output]).str.contains_any(sorted(traces))
    assert not told.any()
