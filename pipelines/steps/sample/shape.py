"""What tells a sample's rows apart, and when each of them happened."""

import re
from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import combinations

import polars as pl

from pipelines.steps.sample.columns import Column

_NAMES = re.compile(
    "(^|[^a-z])(id|nr|no|name|navn|sted|place|site|station|stasjon)$|nummer|number|sensor|device|"
    "malepunkt|målepunkt|kode|code"
)
_WHEN = tuple(
    map(re.compile, ("observ|measur|målt|meldt|reported", "start|fra|from", "time|tid|dato|date"))
)
_COUNTS = re.compile("^(index|row|rad|linje|line)([^a-z]|$)|antall|count|ledige")
_ENOUGH = 0.99
_MANY = 20
_MOST_CANDIDATES = 8
_MOST_TOGETHER = 3


def event_of(columns: Sequence[Column], values: pl.DataFrame) -> str | None:
    """The column that says when a row happened: whole before gaps, an instant before a date."""
    dated = [column for column in columns if column.kind in ("timestamp", "date")]

    def merit(column: Column) -> tuple[bool, bool, int, int]:
        found = values[column.name]
        named = (at for at, words in enumerate(_WHEN) if words.search(column.name.lower()))
        rank = -next(named, len(_WHEN))
        return not found.null_count(), column.kind == "timestamp", rank, found.n_unique()

    return max(dated, key=merit).name if dated else None


def key_of(columns: Sequence[Column], values: pl.DataFrame, event: str | None) -> tuple[str, ...]:
    """The columns that tell rows apart; of no such set, the one that comes nearest."""
    rows = values.unique()
    telling = _telling(columns, rows)
    alone = [name for name in telling if _is_name(name) and rows[name].n_unique() == rows.height]
    if alone and (event is None or rows.height >= _MANY):
        return (alone[0],)
    if event is None:
        return tuple(telling[:1])
    sets = [(*names, event) for names in _together(telling)]
    shares = {names: rows.select(names).n_unique() / rows.height for names in sets}
    enough = (names for names in sets if shares[names] >= _ENOUGH)
    return next(enough, max(shares, key=lambda names: shares[names]))


def rhythm_of(moments: pl.Series) -> timedelta:
    """How often something happens: the commonest step between moments, at least a minute."""
    steps = moments.drop_nulls().unique().sort().diff().drop_nulls()
    common = steps.mode().min() if len(steps) else None
    least = timedelta(minutes=1)
    return max(common, least) if isinstance(common, timedelta) else timedelta(days=1)


def _telling(columns: Sequence[Column], rows: pl.DataFrame) -> list[str]:
    """Columns that could be part of a key: whole, words or whole numbers, names of things first."""
    found = [
        column.name
        for column in columns
        if column.kind in ("string", "integer")
        and not rows[column.name].null_count()
        and not _COUNTS.search(column.name.lower())
        and (_is_name(column.name) or rows[column.name].n_unique() > 1)
    ]
    return sorted(found, key=lambda name: not _is_name(name))[:_MOST_CANDIDATES]


def _is_name(column: str) -> bool:
    return _NAMES.search(column.lower()) is not None


def _together(names: Sequence[str]) -> Iterator[tuple[str, ...]]:
    if not any(map(_is_name, names)):
        yield ()
    for count in range(1, _MOST_TOGETHER + 1):
        yield from combinations(names, count)
    yield ()
