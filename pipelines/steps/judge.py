"""The gate: Great Expectations judges a commit before it is written, and a receipt says how."""

from collections.abc import Sequence

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
    return not any(check.closes for check in checks)


def _rejected(site: Site, counts: Counts) -> Check:
    limit = site.contract.gate.max_rejected_percent
    passed = counts.rejected * 100 <= limit * counts.landed
    return Check(REJECTED, (), passed, "error", counts.landed, counts.rejected)


def _check(rule: Rule, result: ExpectationValidationResult, rows: int) -> Check:
    unexpected = int(result.result.get("unexpected_count") or 0)
    return Check(rule.name, rule.fields, bool(result.success), rule.severity, rows, unexpected)
