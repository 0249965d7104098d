"""A contract as a Great Expectations suite: what the gate asks of a commit."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from great_expectations import ExpectationSuite
from great_expectations import expectations as gxe
from great_expectations.expectations.expectation import Expectation

from schemas.contract import Contract, Field
from schemas.odcs import Quality

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Rule:
    """One expectation, under the name by which people know it."""

    name: str
    fields: tuple[str, ...]
    severity: Severity
    expectation: Expectation


def gate_rules(contract: Contract) -> tuple[Rule, ...]:
    """Everything that the contract says of a commit as a whole."""
    declared = [_declared(quality) for quality in contract.quality if quality.metric]
    asked = {rule.fields for rule in declared if "Unique" in type(rule.expectation).__name__}
    own = [rule for field in contract.stored for rule in _field_rules(field)]
    key = [] if contract.key in asked else [_unique(contract.key, "the key is unique", "error")]
    return (*own, *key, *declared)


def suite_of(name: str, rules: tuple[Rule, ...]) -> ExpectationSuite:
    """The rules as a suite, in their order."""
    return ExpectationSuite(name=name, expectations=[rule.expectation for rule in rules])


def _field_rules(field: Field) -> Iterator[Rule]:
    name = field.name

    def rule(word: str, expectation: Expectation) -> Rule:
        return Rule(f"{name}: {word}", (name,), "error", expectation)

    if field.required:
        yield rule("never empty", gxe.ExpectColumnValuesToNotBeNull(column=name))
    if field.mask is not None:
        return
    if field.minimum is not None or field.maximum is not None:
        within = gxe.ExpectColumnValuesToBeBetween(
            column=name, min_value=field.minimum, max_value=field.maximum
        )
        yield rule("within bounds", within)
    if field.pattern is not None:
        matches = gxe.ExpectColumnValuesToMatchRegex(column=name, regex=field.pattern)
        yield rule("as its pattern", matches)


def _declared(quality: Quality) -> Rule:
    if quality.metric == "rowCount":
        return Rule(quality.name, (), quality.severity, _row_count(quality))
    fields = quality.fields
    if quality.metric == "duplicateValues":
        return _unique(fields, quality.name, quality.severity)
    mostly = 1 - (quality.tolerated_percent or 0) / 100
    if quality.metric in ("nullValues", "missingValues"):
        filled = gxe.ExpectColumnValuesToNotBeNull(column=fields[0], mostly=mostly)
        return Rule(quality.name, fields, quality.severity, filled)
    valid = gxe.ExpectColumnValuesToBeInSet(
        column=fields[0], value_set=list(quality.valid_values), mostly=mostly
    )
    return Rule(quality.name, fields, quality.severity, valid)


def _unique(fields: tuple[str, ...], name: str, severity: Severity) -> Rule:
    if len(fields) == 1:
        return Rule(name, fields, severity, gxe.ExpectColumnValuesToBeUnique(column=fields[0]))
    together = gxe.ExpectCompoundColumnsToBeUnique(column_list=list(fields))
    return Rule(name, fields, severity, together)


def _row_count(quality: Quality) -> Expectation:
    exact, between = quality.must_be, quality.must_be_between
    low, high = between or (exact, exact)
    least = _first(low, quality.must_be_greater_or_equal_to, quality.must_be_greater_than)
    most = _first(high, quality.must_be_less_or_equal_to, quality.must_be_less_than)
    return gxe.ExpectTableRowCountToBeBetween(
        min_value=None if least is None else int(least),
        max_value=None if most is None else int(most),
        strict_min=quality.must_be_greater_than is not None,
        strict_max=quality.must_be_less_than is not None,
    )


def _first(*bounds: float | None) -> float | None:
    return next((bound for bound in bounds if bound is not None), None)
