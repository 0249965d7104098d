"""Boxes of cells between which counts can be moved while every total stays.

Take a cell and another value along each axis: the corners of that box, alternately raised and
lowered by one amount, leave every line's sum as it was; a total moves with its parts. Where all
corners are hidden, the tables so reached agree with what is published: they prove an interval.
A box with a total along each axis lets its cell rise without end, so there is one for every cell.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import product

import numpy as np
from numpy.typing import NDArray

from gdpr.disclosure.grid import Lines, Numbers

Signs = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Room:
    """How far each cell can go down, and up while its total stays, and how wide it must reach.

    `below` has, for each axis, how far a part is below its total where it may not pass it.
    """

    down: Numbers
    below: tuple[Numbers, ...]
    width: Numbers


@dataclass(frozen=True, slots=True)
class _Corner:
    """One corner of all boxes at once: whether it moves along with the cell, and where it is."""

    sign: Signs
    at: tuple[slice, ...]


class Boxes:
    """The boxes of one table; its last value along each axis is the total."""

    def __init__(self, shape: tuple[int, ...], rooms: Sequence[Room]) -> None:
        self._shape = shape
        self._rooms = rooms
        self._last = [np.arange(count) == count - 1 for count in shape]
        # a total moves with its parts: its sign is turned along each axis where it is one
        self._sign: Signs = reduce(np.multiply, np.ix_(*(np.where(e, -1, 1) for e in self._last)))

    def best(self, cell: int, price: Numbers) -> tuple[Lines, list[float]]:
        """The corners of the cheapest box in which this cell keeps its intervals, and how wide.

        A box that raises every corner without end is always among them.
        """
        corners = self._corners(cell)
        total = reduce(np.add, [price.reshape(self._shape)[corner.at] for corner in corners])
        reaches = [self._reach(cell, corners, room) for room in self._rooms]
        for room, reach in zip(self._rooms, reaches, strict=True):
            total = np.where(reach >= room.width[cell], total, np.inf)
        here = np.unravel_index(cell, self._shape)
        for axis, place in enumerate(here):
            np.moveaxis(total, axis, 0)[place] = np.inf
        far = np.unravel_index(int(np.argmin(total)), self._shape)
        ends = product(*zip(here, far, strict=True))
        box = np.array([np.ravel_multi_index(end, self._shape) for end in ends])
        return box, [float(reach[far]) for reach in reaches]

    def _corners(self, cell: int) -> list[_Corner]:
        here = np.unravel_index(cell, self._shape)
        corners = []
        for away in product((False, True), repeat=len(here)):
            ends = zip(away, here, strict=True)
            at = tuple(slice(None) if far else slice(place, place + 1) for far, place in ends)
            turned = self._sign.flat[cell] * (-1) ** sum(away)
            corners.append(_Corner(turned * self._sign[at], at))
        return corners

    def _reach(self, cell: int, corners: list[_Corner], room: Room) -> Numbers:
        """How far the cell goes down and up together, in each box, until a corner stops it."""
        downs, ups = [], []
        for corner in corners:
            down = room.down.reshape(self._shape)[corner.at]
            up = self._up(cell, corner, room)
            downs.append(np.where(corner.sign > 0, down, up))
            ups.append(np.where(corner.sign > 0, up, down))
        reach: Numbers = reduce(np.minimum, downs) + reduce(np.minimum, ups)
        return reach

    def _up(self, cell: int, corner: _Corner, room: Room) -> Numbers:
        """How far a corner goes up: below a total, if that does not move with it."""
        up = np.full((1,) * len(self._shape), np.inf)
        for axis, place in enumerate(np.unravel_index(cell, self._shape)):
            with_total = self._last[axis] | self._last[axis][place]
            free = np.moveaxis(with_total.reshape(-1, *(1,) * (len(self._shape) - 1)), 0, axis)
            below = room.below[axis].reshape(self._shape)[corner.at]
            up = np.minimum(up, np.where(free, np.inf, below))
        return up
