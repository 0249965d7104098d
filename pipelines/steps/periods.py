"""The periods that an aggregate counts: which days they hold, and when they are counted."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self
from zoneinfo import ZoneInfo

import polars as pl

from pipelines.steps.site import Site
from schemas.aggregation import Aggregation, Period

_EVERY: Mapping[Period, str] = {
    "day": "1d",
    "week": "1w",
    "month": "1mo",
    "quarter": "1q",
    "year": "1y",
}


def period_of(day: str, every: Period) -> str:
    """The first day of the period that a local day lies in, ISO 8601; weeks begin on Monday."""
    return str(pl.select(pl.lit(dt.date.fromisoformat(day)).dt.truncate(_EVERY[every])).item())


@dataclass(frozen=True, slots=True)
class Ripe:
    """Which periods are counted: those whose rows are all here, and none of them swept yet.

    A period that has not ended is not counted: counts of it, published day by day, would tell by
    their differences what each day brought. One that begins before what retention keeps stays as
    it was counted last.
    """

    every: Period
    settled: dt.date
    oldest: dt.date

    @classmethod
    def of(cls, site: Site, asked: Aggregation, now: dt.datetime) -> Self:
        """The periods that have ended by `now`, but for the time that an event may take to come."""
        levels, zone = site.contract.levels, ZoneInfo(site.municipality.time_zone)
        settled = (now - levels.latency).astimezone(zone).date()
        kept = levels.retention
        oldest = now.astimezone(zone).date() - kept if kept else dt.date.min
        return cls(asked.every, settled, oldest)

    def __contains__(self, period: str) -> bool:
        start = dt.date.fromisoformat(period)
        end = pl.select(pl.lit(start).dt.offset_by(_EVERY[self.every])).item()
        return self.oldest <= start and end <= self.settled
