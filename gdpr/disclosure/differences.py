"""What a new release may tell after the previous one: two tables also publish their difference.

A small change is a small group of its own. So, of a period that was released before:

1. A cell whose count of persons or rows would change by less than the rule's least group, or
   whose sums would change while its counts stand, is sensitive, as a small cell is.
2. A cell that was suppressed stays suppressed: shown now, it would tell what it was.
3. More cells are hidden beside these and the small ones, until each of them keeps the rule's
   interval among the tables that agree with what is new. A cell that was shown and has not changed
   covers nothing, since its number is known: others are hidden first, and all that have changed
   where that takes it. Nor do cells that were hidden before cover one that has become small: what
   they were together is known, and it may be what they are.
4. A total is hidden too where it would tell that the hidden cells in its line have changed by
   few persons together.
5. A hidden cell that was shown is held: it keeps its old numbers, which tell nothing new, until
   the change is large enough. One that is small now is suppressed.

So where two releases in a row both show a cell, its counts are the same or at least the least
group apart. A period that was not released before is suppressed as any table is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import polars as pl

from gdpr.disclosure.grid import Cells, Grid, Lines, Numbers
from gdpr.disclosure.suppression import Marks, Rule, Suppressed, protected, small_cells
from gdpr.disclosure.tables import PERSONS, ROWS, SUPPRESSED, Layout, Table, completed
from schemas.errors import PolicyBreach

HELD = "held"
_OLD = "old "
_WAS_SHOWN = "was shown"
_WAS_HIDDEN = "was hidden"
_SAME = 1e-4


def hold_back(table: Table, before: pl.DataFrame, rule: Rule) -> Suppressed:
    """The table as it may be published after `before`, what was published of it last.

    `frame` also says which cells are `held` at their old numbers.

    Raises:
        PolicyBreach: what was published before has not the layout's columns.
    """
    layout = table.layout
    _require_columns(before, layout)
    whole = completed(table, before.select(layout.keys))
    beside = _beside(whole, before)
    small = small_cells(whole, rule)
    changes = _Changes.of(beside, layout, rule)
    was_hidden = beside[_WAS_HIDDEN].to_numpy()
    # a cell that is empty now may be known to be so: that does not tell what it was
    sensitive = small | changes.told() | (was_hidden & (beside[ROWS] > 0).to_numpy())
    was_shown = beside[_WAS_SHOWN].to_numpy()
    known = was_shown & ~changes.any() & ~small
    shrunk = Marks(small & was_shown & changes.any(), was_hidden, known | was_hidden)
    cover = partial(_cover, whole, rule, shrunk=shrunk)
    hidden = cover(Marks(sensitive, was_hidden, known))
    grid = Grid.of(whole.shape())
    while (totals := changes.totals_that_tell(grid, hidden)).any():
        sensitive = sensitive | totals
        hidden = cover(Marks(sensitive, hidden | totals, known))
    held = hidden & ~small & was_shown
    published = _published(beside, layout, hidden & ~held, held)
    return Suppressed(published, int(sensitive.sum()), int((hidden & ~sensitive).sum()))


def _cover(table: Table, rule: Rule, marks: Marks, shrunk: Marks) -> Cells:
    """The hidden cells and their cover, in which what has become small has a cover of its own."""
    hidden = protected(table, rule, marks)
    if not shrunk.sensitive.any():
        return hidden
    return protected(table, rule, replace(shrunk, hidden=hidden))


@dataclass(frozen=True, slots=True)
class _Changes:
    """How the cells differ from what was shown of them: not at all where nothing was."""

    persons: Numbers
    counts: tuple[Numbers, ...]
    sums: tuple[Numbers, ...]
    least: int

    @classmethod
    def of(cls, beside: pl.DataFrame, layout: Layout, rule: Rule) -> _Changes:
        """The changes of each measure that is published."""
        counts = [_change(beside, n) for n in layout.measures if n not in layout.sums]
        sums = [_change(beside, name) for name in layout.sums]
        return cls(_numbers(beside[PERSONS]), tuple(counts), tuple(sums), rule.least)

    def any(self) -> Cells:
        """The cells that are not as they were shown."""
        changes = (*self.counts, *self.sums)
        changed: Cells = (np.abs(np.stack(changes)) > _SAME).max(axis=0)
        return changed

    def told(self) -> Cells:
        """The cells that would tell of a few persons."""
        return self._tells(self.counts, self.sums)

    def totals_that_tell(self, grid: Grid, hidden: Cells) -> Cells:
        """The shown totals that tell, less their shown parts, of a few persons in hidden parts."""
        told = np.zeros_like(hidden)
        for lines in grid.repeated(len(hidden)):
            parts, totals = lines[:, :-1], lines[:, -1]
            rest = partial(_rest, lines=lines, hidden=hidden)
            # persons who are counted in several parts make no sum
            whole = not rest(self.persons, hidden=np.zeros_like(hidden)).any()
            counts = [rest(count) for count in self.counts[0 if whole else -1 :]]
            tells = self._tells(counts, [rest(total) for total in self.sums])
            told[totals] |= tells & hidden[parts].any(axis=1) & ~hidden[totals]
        return told

    def _tells(self, counts: Sequence[Numbers], sums: Sequence[Numbers]) -> Cells:
        sizes = np.abs(counts)
        few = ((sizes > 0) & (sizes < self.least)).any(axis=0)
        moved = np.zeros_like(few)
        for total in sums:
            moved |= np.abs(total) > _SAME
        tells: Cells = few | (moved & (sizes == 0).all(axis=0))
        return tells


def _rest(values: Numbers, lines: Lines, hidden: Cells) -> Numbers:
    """What is left of each line's total without the parts that are not hidden."""
    parts, totals = lines[:, :-1], lines[:, -1]
    rest: Numbers = values[totals] - np.where(hidden[parts], 0, values[parts]).sum(axis=1)
    return rest


