"""Values from a suite, fitted to the type of the column that they are compared with."""

import datetime as dt
from collections.abc import Iterable
from typing import cast
from zoneinfo import ZoneInfo

import polars as pl

Scalar = bool | float | str | dt.date


class Unfit(TypeError):
    """A value from a suite cannot be compared with a column of this type."""


def fitted(value: object, dtype: pl.DataType) -> Scalar:
    """The value as it compares with a column of the type; Unfit when the two do not compare.

    An instant and its column are both with a time zone or both without.
    """
    if isinstance(value, dt.datetime):
        return _instant(value, dtype)
    plain = {
        bool: dtype == pl.Boolean,
        int: dtype.is_numeric(),
        float: dtype.is_numeric(),
        str: dtype == pl.String,
        dt.date: dtype == pl.Date,
    }
    if not plain.get(type(value), False):
        raise Unfit(f"a {type(value).__name__} does not compare with {dtype}")
    return cast("Scalar", value)


def members(values: Iterable[object], dtype: pl.DataType) -> pl.Series:
    """The values as one series of the column's type, without those that it cannot hold."""
    held = [fitted(value, dtype) for value in values if value is not None]
    if dtype.is_integer():
        held = [value for value in held if not isinstance(value, float) or value.is_integer()]
    return pl.Series(held, dtype=dtype, strict=False).drop_nulls()


def comparable(left: pl.DataType, right: pl.DataType) -> bool:
    """Whether the values of one column are less or greater than those of another."""
    if isinstance(left, pl.Datetime) and isinstance(right, pl.Datetime):
        return left.time_zone == right.time_zone
    return left == right or (left.is_numeric() and right.is_numeric())


def _instant(value: dt.datetime, dtype: pl.DataType) -> dt.datetime:
    if not isinstance(dtype, pl.Datetime):
        raise Unfit(f"a timestamp does not compare with {dtype}")
    if (value.tzinfo is None) != (dtype.time_zone is None):
        raise Unfit("the timestamp and the column need a time zone both, or neither")
    return value if dtype.time_zone is None else value.astimezone(ZoneInfo(dtype.time_zone))
