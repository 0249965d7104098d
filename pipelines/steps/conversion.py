"""From what a source wrote to what a field means: one expression a field, null where it fails."""

import datetime as dt
from dataclasses import dataclass
from typing import Literal

import polars as pl

from schemas.contract import Field
from schemas.source import FieldSource, Profile

_INSTANT = pl.Datetime("us", "UTC")
_FIRST, _LAST = dt.datetime(1, 1, 1, tzinfo=dt.UTC), dt.datetime(9999, 12, 31, tzinfo=dt.UTC)
_PER_SECOND = {"s": 1, "ms": 1_000, "us": 1_000_000}
_TRUTHS = {"true": True, "1": True, "ja": True, "false": False, "0": False, "nei": False}


def within_calendar(moments: pl.Series) -> pl.Series:
    """The dates or instants, null where the year is not one of 1 to 9999."""
    ends = pl.Series([_FIRST, _LAST]).cast(moments.dtype).to_physical()
    found = moments.to_physical()
    least, greatest = found.min(), found.max()
    if least is None or (least >= ends[0] and greatest <= ends[1]):
        return moments
    known = moments.cast(pl.Date).is_between(_FIRST.date(), _LAST.date()).fill_null(value=True)
    return moments.set(~known, None)


@dataclass(frozen=True, slots=True)
class Conversion:
    """A field, how its bound source writes it, and the conventions of the whole source."""

    field: Field
    source: FieldSource
    profile: Profile

    @property
    def zone(self) -> str:
        """The time zone of instants that are written without one."""
        return self.source.zone or self.profile.zone

    @property
    def fold(self) -> str:
        """What to do with a wall time that occurs twice."""
        return self.source.fold or self.profile.fold

    def written(self) -> pl.Expr:
        """The source's own value: one column, or several joined by a space."""
        columns = [pl.col(name) for name in self.source.columns]
        return columns[0] if len(columns) == 1 else pl.concat_str(columns, separator=" ")

    def is_number(self) -> bool:
        """Whether the field is a number, and nothing but numbers is written for it."""
        plain = not self.source.words and self.source.equals is None
        return plain and self.field.type in ("integer", "number")

    def quick(self, schema: pl.Schema) -> pl.Expr:
        """The field's value where it is written plainly, else null; never other than `value`."""
        if not self.has_quick(schema):
            return self.value(schema)
        text = self.written()
        return self._worded(text, self._plainly(text))

    def has_quick(self, schema: pl.Schema) -> bool:
        """Whether `quick` is cheaper than `value`, and may leave out what `value` reads."""
        is_text = all(schema[name] == pl.String for name in self.source.columns)
        plain = not self.profile.thousands and self.source.equals is None
        return is_text and plain and self.field.type in ("integer", "number", "timestamp")

    def _plainly(self, text: pl.Expr) -> pl.Expr:
        if self.field.type == "timestamp":
            iso = self.source.epoch is None and not self.source.format
            return _utc_plainly(text) if iso else self._moment(text)
        if self.profile.decimal == ",":
            text = _pointed(text)
        number = text.cast(self.field.kind.dtype, strict=False)
        return self._scaled(number, whole=self.field.type == "integer")

    def value(self, schema: pl.Schema) -> pl.Expr:
        """The field's value; for an instant written without a zone, its wall time."""
        written = self.written()
        text = written.cast(pl.String)
        if self.source.equals is not None:
            return text == self.source.equals
        kind = schema[self.source.columns[0]] if len(self.source.columns) == 1 else pl.String()
        return self._worded(text, self._typed(written, kind))

    def _worded(self, text: pl.Expr, value: pl.Expr) -> pl.Expr:
        for word, meaning in self.source.words.items():
            meant = pl.lit(meaning).cast(self.field.kind.dtype)
            value = pl.when(text == word).then(meant).otherwise(value)
        return value

    def _typed(self, written: pl.Expr, kind: pl.DataType) -> pl.Expr:
        match self.field.type:
            case "integer" | "number" if kind.is_numeric():
                return self._number(written, kind)
            case "timestamp" if self.source.epoch and kind.is_numeric():
                return _since_epoch(written, self.source.epoch)
            case "date" | "timestamp" if isinstance(kind, pl.Date | pl.Datetime):
                return self._dated(written, kind)
            case "boolean" if kind == pl.Boolean:
                return written
            case _:
                return self._parsed(written.cast(pl.String))

    def _number(self, value: pl.Expr, kind: pl.DataType) -> pl.Expr:
        if self.field.type == "number":
            return self._scaled(value.cast(pl.Float64), whole=False)
        whole = value if kind.is_integer() else pl.when(value == value.floor()).then(value)
        return self._scaled(whole.cast(pl.Int64, strict=False), whole=True)

    def _dated(self, value: pl.Expr, kind: pl.Date | pl.Datetime) -> pl.Expr:
        if isinstance(kind, pl.Datetime) and kind.time_zone:
            value = value.dt.convert_time_zone(self.zone if self.field.type == "date" else "UTC")
        if self.field.type == "date":
            return value.dt.date()
        return value.cast(pl.Datetime("us")) if kind == pl.Date else value.dt.cast_time_unit("us")

    def _parsed(self, text: pl.Expr) -> pl.Expr:
        match self.field.type:
            case "string":
                return text
            case "integer":
                return self._scaled(_whole(self._plain(text)), whole=True)
            case "number":
                return self._scaled(self._plain(text).cast(pl.Float64, strict=False), whole=False)
            case "boolean":
                words = text.str.to_lowercase().str.strip_chars()
                return words.replace_strict(_TRUTHS, default=None, return_dtype=pl.Boolean)
            case "date":
                forms = self._formats("%Y-%m-%d")
                return _first([text.str.to_date(form, strict=False) for form in forms])
            case "timestamp":
                return self._moment(text)

    def _moment(self, text: pl.Expr) -> pl.Expr:
        if self.source.epoch:
            return _since_epoch(text.cast(pl.Int64, strict=False), self.source.epoch)
        return _first([_instant(text, form) for form in self._formats("%+")])

    def _plain(self, text: pl.Expr) -> pl.Expr:
        if self.profile.thousands:
            text = text.str.replace_all(self.profile.thousands, "", literal=True)
        if self.profile.decimal == ",":
            text = _pointed(text)
        return text.str.strip_chars('"').str.strip_chars()

    def _scaled(self, number: pl.Expr, *, whole: bool) -> pl.Expr:
        if self.source.scale == 1 and self.source.offset == 0:
            return number
        scaled = number * self.source.scale + self.source.offset
        return scaled.round().cast(pl.Int64, strict=False) if whole else scaled

    def _formats(self, default: str) -> tuple[str, ...]:
        return self.source.format or (default,)


