"""Rows of a source, good and bad, and what by the contract must become of them."""

from __future__ import annotations

import contextlib
import datetime as dt
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl
from hypothesis import strategies as st

from pipelines.steps.quarantine import quarantined
from pipelines.steps.site import Site
from schemas.stages import BATCH, LINE
from tests.builders import LEVEL, OBSERVED, SENSOR, contract, landed, site

HEADER = "sensor_id,observed_at,level_m\n"
Key = tuple[str, dt.datetime]
Lake = dict[Key, float | None]
_LEVELS = {"0": 0.0, "1.5": 1.5, "7": 7.0, "10": 10.0, "": None}
_BAD = ("x", "99", "-1", "1,5", "nan")


@dataclass(frozen=True)
class Row:
    """One line: a sensor, an hour from the start of the 20th (UTC), and a level as written."""

    sensor: str
    hour: int
    level: str

    @property
    def at(self) -> dt.datetime:
        return dt.datetime(2026, 11, 20, tzinfo=dt.UTC) + dt.timedelta(hours=self.hour)

    @property
    def is_valid(self) -> bool:
        return bool(self.sensor) and self.level in _LEVELS

    def written(self) -> str:
        return f"{self.sensor},{self.at:%Y-%m-%dT%H:%M:%SZ},{self.level}\n"


_hours = st.integers(0, 71)
_any_row = st.builds(
    Row, st.sampled_from(["a", "b", "ø", ""]), _hours, st.sampled_from([*_LEVELS, *_BAD])
)
_good_row = st.builds(Row, st.sampled_from(["a", "b", "ø"]), _hours, st.sampled_from([*_LEVELS]))
some_rows = st.lists(_any_row, max_size=40)
good_rows = st.lists(_good_row, min_size=1, max_size=25)


def text(found: Sequence[Row]) -> str:
    return HEADER + "".join(row.written() for row in found)


def expected(found: Sequence[Row]) -> Lake:
    """The last valid row of every key, in the order in which they landed."""
    return {(row.sensor, row.at): _LEVELS[row.level] for row in found if row.is_valid}


@contextlib.contextmanager
def lenient(percent: float = 100.0) -> Iterator[Site]:
    """A site that bears as many bad rows as the percentage says."""
    bound = contract(SENSOR, OBSERVED, LEVEL, gate={"max_rejected_percent": percent})
    with tempfile.TemporaryDirectory() as folder:
        yield site(Path(folder), bound)


def land_rows(where: Site, found: Sequence[Row], name: str = "a.csv") -> None:
    landed(where, text(found), name)


def lake(where: Site) -> Lake:
    """The lake's rows by key; two of one key are a failure of their own."""
    if where.lake.snapshot().version < 0:
        return {}
    frame = where.lake.scan().collect()
    assert frame.select("sensor_id", "observed_at").is_duplicated().sum() == 0
    return {(sensor, at): level for sensor, at, level in frame.iter_rows()}


def rejected(where: Site) -> list[tuple[str, int]]:
    """The batch and line of every row in quarantine."""
    found = [frame.select(BATCH, LINE) for frame in quarantined(where)]
    return sorted(pl.concat(found).rows()) if found else []


def table_files(where: Site) -> dict[str, bytes]:
    """Every file of the table with its bytes."""
    return {path: where.store.read(path) for path in where.store.find("lake")}
