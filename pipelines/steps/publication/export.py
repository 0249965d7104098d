"""The released rows of a dataset as CSV and Parquet: the same rows give the same bytes."""

import datetime as dt
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Literal

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from connectors.lake import DataFile, LakeTable
from pipelines.steps.publication.opened import Opened
from schemas.stages import Resource

_PORTION = 500_000
_INSTANT = "%Y-%m-%dT%H:%M:%S%.fZ"


@dataclass(frozen=True, slots=True)
class Exported:
    """The two files of a release in a local folder, what they are, and the events they span."""

    csv: Path
    parquet: Path
    resources: tuple[Resource, Resource]
    rows: int
    oldest_event: dt.datetime | None
    newest_event: dt.datetime | None


def export(opened: Opened, table: LakeTable, folder: Path) -> Exported:
    """The released rows in `folder`: CSV by RFC 4180 with UTC instants, and Parquet with zstd.

    Rows stand by local day and then by key; by all their values where either is not released.
    Memory holds one day, or half a million rows of shorter days.
    """
    csv, parquet = (folder / f"{opened.contract.name}.{form}" for form in ("csv", "parquet"))
    empty = pl.DataFrame(schema=opened.schema)
    count = 0
    events: set[dt.datetime] = set()
    with csv.open("wb") as text, _parquet(parquet, empty) as columns:
        _write_csv(empty, text, header=True)
        for frame in _portions(opened, table):
            _write_csv(frame, text, header=False)
            columns.write_table(_arrow(frame))
            count += frame.height
            events.update(opened.span(frame) or ())
    resources = _described(csv, "csv", count), _described(parquet, "parquet", count)
    ends = min(events, default=None), max(events, default=None)
    return Exported(csv, parquet, resources, count, *ends)


def _described(path: Path, form: Literal["csv", "parquet"], rows: int) -> Resource:
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    return Resource(path.name, form, digest, path.stat().st_size, rows)


def _portions(opened: Opened, table: LakeTable) -> Iterator[pl.DataFrame]:
    files = table.snapshot().files
    for portion in _grouped(files) if opened.has_event else [files]:
        rows = table.read(portion, opened.schema).sort(opened.order)
        yield rows.collect(engine="streaming")


def _grouped(files: tuple[DataFile, ...]) -> Iterator[list[DataFile]]:
    group: list[DataFile] = []
    for file in files:
        if group and file.day != group[-1].day and sum(f.rows for f in group) >= _PORTION:
            yield group
            group = []
        group.append(file)
    if group:
        yield group


def _parquet(path: Path, empty: pl.DataFrame) -> pq.ParquetWriter:
    return pq.ParquetWriter(path, _arrow(empty).schema, compression="zstd")


def _arrow(frame: pl.DataFrame) -> pa.Table:
    return frame.to_arrow(compat_level=pl.CompatLevel.oldest())


def _write_csv(frame: pl.DataFrame, stream: BinaryIO, *, header: bool) -> None:
    frame.write_csv(stream, include_header=header, line_terminator="\r\n", datetime_format=_INSTANT)
