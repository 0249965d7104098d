"""Axes: round numbers and round local times, and where they fall."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator
from dataclasses import dataclass

from connectors.static_portal.formats import number, short_month
from connectors.static_portal.words import Lang

_HOUR, _DAY, _MONTH = dt.timedelta(hours=1), dt.timedelta(days=1), dt.timedelta(days=30)
_YEAR_OF_MONTHS = 12
_FLAT = 1e-6
_STEPS = (
    *((_HOUR, n) for n in (1, 2, 3, 6, 12)),
    *((_DAY, n) for n in (1, 2, 7, 14)),
    *((_MONTH, n) for n in (1, 2, 3, 6, 12, 24, 60, 120)),
)


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark on an axis: its place in pixels and what stands there."""

    at: float
    label: str


@dataclass(frozen=True, slots=True)
class Scale:
    """Values from `low` to `high` on pixels from `start` to `end`."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        """The value's place, to a tenth of a pixel."""
        share = (value - self.low) / ((self.high - self.low) or 1.0)
        return round(self.start + share * (self.end - self.start), 1)


def round_bounds(low: float, high: float, ticks: int) -> tuple[float, float, float]:
    """Round bounds around the values, and the step between ticks.

    Values whose spread is large beside their size start at nought.
    """
    low = 0.0 if 0 <= low <= high / 2 else low
    size = max(abs(low), abs(high))
    spread = high - low if high - low > size * _FLAT else size or 1.0
    step = _round_step(max(spread, _FLAT) / ticks)
    bottom, top = math.floor(low / step) * step, math.ceil(high / step) * step
    return bottom, top if top > bottom else bottom + step, step


def number_ticks(scale: Scale, step: float, lang: Lang) -> tuple[Tick, ...]:
    """A tick at every step from the scale's lower bound."""
    count = round((scale.high - scale.low) / step)
    values = (round(scale.low + n * step, 9) for n in range(count + 1))
    return tuple(Tick(scale(value), number(value, lang)) for value in values)


def time_ticks(scale: Scale, zone: dt.tzinfo, most: int, lang: Lang) -> tuple[Tick, ...]:
    """At most that many ticks at round local hours, days, months or years; seconds scale."""
    first, last = (dt.datetime.fromtimestamp(at, zone) for at in (scale.low, scale.high))
    for unit, count in _STEPS:
        if (last - first) / (unit * count) > most + 1:
            continue
        times = [at for at in _times(first, last, unit, count) if first <= at <= last]
        if len(times) <= most:
            return tuple(Tick(scale(at.timestamp()), _label(at, unit, count, lang)) for at in times)
    return ()


def _round_step(rough: float) -> float:
    power = 10.0 ** math.floor(math.log10(rough))
    return next(n * power for n in (1, 2, 2.5, 5, 10) if n * power >= rough * 0.999)


def _times(
    first: dt.datetime, last: dt.datetime, unit: dt.timedelta, count: int
) -> Iterator[dt.datetime]:
    hours = range(0, 24, count) if unit == _HOUR else (0,)
    for past in range((last.date() - first.date()).days + 1):
        date = first.date() + dt.timedelta(days=past)
        if _is_round(date, unit, count):
            yield from (dt.datetime.combine(date, dt.time(h), first.tzinfo) for h in hours)


def _is_round(date: dt.date, unit: dt.timedelta, count: int) -> bool:
    if unit == _MONTH:
        return date.day == 1 and (date.year * 12 + date.month - 1) % count == 0
    # day 1 of the calendar was a Monday, so that weeks begin on theirs
    return unit == _HOUR or (date.toordinal() - 1) % count == 0


def _label(at: dt.datetime, unit: dt.timedelta, count: int, lang: Lang) -> str:
    if unit == _HOUR and at.hour:
        return f"{at:%H:%M}"
    if unit == _MONTH:
        return str(at.year) if count >= _YEAR_OF_MONTHS else f"{short_month(at, lang)} {at.year}"
    return f"{at.day}{'.' if lang == 'nb' else ''} {short_month(at, lang)}"
