from typing import Any

import pytest
from great_expectations import expectations as gxe

from pipelines.steps.suite import Rule, gate_rules, suite_of
from schemas.contract import Contract
from tests.builders import LEVEL, OBSERVED, SENSOR, contract, event, field, key

PERSONAL: dict[str, Any] = {"classification": "personal", "purpose": "a test"}


def rules(bound: Contract) -> dict[str, Rule]:
    return {rule.name: rule for rule in gate_rules(bound)}


def with_rule(**rule: object) -> Rule:
    quality = {"name": "r", "arguments": {"properties": ["level_m"]}, **rule}
    return rules(contract(SENSOR, OBSERVED, LEVEL, quality=[quality]))["r"]


def test_what_the_contract_says_of_its_fields_is_asked_of_every_commit() -> None:
    assert set(rules(contract())) == {
        "sensor_id: never empty",
        "observed_at: never empty",
        "level_m: within bounds",
        "the key is unique",
    }


def test_a_bound_and_a_pattern_are_asked_of_the_lake_again() -> None:
    bound = contract(
        key("a", logicalTypeOptions={"pattern": "^[a-z]$"}),
        event(),
        field("b", "integer", logicalTypeOptions={"minimum": 1}),
    )
    found = rules(bound)
    pattern = found["a: as its pattern"].expectation
    assert isinstance(pattern, gxe.ExpectColumnValuesToMatchRegex)
    assert pattern.regex == "^[a-z]$"
    between = found["b: within bounds"].expectation
    assert isinstance(between, gxe.ExpectColumnValuesToBeBetween)
    assert (between.min_value, between.max_value) == (1, None)


def test_a_masked_field_is_not_held_to_what_it_no_longer_shows() -> None:
    age = field(
        "age",
        "integer",
        required=True,
        logicalTypeOptions={"minimum": 0},
        mask={"use": "generalise", "bands": [18]},
        **PERSONAL,
    )
    gone = field("note", "string", required=True, mask={"use": "drop"}, **PERSONAL)
    found = rules(contract(key("k"), event(), age, gone))
    assert "age: never empty" in found
    assert not any(name.startswith(("age: within", "note")) for name in found)


def test_a_key_of_one_field_is_unique_alone_and_of_several_together() -> None:
    one = rules(contract(key("k"), event()))["the key is unique"].expectation
    two = rules(contract())["the key is unique"].expectation
    assert isinstance(one, gxe.ExpectColumnValuesToBeUnique)
    assert isinstance(two, gxe.ExpectCompoundColumnsToBeUnique)
    assert two.column_list == ["sensor_id", "observed_at"]


def test_a_key_that_the_contract_asks_for_itself_is_asked_once_under_its_name() -> None:
    own = {
        "name": "one reading an instant",
        "metric": "duplicateValues",
        "mustBe": 0,
        "arguments": {"properties": ["sensor_id", "observed_at"]},
    }
    found = rules(contract(quality=[own]))
    assert "the key is unique" not in found
    assert found["one reading an instant"].fields == ("sensor_id", "observed_at")


@pytest.mark.parametrize(
    ("bounds", "mostly"),
    [
        ({"mustBe": 0}, 1.0),
        ({"mustBeLessOrEqualTo": 5, "unit": "percent"}, 0.95),
        ({"mustBeLessThan": 10, "unit": "percent"}, 0.9),
    ],
)
def test_a_share_of_empty_values_may_be_tolerated(bounds: dict[str, object], mostly: float) -> None:
    expectation = with_rule(metric="nullValues", **bounds).expectation
    assert isinstance(expectation, gxe.ExpectColumnValuesToNotBeNull)
    assert expectation.mostly == pytest.approx(mostly)


def test_values_outside_a_list_may_be_refused() -> None:
    arguments = {"properties": ["level_m"], "validValues": [1.0, 2.0]}
    expectation = with_rule(metric="invalidValues", mustBe=0, arguments=arguments).expectation
    assert isinstance(expectation, gxe.ExpectColumnValuesToBeInSet)
    assert expectation.value_set == [1.0, 2.0]


@pytest.mark.parametrize(
    ("bounds", "expected"),
    [
        ({"mustBe": 7}, (7, 7, False, False)),
        ({"mustBeBetween": [1, 9]}, (1, 9, False, False)),
        ({"mustBeGreaterThan": 100}, (100, None, True, False)),
        ({"mustBeGreaterOrEqualTo": 100}, (100, None, False, False)),
        ({"mustBeLessThan": 5}, (None, 5, False, True)),
        ({"mustBeGreaterThan": 1, "mustBeLessOrEqualTo": 5}, (1, 5, True, False)),
    ],
)
def test_the_number_of_rows_is_held_to_its_bounds(
    bounds: dict[str, object], expected: tuple[int | None, int | None, bool, bool]
) -> None:
    rows = with_rule(metric="rowCount", **bounds).expectation
    assert isinstance(rows, gxe.ExpectTableRowCountToBeBetween)
    assert (rows.min_value, rows.max_value, rows.strict_min, rows.strict_max) == expected


def test_a_rule_keeps_the_severity_that_the_contract_gives_it() -> None:
    assert with_rule(metric="nullValues", mustBe=0, severity="warning").severity == "warning"


def test_expressions_over_rows_are_not_asked_of_the_commit() -> None:
    rule = {"name": "r", "type": "custom", "engine": "polars_sql", "implementation": "level_m > 1"}
    assert "r" not in rules(contract(quality=[rule]))


def test_a_suite_holds_every_rule_in_order() -> None:
    found = gate_rules(contract())
    suite = suite_of("readings", found)
    assert (suite.name, len(suite.expectations)) == ("readings", len(found))
