"""What stands in a dataset's lake: rows and bytes of each day, and how new the newest event is."""

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from connectors.lake import DataFile
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
    return Standing(rows, sizes, newest_event(site, files))


def newest_event(site: Site, files: Sequence[DataFile]) -> dt.datetime | None:
    """The newest event in those files of the lake, UTC; a date counts as its midnight."""
    filled = [file for file in files if file.rows]
    last = max((file.day for file in filled), default=None)
    if last is None:
        return None
    rows = site.lake.read([f for f in filled if f.day == last], site.contract.lake_schema)
    newest = rows.select(pl.col(site.contract.event.name).max()).collect().item()
    if newest is None or isinstance(newest, dt.datetime):
        return newest
    return dt.datetime.combine(newest, dt.time(), dt.UTC)
