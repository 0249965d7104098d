"""The week that the demo lives in: fixed days around the night when the clock goes back."""

import datetime as dt
import random
from functools import lru_cache
from typing import Literal
from zoneinfo import ZoneInfo

Wave = Literal[1, 2]

OSLO = ZoneInfo("Europe/Oslo")
DAYS = tuple(dt.date(2026, 10, 22) + dt.timedelta(days=n) for n in range(7))
LATE_DAY = dt.date(2026, 10, 29)
TWICE_DAY = dt.date(2026, 10, 25)


def arrivals(wave: Wave) -> tuple[dt.date, ...]:
    """The days on which the wave's files arrive: a week, then the day after it."""
    return DAYS if wave == 1 else (LATE_DAY,)


def instants(day: dt.date, minutes: int) -> list[dt.datetime]:
    """The instants of an Oslo day in UTC, `minutes` apart: 23, 24 or 25 hours of them."""
    now, end = _midnight(day), _midnight(day + dt.timedelta(days=1))
    found = []
    while now < end:
        found.append(now)
        now += dt.timedelta(minutes=minutes)
    return found


@lru_cache(maxsize=4096)
def wall(instant: dt.datetime) -> dt.datetime:
    """What an Oslo clock shows at the instant; `fold` is 1 the second time that it shows it."""
    return instant.astimezone(OSLO).replace(tzinfo=None)


@lru_cache(maxsize=4096)
def shown_twice(clock: dt.datetime) -> bool:
    """Whether an Oslo clock shows that time twice."""
    first, second = (clock.replace(tzinfo=OSLO, fold=fold).utcoffset() for fold in (0, 1))
    return first is not None and second is not None and first > second


def dice(name: str) -> random.Random:
    """Chance that is the same for the same name, on every machine."""
    return random.Random(name)  # noqa: S311 - made-up data, no secret


def _midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), OSLO).astimezone(dt.UTC)
