"""What anyone can work out of a hidden cell: the tables that agree with what is published.

Linear programs (HiGHS) over all cells: published cells stand fast, hidden ones are free down
to a floor, totals are the sums of their parts. Counts are whole: where a program's answer is
not, an integer program gives it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import highspy
import numpy as np
from numpy.typing import NDArray

from gdpr.disclosure.grid import Cells, Grid, Lines, Numbers

_NEAR = 1e-6
_FOUND = 2
_ENDLESS = np.inf
_NONE: NDArray[np.int32] = np.empty(0, dtype=np.int32)
_OPTIONS: dict[str, bool | int | str] = {
    "output_flag": False,
    "threads": 1,
    "random_seed": 0,
    "presolve": "off",
    "mip_max_nodes": 500,
}


@dataclass(frozen=True, slots=True)
class Quantity:
    """One measure of every cell, and how wide an interval each hidden cell must keep.

    `floor` is the least that anyone knows a hidden cell to hold. Along an axis that is not
    `additive`, persons are counted once in a total: it is at least its largest part and at
    most the sum of them.
    """

    values: Numbers
    width: Numbers
    floor: float
    additive: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class Proof:
    """How far below and above its value each cell is known to reach, in every quantity."""

    down: Numbers
    up: Numbers

    @classmethod
    def nothing(cls, cells: int) -> Proof:
        """Every cell is known to hold its own value, no more."""
        return cls(np.zeros(cells), np.zeros(cells))

    def holds(self, cell: int, width: float) -> bool:
        """Whether the cell's interval is known to be that wide."""
        return bool(self.down[cell] + self.up[cell] >= width)

    def extend(self, cell: int, down: float, up: float) -> None:
        """Take note of how far below and above its value a cell has been seen."""
        self.down[cell] = max(self.down[cell], down)
        self.up[cell] = max(self.up[cell], up)


@dataclass(frozen=True, slots=True)
class _Block:
    """Constraints of one form: coefficients on the columns of each line, between two bounds."""

    columns: Lines
    coefficients: Numbers
    lower: float
    upper: float


class Polytope:
    """All tables that agree with what is published, of quantities that share their cells.

    Each quantity is, cell by cell, at most the next one.
    """

    def __init__(
        self, grid: Grid, quantities: Sequence[Quantity], proof: Proof, *, whole: bool
    ) -> None:
        self._quantities = quantities
        self._whole = whole
        self._truth = np.concatenate([quantity.values for quantity in quantities])
        self._width = np.concatenate([quantity.width for quantity in quantities])
        self._floor = np.concatenate([np.full(len(q.values), q.floor) for q in quantities])
        self._model = _model(self._truth, list(_blocks(grid, quantities)))
        self._least = self._truth - np.tile(proof.down, len(quantities))
        self._most = self._truth + np.tile(proof.up, len(quantities))

    def exposed(self, hidden: Cells) -> Cells:
        """The hidden cells whose interval, in any quantity, is narrower than it must be.

        What was hidden before must be hidden still: intervals only widen from call to call.
        """
        self._free(hidden)
        asked = np.tile(hidden, len(self._quantities))
        for column in np.flatnonzero(asked & self._narrow()).tolist():
            for sign in (1, -1):
                if self._narrow()[column]:
                    self._see(self._extreme(column, sign))
        narrow = (asked & self._narrow()).reshape(len(self._quantities), -1)
        exposed: Cells = np.logical_or.reduce(narrow)
        return exposed

    def _narrow(self) -> Cells:
        narrow: Cells = self._most - self._least < self._width - _NEAR
        return narrow

    def _see(self, found: Numbers) -> None:
        self._least = np.minimum(self._least, found)
        self._most = np.maximum(self._most, found)

    def _free(self, hidden: Cells) -> None:
        """Let hidden cells vary, and hold the others where they are."""
        free = np.tile(hidden, len(self._quantities))
        self._lower = np.where(free, np.minimum(self._floor, self._truth), self._truth)
        self._upper = np.where(free, _ENDLESS, self._truth)
        columns = np.arange(len(free), dtype=np.int32)
        self._model.changeColsBounds(len(free), columns, self._lower, self._upper)

    def _extreme(self, column: int, sign: int) -> Numbers:
        """A table in which this cell is as large (or small) as it needs to be, or can be."""
        truth, width = self._truth[column], self._width[column]
        lower = max(self._lower[column], truth - width)
        self._model.changeColBounds(column, lower, truth + width)
        self._model.changeColCost(column, -sign)
        found = self._solved()
        self._model.changeColCost(column, 0)
        self._model.changeColBounds(column, self._lower[column], self._upper[column])
        return found

    def _solved(self) -> Numbers:
        self._model.run()
        found = self._found()
        if self._whole and not np.allclose(found, np.rint(found), rtol=0, atol=_NEAR):
            return self._solved_whole()
        return found

    def _solved_whole(self) -> Numbers:
        """The best whole table found within a fixed number of steps: the same in every run."""
        self._declare(whole=True)
        self._model.run()
        found = self._found()
        self._declare(whole=False)
        return found

    def _found(self) -> Numbers:
        """The table that the model came to, or the true one if it came to none."""
        if self._model.getInfo().primal_solution_status != _FOUND:
            return self._truth
        return np.asarray(self._model.getSolution().col_value)

    def _declare(self, *, whole: bool) -> None:
        count = len(self._truth)
        kind = np.full(count, int(whole), dtype=np.uint8)
        self._model.changeColsIntegrality(count, np.arange(count, dtype=np.int32), kind)
        self._model.setOptionValue("presolve", "on" if whole else "off")


def _blocks(grid: Grid, quantities: Sequence[Quantity]) -> Iterator[_Block]:
    cells = len(quantities[0].values)
    for number, quantity in enumerate(quantities):
        for lines, additive in zip(grid.axes, quantity.additive, strict=True):
            yield from _sums(lines + number * cells, additive=additive)
    for number in range(len(quantities) - 1):
        pairs = np.arange(cells)[:, None] + np.array([number, number + 1]) * cells
        yield _Block(pairs, np.array([-1.0, 1.0]), 0, _ENDLESS)


def _sums(lines: Lines, *, additive: bool) -> Iterator[_Block]:
    parts = lines.shape[1] - 1
    yield _Block(lines, np.array([1.0] * parts + [-1.0]), 0, 0 if additive else _ENDLESS)
    if not additive:
        for part in range(parts):
            yield _Block(lines[:, [part, -1]], np.array([-1.0, 1.0]), 0, _ENDLESS)


def _model(truth: Numbers, blocks: list[_Block]) -> highspy.Highs:
    """A quiet model on one thread, with the columns held at the truth and no objective."""
    model = highspy.Highs()  # type: ignore[no-untyped-call]  # its constructor has no annotations
    for option, value in _OPTIONS.items():
        model.setOptionValue(option, value)
    count = len(truth)
    model.addCols(count, np.zeros(count), truth, truth, 0, _NONE, _NONE, np.empty(0))
    for block in blocks:
        rows, width = block.columns.shape
        starts = np.arange(rows, dtype=np.int32) * width
        lower, upper = np.full(rows, block.lower), np.full(rows, block.upper)
        index, values = block.columns.ravel().astype(np.int32), np.tile(block.coefficients, rows)
        model.addRows(rows, lower, upper, len(index), starts, index, values)
    return model
