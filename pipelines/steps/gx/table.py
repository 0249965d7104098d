"""The table under judgement, its columns seen as Great Expectations' pandas engine sees them."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Self

import polars as pl

from pipelines.steps.gx.errors import NotJudgeable

PARTS_AT_ONCE = 8


@dataclass(frozen=True, slots=True)
class Table:
    """The parts of one commit, read as one table.

    `partitioned_by` names columns of which the part is a function: rows that agree in all of
    them share a part. Without a name, nothing is known.
    """

    parts: Sequence[pl.LazyFrame]
    schema: pl.Schema
    partitioned_by: frozenset[str]

    @classmethod
    def of(cls, parts: Sequence[pl.LazyFrame], partitioned_by: Sequence[str] = ()) -> Self:
        """The table of these parts; NotJudgeable when there is none."""
        if not parts:
            raise NotJudgeable("no part to judge")
        with _withheld():
            return cls(parts, parts[0].collect_schema(), frozenset(partitioned_by))

    def dtype(self, column: str) -> pl.DataType:
        """The type that `value` gives; NotJudgeable when the table lacks the column."""
        if column not in self.schema:
            raise NotJudgeable(f"column {column} is missing from the table")
        dtype = self.schema[column]
        if isinstance(dtype, pl.Categorical | pl.Enum):
            return pl.String()
        if isinstance(dtype, pl.Datetime) and dtype.time_unit == "ms":
            return pl.Datetime("us", dtype.time_zone)  # a bound would lose its microseconds
        return dtype

    def value(self, column: str) -> pl.Expr:
        """The column with NaN as missing, categories as text and instants in microseconds."""
        dtype = self.dtype(column)
        if dtype.is_float():
            return pl.col(column).fill_nan(None)
        return pl.col(column) if dtype == self.schema[column] else pl.col(column).cast(dtype)

    def batches_by(self, key: Sequence[str]) -> Iterator[pl.LazyFrame]:
        """Frames that hold every row once and never divide rows that agree in the key."""
        known = self.partitioned_by and self.partitioned_by <= set(key)
        step = PARTS_AT_ONCE if known else len(self.parts)
        for start in range(0, len(self.parts), step):
            yield pl.concat(self.parts[start : start + step])

    def aggregate(self, wanted: Sequence[pl.Expr]) -> tuple[object, ...]:
        """The value of each aggregate over all rows, from one streamed query."""
        if not wanted:
            return ()
        named = [expr.alias(str(place)) for place, expr in enumerate(wanted)]
        return collect(pl.concat(self.parts).select(named)).row(0)


def collect(frame: pl.LazyFrame) -> pl.DataFrame:
    """The rows of a frame, streamed; NotJudgeable when it cannot be computed."""
    with _withheld():
        return frame.collect(engine="streaming")


@contextmanager
def _withheld() -> Iterator[None]:
    # the message of a polars error may hold a value of a row, so it goes no further
    try:
        yield
    except pl.exceptions.PolarsError as error:
        raise NotJudgeable(f"the table cannot be read: {type(error).__name__}") from None
