"""A sheet of an Excel workbook: its cells keep the types that Excel gave them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import fastexcel
import polars as pl

from connectors.readers.layout import CHUNK_ROWS, Layout
from schemas.errors import ContractBroken
from schemas.source import Profile
from schemas.stages import LINE

_EXACT_IN_FLOAT = float(2**53)
_UNNAMED = "__UNNAMED__"


def read_xlsx(path: Path, layout: Layout) -> Iterator[pl.DataFrame]:
    """The wanted columns, with LINE, the row's number below the header.

    A column is Int64, Float64, Boolean or Datetime where all its cells are, else text. Blank rows
    and the declared footer are no rows. The sheet is the profile's, or the first.

    Raises:
        ContractBroken: it is no workbook, it lacks the sheet or its header, or the header changed.
    """
    try:
        frame = _sheet(fastexcel.read_excel(str(path)), layout.profile)
    except fastexcel.SheetNotFoundError:
        raise ContractBroken(f"has no sheet '{layout.profile.sheet}'") from None
    except fastexcel.FastExcelError as error:
        raise ContractBroken(f"is not a readable XLSX: {type(error).__name__}") from None
    layout.require(name for name in frame.columns if name != LINE)
    filled = frame.filter(pl.any_horizontal(pl.all().exclude(LINE).is_not_null()))
    marks = layout.profile.null_marks
    columns = [_plain(filled[name], marks) for name in layout.columns]
    yield from pl.DataFrame([*columns, filled[LINE]]).iter_slices(CHUNK_ROWS)


def _sheet(book: fastexcel.ExcelReader, profile: Profile) -> pl.DataFrame:
    sheet = profile.sheet or 0
    footer = _footer(book, profile)
    # every row is looked at for a column's type: what comes later and differs would become null
    loaded = book.load_sheet(
        sheet, header_row=profile.skip_rows, skip_rows=footer or None, schema_sample_rows=None
    )
    frame = pl.DataFrame(loaded)
    frame = frame.rename({name: name.strip("\ufeff \t\r\n\xa0") for name in frame.columns})
    empty = [n for n in frame.columns if n.startswith(_UNNAMED) and frame[n].is_null().all()]
    rows = pl.int_range(1, frame.height + len(footer) + 1, dtype=pl.UInt64, eager=True)
    below = set(footer)
    kept = rows.filter(pl.Series([at not in below for at in range(len(rows))], dtype=pl.Boolean))
    return frame.drop(empty).with_columns(kept.alias(LINE))


def _footer(book: fastexcel.ExcelReader, profile: Profile) -> list[int]:
    if not profile.footer_starts_with:
        return []
    first = book.load_sheet(
        profile.sheet or 0, header_row=profile.skip_rows, use_columns=[0], dtypes="string"
    )
    texts = pl.DataFrame(first).to_series().cast(pl.String)
    return [
        at for at, text in enumerate(texts) if text and text.startswith(profile.footer_starts_with)
    ]


def _plain(column: pl.Series, null_marks: tuple[str, ...]) -> pl.Series:
    dtype = column.dtype
    if dtype == pl.Float64:
        return _whole(column)
    if isinstance(dtype, pl.Datetime):
        return column.dt.cast_time_unit("us")
    if dtype in (pl.Boolean, pl.Date):
        return column
    text = column.cast(pl.String)
    return text.set(text.is_in(null_marks), None)


def _whole(column: pl.Series) -> pl.Series:
    # Excel knows no integers, and an identifier must not end in .0
    is_whole = (column == column.floor()) & (column.abs() <= _EXACT_IN_FLOAT)
    return column.cast(pl.Int64) if is_whole.all() else column
