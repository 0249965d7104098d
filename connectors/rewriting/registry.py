"""From a format's word to what rewrites it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import BinaryIO

from connectors.rewriting.arrow import without_batch_rows
from connectors.rewriting.gone import Gone
from connectors.rewriting.json import without_records
from connectors.rewriting.lines import without_lines, without_rows
from connectors.rewriting.xlsx import without_sheet_rows
from schemas.source import Format

REWRITERS: Mapping[Format, Callable[[Path, BinaryIO, Gone], None]] = {
    "csv": without_rows,
    "tsv": without_rows,
    "ndjson": without_lines,
    "json": without_records,
    "xlsx": without_sheet_rows,
    "arrow": without_batch_rows,
}


def rewrite(source: Path, target: BinaryIO, gone: Gone) -> None:
    """The batch in `source`, in its profile's format, written to `target` without those records.

    Raises:
        ContractBroken: the bytes are not of that format.
    """
    REWRITERS[gone.profile.format](source, target, gone)
