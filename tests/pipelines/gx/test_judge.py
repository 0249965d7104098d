"""What the Polars engine promises beside parity: parts, privacy and one pass."""

import datetime as dt
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import great_expectations as gx
import great_expectations.expectations as gxe
import polars as pl
import pytest
from great_expectations.core.expectation_validation_result import ExpectationSuiteValidationResult
from great_expectations.expectations.expectation import Expectation
from great_expectations.validator.validator import Validator
from polars.io.plugins import register_io_source

from pipelines.steps.gx.engine import PolarsExecutionEngine
from pipelines.steps.gx.judge import judge_frame
from pipelines.steps.gx.table import Table

NOON = dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC)
FRAME = pl.DataFrame(
    {
        "sensor_id": ["s-1", "s-2", "s-2", "s-secret"],
        "level": [1.0, 2.0, None, 9.0],
        "count": [1, 2, 3, 4],
        "seen_at": [NOON + dt.timedelta(minutes=minute) for minute in range(4)],
    }
)


def judged(
    *rules: Expectation, parts: list[pl.LazyFrame] | None = None, by: tuple[str, ...] = ()
) -> ExpectationSuiteValidationResult:
    suite = gx.ExpectationSuite(name="probe", expectations=list(rules))
    return judge_frame(parts or [FRAME.lazy()], suite, "SUMMARY", partitioned_by=by)


def unexpected(result: ExpectationSuiteValidationResult) -> int:
    return int(result.results[0].result["unexpected_count"])


def test_duplicates_are_found_across_parts() -> None:
    rule = gxe.ExpectCompoundColumnsToBeUnique(column_list=["sensor_id", "count"])
    result = judged(rule, parts=[FRAME.lazy(), FRAME.tail(2).lazy()])
    assert not result.success
    assert unexpected(result) == 4


@pytest.mark.parametrize("by", [(), ("day",)])
def test_duplicates_far_apart_are_found_where_the_key_leaves_the_part_open(
    by: tuple[str, ...],
) -> None:
    parts = [pl.LazyFrame({"day": [day], "slot": [day % 60]}) for day in range(70)]
    rule = gxe.ExpectColumnValuesToBeUnique(column="slot")
    assert unexpected(judged(rule, parts=parts, by=by)) == 20


def test_a_key_that_decides_the_part_is_read_a_few_parts_at_a_time() -> None:
    parts = [pl.LazyFrame({"day": [day], "slot": [0]}) for day in range(20)]
    table = Table.of(parts, ["day"])
    assert [batch.collect().height for batch in table.batches_by(["day", "slot"])] == [8, 8, 4]
    assert [batch.collect().height for batch in table.batches_by(["slot"])] == [20]


@pytest.mark.parametrize("by", [(), ("day",), ("day", "slot")])
def test_duplicates_in_many_parts_are_counted_exactly(by: tuple[str, ...]) -> None:
    parts = [
        pl.LazyFrame({"day": [day] * 3, "slot": [0, 1, 1 if day % 2 else 2]}) for day in range(70)
    ]
    rule = gxe.ExpectCompoundColumnsToBeUnique(column_list=["day", "slot"])
    assert unexpected(judged(rule, parts=parts, by=by)) == 70


def test_parquet_parts_are_judged_together(tmp_path: Path) -> None:
    for place in range(3):
        FRAME.write_parquet(tmp_path / f"{place}.parquet")
    parts = [pl.scan_parquet(path) for path in sorted(tmp_path.iterdir())]
    result = judged(gxe.ExpectTableRowCountToEqual(value=12), parts=parts)
    assert result.success
    assert result.statistics["evaluated_expectations"] == 1


@pytest.mark.parametrize(
    ("rules", "reads"),
    [
        (
            [
                gxe.ExpectColumnValuesToNotBeNull(column="level"),
                gxe.ExpectColumnValuesToBeBetween(column="count", min_value=0),
                gxe.ExpectColumnMeanToBeBetween(column="level", min_value=0),
                gxe.ExpectTableRowCountToBeBetween(min_value=1),
            ],
            1,
        ),
        ([gxe.ExpectTableColumnsToMatchSet(column_set=["level"])], 0),
        (
            [
                gxe.ExpectColumnValuesToNotBeNull(column="level"),
                gxe.ExpectColumnValuesToBeUnique(column="count"),
            ],
            2,
        ),
    ],
    ids=["rules about rows", "rules about columns", "with a key"],
)
def test_the_table_is_read_once_and_once_more_for_each_key(
    rules: list[Expectation], reads: int
) -> None:
    seen = []

    def source(columns: list[str] | None, *_: object) -> Iterator[pl.DataFrame]:
        seen.append(columns)
        yield FRAME if columns is None else FRAME.select(columns)

    judged(*rules, parts=[register_io_source(source, schema=FRAME.schema)])
    assert len(seen) == reads


