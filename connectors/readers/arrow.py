"""An Arrow IPC stream, as the sql engine lands it: typed columns, and which rows are gone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pyarrow as pa

from connectors.difference import UNCHANGED
from connectors.readers.layout import CHUNK_ROWS, Layout
from schemas.errors import ContractBroken
from schemas.stages import DELETED, LINE


def read_arrow(path: Path, layout: Layout) -> Iterator[pl.DataFrame]:
    """The wanted columns in their own types, LINE, and DELETED where the stream says what is gone.

    Whole numbers are Int64, others Float64, times in microseconds; bytes are text as hexadecimal,
    and what has no type here is text. Rows that the batch before held as they are are left out.

    Raises:
        ContractBroken: it is no Arrow stream, a column is missing or nested, or there are unknown
            columns and the contract freezes them out.
    """
    for frame in read_every_row(path, layout):
        fresh = frame.filter(~pl.col(UNCHANGED)) if UNCHANGED in frame.columns else frame
        yield from fresh.drop(UNCHANGED, strict=False).iter_slices(CHUNK_ROWS)


def read_every_row(path: Path, layout: Layout) -> Iterator[pl.DataFrame]:
    """The same with rows that the batch before held as they are, and UNCHANGED where it is told."""
    try:
        with pa.OSFile(str(path)) as file, pa.ipc.open_stream(file) as reader:
            names = reader.schema.names
            layout.require(name for name in names if name not in (DELETED, UNCHANGED))
            line = 1
            for batch in reader:
                frame = pl.DataFrame(pl.from_arrow(batch)).with_row_index(LINE, line)
                line += frame.height
                yield _wanted(frame, layout)
    except (pa.ArrowException, OSError) as error:
        raise ContractBroken(f"is not a readable Arrow stream: {type(error).__name__}") from None


def _wanted(frame: pl.DataFrame, layout: Layout) -> pl.DataFrame:
    marks = layout.profile.null_marks
    columns = [_plain(frame[name], marks) for name in layout.columns]
    flags = [
        frame[name].cast(pl.Boolean).fill_null(value=False)
        for name in (DELETED, UNCHANGED)
        if name in frame
    ]
    return pl.DataFrame([*columns, frame[LINE].cast(pl.UInt64), *flags])


def _plain(column: pl.Series, null_marks: tuple[str, ...]) -> pl.Series:
    dtype = column.dtype
    if dtype.is_integer() and dtype != pl.UInt64:
        return column.cast(pl.Int64)
    if dtype.is_float():
        return column.cast(pl.Float64)
    if isinstance(dtype, pl.Datetime):
        return column.dt.cast_time_unit("us")
    if dtype in (pl.Boolean, pl.Date):
        return column
    if dtype.is_nested():
        raise ContractBroken(f"the column '{column.name}' is nested")
    text = column.bin.encode("hex") if dtype == pl.Binary else column.cast(pl.String)
    return text.set(text.is_in(null_marks), None)
