"""The rules that hold or fail row by row, as Polars expressions.

An expression is true where the rule holds; it may be null where the value is missing. Regular
expressions are read in Polars' dialect: word classes know all letters, and there is no
look-around.
"""

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import cast

import polars as pl

from pipelines.steps.gx.bounds import Unfit, comparable, fitted, members
from pipelines.steps.gx.question import Question
from pipelines.steps.gx.table import Table

Condition = Callable[[Question, Table], pl.Expr]


def _present(question: Question, table: Table) -> pl.Expr:
    return table.value(question.columns[0]).is_not_null()


def _absent(question: Question, table: Table) -> pl.Expr:
    return table.value(question.columns[0]).is_null()


def _between(question: Question, table: Table) -> pl.Expr:
    column = question.columns[0]
    return _within(table.value(column), table.dtype(column), question.settings)


def _length_between(question: Question, table: Table) -> pl.Expr:
    return _within(_text(question, table).str.len_chars(), pl.UInt32(), question.settings)


def _length_equal(question: Question, table: Table) -> pl.Expr:
    length = _text(question, table).str.len_chars()
    return length == fitted(question.settings["value"], pl.UInt32())


def _among(question: Question, table: Table) -> pl.Expr:
    column, allowed = question.columns[0], question.settings["value_set"]
    if allowed is None:
        return table.value(column).is_not_null()
    held = members(cast("Iterable[object]", allowed), table.dtype(column))
    return table.value(column).is_in(held.implode())


def _not_among(question: Question, table: Table) -> pl.Expr:
    if question.settings["value_set"] is None:
        return table.value(question.columns[0]).is_not_null()
    return ~_among(question, table)


def _matching(question: Question, table: Table) -> pl.Expr:
    return _text(question, table).str.contains(_pattern(question))


def _not_matching(question: Question, table: Table) -> pl.Expr:
    return ~_matching(question, table)


def _greater(question: Question, table: Table) -> pl.Expr:
    left, right = question.columns
    if not comparable(table.dtype(left), table.dtype(right)):
        raise Unfit(f"{table.dtype(left)} does not compare with {table.dtype(right)}")
    high, low = table.value(left), table.value(right)
    held = high >= low if question.settings.get("or_equal") else high > low
    return held.fill_null(value=False)


def _within(value: pl.Expr, dtype: pl.DataType, settings: Mapping[str, object]) -> pl.Expr:
    low, high = (
        None if settings.get(name) is None else fitted(settings[name], dtype)
        for name in ("min_value", "max_value")
    )
    held = []
    if low is not None:
        held.append(value > low if settings.get("strict_min") else value >= low)
    if high is not None:
        held.append(value < high if settings.get("strict_max") else value <= high)
    if not held:
        raise Unfit("neither a minimum nor a maximum")
    return pl.all_horizontal(held)


def _text(question: Question, table: Table) -> pl.Expr:
    column = question.columns[0]
    if table.dtype(column) != pl.String:
        raise Unfit(f"needs text, not {table.dtype(column)}")
    return table.value(column)


def _pattern(question: Question) -> str:
    pattern = str(question.settings["regex"])
    try:
        pl.Series([""]).str.contains(pattern)
    except pl.exceptions.ComputeError:
        raise Unfit("Polars does not read its regular expression") from None
    return pattern


CONDITIONS: Mapping[str, Condition] = MappingProxyType(
    {
        "column_values.nonnull": _present,
        "column_values.null": _absent,
        "column_values.between": _between,
        "column_values.value_length.between": _length_between,
        "column_values.value_length.equals": _length_equal,
        "column_values.in_set": _among,
        "column_values.not_in_set": _not_among,
        "column_values.match_regex": _matching,
        "column_values.not_match_regex": _not_matching,
        "column_pair_values.a_greater_than_b": _greater,
    }
)
