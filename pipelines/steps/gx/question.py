"""One metric that Great Expectations asks for, and the rows that it is about."""

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from pipelines.steps.gx.errors import NotJudgeable
from pipelines.steps.gx.table import Table

WHOLLY_MISSING = frozenset({"all_values_are_missing", "both_values_are_missing"})
PARTLY_MISSING = frozenset({"any_value_is_missing", "either_value_is_missing"})


@dataclass(frozen=True, slots=True)
class Question:
    """A metric, its columns, and the rows that it skips.

    `rule` and `answer` are the halves of the metric's name, as in `column_values.between` and
    `unexpected_count`; `skipping` is an `ignore_row_if` of Great Expectations; `where` is the
    row condition of the expectation, never null.
    """

    rule: str
    answer: str
    columns: tuple[str, ...]
    settings: Mapping[str, object]
    skipping: str
    where: pl.Expr | None

    @property
    def metric(self) -> str:
        """The metric's whole name."""
        return f"{self.rule}.{self.answer}"

    def refusal(self, why: str) -> NotJudgeable:
        """The error that names this rule and its columns."""
        rule = self.metric.removesuffix(".unexpected_count")
        return NotJudgeable(f"{rule} on {', '.join(self.columns)}: {why}")

    def considered(self, table: Table) -> pl.Expr:
        """True for each row that the metric is about, false for the others."""
        kept = ~self._skipped([table.value(column).is_null() for column in self.columns])
        return kept if self.where is None else kept & self.where

    def _skipped(self, missing: list[pl.Expr]) -> pl.Expr:
        if self.skipping in WHOLLY_MISSING:
            return pl.all_horizontal(missing)
        if self.skipping in PARTLY_MISSING:
            return pl.any_horizontal(missing)
        return missing[0] & ~missing[0]  # false in every row; a literal would not broadcast
