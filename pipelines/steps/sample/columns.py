"""What one column of a sample seems to hold: its type, how it is written, and its null marks."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import polars as pl

from schemas.types import TypeWord

Kind = TypeWord | Literal["clock"]
_MARKS = ("-", "--", "..", ":", ".", "NA", "N/A", "n/a", "NULL", "null", "None", "nan", "NaN")
_MOST_MISFITS = 0.25
_MOST_FORMATS = 3
_SECONDS = range(946_684_800, 4_102_444_800)
_WHOLE = r"^-?\d+$"
_LONG = r"^-?\d{16}"
_PADDED = r"^-?0\d"
_POINT = r"^-?\d+(\.\d+)?([eE]-?\d+)?$"
_COMMA = r"^-?\d{1,3}([ \x{00a0}]?\d{3})*(,\d+)?$"
_GROUPED = r"\d[ \x{00a0}]\d{3}"
_TRUTH = r"(?i)^(true|false|ja|nei)$"
_CLOCK = r"^\d{1,2}:\d{2}(:\d{2})?$"
_TIMELY = ("tid", "time", "stamp", "epoch", "ts")
_DATES = ("%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y", "%Y%m%d")
_ZONED = "%+"
_MOMENTS = (
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%d %H:%M",
    "%Y-%m-%dT%H:%M:%S",
    "%Y-%m-%dT%H:%M",
    "%d.%m.%Y %H:%M",
    "%d.%m.%Y %H:%M:%S",
    "%d.%m.%Y %H.%M",
    "%d/%m/%Y %H:%M",
)
Parse = Callable[[pl.Series, str], pl.Series]


@dataclass(frozen=True, slots=True)
class Column:
    """A column as it was found; `misfits` counts values that are not of its type.

    `parts` names the source's columns where it is several of them, joined by a space.
    """

    name: str
    kind: Kind
    parts: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()
    decimal: str = ""
    thousands: str = ""
    marks: tuple[str, ...] = ()
    epoch: Literal["s", "ms"] | None = None
    misfits: int = 0


def read_column(values: pl.Series) -> Column:
    """What the column's values have in common; a string where that is too little."""
    if values.dtype != pl.String:
        return Column(values.name, _native(values))
    marks = tuple(mark for mark in _MARKS if (values == mark).any())
    text = values.filter(values.is_not_null() & ~values.is_in(marks)).str.strip_chars()
    spare = int(len(text) * _MOST_MISFITS)
    readings = _readings(text) if len(text) else iter(())
    found = next((column for column in readings if column.misfits <= spare), None)
    return replace(found, marks=marks) if found else Column(values.name, "string")


def _native(values: pl.Series) -> Kind:
    dtype = values.dtype
    if dtype.is_numeric():
        # a workbook knows no integers
        return "integer" if (values.drop_nulls() % 1 == 0).all() else "number"
    kinds: dict[type[pl.DataType], Kind] = {pl.Boolean: "boolean", pl.Date: "date"}
    return "timestamp" if isinstance(dtype, pl.Datetime) else kinds.get(type(dtype), "string")


def _readings(text: pl.Series) -> Iterator[Column]:
    name = text.name
    yield Column(name, "boolean", misfits=_unlike(text, _TRUTH))
    yield _dated(text, "date", _DATES[:-1], _day)
    if not text.str.contains(_PADDED).any():
        yield from _numbers(text)
    yield _dated(text, "date", _DATES[-1:], _day)
    yield _dated(text, "timestamp", (_ZONED,), _moment)
    yield _dated(text, "timestamp", _MOMENTS, _moment)
    yield Column(name, "clock", misfits=_unlike(text, _CLOCK))


def _numbers(text: pl.Series) -> Iterator[Column]:
    name = text.name
    if not text.str.contains(_LONG).any():
        whole = Column(name, "integer", misfits=_unlike(text, _WHOLE))
        yield _as_epoch(whole, text) or whole
        yield Column(name, "number", misfits=_unlike(text, _POINT), decimal=".")
        grouped = text.str.extract(_GROUPED, 0).drop_nulls().head(1)
        thousands = str(grouped[0])[1] if len(grouped) else ""
        misfits = _unlike(text, _COMMA)
        yield Column(name, "number", misfits=misfits, decimal=",", thousands=thousands)


def _as_epoch(whole: Column, text: pl.Series) -> Column | None:
    if whole.misfits or not any(word in text.name.lower() for word in _TIMELY):
        return None
    numbers = text.cast(pl.Int64, strict=False)
    if numbers.is_between(_SECONDS[0], _SECONDS[-1]).all():
        return replace(whole, kind="timestamp", epoch="s")
    if (numbers // 1000).is_between(_SECONDS[0], _SECONDS[-1]).all():
        return replace(whole, kind="timestamp", epoch="ms")
    return None


def _dated(text: pl.Series, kind: Kind, forms: Sequence[str], parse: Parse) -> Column:
    """The kind with the formats that together read the most, the commonest first."""
    left, used = text, list[str]()
    while len(left) and len(used) < _MOST_FORMATS:
        read = {form: parse(left, form).is_not_null() for form in forms if form not in used}
        best = max(read, key=lambda form: int(read[form].sum()), default=None)
        if best is None or not read[best].any():
            break
        used.append(best)
        left = left.filter(~read[best])
    return Column(text.name, kind, formats=tuple(used), misfits=len(left))


def _day(text: pl.Series, form: str) -> pl.Series:
    return text.str.to_date(form, strict=False)


def _moment(text: pl.Series, form: str) -> pl.Series:
    if form == _ZONED:
        return text.str.to_datetime(form, strict=False, time_zone="UTC")
    return text.str.to_datetime(form, strict=False)


def _unlike(text: pl.Series, pattern: str) -> int:
    return int((~text.str.contains(pattern)).sum())


def moments(column: Column, values: pl.Series) -> pl.Series:
    """The values of a date or timestamp column as moments, null where they are none."""
    if values.dtype != pl.String:
        return values
    if column.epoch:
        return pl.from_epoch(values.cast(pl.Int64, strict=False), column.epoch)
    parse = _day if column.kind == "date" else _moment
    read = [parse(values.str.strip_chars(), form) for form in column.formats]
    return pl.select(pl.coalesce(read)).to_series()
