"""Parquet with zstd: the rows in their own types."""

from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from pipelines.steps.publication.formats.form import Form, Rows, Shape

_PORTION = 100_000


def arrow(frame: pl.DataFrame) -> pa.Table:
    """The rows in the types that every reader of Parquet knows."""
    return frame.to_arrow(compat_level=pl.CompatLevel.oldest())


def batches(path: Path, columns: list[str]) -> Iterator[pa.RecordBatch]:
    """The columns of a Parquet file in portions."""
    with pq.ParquetFile(path) as file:
        yield from file.iter_batches(_PORTION, columns=columns)


def _write(portions: Rows, shape: Shape, path: Path) -> None:
    schema = arrow(pl.DataFrame(schema=shape.schema)).schema
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        for frame in portions:
            writer.write_table(arrow(frame))


def _read(path: Path, shape: Shape) -> Iterator[pl.DataFrame]:
    for batch in batches(path, list(shape.schema)):
        yield pl.DataFrame(batch)


COLUMNAR = Form("parquet", ".parquet", _write, _read)
