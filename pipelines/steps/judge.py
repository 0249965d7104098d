"""The gate: Great Expectations judges a commit before it is written, and a receipt says how."""

import datetime as dt
from collections.abc import Sequence

import polars as pl
from great_expectations.core.expectation_validation_result import ExpectationValidationResult

from pipelines.steps.gx.judge import judge_frame
from pipelines.steps.site import Site
from pipelines.steps.stage import Settled
from pipelines.steps.suite import Rule, gate_rules, suite_of
from schemas.stages import Check, Counts

REJECTED = "rejected rows within the limit"


def judge(site: Site, settled: Settled, counts: Counts) -> tuple[Check, ...]:
    """A verdict for each rule of the contract on the days as they will be committed."""
    checks = (_rejected(site, counts),)
    if not settled.files:
        return checks
    rules = gate_rules(site.contract)
    verdict = judge_frame(
        [site.lake.read((file,), site.contract.lake_schema) for file in settled.files],
        suite_of(site.contract.name, rules),
        "SUMMARY",
        partitioned_by=(site.contract.event.name,),
    )
    rows = sum(settled.days.values())
    results = zip(rules, verdict.results, strict=True)
    return checks + tuple(_check(rule, result, rows) for rule, result in results)


def is_open(checks: Sequence[Check]) -> bool:
    """Whether the gate opens: no check that counts as an error has failed."""
    return all(check.passed for check in checks if check.severity == "error")


def newest_event(site: Site, settled: Settled) -> dt.datetime | None:
    """The newest event of the settled days, UTC; a date counts as its midnight."""
    filled = [file for file in settled.files if file.rows]
    if not filled:
        return None
    event = site.contract.event.name
    last = max(file.day for file in filled)
    files = [file for file in filled if file.day == last]
    rows = site.lake.read(files, site.contract.lake_schema)
    newest = rows.select(pl.col(event).max()).collect().item()
    if newest is None or isinstance(newest, dt.datetime):
        return newest
    return dt.datetime.combine(newest, dt.time(), dt.UTC)


def _rejected(site: Site, counts: Counts) -> Check:
    limit = site.contract.gate.max_rejected_percent
    passed = counts.rejected * 100 <= limit * counts.landed
    return Check(REJECTED, (), passed, "error", counts.landed, counts.rejected)


def _check(rule: Rule, result: ExpectationValidationResult, rows: int) -> Check:
    unexpected = int(result.result.get("unexpected_count") or 0)
    return Check(rule.name, rule.fields, bool(result.success), rule.severity, rows, unexpected)
