"""Which columns a file shows: what its header, schema, properties or description names."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any, BinaryIO

import fastexcel
import pyarrow as pa
import pyarrow.parquet as pq

from gdpr.scan.parquet import BROKEN

_HEADER = 1 << 20


def columns_of(file: str, stream: BinaryIO) -> frozenset[str]:
    """The columns that a file of rows or its description names; empty for one of neither.

    Known are CSV, Parquet, XLSX, lists of JSON records, GeoJSON, Data Packages and Croissant, by
    the end of the file's name.

    Raises:
        ValueError: it is not what its name says.
    """
    suffix = "." + file.rsplit(".", 1)[-1].lower()
    read = _READERS.get(suffix)
    if read is None:
        return frozenset()
    stream.seek(0)
    try:
        return frozenset(read(stream))
    except (*BROKEN, fastexcel.FastExcelError, csv.Error):
        raise ValueError(f"{suffix} cannot be read") from None


def _csv(stream: BinaryIO) -> Iterator[str]:
    text = stream.read(_HEADER).decode("utf-8-sig", errors="replace")
    yield from next(csv.reader(io.StringIO(text)), [])


def _parquet(stream: BinaryIO) -> Iterator[str]:
    for field in pq.ParquetFile(stream).schema_arrow:
        yield from _named(field)


def _named(field: Any) -> Iterator[str]:  # noqa: ANN401 - a type of pyarrow, which has none to tell
    yield field.name
    if pa.types.is_struct(field.type):
        for inner in field.type.fields:
            yield from _named(inner)


def _xlsx(stream: BinaryIO) -> Iterator[str]:
    book = fastexcel.read_excel(stream.read())
    for name in book.sheet_names:
        yield from (column.name for column in book.load_sheet(name).available_columns())


def _json(stream: BinaryIO) -> Iterator[str]:
    document = json.load(stream)
    held = document if isinstance(document, dict) else {"records": document}
    for record in _listed(held, "records"):
        yield from record
    for feature in _listed(held, "features"):
        yield from feature.get("properties") or ()
    for resource in _listed(held, "resources"):
        yield from (str(field.get("name")) for field in _listed(resource.get("schema"), "fields"))
    for records in _listed(held, "recordSet"):
        yield from (str(field.get("name")) for field in _listed(records, "field"))


def _listed(holder: object, name: str) -> list[dict[str, Any]]:
    inner = holder.get(name) if isinstance(holder, dict) else None
    entries = inner if isinstance(inner, list) else []
    return [entry for entry in entries if isinstance(entry, dict)]


_READERS: Mapping[str, Callable[[BinaryIO], Iterator[str]]] = {
    ".csv": _csv,
    ".parquet": _parquet,
    ".xlsx": _xlsx,
    ".json": _json,
    ".geojson": _json,
}
