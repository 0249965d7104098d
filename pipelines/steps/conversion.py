"""From what a source wrote to what a field means: one expression a field, null where it fails."""

from dataclasses import dataclass

import polars as pl

from schemas.contract import Field
from schemas.source import FieldSource, Profile

_INSTANT = pl.Datetime("us", "UTC")
_TRUTHS = {"true": True, "1": True, "ja": True, "false": False, "0": False, "nei": False}


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

    def value(self, schema: pl.Schema) -> pl.Expr:
        """The field's value; for an instant written without a zone, its wall time."""
        written = self.written()
        kind = schema[self.source.columns[0]] if len(self.source.columns) == 1 else pl.String()
        if self.source.equals is not None:
            return written.cast(pl.String) == self.source.equals
        value = self._typed(written) if kind != pl.String else self._parsed(written)
        return self._worded(written, value)

    def _worded(self, written: pl.Expr, value: pl.Expr) -> pl.Expr:
        for word, meaning in self.source.words.items():
            meant = pl.lit(meaning).cast(self.field.kind.dtype)
            value = pl.when(written == word).then(meant).otherwise(value)
        return value

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
                return _first(
                    [text.str.to_date(form, strict=False) for form in self._formats("%Y-%m-%d")]
                )
            case "timestamp":
                return self._moment(text)

    def _moment(self, text: pl.Expr) -> pl.Expr:
        if self.source.epoch:
            number = text.cast(pl.Int64, strict=False)
            return pl.from_epoch(number, self.source.epoch).cast(_INSTANT)
        return _first([_instant(text, form) for form in self._formats("%+")])

    def _typed(self, value: pl.Expr) -> pl.Expr:
        match self.field.type:
            case "integer" | "number":
                number = value.cast(self.field.kind.dtype, strict=False)
                return self._scaled(number, whole=self.field.type == "integer")
            case "timestamp" if self.source.epoch:
                return pl.from_epoch(value, self.source.epoch).cast(_INSTANT)
            case "timestamp":
                return value.dt.cast_time_unit("us")
            case _:
                return value.cast(self.field.kind.dtype, strict=False)

    def _plain(self, text: pl.Expr) -> pl.Expr:
        if self.profile.thousands:
            text = text.str.replace_all(self.profile.thousands, "", literal=True)
        if self.profile.decimal == ",":
            text = text.str.replace(",", ".", literal=True)
        return text.str.strip_chars()

    def _scaled(self, number: pl.Expr, *, whole: bool) -> pl.Expr:
        if self.source.scale == 1 and self.source.offset == 0:
            return number
        scaled = number * self.source.scale + self.source.offset
        return scaled.round().cast(pl.Int64) if whole else scaled

    def _formats(self, default: str) -> tuple[str, ...]:
        return self.source.format or (default,)


def _instant(text: pl.Expr, form: str) -> pl.Expr:
    if form == "%+":
        return text.str.to_datetime("%+", time_unit="us", strict=False, time_zone="UTC")
    if form.endswith("Z"):
        return text.str.to_datetime(form, time_unit="us", strict=False).dt.replace_time_zone("UTC")
    return text.str.to_datetime(form, time_unit="us", strict=False)


def _whole(text: pl.Expr) -> pl.Expr:
    number = text.cast(pl.Float64, strict=False)
    whole = pl.when(number == number.floor()).then(number).cast(pl.Int64, strict=False)
    return pl.coalesce(text.cast(pl.Int64, strict=False), whole)


def _first(options: list[pl.Expr]) -> pl.Expr:
    return options[0] if len(options) == 1 else pl.coalesce(options)
