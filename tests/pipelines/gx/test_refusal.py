"""What cannot be judged is refused in one line, without a value of a row."""

import datetime as dt

import great_expectations as gx
import great_expectations.expectations as gxe
import polars as pl
import pytest
from great_expectations.expectations.expectation import Expectation
from great_expectations.expectations.row_conditions import PassThroughCondition

from pipelines.steps.gx.errors import NotJudgeable
from pipelines.steps.gx.judge import judge_frame

NOON = dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC)
FRAME = pl.DataFrame(
    {
        "sensor_id": ["s-1", "s-secret"],
        "level": [1.0, None],
        "count": [1, 2],
        "seen_at": [NOON, NOON],
    }
)


def judged(rule: Expectation, *parts: pl.LazyFrame) -> None:
    suite = gx.ExpectationSuite(name="probe", expectations=[rule])
    judge_frame(parts or (FRAME.lazy(),), suite, "SUMMARY")


REFUSED = [
    (
        gxe.ExpectColumnValuesToBeIncreasing(column="count"),
        "expect_column_values_to_be_increasing: the Polars engine does not compute it",
    ),
    (
        gxe.ExpectColumnValuesToNotBeNull(column="nowhere"),
        "column nowhere is missing from the table",
    ),
    (
        gxe.ExpectColumnValuesToBeOfType(column="nowhere", type_="Int64"),
        "column nowhere is missing from the table",
    ),
    (
        gxe.ExpectColumnValuesToBeBetween(column="sensor_id", min_value=1),
        "column_values.between on sensor_id: a float does not compare with String",
    ),
    (
        gxe.ExpectColumnValuesToBeBetween(column="seen_at", min_value=NOON.replace(tzinfo=None)),
        "column_values.between on seen_at: the timestamp and the column need a time zone both,",
    ),
    (
        gxe.ExpectColumnValuesToMatchRegex(column="count", regex="1"),
        "column_values.match_regex on count: needs text, not Int64",
    ),
    (
        gxe.ExpectColumnValuesToMatchRegex(column="sensor_id", regex="(?=s)"),
        "column_values.match_regex on sensor_id: Polars does not read its regular expression",
    ),
    (
        gxe.ExpectColumnValuesToBeInSet(column="count", value_set=["1"]),
        "column_values.in_set on count: a str does not compare with Int64",
    ),
    (
        gxe.ExpectColumnPairValuesAToBeGreaterThanB(column_A="seen_at", column_B="count"),
        "column_pair_values.a_greater_than_b on seen_at, count: ",
    ),
    (
        gxe.ExpectColumnMeanToBeBetween(column="sensor_id", min_value=1),
        "column.mean on sensor_id: needs numbers, not String",
    ),
    (
        gxe.ExpectColumnMaxToBeBetween(column="seen_at", min_value=NOON.replace(tzinfo=None)),
        "suite probe: Great Expectations refused a rule: TypeError",
    ),
    (
        gxe.ExpectColumnValuesToNotBeNull(
            column="level", row_condition=PassThroughCondition(pass_through_filter="level > 1")
        ),
        "a row condition in another engine's own words",
    ),
    (
        gxe.ExpectTableRowCountToEqualOtherTable(other_table_name="other"),
        "table.row_count: another table cannot be asked",
    ),
]


@pytest.mark.parametrize(("rule", "line"), REFUSED, ids=lambda value: str(value)[:40])
def test_a_rule_that_cannot_be_judged_is_refused_in_one_line(rule: Expectation, line: str) -> None:
    with pytest.raises(NotJudgeable) as refused:
        judged(rule)
    assert str(refused.value).startswith(line)
    assert "\n" not in str(refused.value)
    assert refused.value.__suppress_context__ or refused.value.__context__ is None


def test_parts_that_differ_are_refused_without_their_rows() -> None:
    parts = [FRAME.lazy(), FRAME.lazy().cast({"count": pl.String})]
    with pytest.raises(NotJudgeable, match="the table cannot be read"):
        judged(gxe.ExpectTableRowCountToBeBetween(min_value=1), *parts)


def test_a_part_that_fails_while_it_is_read_shows_no_value() -> None:
    parts = [FRAME.lazy().with_columns(pl.col("sensor_id").cast(pl.Int64))]
    with pytest.raises(NotJudgeable, match="the table cannot be read") as refused:
        judged(gxe.ExpectColumnValuesToNotBeNull(column="sensor_id"), *parts)
    assert "secret" not in str(refused.value)


def test_a_part_without_its_own_columns_is_refused() -> None:
    parts = [FRAME.lazy().select("nowhere")]
    with pytest.raises(NotJudgeable, match="the table cannot be read: ColumnNotFoundError"):
        judged(gxe.ExpectTableRowCountToBeBetween(min_value=1), *parts)


def test_nothing_to_judge_is_refused() -> None:
    suite = gx.ExpectationSuite(name="probe")
    with pytest.raises(NotJudgeable, match="no part to judge"):
        judge_frame([], suite, "SUMMARY")
