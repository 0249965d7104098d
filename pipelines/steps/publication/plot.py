"""What a dataset looks like: its plot field over time, or how its values are spread."""

import datetime as dt

import polars as pl

from connectors.portal import Bin, Distribution, Line, OverTime, Plot
from pipelines.steps.publication.opened import Opened
from schemas.contract import Field

_BINS: tuple[tuple[Bin, str, dt.timedelta], ...] = (
    ("hour", "1h", dt.timedelta(hours=1)),
    ("day", "1d", dt.timedelta(days=1)),
    ("week", "1w", dt.timedelta(weeks=1)),
    ("month", "1mo", dt.timedelta(days=30)),
)
_MOST_BINS = 800
_MOST_LINES = 5
_BARS = 24
_NAMING = ("_name", "_title")
_AT, _BY, _VALUE = ":at", ":by", ":value"


def plot_of(opened: Opened, rows: pl.LazyFrame) -> Plot | None:
    """The plot field over time, by category where these are few; without times, its distribution.

    Without a plot field it is the number of rows over time. None where there is nothing to draw.
    """
    field = _plot_field(opened)
    if opened.has_event:
        return _over_time(opened, field, rows)
    return _distribution(field, rows) if field else None


def _plot_field(opened: Opened) -> Field | None:
    publication = opened.contract.publication
    named = publication.plot if publication else None
    return next((f for f in opened.fields if f.name == named and f.kind.has_unit), None)


def _over_time(opened: Opened, field: Field | None, rows: pl.LazyFrame) -> OverTime | None:
    at = _local(opened)
    first, last = rows.select(at.min().alias("first"), at.max().alias("last")).collect().row(0)
    if first is None:
        return None
    word, every = _bin(last - first, opened)
    by = _category(opened, rows) if field else None
    values = rows.select(
        at.dt.truncate(every).alias(_AT),
        (pl.col(by.name) if by else pl.lit("")).alias(_BY),
        (pl.col(field.name) if field else pl.lit(1)).cast(pl.Float64).alias(_VALUE),
    ).drop_nulls()
    lines = _lines(values, pl.col(_VALUE).mean() if field else pl.col(_VALUE).sum())
    return OverTime(field, word, by, lines) if lines else None


def _local(opened: Opened) -> pl.Expr:
    event = pl.col(opened.contract.event.name)
    if opened.contract.event.type == "date":
        return event.cast(pl.Datetime("us")).dt.replace_time_zone(opened.zone)
    return event.dt.convert_time_zone(opened.zone)


def _bin(span: dt.timedelta, opened: Opened) -> tuple[Bin, str]:
    finest = 1 if opened.contract.event.type == "date" else 0
    fitting = (b for b in _BINS[finest:] if span / b[2] <= _MOST_BINS)
    word, every, _ = next(fitting, _BINS[-1])
    return word, every


def _category(opened: Opened, rows: pl.LazyFrame) -> Field | None:
    words = [f for f in opened.fields if f.key_position is not None and f.type == "string"]
    if not words:
        return None
    counts = rows.select(pl.col(f.name).n_unique() for f in words).collect().row(0)
    few = (f for f, count in zip(words, counts, strict=True) if 1 < count <= _MOST_LINES)
    key = next(few, None)
    return _name_of(key, opened, rows) if key else None


def _name_of(key: Field, opened: Opened, rows: pl.LazyFrame) -> Field:
    """The field that names what the key tells apart, one name for each; or else the key."""
    for field in opened.fields:
        if field.type != "string" or not field.name.endswith(_NAMING) or field is key:
            continue
        pair = pl.struct(key.name, field.name)
        each = rows.select(pl.col(key.name, field.name).n_unique(), pair.n_unique().alias(_BY))
        if len(set(each.collect().row(0))) == 1:
            return field
    return key


def _lines(values: pl.LazyFrame, middle: pl.Expr) -> tuple[Line, ...]:
    value = pl.col(_VALUE)
    spread = (middle.alias("mean"), value.min().alias("low"), value.max().alias("high"))
    bins = values.group_by(_BY, _AT).agg(spread).sort(_BY, _AT).collect(engine="streaming")
    return tuple(
        Line(
            name=str(part[_BY][0]),
            at=part[_AT].to_list(),
            mean=part["mean"].to_list(),
            low=part["low"].to_list(),
            high=part["high"].to_list(),
        )
        for part in bins.partition_by(_BY, maintain_order=True)
    )


def _distribution(field: Field, rows: pl.LazyFrame) -> Distribution | None:
    value = pl.col(field.name).cast(pl.Float64)
    values = rows.select(value.alias(_VALUE)).drop_nulls()
    least, most = values.select(least=pl.min(_VALUE), most=pl.max(_VALUE)).collect().row(0)
    if least is None:
        return None
    width = (most - least) / _BARS or 1.0
    bar = ((pl.col(_VALUE) - least) / width).floor().clip(0, _BARS - 1).cast(pl.Int64)
    found = dict(values.group_by(bar).len().collect(engine="streaming").iter_rows())
    edges = [least + width * n for n in range(_BARS + 1)]
    return Distribution(field, edges, [found.get(n, 0) for n in range(_BARS)])
