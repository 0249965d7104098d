"""JSON by RFC 8259: a list of objects, one a line; instants and dates are ISO 8601."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

import polars as pl

from pipelines.steps.publication.formats.form import Form, Rows, Shape
from pipelines.steps.publication.formats.texts import as_texts, from_texts, text_schema

MOST_ROWS = 200_000


def write_lines(frames: Iterable[pl.DataFrame], stream: BinaryIO) -> None:
    """The rows as JSON objects with a comma between any two, a line each."""
    is_first = True
    for frame in frames:
        if frame.is_empty():
            continue
        # no raw line break stands within a JSON text
        lines = frame.write_ndjson().encode().rstrip(b"\n").replace(b"\n", b",\n")
        stream.write(b"\n" if is_first else b",\n")
        stream.write(lines)
        is_first = False


def _write(portions: Rows, shape: Shape, path: Path) -> None:  # noqa: ARG001 - the seam's form
    with path.open("wb") as stream:
        stream.write(b"[")
        write_lines(map(as_texts, portions), stream)
        stream.write(b"\n]\n")


def _read(path: Path, shape: Shape) -> Iterator[pl.DataFrame]:
    yield from_texts(pl.read_json(path, schema=text_schema(shape.schema)), shape.schema)


RECORDS = Form("json", ".json", _write, _read, most_rows=MOST_ROWS)
