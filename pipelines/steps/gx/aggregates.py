"""The metrics that one pass over the rows computes, as Polars aggregates."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

import polars as pl

from pipelines.steps.gx.bounds import Unfit
from pipelines.steps.gx.conditions import CONDITIONS
from pipelines.steps.gx.question import Question
from pipelines.steps.gx.table import Table

Aggregate = Callable[[Question, Table], pl.Expr]


def aggregate(question: Question, table: Table) -> pl.Expr:
    """The aggregate that answers a question over all rows.

    Raises:
        NotJudgeable: the rule does not fit the type of its column, or the column is missing.
    """
    try:
        return _aggregate(question, table)
    except Unfit as error:
        raise question.refusal(str(error)) from None


def _aggregate(question: Question, table: Table) -> pl.Expr:
    if question.answer == "unexpected_count":
        broken = ~CONDITIONS[question.rule](question, table)
        return (broken & question.considered(table)).sum()
    if question.answer == "filtered_row_count":
        return question.considered(table).sum()
    return AGGREGATES[question.metric](question, table)


def _row_count(question: Question, _table: Table) -> pl.Expr:
    return pl.len() if question.where is None else question.where.sum()


def _value(question: Question, table: Table) -> pl.Expr:
    value = table.value(question.columns[0])
    return value if question.where is None else pl.when(question.where).then(value)


def _number(question: Question, table: Table) -> pl.Expr:
    dtype = table.dtype(question.columns[0])
    if not dtype.is_numeric():
        raise Unfit(f"needs numbers, not {dtype}")
    return _value(question, table)


def _present_share(question: Question, table: Table) -> pl.Expr:
    share = _value(question, table).count() / _row_count(question, table)
    return share.fill_nan(0.0)


AGGREGATES: Mapping[str, Aggregate] = MappingProxyType(
    {
        "table.row_count": _row_count,
        "column.min": lambda question, table: _value(question, table).min(),
        "column.max": lambda question, table: _value(question, table).max(),
        "column.mean": lambda question, table: _number(question, table).mean(),
        "column.sum": lambda question, table: _number(question, table).sum(),
        "column.non_null_proportion": _present_share,
    }
)
