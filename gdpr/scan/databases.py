"""Tables in files that are neither text nor Parquet: SQLite and Arrow."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from typing import BinaryIO

import pyarrow as pa

from gdpr.scan.columns import scan_batch
from gdpr.scan.findings import Sought, Tally
from gdpr.scan.text import scan_text

LARGEST = 1 << 28


def scan_sqlite(stream: BinaryIO, sought: Sought, tally: Tally) -> None:
    """Count what the rows of a SQLite database's tables hold.

    Raises:
        ValueError: it is larger than LARGEST.
        sqlite3.Error: it cannot be read.
    """
    content = stream.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise ValueError("a database too large to read")
    with contextlib.closing(sqlite3.connect(":memory:")) as database:
        database.deserialize(content)
        scan_text(_rows(database), sought, tally)


def scan_arrow(stream: BinaryIO, sought: Sought, tally: Tally) -> None:
    """Count what an Arrow IPC file holds; a pyarrow exception where it cannot be read."""
    reader = pa.ipc.open_file(stream)
    for number in range(reader.num_record_batches):
        scan_batch(reader.get_batch(number), sought, tally)


def _rows(database: sqlite3.Connection) -> Iterator[bytes]:
    database.text_factory = bytes
    names = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    for (name,) in names:
        quoted = name.decode().replace('"', '""')
        for row in database.execute(f'SELECT * FROM "{quoted}"'):  # noqa: S608 - a quoted name
            yield b"\n".join(v if isinstance(v, bytes) else str(v).encode() for v in row) + b"\n"
