"""Instants as public documents write them."""

from __future__ import annotations

import datetime as dt


def in_utc(at: dt.datetime) -> str:
    """The instant by ISO 8601 in UTC, which is written Z."""
    return at.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")
