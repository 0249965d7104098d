"""The one table of type words: what a contract says, and what it is in Polars and on a portal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import polars as pl

TypeWord = Literal["string", "integer", "number", "boolean", "date", "timestamp"]


@dataclass(frozen=True, slots=True)
class Kind:
    """A type word's forms: Polars dtype, Data Package 2.0 field type, and whether it has a unit."""

    dtype: pl.DataType
    data_package: str
    has_unit: bool = False


KINDS: dict[TypeWord, Kind] = {
    "string": Kind(pl.String(), "string"),
    "integer": Kind(pl.Int64(), "integer", has_unit=True),
    "number": Kind(pl.Float64(), "number", has_unit=True),
    "boolean": Kind(pl.Boolean(), "boolean"),
    "date": Kind(pl.Date(), "date"),
    "timestamp": Kind(pl.Datetime("us", "UTC"), "datetime"),
}

if set(KINDS) != set(get_args(TypeWord)):
    raise AssertionError("every type word has its kind")
