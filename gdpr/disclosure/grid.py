"""The cells of one table as an array, and the lines along which parts add up to totals."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Cells = NDArray[np.bool_]
Numbers = NDArray[np.float64]
Lines = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Grid:
    """Cells in row-major order, of which the last along each axis is the total."""

    shape: tuple[int, ...]
    axes: tuple[Lines, ...]

    @classmethod
    def of(cls, shape: tuple[int, ...]) -> Grid:
        """The grid whose axes have so many values, the total counted among them."""
        cells = np.arange(np.prod(shape, dtype=np.intp)).reshape(shape)
        along = (np.moveaxis(cells, axis, -1) for axis in range(len(shape)))
        return cls(shape, tuple(lines.reshape(-1, lines.shape[-1]) for lines in along))

    def repeated(self, cells: int) -> tuple[Lines, ...]:
        """The lines of tables that stand one after another, with so many cells in all."""
        first = np.arange(0, cells, np.prod(self.shape, dtype=np.intp))[:, None, None]
        return tuple((first + lines).reshape(-1, lines.shape[1]) for lines in self.axes)

    def additive(self, values: Numbers) -> tuple[bool, ...]:
        """Whether, along each axis, every total is the sum of its parts."""
        return tuple(
            bool(np.array_equal(values[lines[:, :-1]].sum(axis=1), values[lines[:, -1]]))
            for lines in self.axes
        )
