"""CSV by RFC 4180: UTF-8, comma, CRLF; an empty text is quoted, and no value is nothing at all."""

from collections.abc import Iterator
from pathlib import Path

import polars as pl

from pipelines.steps.publication.formats.form import Form, Rows, Shape
from pipelines.steps.publication.formats.texts import INSTANT, from_texts, text_schema

_PORTION = 100_000


def _write(portions: Rows, shape: Shape, path: Path) -> None:
    with path.open("wb") as stream:
        pl.DataFrame(schema=shape.schema).write_csv(stream, line_terminator="\r\n")
        for frame in portions:
            frame.write_csv(
                stream, include_header=False, line_terminator="\r\n", datetime_format=INSTANT
            )


def _read(path: Path, shape: Shape) -> Iterator[pl.DataFrame]:
    rows = pl.scan_csv(path, schema=text_schema(shape.schema))
    for frame in rows.collect_batches(chunk_size=_PORTION, maintain_order=True):
        yield from_texts(frame, shape.schema)


SEPARATED = Form("csv", ".csv", _write, _read)
