"""Rows as the cells of a worksheet, and back.

What Excel cannot hold exactly it is given as text: whole numbers of more than 15 digits, numbers
beyond its range, dates and instants before March 1900, and instants finer than a millisecond.
Source: ECMA-376 part 1, 18.3.1.4 (cells), 22.9.2.19 (texts that XML cannot hold).
"""

import datetime as dt
import re
from dataclasses import dataclass
from typing import Self

import polars as pl

from pipelines.steps.publication.formats.texts import DATE, INSTANT

_TEMPLATE = re.compile(r'<c r="([A-Z]+)2"( s="\d+")?/>')
_STYLED_ROW = re.compile(r'<row r="2".*?</row>')
_DIMENSION = re.compile(r"<dimension [^>]*/>")
_END = "</sheetData>"
_ROW = ":row"
_DAY = 86_400_000_000
_EPOCH = 25_569  # days from Excel's to that of Unix
_FIRST_DAY = dt.date(1900, 3, 1)
_MOST_WHOLE = 999_999_999_999_999
_LEAST, _MOST = 2.3e-308, 9.99e307
_CONTROLS = [chr(n) for n in (*range(9), 11, 12, *range(13, 32), 0xFFFE, 0xFFFF)]
_ESCAPES = [f"_x{ord(control):04X}_" for control in _CONTROLS]


@dataclass(frozen=True, slots=True)
class Cells:
    """The sheet around the rows, and the beginning of each column's cells."""

    head: bytes
    tail: bytes
    columns: tuple[tuple[str, str, pl.DataType], ...]

    @classmethod
    def of(cls, sheet: str, schema: pl.Schema) -> Self:
        """The cells of a sheet whose second row shows each column's style."""
        styles = [(letters, style) for letters, style in _TEMPLATE.findall(sheet)]
        bare = _DIMENSION.sub("", _STYLED_ROW.sub("", sheet))
        head, tail = bare.split(_END)
        columns = tuple(
            (f'<c r="{letters}', f'"{style}', kind)
            for (letters, style), kind in zip(styles, schema.values(), strict=True)
        )
        return cls(head.encode(), (_END + tail).encode(), columns)

    def lines(self, frame: pl.DataFrame, first: int) -> bytes:
        """The rows as XML, numbered from `first`."""
        numbered = frame.with_row_index(_ROW, first).with_columns(pl.col(_ROW).cast(pl.String))
        cells = [
            pl.concat_str(pl.lit(start), _ROW, pl.lit(style), _held(pl.col(name), kind))
            for name, (start, style, kind) in zip(frame.columns, self.columns, strict=True)
        ]
        parts: tuple[pl.Expr, ...] = (
            pl.lit('<row r="'),
            pl.col(_ROW),
            pl.lit('">'),
            *cells,
            pl.lit("</row>"),
        )
        row = pl.concat_str(parts, ignore_nulls=True)
        return "".join(numbered.select(row.alias(_ROW))[_ROW]).encode()


def _held(value: pl.Expr, kind: pl.DataType) -> pl.Expr:
    match kind:
        case pl.Boolean():
            flag = value.cast(pl.Int8).cast(pl.String)
            return pl.concat_str(pl.lit(' t="b"><v>'), flag, pl.lit("</v></c>"))
        case pl.Int64():
            return _number(value, value.is_between(-_MOST_WHOLE, _MOST_WHOLE))
        case pl.Float64():
            return _number(value, (value == 0) | value.abs().is_between(_LEAST, _MOST))
        case pl.Date():
            days = value.cast(pl.Int32) + _EPOCH
            text = value.dt.strftime(DATE)
            return pl.when(value >= _FIRST_DAY).then(_plain(days)).otherwise(_text(text))
        case pl.Datetime():
            return _instant(value)
        case _:
            return pl.when(value != "").then(_text(_escaped(value)))


def _instant(value: pl.Expr) -> pl.Expr:
    moment = value.cast(pl.Int64)
    whole = (moment % 1000 == 0) & (value.dt.date() >= _FIRST_DAY)
    days = (moment + _EPOCH * _DAY) / _DAY
    return pl.when(whole).then(_plain(days)).otherwise(_text(value.dt.strftime(INSTANT)))


def _number(value: pl.Expr, fits: pl.Expr) -> pl.Expr:
    return pl.when(fits).then(_plain(value)).otherwise(_text(value.cast(pl.String)))


def _plain(number: pl.Expr) -> pl.Expr:
    return pl.concat_str(pl.lit("><v>"), number.cast(pl.String), pl.lit("</v></c>"))


def _text(text: pl.Expr) -> pl.Expr:
    start = pl.lit(' t="inlineStr"><is><t xml:space="preserve">')
    return pl.concat_str(start, text, pl.lit("</t></is></c>"))


def _escaped(text: pl.Expr) -> pl.Expr:
    # a text that looks like an escape would be read as one
    like_escape = text.str.contains("_x[0-9A-Fa-f]{4}_")
    known = pl.when(like_escape).then(text.str.replace_all("_x", "_x005F_x", literal=True))
    marked = known.otherwise(text).str.replace_many({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
    return marked.str.replace_many(_CONTROLS, _ESCAPES)


def found(texts: pl.DataFrame, schema: pl.Schema) -> pl.DataFrame:
    """The rows of a sheet whose cells were read as texts; null for what is none of its type."""
    return texts.select(_found(pl.col(name), kind) for name, kind in schema.items())


def _found(text: pl.Expr, kind: pl.DataType) -> pl.Expr:
    match kind:
        case pl.Boolean():
            return text == "true"
        case pl.Date():
            return text.str.head(10).str.to_date(DATE, strict=False)
        case pl.Datetime():
            plain = text.str.replace(" ", "T").str.strip_suffix("Z") + "Z"
            read = plain.str.to_datetime(INSTANT, time_unit="us", strict=False)
            return read.dt.replace_time_zone("UTC")
        case _:
            return text.cast(kind, strict=False)
