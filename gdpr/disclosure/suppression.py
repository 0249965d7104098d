"""What of a table may be shown: small cells hidden, and others with them until none can be had back.

A cell with fewer persons than the rule's least group is small (primary). More cells (secondary)
are hidden beside it, over all margins, until the tables that agree with what is shown leave
every small cell an interval at least as wide as the rule says: in persons, in rows and in every
sum. The interval starts at one or more where zeros are shown, since a hidden cell is then known
to hold somebody, so one of the least group's width always reaches a group that is not small.
A secondary cell is not small itself, so its interval never lies among the small ones.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl

from gdpr.disclosure.bounds import Polytope, Quantity
from gdpr.disclosure.grid import Cells, Grid, Lines, Numbers
from gdpr.disclosure.tables import PERSONS, ROWS, SUPPRESSED, Layout, Table

_SCALE = 1e4


@dataclass(frozen=True, slots=True)
class Rule:
    """The least that a policy demands of a published table.

    A cell with some persons, but fewer than `minimum_group` or `suppress_below`, is small. Its
    count must stay unknown over `width` (the larger of the two unless given more), each of its
    sums over `sum_width` of the sum. Zeros are shown, unless `protect_zeros` has them hidden as
    small. A sum of which one person holds more than `largest_share` is small as well.
    """

    minimum_group: int
    suppress_below: int
    width: int = 0
    sum_width: float = 0.2
    protect_zeros: bool = False
    largest_share: float = 1.0

    @property
    def least(self) -> int:
        """The fewest persons of a cell that is shown."""
        return max(self.minimum_group, self.suppress_below)

    @property
    def interval(self) -> int:
        """How many persons or rows apart the ends of a small cell's interval are at least."""
        return max(self.width, self.least)


@dataclass(frozen=True, slots=True)
class Suppressed:
    """What may be published, and how many cells were small or hidden beside small ones.

    `frame` has the keys and measures of the layout, null where hidden, and whether a cell is
    `suppressed`; it does not tell small cells from the others.
    """

    frame: pl.DataFrame
    primary: int
    secondary: int


def suppress(table: Table, rule: Rule) -> Suppressed:
    """The table with small cells, and those that would give them away, hidden in all measures."""
    small = small_cells(table, rule)
    hidden = protected(table, rule, small, small)
    primary = int(small.sum())
    return Suppressed(shown(table, hidden), primary, int(hidden.sum()) - primary)


def shown(table: Table, hidden: Cells) -> pl.DataFrame:
    """The table without its hidden cells' measures."""
    flag = pl.Series(SUPPRESSED, hidden)
    measures = pl.when(~flag).then(pl.col(table.layout.measures))
    return table.frame.select(*table.layout.keys, measures, flag)


def small_cells(table: Table, rule: Rule) -> Cells:
    """The cells that may not be shown for their own sake."""
    persons = table.frame[PERSONS].to_numpy()
    small: Cells = (persons < rule.least) & ((persons > 0) | rule.protect_zeros)
    for name in table.layout.sums:
        share = table.largest(name) > rule.largest_share * table.frame[name].abs()
        small |= share.to_numpy() & (persons > 0)
    return small


def protected(table: Table, rule: Rule, sensitive: Cells, hidden: Cells) -> Cells:
    """The hidden cells, grown in each period until every sensitive cell keeps its interval."""
    grid = Grid.of(table.shape())
    grown, start = [], 0
    for part in table.periods():
        here = slice(start, start := start + len(part))
        one = _Part(part, table.layout, rule, grid, sensitive[here])
        grown.append(one.grown(hidden[here] | sensitive[here]))
    return np.concatenate([np.empty(0, dtype=np.bool_), *grown])


@dataclass(frozen=True, slots=True)
class _Part:
    """One period's table."""

    frame: pl.DataFrame
    layout: Layout
    rule: Rule
    grid: Grid
    sensitive: Cells

    def grown(self, hidden: Cells) -> Cells:
        """The hidden cells and those that must go with them."""
        hidden = self._closed(hidden)
        for polytope in self._polytopes() if self.sensitive.any() else ():
            while (exposed := polytope.exposed(hidden)).any():
                hidden = self._closed(self._wider(hidden, exposed))
        return hidden

    def _polytopes(self) -> Iterator[Polytope]:
        yield Polytope(self.grid, self._counts(), whole=True)
        for name in self.layout.sums:
            yield Polytope(self.grid, [self._sum(name)], whole=False)

    def _counts(self) -> list[Quantity]:
        floor = 0.0 if self.rule.protect_zeros else 1.0
        width = np.where(self.sensitive, float(self.rule.interval), 0.0)
        persons, rows = self._values(PERSONS), self._values(ROWS)
        every = tuple(True for _ in self.grid.axes)
        counts = [Quantity(rows, width, floor, every)]
        if not np.array_equal(persons, rows):
            counts.insert(0, Quantity(persons, width, floor, self.grid.additive(persons)))
        return counts

    def _sum(self, name: str) -> Quantity:
        values = self._values(name)
        scaled = values * (_SCALE / max(1.0, np.abs(values).max()))
        width = np.where(self.sensitive, np.abs(scaled) * self.rule.sum_width, 0.0)
        floor = 0.0 if (values >= 0).all() else -np.inf
        return Quantity(scaled, width, floor, tuple(True for _ in self.grid.axes))

    def _values(self, name: str) -> Numbers:
        return self.frame[name].cast(pl.Float64).to_numpy()

    def _closed(self, hidden: Cells) -> Cells:
        """Hidden cells grown until no line has one alone, which its other cells would tell."""
        hidden = hidden.copy()
        while (lonely := np.where(self._open(hidden), self.grid.lonely(hidden), 0)).any():
            hidden[
                _cheapest(np.flatnonzero(lonely), self._values(ROWS) / np.maximum(lonely, 1))
            ] = True
        return hidden

    def _open(self, hidden: Cells) -> Cells:
        """The cells that can be hidden beside others: zeros tell nothing and hide nothing."""
        open_: Cells = ~hidden & (self._values(ROWS) > 0)
        return open_

    def _wider(self, hidden: Cells, exposed: Cells) -> Cells:
        """One more hidden cell beside each exposed one, or anywhere if its lines have no more."""
        hidden, added = hidden.copy(), np.zeros_like(hidden)
        for cell in np.flatnonzero(exposed):
            near = self.grid.neighbours(cell)
            if not added[near].any():
                choice = near[self._open(hidden)[near]]
                choice = choice if len(choice) else np.flatnonzero(self._open(hidden))
                best = _cheapest(choice, self._values(ROWS))
                hidden[best] = added[best] = True
        return hidden


def _cheapest(choice: Lines, cost: Numbers) -> int:
    return int(choice[np.argmin(cost[choice])])
