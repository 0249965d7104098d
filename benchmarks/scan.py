"""How fast released bytes are scanned on one core, beside Python's re with a pattern for each kind.

The pattern of the peer finds candidates only: no control digit is checked, no escape is undone.
"""

from __future__ import annotations

import datetime as dt
import io
import json
import re
import time
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pyarrow.parquet as pq

from benchmarks.apart import on_one_core
from benchmarks.figures import Figure, at_least, seen
from gdpr.scan.canaries import Canaries
from gdpr.scan.files import scan
from gdpr.scan.findings import Sought

ROWS = 1_000_000
RUNS = 3
HERE = Path(__file__).resolve()
CANARIES = Canaries(tuple(f"Kanarifugl nummer {number} fra Østhus" for number in range(100)))
PEER = re.compile(
    rb"(?<!\d)\d{11}(?!\d)|(?<!\d)\d{6}[ -]\d{5}(?!\d)|(?:\+47|0047)[ \d]{8,12}"
    rb"|[\w.+-]+@[\w-]+\.[\w.]+"
)


def measure() -> list[Figure]:
    """The figures, from a process of its own in which Polars has one thread."""
    return on_one_core("scan")


def figures() -> list[Figure]:
    """The same, from this process."""
    rows = _rows()
    text, table = _csv(rows), _parquet(rows)
    scanned = _scanned("a.csv", text, Sought())
    planted = _scanned("a.csv", text, Sought(canaries=CANARIES))
    packed = _scanned("a.parquet", table, Sought())
    peer = _rate(len(text), lambda: PEER.findall(text))
    share = len(text) + len(table)
    whole = share / (len(text) / planted + len(table) / packed)
    return [
        at_least("leak scan of CSV", scanned, "MB/s/core", 50),
        at_least("leak scan of CSV with 100 canaries", planted, "MB/s/core", 50),
        at_least("leak scan of a release, CSV and Parquet", whole, "MB/s/core", 50),
        seen("leak scan of zstd Parquet, decoded and byte by byte", packed, "MB/s/core"),
        seen(
            "leak scan of zstd Parquet, by its text", packed * len(text) / len(table), "MB/s/core"
        ),
        seen("patterns of Python's re over the same CSV", peer, "MB/s/core"),
    ]


def _rows() -> pl.DataFrame:
    """Readings as the region's open datasets have them."""
    number = pl.int_range(ROWS, dtype=pl.Int64)
    start = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    return pl.select(
        pl.format("sensor-{}", number % 400).alias("sensor_id"),
        (pl.lit(start) + pl.duration(minutes=number)).alias("observed_at"),
        (number * 7919 % 100_003 / 1000).alias("level_m"),
        (number * 31 % 997).alias("free_spaces"),
        (number % 3 == 0).alias("is_full"),
        (58.9 + number * 104_729 % 1_000_003 / 1e7).alias("latitude"),
        (5.6 + number * 1_299_709 % 1_000_003 / 1e7).alias("longitude"),
    )


def _csv(rows: pl.DataFrame) -> bytes:
    buffer = io.BytesIO()
    rows.write_csv(buffer, line_terminator="\r\n", datetime_format="%Y-%m-%dT%H:%M:%S%.fZ")
    return buffer.getvalue()


def _parquet(rows: pl.DataFrame) -> bytes:
    buffer = io.BytesIO()
    pq.write_table(rows.to_arrow(compat_level=pl.CompatLevel.oldest()), buffer, compression="zstd")
    return buffer.getvalue()


def _scanned(file: str, content: bytes, sought: Sought) -> float:
    def work() -> None:
        if scan(file, io.BytesIO(content), sought):
            raise AssertionError("open values were taken for persons")

    return _rate(len(content), work)


def _rate(size: int, work: Callable[[], object]) -> float:
    """Millions of bytes a second of this core."""
    return size / min(_seconds(work) for _ in range(RUNS)) / 1e6


def _seconds(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


if __name__ == "__main__":
    print(json.dumps(figures()))
