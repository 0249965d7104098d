from typing import Any

import polars as pl
import pytest

from pipelines.steps.rules import row_rules
from schemas.contract import Contract
from tests.builders import LEVEL, OBSERVED, SENSOR, contract, event, field, key

INF = float("inf")


def broken(bound: Contract, column: str, values: list[Any]) -> dict[str, list[bool]]:
    schema = {f.name: f.kind.dtype for f in bound.fields}
    rows = pl.DataFrame([{column: value} for value in values], schema=schema)
    found = rows.select(rule.alias(name) for name, rule in row_rules(bound).items())
    return {name: flags for name, flags in found.to_dict(as_series=False).items() if any(flags)}


def of(kind: str, **options: object) -> Contract:
    return contract(key("k"), event(), field("a", kind, logicalTypeOptions=options))


@pytest.mark.parametrize(
    ("kind", "options", "good", "bad"),
    [
        ("number", {"minimum": 0, "maximum": 10}, [0.0, 10.0, None], [-0.001, 10.001]),
        ("integer", {"minimum": 1}, [1, None], [0]),
        ("integer", {"maximum": 5}, [5, -99], [6]),
        ("number", {}, [1e300, -1.0, None], [float("nan"), INF, -INF]),
    ],
)
def test_a_value_outside_its_bounds_breaks_the_range(
    kind: str, options: dict[str, object], good: list[Any], bad: list[Any]
) -> None:
    assert broken(of(kind, **options), "a", good) == {}
    assert broken(of(kind, **options), "a", bad) == {"a:range": [True] * len(bad)}


def test_a_text_that_does_not_fit_its_pattern_breaks_it() -> None:
    bound = of("string", pattern="^[A-Z]{2}[0-9]{5}$")
    assert broken(bound, "a", ["EL12345", None]) == {}
    assert broken(bound, "a", ["el12345", "EL123456", ""]) == {"a:pattern": [True] * 3}


def test_a_length_is_counted_in_letters() -> None:
    bound = of("string", minLength=2, maxLength=3)
    assert broken(bound, "a", ["ÆØ", "åøæ", None]) == {}
    assert broken(bound, "a", ["Å", "abcd", ""]) == {"a:length": [True] * 3}


def test_an_expression_that_does_not_hold_is_broken_under_its_own_name() -> None:
    rule = {"name": "low", "type": "custom", "engine": "polars_sql"}
    bound = contract(SENSOR, OBSERVED, LEVEL, quality=[{**rule, "implementation": "level_m < 5"}])
    assert broken(bound, "level_m", [4.0, 5.0, None, 6.0]) == {"low": [False, True, False, True]}


def test_rules_of_a_whole_commit_are_no_rules_of_a_row() -> None:
    rule = {"name": "r", "metric": "nullValues", "mustBe": 0}
    bound = contract(
        SENSOR, OBSERVED, LEVEL, quality=[{**rule, "arguments": {"properties": ["level_m"]}}]
    )
    assert set(row_rules(bound)) == {"level_m:range"}


def test_a_field_without_limits_has_no_rule() -> None:
    assert row_rules(contract(key("k"), event(), field("a", "string"), field("b", "boolean"))) == {}