def _require_columns(before: pl.DataFrame, layout: Layout) -> None:
    wanted = [*layout.keys, *layout.measures, SUPPRESSED]
    if missing := [name for name in wanted if name not in before.columns]:
        raise PolicyBreach(f"the previous release of the table has no column {missing[0]}")


def _beside(table: Table, before: pl.DataFrame) -> pl.DataFrame:
    """Each cell and what was published of it; what a released period did not have was zero."""
    layout = table.layout
    renamed = {name: _OLD + name for name in (*layout.measures, SUPPRESSED)}
    old = before.select(*layout.keys, *renamed).rename(renamed)
    both = table.frame.join(
        old, on=layout.keys, how="left", nulls_equal=True, maintain_order="left"
    )
    known = pl.col(_OLD + SUPPRESSED).is_not_null()
    released = known.any().over(layout.period) if layout.period else known.any()
    hidden = pl.col(_OLD + SUPPRESSED).fill_null(False)
    return both.with_columns(
        pl.col([_OLD + name for name in layout.measures]).fill_null(0),
        (released & ~hidden).alias(_WAS_SHOWN),
        (released & hidden).alias(_WAS_HIDDEN),
    )


def _change(beside: pl.DataFrame, name: str) -> Numbers:
    old = pl.when(_WAS_SHOWN).then(_OLD + name).otherwise(name)
    return _numbers(beside.select(pl.col(name) - old).to_series())


def _numbers(column: pl.Series) -> Numbers:
    return column.cast(pl.Float64).to_numpy()


def _published(beside: pl.DataFrame, layout: Layout, hidden: Cells, held: Cells) -> pl.DataFrame:
    marks = pl.Series(SUPPRESSED, hidden), pl.Series(HELD, held)
    measures = [
        pl.when(marks[1]).then(_OLD + name).when(~marks[0]).then(name).alias(name)
        for name in layout.measures
    ]
    return beside.select(*layout.keys, *measures, *marks)
