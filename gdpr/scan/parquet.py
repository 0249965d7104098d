"""Parquet scanned whole: its rows as they decode, and every byte that its rows do not show."""

from __future__ import annotations

from itertools import chain
from typing import BinaryIO

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from gdpr.scan.columns import scan_batch
from gdpr.scan.findings import BLOOM, UNACCOUNTED, Sought, Tally
from gdpr.scan.numbers import written
from gdpr.scan.pages import Hidden, hidden
from gdpr.scan.text import scan_text

_ROWS = 1 << 16
BROKEN = (
    ValueError,
    OverflowError,
    OSError,
    NotImplementedError,
    pa.ArrowException,
    pl.exceptions.PolarsError,
)


def scan_parquet(stream: BinaryIO, sought: Sought, tally: Tally) -> None:
    """Count in the tally what the file holds; a bloom filter and bytes beside pages are findings.

    A bloom filter answers whether a value is there and cannot itself be read, so it never passes.

    Raises:
        Exception: one of BROKEN, where the file cannot be read to its end.
    """
    beside = Tally()
    for found in hidden(stream):
        tally.add(UNACCOUNTED, sum(map(len, found.gaps)))
        tally.add(BLOOM, found.blooms)
        _scan_beside(found, sought, beside)
    stream.seek(0)
    for batch in pq.ParquetFile(stream).iter_batches(_ROWS):
        scan_batch(batch, sought, tally)
    # what the rows hold stands in dictionaries and statistics once more
    tally.exceed(beside)


def _scan_beside(found: Hidden, sought: Sought, beside: Tally) -> None:
    numbers = (written(values, sought.least) for values in found.numbers)
    scan_text([b"\n".join(chain(found.lines, numbers))], sought, beside)
    for gap in found.gaps:
        scan_text([gap], sought, beside)
