"""Boxes of cells between which counts can be moved while every total stays.

Take a cell and another value along each axis: the corners of that box, alternately raised and
lowered by one amount, leave every line's sum as it was. Where all corners are hidden, the
tables so reached agree with what is published: they prove an interval without a program.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from itertools import product
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gdpr.disclosure.grid import Numbers

Signs = NDArray[np.int64]
Slices = tuple[slice, ...]


@dataclass(frozen=True, slots=True)
class Room:
    """How far each cell can go up and down, and how wide an interval each must keep."""

    up: Numbers
    down: Numbers
    width: Numbers


class Corner(NamedTuple):
    """One corner of a box: its cell, and how far it goes down and up in each room."""

    cell: int
    ranges: tuple[tuple[float, float], ...]


class Boxes:
    """The boxes of one table; its last value along each axis is the total."""

    def __init__(self, shape: tuple[int, ...], rooms: tuple[Room, ...]) -> None:
        self._shape = shape
        self._rooms = rooms
        ends = np.ix_(*(np.where(np.arange(count) == count - 1, -1, 1) for count in shape))
        # a total moves with its parts: its sign is turned along each axis where it is one
        self._sign: Signs = reduce(np.multiply, ends)

    def best(self, cell: int, price: Numbers) -> list[Corner]:
        """The cheapest box in which this cell keeps its intervals; nothing where none does."""
        views = self._views(cell)
        total = reduce(np.add, [price.reshape(self._shape)[at] for _, at in views])
        for room in self._rooms:
            down, up = self._reach(views, room)
            total = np.where(down + up >= room.width[cell], total, np.inf)
        for axis, place in enumerate(np.unravel_index(cell, self._shape)):
            np.moveaxis(total, axis, 0)[place] = np.inf
        far = int(np.argmin(total))
        return self._box(cell, far) if np.isfinite(total.flat[far]) else []

    def _views(self, cell: int) -> list[tuple[Signs, Slices]]:
        """For each corner of all boxes from this cell: whether it goes along, and its cells."""
        here = np.unravel_index(cell, self._shape)
        views = []
        for far in product((False, True), repeat=len(here)):
            ends = zip(far, here, strict=True)
            at = tuple(slice(None) if away else slice(i, i + 1) for away, i in ends)
            views.append((self._sign.flat[cell] * (-1) ** sum(far) * self._sign[at], at))
        return views

    def _reach(self, views: list[tuple[Signs, Slices]], room: Room) -> tuple[Numbers, Numbers]:
        """How far the cell goes down and up in each box: as far as its tightest corner lets it."""
        up, down = room.up.reshape(self._shape), room.down.reshape(self._shape)
        downs = [np.where(sign > 0, down[at], up[at]) for sign, at in views]
        ups = [np.where(sign > 0, up[at], down[at]) for sign, at in views]
        return reduce(np.minimum, downs), reduce(np.minimum, ups)

    def _box(self, cell: int, far: int) -> list[Corner]:
        views = self._views(cell)
        reach = [self._reach(views, room) for room in self._rooms]
        along = tuple((float(down.flat[far]), float(up.flat[far])) for down, up in reach)
        against = tuple((up, down) for down, up in along)
        places = np.unravel_index(cell, self._shape), np.unravel_index(far, self._shape)
        corners = product(*zip(*places, strict=True))
        return [
            Corner(int(np.ravel_multi_index(at, self._shape)), along if sign > 0 else against)
            for at, sign in zip(corners, self._signs(views, far), strict=True)
        ]

    def _signs(self, views: list[tuple[Signs, Slices]], far: int) -> list[int]:
        return [int(np.broadcast_to(sign, self._shape).flat[far]) for sign, _ in views]
