"""Numbers made coarser: by bands, by buckets, by rounding, and by what is cut off at the ends."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

import polars as pl

from schemas.errors import PolicyBreach

_LIMIT = 1 << 63


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


@dataclass(frozen=True, slots=True)
class Ends:
    """The least and the greatest number that is shown; None where that end is open.

    Raises:
        PolicyBreach: both ends are open, one is infinite, or the top is not above the bottom.
    """

    bottom: float | None = None
    top: float | None = None

    def __post_init__(self) -> None:
        known = [end for end in (self.bottom, self.top) if end is not None]
        if not known or known != sorted(set(known)) or not all(map(math.isfinite, known)):
            raise PolicyBreach("a top above a bottom, or one of them, is needed")


def band_label(values: pl.Series, bands: Bands) -> pl.Series:
    """The name of the band that each number lies in; what is no number becomes null.

    Raises:
        PolicyBreach: the values are no numbers.
    """
    if not values.dtype.is_numeric():
        raise PolicyBreach(f"{values.name}: bands are of numbers, not {values.dtype}")
    number, edges = _comparable(values, bands)
    below = edges.search_sorted(number, side="right")
    band = below.zip_with(number.is_not_null(), pl.Series([None], dtype=below.dtype))
    return pl.Series(values.name, bands.labels).gather(band)


def number_bucket(values: pl.Series, width: float) -> pl.Series:
    """The greatest multiple of the width that is not above each number.

    Raises:
        PolicyBreach: the width does not fit what the column holds, or would change nothing.
    """
    if _is_whole(values, width):
        number = values.cast(pl.Int64, strict=False)
        lower = number // int(width) * int(width)
        # the lowest buckets of 64 bits would wrap round
        return lower.set(lower > number, None)
    number = _finite(values)
    steps = (number / width).floor()
    # division rounds: a step too far or too short is taken back
    steps = steps - (steps * width > number).cast(pl.Float64)
    steps = steps + ((steps + 1) * width <= number).cast(pl.Float64)
    return steps * width


def round_to(values: pl.Series, width: float) -> pl.Series:
    """The multiple of the width nearest to each number; a half goes away from zero.

    Whole numbers come as Int64, where a multiple beyond 64 bits is null; other numbers as
    Float64, where infinities become null.

    Raises:
        PolicyBreach: the width does not fit what the column holds, or would change nothing.
    """
    if _is_whole(values, width):
        number, step = pl.lit(values.cast(pl.Int128)), pl.lit(int(width), dtype=pl.Int128)
        away = (number.abs() + step // 2) // step * step * number.sign()
        return pl.select(away.cast(pl.Int64, strict=False).alias(values.name)).to_series()
    steps = (_finite(values) / width).round(mode="half_away_from_zero")
    # a zero has no sign: -0.0 would tell on which side of it the number lay
    return (steps * width).set(steps == 0, 0.0)


def top_code(values: pl.Series, ends: Ends) -> pl.Series:
    """Each number, or the end that it lies beyond, in the column's own type; NaN becomes null.

    Raises:
        PolicyBreach: the values are no numbers, or an end is no number of the column's type.
    """
    if not values.dtype.is_numeric():
        raise PolicyBreach(f"{values.name}: top and bottom are of numbers, not {values.dtype}")
    if not values.dtype.is_integer():
        return values.fill_nan(None).clip(ends.bottom, ends.top).cast(values.dtype)
    least, most = _exact(values, ends.bottom), _exact(values, ends.top)
    return values.clip(least, most)


def _exact(values: pl.Series, end: float | None) -> int | None:
    if end is None:
        return None
    held = pl.Series([int(end)], dtype=pl.Int128).cast(values.dtype, strict=False)
    if end != int(end) or held.null_count():
        raise PolicyBreach(f"{values.name}: {end:g} is no {values.dtype}")
    return int(end)


def _between(low: float, high: float) -> str:
    if low == int(low) and high == int(high):
        last = _plain(high - 1)
        return _plain(low) if low == high - 1 else f"{_plain(low)}-{last}"
    return f"{_plain(low)}-<{_plain(high)}"


def _plain(edge: float) -> str:
    return str(int(edge)) if edge == int(edge) else str(edge)


def _comparable(values: pl.Series, bands: Bands) -> tuple[pl.Series, pl.Series]:
    """Numbers and edges of one exact type: a whole number is compared as one."""
    if values.dtype.is_integer():
        whole = [math.ceil(edge) for edge in bands.edges]
        return values.cast(pl.Int128), pl.Series(whole, dtype=pl.Int128)
    return values.cast(pl.Float64).fill_nan(None), pl.Series(bands.edges, dtype=pl.Float64)


def _is_whole(values: pl.Series, width: float) -> bool:
    """Whether the numbers are whole ones; both they and the others need a width that fits."""
    if values.dtype.is_integer():
        if not 1 < width < _LIMIT or width != int(width):
            raise PolicyBreach(f"{values.name}: whole numbers need a whole width of 2 or more")
        return True
    if not values.dtype.is_numeric() or not 0 < width < math.inf:
        raise PolicyBreach(f"{values.name}: a width of {width:g} does not fit {values.dtype}")
    return False


def _finite(values: pl.Series) -> pl.Series:
    number = values.cast(pl.Float64)
    return number.set(~number.is_finite(), None)
