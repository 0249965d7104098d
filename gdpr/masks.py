"""The masks, from column to column: each pure, each refusing a column that it would not mask.

`drop` is the absence of a column and has no function. `pseudonym`, `generalise` and `truncate`
give text; `bucket` gives values of the column's own kind. Null stays null throughout.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import polars as pl

from gdpr.pseudonym import pseudonym
from schemas.errors import PolicyBreach

__all__ = ["Bands", "Grain", "bucket", "generalise", "pseudonym", "truncate"]

GrainWord = Literal["year", "month", "day", "hour"]

_EVERY: dict[GrainWord, str] = {"year": "1y", "month": "1mo", "day": "1d", "hour": "1h"}
_LABEL: dict[GrainWord, str] = {
    "year": "%Y",
    "month": "%Y-%m",
    "day": "%Y-%m-%d",
    "hour": "%Y-%m-%dT%HZ",
}


@dataclass(frozen=True, slots=True)
class Grain:
    """How much of an instant or a date is kept.

    Years, months and days are those of the zone; hours are UTC's, which never repeat.
    """

    to: GrainWord
    zone: str = "Europe/Oslo"


@dataclass(frozen=True, slots=True)
class Bands:
    """Bands of numbers from their rising lower edges; what lies below the first is a band too.

    Raises:
        PolicyBreach: there is no edge, or they do not rise.
    """

    edges: tuple[float, ...]

    def __post_init__(self) -> None:
        rising = all(low < high for low, high in pairwise(self.edges))
        if not self.edges or not rising or not all(map(math.isfinite, self.edges)):
            raise PolicyBreach("bands need lower edges that rise")

    @property
    def labels(self) -> tuple[str, ...]:
        """The bands' names, in order: (18, 67) gives <18, 18-66 and 67+."""
        between = [_between(low, high) for low, high in pairwise(self.edges)]
        return (f"<{_plain(self.edges[0])}", *between, f"{_plain(self.edges[-1])}+")


def generalise(values: pl.Series, to: Bands | Grain) -> pl.Series:
    """The name of the band or the period that each value lies in; what is no number becomes null.

    Raises:
        PolicyBreach: bands for what is no number, a grain for what is no time or no finer.
    """
    if isinstance(to, Bands):
        return _banded(values, to)
    return _local(values, to).dt.strftime(_LABEL[to.to])


def truncate(values: pl.Series, length: int) -> pl.Series:
    """The first characters of each text; a text that is no longer than that stays whole.

    Raises:
        PolicyBreach: the values are no text, or no character would be kept.
    """
    if values.dtype != pl.String or length < 1:
        raise PolicyBreach(f"{values.name}: truncate keeps 1 or more characters of text")
    return values.str.slice(0, length)


def bucket(values: pl.Series, width: float | Grain) -> pl.Series:
    """The lower edge of each value's bucket: bucket <= value < bucket + width.

    Whole numbers come as Int64, and other numbers as Float64, where infinities become null.

    Raises:
        PolicyBreach: the width does not fit what the column holds, or would change nothing.
    """
    if isinstance(width, Grain):
        local = _local(values, width).dt.truncate(_EVERY[width.to])
        return local if values.dtype == pl.Date else local.dt.convert_time_zone(_zone(values))
    if values.dtype.is_integer():
        return _whole_bucket(values, width)
    if values.dtype.is_numeric() and 0 < width < math.inf:
        return _float_bucket(values, width)
    raise PolicyBreach(f"{values.name}: a bucket of {width:g} does not fit {values.dtype}")


def _between(low: float, high: float) -> str:
    if low == int(low) and high == int(high):
        last = _plain(high - 1)
        return _plain(low) if low == high - 1 else f"{_plain(low)}-{last}"
    return f"{_plain(low)}-<{_plain(high)}"


def _plain(edge: float) -> str:
    return str(int(edge)) if edge == int(edge) else str(edge)


def _banded(values: pl.Series, bands: Bands) -> pl.Series:
    if not values.dtype.is_numeric():
        raise PolicyBreach(f"{values.name}: bands are of numbers, not {values.dtype}")
    number, edges = _comparable(values, bands)
    below = edges.search_sorted(number, side="right")
    band = below.zip_with(number.is_not_null(), pl.Series([None], dtype=below.dtype))
    return pl.Series(values.name, bands.labels).gather(band)


def _comparable(values: pl.Series, bands: Bands) -> tuple[pl.Series, pl.Series]:
    """Numbers and edges of one exact type: a whole number is compared as one."""
    if values.dtype.is_integer():
        whole = [math.ceil(edge) for edge in bands.edges]
        return values.cast(pl.Int128), pl.Series(whole, dtype=pl.Int128)
    return values.cast(pl.Float64).fill_nan(None), pl.Series(bands.edges, dtype=pl.Float64)


def _local(values: pl.Series, grain: Grain) -> pl.Series:
    if values.dtype == pl.Date and grain.to in ("year", "month"):
        return values
    if not _zone(values):
        raise PolicyBreach(f"{values.name}: {grain.to} does not coarsen {values.dtype}")
    return values.dt.convert_time_zone("UTC" if grain.to == "hour" else grain.zone)


def _zone(values: pl.Series) -> str:
    return (values.dtype.time_zone or "") if isinstance(values.dtype, pl.Datetime) else ""


def _whole_bucket(values: pl.Series, width: float) -> pl.Series:
    if not 1 < width < 1 << 63 or width != int(width):
        raise PolicyBreach(f"{values.name}: whole numbers need a whole width of 2 or more")
    number = values.cast(pl.Int64, strict=False)
    lower = number // int(width) * int(width)
    # the lowest buckets of 64 bits would wrap round
    return lower.set(lower > number, None)


def _float_bucket(values: pl.Series, width: float) -> pl.Series:
    number = values.cast(pl.Float64)
    number = number.set(~number.is_finite(), None)
    steps = (number / width).floor()
    # division rounds: a step too far or too short is taken back
    steps = steps - (steps * width > number).cast(pl.Float64)
    steps = steps + ((steps + 1) * width <= number).cast(pl.Float64)
    return steps * width
