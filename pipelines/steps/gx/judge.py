"""The verdict of a Great Expectations suite on a table, without a data context."""

from collections.abc import Sequence
from typing import Literal

import polars as pl
from great_expectations import ExpectationSuite, __version__
from great_expectations.core.expectation_validation_result import (
    ExpectationSuiteValidationResult,
    ExpectationValidationResult,
)
from great_expectations.exceptions.exceptions import GreatExpectationsError
from great_expectations.expectations.expectation import Expectation
from great_expectations.expectations.expectation_configuration import ExpectationConfiguration
from great_expectations.validator.validation_statistics import calc_validation_statistics
from great_expectations.validator.validator import Validator

from pipelines.steps.gx.column_type import GENUINE, STAND_IN, renamed
from pipelines.steps.gx.engine import PolarsExecutionEngine
from pipelines.steps.gx.errors import NotJudgeable
from pipelines.steps.gx.metrics import RULES, TABLE_METRICS
from pipelines.steps.gx.table import Table

ResultFormat = Literal["BOOLEAN_ONLY", "SUMMARY"]


def judge_frame(
    parts: Sequence[pl.LazyFrame],
    suite: ExpectationSuite,
    result_format: ResultFormat,
    *,
    partitioned_by: Sequence[str] = (),
) -> ExpectationSuiteValidationResult:
    """The suite's verdict on the rows of all parts together.

    All parts have the same columns in the same order; results stand in the order of the suite's
    rules. BOOLEAN_ONLY tells which rules hold; SUMMARY adds exact counts. Lists of unexpected
    values are empty by design: no value of a row reaches the result, but for the minimum or
    maximum of a column that a rule asks for.

    `partitioned_by` names the columns that decide which part a row is in, such as the time when
    parts are days: a rule of uniqueness over them is counted a few parts at a time, and memory
    is then flat however many parts there are.

    Raises:
        NotJudgeable: a rule is not among those that the engine computes, does not fit the type
            of its column, or names a column that the table lacks.
    """
    table = Table.of(parts, partitioned_by)
    results = _results(table, suite, result_format)
    counts = calc_validation_statistics(results)
    return ExpectationSuiteValidationResult(
        success=counts.success,
        results=results,
        suite_name=suite.name,
        statistics={
            "evaluated_expectations": counts.evaluated_expectations,
            "successful_expectations": counts.successful_expectations,
            "unsuccessful_expectations": counts.unsuccessful_expectations,
            "success_percent": counts.success_percent,
        },
        meta={"great_expectations_version": __version__},
    )


def _results(
    table: Table, suite: ExpectationSuite, result_format: ResultFormat
) -> list[ExpectationValidationResult]:
    validator = Validator(execution_engine=PolarsExecutionEngine(table))
    validator.metrics_calculator.show_progress_bars = False
    rules = [_judged(rule) for rule in suite.expectations]
    # for its effect on the rules: the list that it returns is in another order
    validator.process_expectations_for_validation(rules, suite.suite_parameters)
    runtime = {
        "catch_exceptions": False,
        "result_format": {"result_format": result_format, "partial_unexpected_count": 0},
    }
    try:
        return validator.graph_validate(configurations=rules, runtime_configuration=runtime)
    except (GreatExpectationsError, TypeError, ValueError) as error:
        # its message may hold an observed value
        refused = f"suite {suite.name}: Great Expectations refused a rule"
        raise NotJudgeable(f"{refused}: {type(error).__name__}") from None


def _judged(rule: Expectation) -> ExpectationConfiguration:
    configuration = rule.configuration
    if configuration.type == GENUINE:
        return renamed(configuration, STAND_IN)
    asked = {getattr(rule, "map_metric", None), *getattr(rule, "metric_dependencies", ())} - {None}
    if not asked or not asked <= RULES | TABLE_METRICS:
        raise NotJudgeable(f"{configuration.type}: the Polars engine does not compute it")
    return configuration
