"""Which cells must be hidden beside the sensitive ones of one table, and the proof that it holds.

First the cheapest box around each sensitive cell, which proves its interval by itself; then,
where zeros leave no box, a cell at a time until linear bounds find no interval too narrow.
The same table always hides the same cells.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from gdpr.disclosure.bounds import Polytope, Proof, Quantity
from gdpr.disclosure.grid import Cells, Grid, Lines, Numbers
from gdpr.disclosure.moves import Boxes, Room


@dataclass(frozen=True, slots=True)
class Cube:
    """One table: its cells' worth, what is counted and summed of them, and which are sensitive.

    `counts` are quantities of whole numbers of which each is, cell by cell, at most the next;
    `sums` are measured apart. A cell that is worth nothing is never hidden for another's sake.
    """

    grid: Grid
    worth: Numbers
    counts: tuple[Quantity, ...]
    sums: tuple[Quantity, ...]
    sensitive: Cells

    def grown(self, hidden: Cells) -> Cells:
        """The hidden cells, and with them the fewest found that keep every interval wide."""
        hidden, proofs = self._boxed(hidden | self.sensitive)
        hidden = self._closed(hidden)
        for polytope in self._polytopes(proofs):
            while (exposed := polytope.exposed(hidden)).any():
                hidden = self._closed(self._wider(hidden, exposed))
        return hidden

    def _boxed(self, hidden: Cells) -> tuple[Cells, list[Proof]]:
        """The largest sensitive cell first: its box often serves the smaller ones too."""
        rooms = (_room(self.counts[0], self.grid), *(_room(q, self.grid) for q in self.sums))
        boxes = Boxes(self.grid.shape, rooms)
        proofs = [Proof.nothing(len(hidden)) for _ in rooms]
        for cell in self._largest_first():
            if not all(p.holds(cell, r.width[cell]) for p, r in zip(proofs, rooms, strict=True)):
                box = boxes.best(cell, self._price(hidden))
                hidden = hidden | np.isin(np.arange(len(hidden)), [c.cell for c in box])
                for corner in box:
                    for proof, (down, up) in zip(proofs, corner.ranges, strict=True):
                        proof.extend(corner.cell, down, up)
        return hidden, proofs

    def _largest_first(self) -> list[int]:
        order = np.argsort(-self.worth, kind="stable")
        return [int(cell) for cell in order if self.sensitive[cell]]

    def _price(self, hidden: Cells) -> Numbers:
        return np.where(hidden, 0, np.where(self.worth > 0, self.worth, np.inf))

    def _polytopes(self, proofs: list[Proof]) -> Iterator[Polytope]:
        yield Polytope(self.grid, self.counts, proofs[0], whole=True)
        for quantity, proof in zip(self.sums, proofs[1:], strict=True):
            yield Polytope(self.grid, [quantity], proof, whole=False)

    def _closed(self, hidden: Cells) -> Cells:
        """Hidden cells grown until no line has one alone, which its other cells would tell."""
        hidden = hidden.copy()
        while (lonely := np.where(self._open(hidden), self.grid.lonely(hidden), 0)).any():
            price = self.worth / np.maximum(lonely, 1)
            hidden[_cheapest(np.flatnonzero(lonely), price)] = True
        return hidden

    def _open(self, hidden: Cells) -> Cells:
        """The cells that can be hidden for others' sake."""
        found: Cells = ~hidden & (self.worth > 0)
        return found

    def _wider(self, hidden: Cells, exposed: Cells) -> Cells:
        """One more hidden cell beside each exposed one, or anywhere if their lines have none."""
        wider = hidden.copy()
        for cell in np.flatnonzero(exposed).tolist():
            near = self.grid.neighbours(cell)
            beside = near[self._open(wider)[near]]
            if len(beside) and not (wider & ~hidden)[near].any():
                wider[_cheapest(beside, self.worth)] = True
        if np.array_equal(wider, hidden):
            wider[_cheapest(np.flatnonzero(self._open(hidden)), self.worth)] = True
        return wider


def _room(quantity: Quantity, grid: Grid) -> Room:
    """How far each cell can move while floors hold, and totals that count once stay largest."""
    values = quantity.values
    up, down = np.full(len(values), np.inf), np.maximum(values - quantity.floor, 0)
    for lines, additive in zip(grid.axes, quantity.additive, strict=True):
        if not additive:
            parts, totals = lines[:, :-1], lines[:, -1]
            spare = values[totals][:, None] - values[parts]
            up[parts] = np.minimum(up[parts], spare)
            down[totals] = np.minimum(down[totals], spare.min(axis=1))
    return Room(up, down, quantity.width)


def _cheapest(choice: Lines, price: Numbers) -> int:
    return int(choice[np.argmin(price[choice])])
