"""Instants and dates as ISO 8601, for the formats that hold them as text; instants in UTC."""

import polars as pl
import polars.selectors as cs

INSTANT, DATE = "%Y-%m-%dT%H:%M:%S%.fZ", "%Y-%m-%d"
_INSTANTS = cs.datetime(time_unit="us", time_zone="UTC")


def as_texts(frame: pl.DataFrame) -> pl.DataFrame:
    """The rows with texts for instants and dates."""
    return frame.with_columns(
        _INSTANTS.dt.strftime(INSTANT),
        cs.date().dt.strftime(DATE),
    )


def text_schema(schema: pl.Schema) -> pl.Schema:
    """The schema of such rows."""
    return pl.Schema({n: pl.String() if _is_text(t) else t for n, t in schema.items()})


def from_texts(frame: pl.DataFrame, schema: pl.Schema) -> pl.DataFrame:
    """The rows that the texts stand for; PolarsError where one stands for nothing."""
    return frame.with_columns(_read(name, kind) for name, kind in schema.items() if _is_text(kind))


def _is_text(kind: pl.DataType) -> bool:
    return isinstance(kind, pl.Datetime | pl.Date)


def _read(name: str, kind: pl.DataType) -> pl.Expr:
    text = pl.col(name).cast(pl.String)
    if isinstance(kind, pl.Date):
        return text.str.to_date(DATE)
    return text.str.to_datetime(INSTANT, time_unit="us").dt.replace_time_zone("UTC")