def test_no_value_of_a_row_reaches_the_result(capfd: pytest.CaptureFixture[str]) -> None:
    everything = {"result_format": "COMPLETE", "unexpected_index_column_names": ["sensor_id"]}
    result = judged(
        gxe.ExpectColumnValuesToMatchRegex(
            column="sensor_id", regex="^s-[0-9]$", result_format=everything
        ),
        gxe.ExpectColumnValuesToBeInSet(column="sensor_id", value_set=["s-1"]),
        gxe.ExpectColumnValuesToBeUnique(column="sensor_id"),
    )
    assert [found.result["unexpected_count"] for found in result.results] == [1, 3, 2]
    assert all(found.result["partial_unexpected_list"] == [] for found in result.results)
    assert "secret" not in str(result)
    assert capfd.readouterr() == ("", "")


def test_the_engine_withholds_rows_from_great_expectations_itself() -> None:
    table = Table.of([FRAME.lazy()])
    rule = gxe.ExpectColumnValuesToMatchRegex(column="sensor_id", regex="^s-[0-9]$")
    result = Validator(execution_engine=PolarsExecutionEngine(table)).graph_validate(
        [rule.configuration], {"catch_exceptions": False, "result_format": "COMPLETE"}
    )[0]
    assert result.result["unexpected_count"] == 1
    assert result.result["unexpected_list"] == result.result["unexpected_index_list"] == []
    assert "secret" not in str(result)


def test_results_stand_in_the_order_of_the_suite() -> None:
    rules = [
        gxe.ExpectColumnValuesToNotBeNull(column="level"),
        gxe.ExpectTableRowCountToEqual(value=4),
        gxe.ExpectColumnValuesToNotBeNull(column="count"),
        gxe.ExpectColumnMaxToBeBetween(column="level", max_value=9),
    ]
    configurations = [found.expectation_config for found in judged(*rules).results]
    assert configurations == [rule.configuration for rule in rules]


def test_a_parameter_of_the_suite_is_filled_in() -> None:
    rule = gxe.ExpectTableRowCountToEqual(value={"$PARAMETER": "rows"})
    suite = gx.ExpectationSuite("probe", expectations=[rule], suite_parameters={"rows": 4})
    assert judge_frame([FRAME.lazy()], suite, "BOOLEAN_ONLY").success


def test_only_the_verdict_is_told_when_nothing_more_is_asked() -> None:
    suite = gx.ExpectationSuite(
        name="probe", expectations=[gxe.ExpectColumnMaxToBeBetween(column="level", max_value=3)]
    )
    result = judge_frame([FRAME.lazy()], suite, "BOOLEAN_ONLY")
    assert not result.success
    assert result.results[0].result == {}


@pytest.mark.parametrize(
    ("column", "name", "holds"),
    [
        ("level", "Float64", True),
        ("level", "Float32", False),
        ("sensor_id", "String", True),
        ("seen_at", "Datetime", True),
        ("seen_at", "Datetime(time_unit='us', time_zone='UTC')", True),
        ("seen_at", "Datetime(time_unit='us', time_zone='Europe/Oslo')", False),
    ],
)
def test_a_type_goes_by_its_polars_name(column: str, name: str, *, holds: bool) -> None:
    result = judged(gxe.ExpectColumnValuesToBeOfType(column=column, type_=name))
    found = result.results[0]
    assert found.success is holds
    assert found.result["observed_value"] == str(FRAME.schema[column])
    assert found.expectation_config is not None
    assert found.expectation_config.type == "expect_column_values_to_be_of_type"


def test_categories_are_judged_as_text() -> None:
    parts = [FRAME.lazy().cast({"sensor_id": pl.Categorical})]
    rule = gxe.ExpectColumnValuesToBeInSet(column="sensor_id", value_set=["s-1", "s-2"])
    assert unexpected(judged(rule, parts=parts)) == 1


def test_days_are_compared_with_days() -> None:
    parts = [FRAME.lazy().select(pl.col("seen_at").dt.date().alias("day"))]
    today, tomorrow = NOON.date(), NOON.date() + dt.timedelta(days=1)
    result = judged(
        gxe.ExpectColumnValuesToBeBetween(column="day", min_value=today, max_value=today),
        gxe.ExpectColumnValuesToBeInSet(column="day", value_set=[today]),
        gxe.ExpectColumnMinToBeBetween(column="day", max_value=today),
        gxe.ExpectColumnValuesToBeBetween(column="day", min_value=tomorrow),
        parts=parts,
    )
    assert [found.success for found in result.results] == [True, True, True, False]


def test_word_characters_of_an_expression_include_norwegian_letters() -> None:
    parts = [pl.LazyFrame({"place": ["Gjøvik", "Ås", "1 2"]})]
    rule = gxe.ExpectColumnValuesToMatchRegex(column="place", regex=r"^\w+$")
    assert unexpected(judged(rule, parts=parts)) == 1


def test_a_bound_keeps_its_microseconds_beside_coarser_instants() -> None:
    parts = [FRAME.lazy().cast({"seen_at": pl.Datetime("ms", "UTC")})]
    after_noon = NOON + dt.timedelta(microseconds=1)
    rule = gxe.ExpectColumnValuesToBeBetween(column="seen_at", min_value=after_noon)
    assert unexpected(judged(rule, parts=parts)) == 1


def test_the_steps_do_not_pay_for_great_expectations() -> None:
    probe = "import pipelines.steps.gx, sys; sys.exit('great_expectations' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", probe], check=False).returncode == 0
