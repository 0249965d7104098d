"""Periods of time: how much of an instant or a date is kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import polars as pl

from schemas.errors import PolicyBreach

GrainWord = Literal["year", "quarter", "month", "week", "day", "hour"]

_EVERY: dict[GrainWord, str] = {
    "year": "1y",
    "quarter": "1q",
    "month": "1mo",
    "week": "1w",
    "day": "1d",
    "hour": "1h",
}
_LABEL: dict[GrainWord, str] = {
    "year": "%Y",
    "month": "%Y-%m",
    "week": "%G-W%V",
    "day": "%Y-%m-%d",
    "hour": "%Y-%m-%dT%HZ",
}


@dataclass(frozen=True, slots=True)
class Grain:
    """How much of an instant or a date is kept.

    Years, quarters, months, weeks and days are those of the zone, and a week is ISO's, from
    Monday; hours are UTC's, which never repeat.
    """

    to: GrainWord
    zone: str = "Europe/Oslo"


def period_label(values: pl.Series, grain: Grain) -> pl.Series:
    """The name of the period that each value lies in: 2026, 2026-Q4, 2026-10, 2026-W43, ...

    Raises:
        PolicyBreach: the values are no time, or no finer than the grain.
    """
    local = _local(values, grain)
    if grain.to == "quarter":
        label = pl.format("{}-Q{}", local.dt.year(), local.dt.quarter())
        return pl.select(label.alias(values.name)).to_series()
    return local.dt.strftime(_LABEL[grain.to])


def period_start(values: pl.Series, grain: Grain) -> pl.Series:
    """The beginning of the period that each value lies in, in the column's own kind.

    Raises:
        PolicyBreach: the values are no time, or no finer than the grain.
    """
    local = _local(values, grain).dt.truncate(_EVERY[grain.to])
    return local if values.dtype == pl.Date else local.dt.convert_time_zone(_zone(values))


def _local(values: pl.Series, grain: Grain) -> pl.Series:
    if values.dtype == pl.Date and grain.to not in ("day", "hour"):
        return values
    if not _zone(values):
        raise PolicyBreach(f"{values.name}: {grain.to} does not coarsen {values.dtype}")
    return values.dt.convert_time_zone("UTC" if grain.to == "hour" else grain.zone)


def _zone(values: pl.Series) -> str:
    return (values.dtype.time_zone or "") if isinstance(values.dtype, pl.Datetime) else ""
