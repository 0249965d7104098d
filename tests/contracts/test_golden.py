from __future__ import annotations

import dataclasses
import datetime as dt
import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from pipelines.steps.counts import counts_site
from pipelines.steps.quarantine import quarantined
from pipelines.steps.refine import refine
from pipelines.steps.site import Site
from schemas.contract import Contract, Gate
from schemas.reading import read_contract
from schemas.stages import DAY, RULES
from tests.builders import landed, site

HERE = Path(__file__).parent
DATASETS = HERE.parents[1] / "schemas" / "datasets"
CONTRACTS = [read_contract(path) for path in sorted(DATASETS.glob("*.odcs.yaml"))]
BY_NAME = pytest.mark.parametrize("bound", CONTRACTS, ids=[c.name for c in CONTRACTS])
COUNTED = [c for c in CONTRACTS if c.aggregate and not c.aggregate.noise]
AGGREGATES = pytest.mark.parametrize("bound", COUNTED, ids=[c.name for c in COUNTED])
PSEUDONYM = "<pseudonym>"


def sample(bound: Contract) -> Path:
    [path] = (HERE / bound.name).glob("sample.*")
    return path


def refined(folder: Path, bound: Contract) -> Site:
    """The sample in the lake; a sample holds more bad rows than a gate would bear."""
    lenient = dataclasses.replace(bound, gate=Gate(max_rejected_percent=100))
    path = sample(bound)
    where = site(folder, lenient, profile={"format": path.suffix.removeprefix(".")})
    landed(where, path.read_bytes(), path.name)
    refine(where)
    return where


def lake_rows(where: Site) -> list[dict[str, Any]]:
    masks = {field.name: field.mask for field in where.contract.stored}
    hidden = {name for name, mask in masks.items() if mask and mask.use == "pseudonym"}
    return [
        {name: _told(value, hides=name in hidden) for name, value in row.items()} | {DAY: file.day}
        for file in where.lake.snapshot().files
        for row in where.lake.read([file], where.contract.lake_schema).collect().rows(named=True)
    ]


def _told(value: object, *, hides: bool) -> object:
    if hides and value is not None:
        return PSEUDONYM
    if isinstance(value, dt.datetime):
        return value.isoformat().replace("+00:00", "Z")
    return value.isoformat() if isinstance(value, dt.date) else value


def in_order(rows: list[dict[str, Any]]) -> list[str]:
    return sorted(json.dumps(row, ensure_ascii=False, sort_keys=True) for row in rows)


def test_every_contract_has_a_sample_and_every_sample_a_contract() -> None:
    assert {path.parent.name for path in HERE.glob("*/sample.*")} == {c.name for c in CONTRACTS}


@BY_NAME
def test_a_sample_becomes_the_rows_that_stand_beside_it(tmp_path: Path, bound: Contract) -> None:
    expected = (HERE / bound.name / "expected.ndjson").read_text(encoding="utf-8")
    rows = [json.loads(line) for line in expected.splitlines()]
    found = lake_rows(refined(tmp_path, bound))
    assert in_order(found) == in_order(rows)


@BY_NAME
def test_a_samples_bad_rows_break_the_rules_that_stand_beside_it(
    tmp_path: Path, bound: Contract
) -> None:
    expected = json.loads((HERE / bound.name / "expected_rejected.json").read_text("utf-8"))
    where = refined(tmp_path, bound)
    rules = pl.concat([frame.select(pl.col(RULES).explode()) for frame in quarantined(where)])
    assert dict(rules[RULES].value_counts().sort(RULES).iter_rows()) == expected


@BY_NAME
def test_a_sample_shows_every_field_at_least_once(tmp_path: Path, bound: Contract) -> None:
    rows = lake_rows(refined(tmp_path, bound))
    shown = {name for row in rows for name, value in row.items() if value is not None}
    assert shown >= {field.name for field in bound.stored}


@AGGREGATES
def test_a_sample_becomes_the_counts_that_stand_beside_it(tmp_path: Path, bound: Contract) -> None:
    expected = (HERE / bound.name / "expected_counts.ndjson").read_text(encoding="utf-8")
    rows = [json.loads(line) for line in expected.splitlines()]
    found = lake_rows(counts_site(refined(tmp_path, bound)))
    assert in_order(found) == in_order(rows)


@AGGREGATES
def test_a_samples_counts_show_groups_and_hold_small_ones_back(
    tmp_path: Path, bound: Contract
) -> None:
    rows = lake_rows(counts_site(refined(tmp_path, bound)))
    assert {row["suppressed"] for row in rows} == {True, False}