def _pointed(text: pl.Expr) -> pl.Expr:
    # a point beside a decimal comma may part thousands: only the contract can say
    has_point = text.str.contains(".", literal=True)
    return pl.when(~has_point).then(text.str.replace(",", ".", literal=True))


def _utc_plainly(text: pl.Expr) -> pl.Expr:
    seconds = text.str.head(19).str.to_datetime(
        "%Y-%m-%dT%H:%M:%S", time_unit="us", strict=False, cache=False
    )
    rest = text.str.slice(19)
    fraction = pl.when(rest.str.contains(r"^\.\d{6,9}Z$")).then(rest.str.slice(1, 6))
    micros = pl.when(rest == "Z").then(pl.lit("0")).otherwise(fraction).cast(pl.Int64)
    return (seconds + pl.duration(microseconds=micros)).dt.replace_time_zone("UTC")


def _instant(text: pl.Expr, form: str) -> pl.Expr:
    if form == "%+":
        return text.str.to_datetime("%+", time_unit="us", strict=False, time_zone="UTC")
    if form.endswith("Z"):
        return text.str.to_datetime(form, time_unit="us", strict=False).dt.replace_time_zone("UTC")
    return text.str.to_datetime(form, time_unit="us", strict=False)


def _since_epoch(number: pl.Expr, unit: Literal["s", "ms", "us"]) -> pl.Expr:
    first, last = (int(end.timestamp()) * _PER_SECOND[unit] for end in (_FIRST, _LAST))
    known = pl.when(number.is_between(first, last)).then(number)
    return pl.from_epoch(known, unit).cast(_INSTANT)


def _whole(text: pl.Expr) -> pl.Expr:
    number = text.cast(pl.Float64, strict=False)
    whole = pl.when(number == number.floor()).then(number).cast(pl.Int64, strict=False)
    return pl.coalesce(text.cast(pl.Int64, strict=False), whole)


def _first(options: list[pl.Expr]) -> pl.Expr:
    return options[0] if len(options) == 1 else pl.coalesce(options)
