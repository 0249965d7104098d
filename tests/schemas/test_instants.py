from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from schemas.instants import in_utc


def test_an_instant_is_told_in_utc_whatever_zone_it_is_in() -> None:
    at = dt.datetime(2026, 11, 21, 14, 5, tzinfo=dt.UTC)
    assert in_utc(at) == "2026-11-21T14:05:00Z"
    assert in_utc(at.astimezone(ZoneInfo("Europe/Oslo"))) == "2026-11-21T14:05:00Z"
