"""A sample as a whole: its columns as they were read, and the conventions that they share."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Self

import polars as pl

from pipelines.steps.sample.columns import Column, moments, read_column
from pipelines.steps.sample.shape import rhythm_of
from pipelines.steps.sample.table import Table


@dataclass(frozen=True, slots=True)
class Found:
    """The columns that can become fields, their values, and the profile of the source."""

    columns: tuple[Column, ...]
    values: pl.DataFrame
    profile: Mapping[str, object]

    @classmethod
    def of(cls, table: Table) -> Self:
        """What the sample tells. Empty columns, and what has no name, are ignored."""
        values = table.columns
        empty = [name for name in values.columns if values[name].null_count() == values.height]
        values = values.drop(empty)
        columns = [read_column(values[name]) for name in values.columns]
        decimal = _decimal(columns)
        kept = [_plain(column, decimal) for column in columns]
        joined, values = _with_clock(kept, values)
        profile = {"format": table.format, **table.profile, **_shared(joined, decimal)}
        ignored = [*table.lists, *empty]
        return cls(tuple(joined), values, profile | ({"ignored": ignored} if ignored else {}))

    def rhythm(self, event: str | None) -> timedelta:
        """How often an event happens; a day where there is none."""
        column = next((column for column in self.columns if column.name == event), None)
        return rhythm_of(moments(column, self.values[column.name])) if column else timedelta(days=1)


def _decimal(columns: list[Column]) -> str:
    marks = Counter(column.decimal for column in columns if column.decimal)
    return max(marks, key=lambda mark: marks[mark], default=".")


def _plain(column: Column, decimal: str) -> Column:
    """The column as the whole source can be read: one decimal mark, and no time without a day."""
    if column.decimal and column.decimal != decimal:
        return Column(column.name, "string")
    return column


def _with_clock(columns: list[Column], values: pl.DataFrame) -> tuple[list[Column], pl.DataFrame]:
    """A date and a time of day beside it become an instant, where the sample has none."""
    date = next((c.name for c in columns if c.kind == "date"), None)
    clock = next((c.name for c in columns if c.kind == "clock"), None)
    if date is None or clock is None or any(c.kind == "timestamp" for c in columns):
        return columns, values
    both = values.select(pl.concat_str(date, clock, separator=" ").alias(f"{date} {clock}"))
    column = replace(read_column(both.to_series()), parts=(date, clock))
    if column.kind != "timestamp":
        return columns, values
    rest = [c for c in columns if c.name not in column.parts]
    return [column, *rest], values.drop(column.parts).hstack(both)


def _shared(columns: list[Column], decimal: str) -> dict[str, object]:
    marks = dict.fromkeys(mark for c in columns if c.kind != "string" for mark in c.marks)
    thousands = next((c.thousands for c in columns if c.thousands), "")
    shared: dict[str, object] = {"decimal": decimal} if decimal != "." else {}
    shared |= {"thousands": thousands} if thousands else {}
    return shared | ({"null_marks": ["", *marks]} if marks else {})
