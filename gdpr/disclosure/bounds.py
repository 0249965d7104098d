"""What anyone can work out of a hidden cell: the tables that agree with what is published.

Linear programs (HiGHS) over all cells: published cells stand fast, hidden ones are free down
to a floor, totals are the sums of their parts.
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
_NONE: NDArray[np.int32] = np.empty(0, dtype=np.int32)
_OPTIONS: dict[str, bool | int | str] = {
    "output_flag": False,
    "threads": 1,
    "random_seed": 0,
    "presolve": "on",
    "solver": "ipm",
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

    def __init__(self, grid: Grid, quantities: Sequence[Quantity]) -> None:
        self._truth = np.concatenate([quantity.values for quantity in quantities])
        self._width = np.concatenate([quantity.width for quantity in quantities])
        self._floor = np.concatenate([np.full(len(q.values), q.floor) for q in quantities])
        self._model = _model(self._truth, list(_blocks(grid, quantities)))

    def exposed(self, hidden: Cells) -> Cells:
        """The hidden cells whose interval, in any quantity, is narrower than it must be."""
        free = np.resize(hidden, len(self._truth))
        self._free(free)
        seen = _Seen(self._truth, np.where(free, self._width, 0))
        narrow, before = seen.narrow(), len(free) + 1
        while 0 < len(narrow) < before:
            before = len(narrow)
            narrow = self._seen(seen, narrow)
        # what many cells cannot do together, one may do alone
        for column in narrow:
            self._seen(seen, np.array([column]))
        exposed = np.zeros(len(hidden), dtype=np.bool_)
        exposed[seen.narrow() % len(hidden)] = True
        return exposed

    def _free(self, free: Cells) -> None:
        """Let hidden cells vary, and hold the others where they are."""
        self._lower = np.where(free, np.minimum(self._floor, self._truth), self._truth)
        self._upper = np.where(free, np.inf, self._truth)
        self._bound(np.arange(len(free)), self._lower, self._upper)

    def _bound(self, columns: Lines, lower: Numbers, upper: Numbers) -> None:
        self._model.changeColsBounds(len(columns), columns.astype(np.int32), lower, upper)

    def _seen(self, seen: _Seen, columns: Lines) -> Lines:
        """What is still narrow once these cells have been as large and as small as can be."""
        truth, width = self._truth[columns], self._width[columns]
        self._bound(columns, np.maximum(self._lower[columns], truth - width), truth + width)
        for sign in (1.0, -1.0):
            seen.add(self._extreme(columns, sign))
        self._bound(columns, self._lower[columns], self._upper[columns])
        return seen.narrow()

    def _extreme(self, columns: Lines, sign: float) -> Numbers:
        """A table in which these cells are large, or small, together; the true one if none is."""
        index = columns.astype(np.int32)
        self._model.changeColsCost(len(index), index, np.full(len(index), -sign))
        self._model.run()
        found = np.asarray(self._model.getSolution().col_value)
        is_found = self._model.getInfo().primal_solution_status == _FOUND
        self._model.changeColsCost(len(index), index, np.zeros(len(index)))
        return found if is_found else self._truth


class _Seen:
    """The least and the most that each cell has been in a table that agrees with what is shown."""

    def __init__(self, truth: Numbers, width: Numbers) -> None:
        self._least = self._most = truth
        self._width = width

    def add(self, table: Numbers) -> None:
        """Take note of one more table."""
        self._least = np.minimum(self._least, table)
        self._most = np.maximum(self._most, table)

    def narrow(self) -> Lines:
        """The cells that have not been seen as far apart as they must."""
        return np.flatnonzero(self._most - self._least < self._width - _NEAR)


def _blocks(grid: Grid, quantities: Sequence[Quantity]) -> Iterator[_Block]:
    cells = len(quantities[0].values)
    for number, quantity in enumerate(quantities):
        for lines, additive in zip(grid.axes, quantity.additive, strict=True):
            yield from _sums(lines + number * cells, additive=additive)
    for number in range(len(quantities) - 1):
        pairs = np.arange(cells)[:, None] + np.array([number, number + 1]) * cells
        yield _Block(pairs, np.array([-1.0, 1.0]), 0, np.inf)


def _sums(lines: Lines, *, additive: bool) -> Iterator[_Block]:
    parts = lines.shape[1] - 1
    yield _Block(lines, np.array([1.0] * parts + [-1.0]), 0, 0 if additive else np.inf)
    if not additive:
        for part in range(parts):
            yield _Block(lines[:, [part, -1]], np.array([-1.0, 1.0]), 0, np.inf)


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
