"""Great Expectations' seam for a compute engine, filled with Polars.

Expectations, suites, the metric graph and results stay Great Expectations' own. What its graph
asks for in one round is one streamed query, and one more for each rule of uniqueness.
"""

import operator
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from functools import cache
from types import MappingProxyType
from typing import NoReturn, cast

import polars as pl
from great_expectations.exceptions.exceptions import MetricProviderError
from great_expectations.execution_engine.execution_engine import ExecutionEngine
from great_expectations.expectations.metrics.metric_provider import MetricProvider
from great_expectations.expectations.registry import get_metric_kwargs, register_metric
from great_expectations.expectations.row_conditions import (
    AndCondition,
    ComparisonCondition,
    NullityCondition,
    Operator,
    OrCondition,
    deserialize_row_condition,
)
from great_expectations.validator.metric_configuration import (
    MetricConfiguration,
    MetricConfigurationID,
)

from pipelines.steps.gx.bounds import Unfit, fitted, members
from pipelines.steps.gx.errors import NotJudgeable
from pipelines.steps.gx.metrics import answers, metric_names
from pipelines.steps.gx.question import Question
from pipelines.steps.gx.table import Table

NEVER_SKIPPING = frozenset({"column_values.nonnull", "column_values.null"})
COMPARISONS = MappingProxyType(
    {
        Operator.EQUAL: operator.eq,
        Operator.NOT_EQUAL: operator.ne,
        Operator.LESS_THAN: operator.lt,
        Operator.LESS_THAN_OR_EQUAL: operator.le,
        Operator.GREATER_THAN: operator.gt,
        Operator.GREATER_THAN_OR_EQUAL: operator.ge,
    }
)
ROW_CONDITIONS = (ComparisonCondition, NullityCondition, AndCondition, OrCondition)


class PolarsExecutionEngine(ExecutionEngine[pl.Expr]):
    """Answers metrics about one table; no value of a row reaches Great Expectations.

    The one exception is what a suite asks for by name: the least, the greatest, the mean or
    the sum of a column.
    """

    def __init__(self, table: Table) -> None:
        super().__init__(caching=False)
        self.table = table
        _register()

    def resolve_metrics(
        self,
        metrics_to_resolve: Iterable[MetricConfiguration],
        *_: object,
        **__: object,
    ) -> dict[MetricConfigurationID, object]:
        """The value of every metric of one round of the graph."""
        asked = list(metrics_to_resolve)
        questions = [self._question(metric) for metric in asked]
        values = answers(questions, self.table)
        return {metric.id: value for metric, value in zip(asked, values, strict=True)}

    def get_batch_data_and_markers(self, batch_spec: object) -> NoReturn:
        """Refuses: an engine is made for one table and reads no other."""
        raise NotJudgeable(f"the Polars engine loads no {type(batch_spec).__name__}")

    def _question(self, metric: MetricConfiguration) -> Question:
        rule, _, answer = metric.metric_name.rpartition(".")
        domain = metric.metric_domain_kwargs
        if domain.get("table"):
            raise NotJudgeable(f"{metric.metric_name}: another table cannot be asked")
        own = "never" if rule in NEVER_SKIPPING else "any_value_is_missing"
        return Question(
            rule=rule,
            answer=answer,
            columns=_columns(domain),
            settings=metric.metric_value_kwargs,
            skipping=domain.get("ignore_row_if") or own,
            where=self._where(domain.get("row_condition")),
        )

    def _where(self, condition: object) -> pl.Expr | None:
        held = deserialize_row_condition(condition)
        if held is None:
            return None
        if not isinstance(held, ROW_CONDITIONS):
            raise NotJudgeable("a row condition in another engine's own words")
        try:
            return self.condition_to_filter_clause(held)
        except Unfit as error:
            raise NotJudgeable(f"row condition: {error}") from None

    def _comparison_condition_to_filter_clause(self, condition: ComparisonCondition) -> pl.Expr:
        name, sign = condition.column.name, condition.operator
        value, dtype = self.table.value(name), self.table.dtype(name)
        if sign in {Operator.IN, Operator.NOT_IN}:
            among = value.is_in(members(condition.parameter, dtype).implode())
            held = among if sign == Operator.IN else ~among
        else:
            held = COMPARISONS[sign](value, fitted(condition.parameter, dtype))
        # a missing value differs from every other, as in the pandas engine
        return held.fill_null(value=sign in {Operator.NOT_EQUAL, Operator.NOT_IN})

    def _nullity_condition_to_filter_clause(self, condition: NullityCondition) -> pl.Expr:
        value = self.table.value(condition.column.name)
        return value.is_null() if condition.is_null else value.is_not_null()

    def _and_condition_to_filter_clause(self, condition: AndCondition) -> pl.Expr:
        return pl.all_horizontal(map(self.condition_to_filter_clause, condition.conditions))

    def _or_condition_to_filter_clause(self, condition: OrCondition) -> pl.Expr:
        return pl.any_horizontal(map(self.condition_to_filter_clause, condition.conditions))


def _columns(domain: Mapping[str, object]) -> tuple[str, ...]:
    named = [domain[key] for key in ("column", "column_A", "column_B") if key in domain]
    return tuple(cast("Sequence[str]", named or domain.get("column_list", ())))


@cache
def _register() -> None:
    for name in metric_names():
        with suppress(MetricProviderError):
            keys = get_metric_kwargs(name)
            register_metric(
                metric_name=name,
                metric_domain_keys=keys["metric_domain_keys"],
                metric_value_keys=keys["metric_value_keys"],
                execution_engine=PolarsExecutionEngine,
                metric_class=MetricProvider,
                metric_provider=None,
            )
