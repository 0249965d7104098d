"""What stands in a dataset's lake: rows and bytes of each day, and how new the newest event is."""

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from pipelines.steps.site import Site


@dataclass(frozen=True, slots=True)
class Standing:
    """A lake by local day, ISO 8601, and its newest event, UTC; None where it is empty."""

    rows: Mapping[str, int]
    bytes: Mapping[str, int]
    newest_event: dt.datetime | None

    def age(self, now: dt.datetime) -> dt.timedelta | None:
        """The newest event's age; nought where events lie ahead, as bookings do."""
        if self.newest_event is None:
            return None
        return max(now - self.newest_event, dt.timedelta())


def standing(site: Site) -> Standing:
    """What stands in the site's lake now; a date counts as its midnight."""
    files = site.lake.snapshot().files
    if not files:
        return Standing({}, {}, None)
    rows, sizes = Counter[str](), Counter[str]()
    for file in files:
        rows[file.day] += file.rows
        sizes[file.day] += file.size
    event = site.contract.event.name
    last = [file for file in files if file.day == max(rows)]
    newest = site.lake.read(last, site.contract.lake_schema).select(pl.col(event).max())
    return Standing(rows, sizes, _instant(newest.collect().item()))


def _instant(event: dt.date | None) -> dt.datetime | None:
    if event is None or isinstance(event, dt.datetime):
        return event
    return dt.datetime.combine(event, dt.time(), dt.UTC)
