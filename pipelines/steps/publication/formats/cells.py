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
_FILTERED = re.compile(r'<autoFilter ref="A1:[A-Z]+(\d+)"/>')
_ROW = ":row"
_DAY = 86_400_000_000
_EPOCH = 25_569  # days from Excel's to that of Unix
_FIRST_DAY = dt.date(1900, 3, 1)
_MOST_WHOLE = 999_999_999_999_999
_LEAST, _MOST = 2.3e-308, 9.99e307
_CONTROLS = [chr(n) for n in (*range(9), 11, 12, *range(13, 32), 0xFFFE, 0xFFFF)]
_ESCAPES = [f"_x{ord(control):04X}_" for control in _CONTROLS]


@dataclass(frozen=True, slots=True)
class Column:
    """A column's letters, its style, and what its cells hold."""

    letters: str
    style: str
    kind: pl.DataType

    def held(self, value: pl.Expr) -> pl.Expr:
        """The value as the cell of its row; null where there is none."""
        start, style = pl.lit(f'<c r="{self.letters}'), pl.lit(f'"{self.style}')
        return pl.concat_str(start, pl.col(_ROW), style, _held(value, self.kind))


@dataclass(frozen=True, slots=True)
class Cells:
    """The sheet before and after its rows, and its columns."""

    head: str
    tail: str
    columns: tuple[Column, ...]

    @classmethod
    def of(cls, sheet: str, schema: pl.Schema) -> Self:
        """The cells of a sheet whose second row shows each column's style."""
        styles = [(letters, style) for letters, style in _TEMPLATE.findall(sheet)]
        bare = _DIMENSION.sub("", _STYLED_ROW.sub("", sheet))
        head, tail = bare.split(_END)
        columns = tuple(
            Column(letters, style, kind)
            for (letters, style), kind in zip(styles, schema.values(), strict=True)
        )
        return cls(head, tail, columns)

    def end(self, last: int) -> str:
        """The sheet after its rows: filters on the columns down to the last row."""
        corner = f"{self.columns[-1].letters}{last}"
        return f'{_END}<autoFilter ref="A1:{corner}"/>{self.tail}'

    def lines(self, frame: pl.DataFrame, first: int) -> bytes:
        """The rows as XML, numbered from `first`."""
        numbered = frame.with_row_index(_ROW, first).with_columns(pl.col(_ROW).cast(pl.String))
        cells = [
            column.held(pl.col(name))
            for name, column in zip(frame.columns, self.columns, strict=True)
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


def last_row(end: str) -> int:
    """The number of the last row, which the end of a sheet tells; ValueError where it does not."""
    told = _FILTERED.search(end)
    if told is None:
        raise ValueError("does not say where its rows end")
    return int(told[1])


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
        case pl.String():
            # Excel reads these escapes; the library that reads here leaves them
            return text.str.replace_many(_ESCAPES[-2:], _CONTROLS[-2:])
        case _:
            return text.cast(kind, strict=False)
