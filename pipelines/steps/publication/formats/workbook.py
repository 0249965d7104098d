"""XLSX: texts stay texts, dates are dates, instants are times whose cells say UTC.

An empty text is an empty cell.
"""

import datetime as dt
import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import fastexcel
import polars as pl
import xlsxwriter

from pipelines.steps.publication.formats.cells import Cells, found, last_row
from pipelines.steps.publication.formats.form import Form, Rows, Shape
from pipelines.steps.publication.formats.records import MOST_ROWS

_SHEET = "xl/worksheets/sheet1.xml"
_LONGEST_NAME, _LONGEST_TEXT = 31, 32_767
_NARROWEST, _INSTANT_WIDTH = 12, 26
_MADE = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
_BLOCK = 1 << 16
_STAMP = (1980, 1, 1, 0, 0, 0)
_STYLES = {
    pl.String: "@",
    pl.Int64: "0",
    pl.Date: "yyyy-mm-dd",
    pl.Datetime: 'yyyy-mm-dd hh:mm:ss" UTC"',
}


def _write(portions: Rows, shape: Shape, path: Path) -> None:
    """The library makes an empty workbook, and the rows stream into its sheet."""
    empty = zipfile.ZipFile(io.BytesIO(_skeleton(shape)))
    with empty, zipfile.ZipFile(path, "w") as book:
        for name in empty.namelist():
            part = zipfile.ZipInfo(name, _STAMP)
            part.compress_type = zipfile.ZIP_DEFLATED
            with book.open(part, "w", force_zip64=True) as stream:
                if name == _SHEET:
                    _fill(stream, empty.read(name).decode(), portions, shape)
                else:
                    stream.write(empty.read(name))


def _fill(stream: IO[bytes], sheet: str, portions: Rows, shape: Shape) -> None:
    cells = Cells.of(sheet, shape.schema)
    stream.write(cells.head.encode())
    row = 2
    for frame in portions:
        for rows in frame.iter_slices(50_000):
            stream.write(cells.lines(rows, row))
            row += rows.height
    stream.write(cells.end(row - 1).encode())


def _skeleton(shape: Shape) -> bytes:
    """A workbook with the header, and below it an empty cell that shows each column's style."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        book.set_properties({"title": shape.name, "created": _MADE.replace(tzinfo=None)})
        sheet = book.add_worksheet(shape.name[:_LONGEST_NAME])
        sheet.freeze_panes(1, 0)
        bold = book.add_format({"bold": True})
        for at, (name, kind) in enumerate(shape.schema.items()):
            style = book.add_format({"num_format": _STYLES.get(type(kind), "General")})
            width = _INSTANT_WIDTH if isinstance(kind, pl.Datetime) else _NARROWEST
            sheet.set_column(at, at, max(width, len(name) + 2))
            sheet.write_string(0, at, name, bold)
            sheet.write_blank(1, at, None, style)
    return stream.getvalue()


def _read(path: Path, shape: Shape) -> Iterator[pl.DataFrame]:
    book = fastexcel.read_excel(path)
    # the library rounds a number that it is asked for as text
    kinds: dict[str | int, fastexcel.DType] = {
        name: "float" if isinstance(kind, pl.Float64) else "string"
        for name, kind in shape.schema.items()
    }
    rows = found(book.load_sheet(0, dtypes=kinds).to_polars(), shape.schema)
    # the library gives no empty rows after the last cell that holds something
    yield pl.concat([rows, rows.clear(_last_row(path) - 1 - rows.height)])


def _last_row(path: Path) -> int:
    end = b""
    with zipfile.ZipFile(path) as book, book.open(_SHEET) as sheet:
        while block := sheet.read(_BLOCK):
            end = (end + block)[-_BLOCK:]
    return last_row(end.decode(errors="replace"))


WORKBOOK = Form(
    "xlsx",
    ".xlsx",
    _write,
    _read,
    most_rows=MOST_ROWS,
    longest_text=_LONGEST_TEXT,
    has_empty_texts=False,
)
