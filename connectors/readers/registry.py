"""From a format's word to its reader."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import polars as pl

from connectors.readers.arrow import read_arrow, read_every_row
from connectors.readers.csv import read_csv
from connectors.readers.json import read_json
from connectors.readers.layout import Layout
from connectors.readers.ndjson import read_ndjson
from connectors.readers.xlsx import read_xlsx
from schemas.source import Format

Reader = Callable[[Path, Layout], Iterator[pl.DataFrame]]

READERS: Mapping[Format, Reader] = {
    "csv": read_csv,
    "tsv": read_csv,
    "ndjson": read_ndjson,
    "json": read_json,
    "xlsx": read_xlsx,
    "arrow": read_arrow,
}


def read_chunks(path: Path, layout: Layout) -> Iterator[pl.DataFrame]:
    """The wanted columns of the file, chunk by chunk in its order, each with LINE.

    Raises:
        ContractBroken: the file is unreadable, or no longer looks as its contract says.
    """
    return READERS[layout.profile.format](path, layout)


def read_every(path: Path, layout: Layout) -> Iterator[pl.DataFrame]:
    """The same with the rows that a reader leaves out, because the batch before held them too.

    Raises:
        ContractBroken: as `read_chunks`.
    """
    if layout.profile.format == "arrow":
        yield from read_every_row(path, layout)
    else:
        yield from read_chunks(path, layout)
