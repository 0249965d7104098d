"""From unit rows to tables with every margin: the counts and sums that suppression then judges.

A table holds the truth and stays where its rows may be: only what `suppress` shows may leave.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import reduce
from itertools import combinations

import polars as pl

from schemas.errors import PolicyBreach

TOTAL = "total"
PERSONS = "persons"
ROWS = "rows"
SUPPRESSED = "suppressed"
_LARGEST = "largest "
_PERSON = "one person"
_EVERY = pl.lit(0).alias("all")
_OWN = {PERSONS, ROWS, SUPPRESSED, _PERSON, "all"}


@dataclass(frozen=True, slots=True)
class Layout:
    """What a table counts: by which columns, whose rows, which sums, apart for which period.

    Every column of `by` gets margins; a period has none, for each period is a table of its own.
    Without a column of persons every row counts as a person of its own.
    """

    by: tuple[str, ...]
    persons: str | None = None
    sums: tuple[str, ...] = ()
    period: str | None = None

    @property
    def periods(self) -> tuple[str, ...]:
        """The period's column, or none."""
        return () if self.period is None else (self.period,)

    @property
    def keys(self) -> tuple[str, ...]:
        """The columns that name a cell."""
        return (*self.periods, *self.by)

    @property
    def measures(self) -> tuple[str, ...]:
        """The columns that are published of a cell: no count of persons where none was asked."""
        return (*((PERSONS,) if self.persons else ()), ROWS, *self.sums)


@dataclass(frozen=True, slots=True)
class Table:
    """Every cell of every period and margin, in order, with totals last; zeros are there too.

    `frame` has the layout's keys (`by` as text, 'total' in a margin), `persons`, `rows`, the
    sums, and the largest contribution to each sum.
    """

    frame: pl.DataFrame
    layout: Layout

    def largest(self, column: str) -> pl.Series:
        """The largest contribution of one person to each cell's sum, without its sign."""
        return self.frame[_LARGEST + column]

    def shape(self) -> tuple[int, ...]:
        """How many values each column of `by` has, 'total' among them."""
        return tuple(self.frame[name].n_unique() for name in self.layout.by)

    def periods(self) -> Iterator[pl.DataFrame]:
        """The table of each period, in order."""
        if self.layout.period is not None:
            yield from self.frame.partition_by(self.layout.period, maintain_order=True)
        elif len(self.frame):
            yield self.frame


def cross_table(rows: pl.LazyFrame | pl.DataFrame, layout: Layout) -> Table:
    """The table of all combinations of the values that occur, with all margins.

    A null in `by` is a value of its own; a null sum counts as nothing; all rows without a
    person count as one person's.

    Raises:
        PolicyBreach: a column is missing, named twice or named as a count; a value is 'total'.
    """
    units = rows.lazy()
    _require_columns(units, layout)
    counted = _by_person(units, layout).collect()
    _require_no_total(counted, layout)
    margins = pl.concat(_margin(counted, layout, kept) for kept in _subsets(layout.by))
    return Table(_filled(margins, layout), layout)


def completed(table: Table, keys: pl.DataFrame) -> Table:
    """The table with the values of these cells too, zero in every period that it has."""
    layout = table.layout
    own = table.frame.select(layout.keys)
    cast = keys.cast(own.schema)
    inside = cast.join(own, on=layout.periods, how="semi") if layout.period else cast
    more = inside.join(own, on=layout.keys, how="anti", nulls_equal=True)
    return Table(_filled(pl.concat([table.frame, more], how="diagonal"), layout), layout)


def _require_columns(units: pl.LazyFrame, layout: Layout) -> None:
    named = [*layout.keys, *layout.sums]
    wanted = named if layout.persons is None else [*named, layout.persons]
    known = units.collect_schema()
    if missing := [name for name in wanted if name not in known]:
        raise PolicyBreach(f"a table cannot be made: no column {', '.join(missing)}")
    if texts := [name for name in layout.sums if not known[name].is_numeric()]:
        raise PolicyBreach(f"a table sums numbers alone, and {texts[0]} is none")
    if not layout.by:
        raise PolicyBreach("a table counts by at least one column; none was named")
    if clash := [name for name in named if name in _OWN or named.count(name) > 1]:
        raise PolicyBreach(f"a table has one column of each name; there would be two {clash[0]}")


def _by_person(units: pl.LazyFrame, layout: Layout) -> pl.LazyFrame:
    who = pl.int_range(pl.len()) if layout.persons is None else pl.col(layout.persons)
    by = [pl.col(name).cast(pl.String) for name in layout.by]
    rows = units.select(*layout.periods, *by, *layout.sums, who.alias(_PERSON))
    counts = [pl.len().cast(pl.Int64).alias(ROWS), *_sums(layout)]
    return rows.group_by([*layout.keys, _PERSON]).agg(counts).with_columns(_EVERY)


def _sums(layout: Layout) -> list[pl.Expr]:
    return [pl.col(name).sum() for name in layout.sums]


def _require_no_total(counted: pl.DataFrame, layout: Layout) -> None:
    for name in layout.by:
        if (counted[name] == TOTAL).any():
            raise PolicyBreach(f"{name}: a value is '{TOTAL}', the word for all values")


def _subsets(names: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    for size in range(len(names) + 1):
        yield from combinations(names, size)


def _margin(counted: pl.DataFrame, layout: Layout, kept: tuple[str, ...]) -> pl.DataFrame:
    cell = ["all", *layout.periods, *kept]
    persons = counted.group_by([*cell, _PERSON]).agg(pl.col(ROWS).sum(), *_sums(layout))
    largest = [pl.col(name).abs().max().alias(_LARGEST + name) for name in layout.sums]
    counts = [pl.len().cast(pl.Int64).alias(PERSONS), pl.col(ROWS).sum(), *_sums(layout)]
    named = [pl.lit(TOTAL).alias(name) for name in layout.by if name not in kept]
    cells = persons.group_by(cell).agg(*counts, *largest).with_columns(named)
    return cells.select(*layout.keys, pl.exclude("all", *layout.keys))


def _filled(margins: pl.DataFrame, layout: Layout) -> pl.DataFrame:
    """Every combination of values in every period, in order, zero where no row was."""
    grids = [_values(margins, name) for name in layout.keys]
    cells = reduce(
        lambda grid, name: grid.join(name, how="cross", maintain_order="left_right"), grids
    )
    full = cells.join(margins, on=layout.keys, how="left", nulls_equal=True, maintain_order="left")
    return full.with_columns(pl.exclude(layout.keys).fill_null(0))


def _values(margins: pl.DataFrame, name: str) -> pl.DataFrame:
    is_total = pl.col(name).cast(pl.String) == TOTAL
    return margins.select(name).unique().sort(is_total, name)
