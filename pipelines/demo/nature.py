"""What there is to measure: a mild week with a storm in the night when the clock goes back."""

import datetime as dt
import math
from random import Random

Payload = dict[str, float | str]

_STORM = dt.datetime(2026, 10, 25, 0, 30, tzinfo=dt.UTC)
_WITHOUT_THERMOMETER = (4, 9, 14)


def level(unit: int, instant: dt.datetime, chance: Random) -> Payload:
    """What the sensor in a river or a drain measures at the instant."""
    hours = (instant - _STORM).total_seconds() / 3600
    surge = math.exp(-((hours / 5) ** 2)) if hours < 0 else math.exp(-hours / 9)
    height = 0.2 + 0.03 * unit + surge * (0.6 + 0.15 * (unit % 5)) + chance.uniform(0, 0.02)
    payload: Payload = {"water_level": round(height, 3), "battery": _battery(chance)}
    if unit not in _WITHOUT_THERMOMETER:
        payload["water_temperature"] = round(8.4 + _daily(instant, 0.7) + chance.gauss(0, 0.1), 1)
    return payload


def road(unit: int, instant: dt.datetime, chance: Random) -> Payload:
    """What the sensor at a road measures at the instant."""
    hours = (instant - _STORM).total_seconds() / 3600
    rain = math.exp(-((hours / 14) ** 2))
    air = 8.6 + _daily(instant, 2.2) - 0.1 * unit + chance.gauss(0, 0.15)
    return {
        "air_temperature": round(air, 1),
        "surface_temperature": round(air - 0.6 + _daily(instant, 1.0), 1),
        "humidity": round(min(99.9, 71 + 25 * rain + chance.uniform(0, 3)), 1),
        "state": ("dry", "moist", "wet")[round(rain * 2)],
        "battery": _battery(chance),
    }


def _daily(instant: dt.datetime, height: float) -> float:
    hour = instant.hour + instant.minute / 60
    return height * math.sin((hour - 8) / 24 * math.tau)


def _battery(chance: Random) -> float:
    return round(3.58 + chance.uniform(0, 0.06), 2)
