"""What of a table may be shown: small cells are hidden, and others until none can be had back.

A cell with fewer persons than the rule's least group is small (primary). More cells (secondary)
are hidden beside it, over all margins, until the tables that agree with what is shown leave
every small cell an interval at least as wide as the rule says: in persons, in rows and in every
sum. The interval starts at one or more where zeros are shown, since a hidden cell is then known
to hold somebody, so one of the least group's width always reaches a group that is not small.
A secondary cell is not small itself, so its interval never lies among the small ones.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from gdpr.disclosure.bounds import Quantity
from gdpr.disclosure.grid import Cells, Grid, Numbers
from gdpr.disclosure.protect import Cube
from gdpr.disclosure.tables import PERSONS, ROWS, SUPPRESSED, Table
from schemas.errors import PolicyBreach

_SCALE = 1e4


@dataclass(frozen=True, slots=True)
class Rule:
    """The least that a policy demands of a published table.

    A cell with some persons, but fewer than `minimum_group` or `suppress_below`, is small. Its
    count must stay unknown over `width` (the larger of the two unless given more), each of its
    sums over `sum_width` times itself. Zeros are shown, unless `protect_zeros` has them hidden as
    small. A sum of which one person holds more than `largest_share` is small as well, where
    one is given.
    """

    minimum_group: int
    suppress_below: int
    width: int = 0
    sum_width: float = 0.2
    protect_zeros: bool = False
    largest_share: float | None = None

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


@dataclass(frozen=True, slots=True)
class Marks:
    """Which cells are sensitive, which are hidden already, and which a reader knows as they are.

    What is known was shown before and has not changed: to hide it now would cover nothing.
    """

    sensitive: Cells
    hidden: Cells
    known: Cells

    def of(self, part: slice) -> Marks:
        """The same of some of the cells."""
        return Marks(self.sensitive[part], self.hidden[part], self.known[part])


def suppress(table: Table, rule: Rule) -> Suppressed:
    """The table with small cells, and those that would give them away, hidden in all measures."""
    small = small_cells(table, rule)
    hidden = protected(table, rule, Marks(small, small, np.zeros_like(small)))
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
    for name in table.layout.sums if rule.largest_share is not None else ():
        share = table.largest(name) > rule.largest_share * table.frame[name].abs()
        small |= share.to_numpy() & (persons > 0)
    return small


def protected(table: Table, rule: Rule, marks: Marks) -> Cells:
    """The hidden cells, and in each period those that keep every sensitive cell's interval wide.

    Raises:
        PolicyBreach: linear bounds find a cell too narrow: the table's totals are not its sums.
    """
    grown, start = [np.empty(0, dtype=np.bool_)], 0
    for part in table.periods():
        mine = marks.of(slice(start, start := start + len(part)))
        grown.append(_covered(_cube(part, table, rule, mine), mine.hidden))
    return np.concatenate(grown)


def _covered(cube: Cube, hidden: Cells) -> Cells:
    """The hidden cells and their cover: all that is new rather than a cell that is known."""
    grown = cube.grown(hidden)
    if cube.known.any():
        for tried in (grown, grown | ~cube.known):
            if not cube.exposed(tried & ~cube.known).any():
                return tried
    if told := int(cube.exposed(grown).sum()):
        raise PolicyBreach(f"{told} small cells could be worked out: totals are not sums")
    return grown


def _cube(part: pl.DataFrame, table: Table, rule: Rule, marks: Marks) -> Cube:
    sensitive = marks.sensitive
    grid = Grid.of(table.shape())
    width = np.where(sensitive, float(rule.interval), 0)
    floor = 0 if rule.protect_zeros else 1
    every = tuple(True for _ in grid.axes)
    persons, rows = values_of(part, PERSONS), values_of(part, ROWS)
    counts = [Quantity(rows, width, floor, every)]
    if not np.array_equal(persons, rows):
        counts.insert(0, Quantity(persons, width, floor, grid.additive(persons)))
    sums = (scaled_sum(values_of(part, name), rule, sensitive, every) for name in table.layout.sums)
    return Cube(grid, rows, tuple(counts), tuple(sums), sensitive, marks.known)


def scaled_sum(values: Numbers, rule: Rule, sensitive: Cells, every: tuple[bool, ...]) -> Quantity:
    """A sum of all cells, on a scale that suits linear programs."""
    scaled = values * (_SCALE / max(1, np.abs(values).max()))
    width = np.where(sensitive, np.abs(scaled) * rule.sum_width, 0)
    return Quantity(scaled, width, 0 if (values >= 0).all() else -np.inf, every)


def values_of(part: pl.DataFrame, name: str) -> Numbers:
    """A column as numbers, cell by cell."""
    return part[name].cast(pl.Float64).to_numpy()
