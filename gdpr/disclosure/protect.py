"""Which cells must be hidden beside the sensitive ones of one table, and the proof that it holds.

Each sensitive cell gets the cheapest box of hidden cells that lets it move as far as it must:
an exact proof, in whole numbers. Linear bounds then judge the whole anew.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gdpr.disclosure.bounds import Polytope, Quantity
from gdpr.disclosure.grid import Cells, Grid, Numbers
from gdpr.disclosure.moves import Boxes, Room


@dataclass(frozen=True, slots=True)
class Cube:
    """One table: its cells' worth, what is counted and summed of them, and which are sensitive.

    `counts` are quantities of whole numbers of which each is, cell by cell, at most the next;
    `sums` are measured apart. A cell that is worth nothing, or whose
    number is `known` already, is hidden only where no other can be.
    """

    grid: Grid
    worth: Numbers
    counts: tuple[Quantity, ...]
    sums: tuple[Quantity, ...]
    sensitive: Cells
    known: Cells

    def grown(self, hidden: Cells) -> Cells:
        """The hidden cells, and with them those that keep every interval wide."""
        rooms = [_room(quantity, self.grid) for quantity in (self.counts[0], *self.sums)]
        boxes = Boxes(self.grid.shape, rooms)
        reached = [np.zeros(len(hidden)) for _ in rooms]
        hidden = hidden | self.sensitive
        for cell in self._largest_first():
            if any(
                reach[cell] < room.width[cell] for reach, room in zip(reached, rooms, strict=True)
            ):
                corners, ranges = boxes.best(cell, self._price(hidden))
                hidden[corners] = True
                for reach, wide in zip(reached, ranges, strict=True):
                    reach[corners] = np.maximum(reach[corners], wide)
        return hidden

    def exposed(self, hidden: Cells) -> Cells:
        """The sensitive cells whose interval linear bounds find too narrow: none if all adds up."""
        exposed = Polytope(self.grid, self.counts).exposed(hidden)
        for quantity in self.sums:
            exposed = exposed | Polytope(self.grid, [quantity]).exposed(hidden)
        return exposed

    def _largest_first(self) -> list[int]:
        """The sensitive cells in the order in which a box often serves the next ones too."""
        order = np.argsort(-self.worth, kind="stable")
        return [int(cell) for cell in order if self.sensitive[cell]]

    def _price(self, hidden: Cells) -> Numbers:
        """What hiding each cell costs: more for one that is worth nothing than for all others."""
        most = self.worth.sum() + 1
        worth = np.where(self.worth > 0, self.worth, most)
        # what is known already hides nothing: any box without such a cell is cheaper than one with
        worth = np.where(self.known, most * (len(worth) + 1), worth)
        return np.where(hidden & ~self.known, 0, worth)


def _room(quantity: Quantity, grid: Grid) -> Room:
    """How far each cell can move while floors hold, and totals that count once stay largest."""
    values = quantity.values
    down, beside = np.maximum(values - quantity.floor, 0), []
    for lines, additive in zip(grid.axes, quantity.additive, strict=True):
        below = np.full(len(values), np.inf)
        if not additive:
            parts, totals = lines[:, :-1], lines[:, -1]
            spare = values[totals][:, None] - values[parts]
            below[parts] = spare
            down[totals] = np.minimum(down[totals], spare.min(axis=1))
        beside.append(below)
    return Room(down, tuple(beside), quantity.width)
