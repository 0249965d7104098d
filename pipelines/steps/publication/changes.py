"""What a new version changed for those who have the one before it."""

import datetime as dt
from dataclasses import dataclass

import polars as pl

from pipelines.steps.publication.opened import Opened

_OLD = ":before"
_DAY, _COUNT, _FATE, _SUM = ":day", ":count", ":fate", ":sum"
_PORTION = 1_000_000


@dataclass(frozen=True, slots=True)
class Difference:
    """Rows added, changed and removed, and the local days that they stand on, ISO 8601.

    Where the key is not released no row can be followed: a changed row is one removed, one added.
    """

    added: int = 0
    changed: int = 0
    removed: int = 0
    days: tuple[str, ...] = ()


def compare(opened: Opened, before: pl.LazyFrame, after: pl.LazyFrame) -> Difference:
    """The difference between two versions' rows, in the columns that both have in the same type.

    Memory holds about a million rows of the days that differ; all of them where the key does not
    hold the event, for a row may then move from day to day.
    """
    held = before.collect_schema()
    kinds = after.collect_schema().items()
    shared = opened.narrowed([name for name, kind in kinds if held.get(name) == kind])
    sides = [side.select(*shared.schema, shared.day.alias(_DAY)) for side in (before, after)]
    whole = shared.contract.event.name not in shared.key
    portions = _portions(_differing(*sides), whole=whole)
    if not portions:
        return Difference()
    return _summed(pl.concat(_fates(shared, sides, days) for days in portions))


def _fates(shared: Opened, sides: list[pl.LazyFrame], days: pl.Series) -> pl.DataFrame:
    before, after = (
        side.filter(pl.col(_DAY).is_in(days.implode(), nulls_equal=True)) for side in sides
    )
    fates = _by_key(shared, before, after) if shared.key else _by_row(before, after)
    return fates.collect(engine="streaming")


def _differing(before: pl.LazyFrame, after: pl.LazyFrame) -> pl.DataFrame:
    # equal rows give equal sums in whatever order; a day whose sums agree is not looked at again
    def sums(side: pl.LazyFrame) -> pl.LazyFrame:
        row = pl.struct(pl.exclude(_DAY)).hash()
        return side.group_by(_DAY).agg(row.sum().alias(_SUM), pl.len().alias(_COUNT))

    days = sums(after).join(
        sums(before), on=_DAY, how="full", coalesce=True, suffix=_OLD, nulls_equal=True
    )
    differs = pl.any_horizontal(pl.col(n).ne_missing(pl.col(n + _OLD)) for n in (_SUM, _COUNT))
    rows = pl.max_horizontal(_COUNT, _COUNT + _OLD).alias(_COUNT)
    return days.filter(differs).select(_DAY, rows).sort(_DAY).collect(engine="streaming")


def _portions(days: pl.DataFrame, *, whole: bool) -> list[pl.Series]:
    if days.is_empty() or whole:
        return [] if days.is_empty() else [days[_DAY]]
    portion = (days[_COUNT].cum_sum() // _PORTION).alias(_SUM)
    return [part[_DAY] for part in days.with_columns(portion).partition_by(_SUM)]


def _by_key(shared: Opened, before: pl.LazyFrame, after: pl.LazyFrame) -> pl.LazyFrame:
    one = pl.lit(1).alias(_COUNT)
    both = after.with_columns(one).join(
        before.with_columns(one), on=shared.key, how="full", coalesce=True, suffix=_OLD
    )
    others = [name for name in (*shared.schema, _DAY) if name not in shared.key]
    differs = pl.any_horizontal(pl.col(name).ne_missing(pl.col(name + _OLD)) for name in others)
    fate = (
        pl.when(pl.col(_COUNT + _OLD).is_null())
        .then(pl.lit("added"))
        .when(pl.col(_COUNT).is_null())
        .then(pl.lit("removed"))
        .when(differs)
        .then(pl.lit("changed"))
    )
    return (
        both.select(fate.alias(_FATE), _DAY, _DAY + _OLD)
        .drop_nulls(_FATE)
        .group_by(pl.all())
        .agg(pl.len().alias(_COUNT))
    )


def _by_row(before: pl.LazyFrame, after: pl.LazyFrame) -> pl.LazyFrame:
    sides = [(before, -1), (after, 1)]
    counted = pl.concat(side.with_columns(pl.lit(sign).alias(_COUNT)) for side, sign in sides)
    gain = counted.group_by(pl.exclude(_COUNT)).agg(pl.col(_COUNT).sum())
    rows = gain.filter(pl.col(_COUNT) != 0)
    fate = pl.when(pl.col(_COUNT) > 0).then(pl.lit("added")).otherwise(pl.lit("removed"))
    return (
        rows.select(fate.alias(_FATE), _DAY, pl.col(_DAY).alias(_DAY + _OLD), pl.col(_COUNT).abs())
        .group_by(_FATE, _DAY, _DAY + _OLD)
        .agg(pl.col(_COUNT).sum())
    )


def _summed(fates: pl.DataFrame) -> Difference:
    counts = dict(fates.group_by(_FATE).agg(pl.col(_COUNT).sum()).iter_rows())
    days = {day for name in (_DAY, _DAY + _OLD) for day in fates[name] if isinstance(day, dt.date)}
    return Difference(
        added=counts.get("added", 0),
        changed=counts.get("changed", 0),
        removed=counts.get("removed", 0),
        days=tuple(day.isoformat() for day in sorted(days)),
    )
