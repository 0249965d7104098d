"""A frame's rows as CKAN's API takes and gives them."""

from __future__ import annotations

import datetime as dt
import json
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

Record = dict[str, object]


@dataclass(frozen=True, slots=True)
class Load:
    """The most that one call carries: rows, and bytes of their JSON."""

    rows: int = 20_000
    size: int = 8_000_000


def records_of(rows: pl.DataFrame) -> Iterator[Record]:
    """Each row as JSON can tell it; numbers that JSON has no word for are texts."""
    for row in rows.iter_rows(named=True):
        yield {name: _told(value) for name, value in row.items()}


def frame_of(records: Sequence[Mapping[str, object]], schema: pl.Schema) -> pl.DataFrame:
    """The rows that those records tell."""
    columns = {
        name: [_read(record[name], dtype) for record in records] for name, dtype in schema.items()
    }
    return pl.DataFrame(columns, schema=schema)


def loads(records: Iterator[Record], most: Load) -> Iterator[list[Record]]:
    """The records in as few lists as the most that one call carries allows."""
    taken: list[Record] = []
    size = 0
    for record in records:
        heavy = len(json.dumps(record))
        if taken and (len(taken) == most.rows or size + heavy > most.size):
            yield taken
            taken, size = [], 0
        taken.append(record)
        size += heavy
    if taken:
        yield taken


def _told(value: object) -> object:
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return value


def _read(value: object, dtype: pl.DataType) -> object:
    if value is None:
        return None
    return _READ.get(dtype.base_type(), _as_is)(value)


def _as_is(value: object) -> object:
    return value


_READ: Mapping[type[pl.DataType], Callable[[object], object]] = {
    pl.Float64: lambda value: float(str(value)),
    pl.Date: lambda value: dt.date.fromisoformat(str(value)),
    pl.Datetime: lambda value: dt.datetime.fromisoformat(str(value)),
}
