"""What must hold for each quality rule of a contract, judged on the contract alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import polars as pl

from schemas.contract import Contract
from schemas.errors import Problem
from schemas.odcs import Quality

_Fault = tuple[str, str, str]


def quality_problems(contract: Contract) -> Iterable[Problem]:
    """A Problem for everything that a quality rule of the contract lacks or contradicts."""
    for rule in contract.quality:
        for place, what, example in _faults(rule, contract):
            where = f"quality.{rule.name}.{place}"
            yield Problem(contract.file, where, what, example)


def _faults(rule: Quality, contract: Contract) -> Iterator[_Fault]:
    if rule.type == "custom":
        yield from _expression(rule, contract)
    elif rule.type == "library" and rule.metric is None:
        yield "metric", "is missing", "rowCount"
    elif rule.type == "library":
        yield from _metric(rule, contract)


def _expression(rule: Quality, contract: Contract) -> Iterator[_Fault]:
    if rule.engine is None or rule.implementation is None:
        yield "implementation", "engine and implementation are missing", "ends_at > starts_at"
        return
    rows = pl.DataFrame(schema={field.name: field.kind.dtype for field in contract.fields})
    try:
        [kind] = rows.select(pl.sql_expr(rule.implementation)).dtypes
    except pl.exceptions.PolarsError:
        what = "is not an expression over the contract's fields"
        yield "implementation", what, "ends_at > starts_at"
        return
    if kind != pl.Boolean:
        yield "implementation", "is neither true nor false", "ends_at > starts_at"


def _metric(rule: Quality, contract: Contract) -> Iterator[_Fault]:
    if rule.metric == "rowCount":
        if not rule.has_bound:
            yield "mustBe", "a bound is missing", "mustBeGreaterThan: 100"
        return
    known = {field.name for field in contract.stored}
    if not rule.fields or not known.issuperset(rule.fields):
        yield "arguments.properties", "names no stored field", f"[{min(known, default='')}]"
    if rule.metric == "duplicateValues":
        if rule.must_be != 0:
            yield "mustBe", "is 0 for duplicates", "0"
        return
    if len(rule.fields) > 1:
        yield "arguments.properties", "names one field", f"[{rule.fields[0]}]"
    if rule.metric == "invalidValues" and not rule.valid_values:
        yield "arguments.validValues", "is missing", "[open, closed]"
    if rule.tolerated_percent is None:
        what = "is bounded by mustBe: 0, or by a percentage"
        yield "mustBe", what, "mustBeLessOrEqualTo: 5, unit: percent"
