from __future__ import annotations

import numpy as np
import pytest

from gdpr.disclosure.bounds import Polytope, Proof, Quantity
from gdpr.disclosure.grid import Cells, Grid, Numbers

SQUARE = np.array([[20.0, 3, 23], [30, 9, 39], [50, 12, 62]])
# a cube of which the widest relaxed tables are not whole
FRACTIONAL = [
    [[0, 1, 0, 1], [0, 0, 1, 0], [1, 1, 1, 1]],
    [[1, 0, 1, 0], [0, 0, 0, 0], [1, 0, 1, 0]],
    [[0, 0, 1, 0], [1, 0, 0, 0], [0, 1, 0, 1]],
]


def inner(shape: tuple[int, ...]) -> Cells:
    hidden = np.zeros(shape, dtype=np.bool_)
    hidden[tuple(slice(0, -1) for _ in shape)] = True
    return hidden.ravel()


def exposed(table: Numbers, width: float, floor: float = 1) -> list[int]:
    grid, hidden = Grid.of(table.shape), inner(table.shape)
    every = tuple(True for _ in table.shape)
    quantity = Quantity(table.ravel(), np.where(hidden, width, 0), floor, every)
    polytope = Polytope(grid, [quantity], Proof.nothing(len(hidden)), whole=True)
    return [int(cell) for cell in np.flatnonzero(polytope.exposed(hidden))]


@pytest.mark.parametrize(("width", "found"), [(10, []), (11, [0, 1, 3, 4])])
def test_four_hidden_cells_move_together_as_far_as_the_smallest_lets_them(
    width: float, found: list[int]
) -> None:
    # 3 down to 1 and up by 8, to where 9 has come down to 1
    assert exposed(SQUARE, width) == found


def test_hidden_cells_that_may_be_zero_move_further() -> None:
    assert exposed(SQUARE, 12, floor=0) == []
    assert exposed(SQUARE, 13, floor=0) == [0, 1, 3, 4]


def test_a_hidden_cell_alone_in_its_line_is_exposed() -> None:
    hidden = inner((3, 3)) & (np.arange(9) != 0)
    quantity = Quantity(SQUARE.ravel(), hidden.astype(np.float64), 1, (True, True))
    polytope = Polytope(Grid.of((3, 3)), [quantity], Proof.nothing(9), whole=True)
    assert np.flatnonzero(polytope.exposed(hidden)).tolist() == [1, 3, 4]


def test_a_cell_that_is_proven_wide_is_not_asked_again() -> None:
    proof = Proof.nothing(9)
    proof.extend(0, 2.0, 8.0)
    assert proof.holds(0, 10)
    assert not proof.holds(1, 10)
    quantity = Quantity(SQUARE.ravel(), np.where(np.arange(9) == 0, 10.0, 0), 1, (True, True))
    nothing_hidden_beside = np.arange(9) == 0
    polytope = Polytope(Grid.of((3, 3)), [quantity], proof, whole=True)
    assert not polytope.exposed(nothing_hidden_beside).any()


def test_persons_counted_once_are_held_by_their_totals_and_their_rows() -> None:
    persons = np.array([[3.0, 4, 5], [6, 6, 9], [7, 8, 10]])
    rows = np.array([[3.0, 4, 7], [6, 6, 12], [9, 10, 19]])
    hidden = np.arange(9) == 0
    counts = [
        Quantity(values.ravel(), np.where(hidden, width, 0), 1, additive)
        for values, width, additive in [(persons, 2.0, (False, False)), (rows, 0.0, (True, True))]
    ]
    polytope = Polytope(Grid.of((3, 3)), counts, Proof.nothing(9), whole=True)
    # at least 1, at most the 3 rows that its line leaves to it
    assert not polytope.exposed(hidden).any()
    wider = [Quantity(q.values, np.where(hidden, 3.0, 0), 1, q.additive) for q in counts]
    narrow = Polytope(Grid.of((3, 3)), wider, Proof.nothing(9), whole=True)
    assert narrow.exposed(hidden).tolist() == hidden.tolist()


def test_only_whole_tables_prove_an_interval_of_counts() -> None:
    cube = np.array(FRACTIONAL, dtype=np.float64)
    for axis in range(3):
        cube = np.concatenate([cube, cube.sum(axis=axis, keepdims=True)], axis=axis)
    grid, hidden = Grid.of(cube.shape), inner(cube.shape)
    quantity = Quantity(cube.ravel(), hidden.astype(np.float64), 0, (True, True, True))
    seen = {}
    for whole in (True, False):
        polytope = Polytope(grid, [quantity], Proof.nothing(len(hidden)), whole=whole)
        polytope._free(hidden)
        asked = np.flatnonzero(hidden).tolist()
        found = np.array([polytope._extreme(cell, sign) for cell in asked for sign in (1, -1)])
        seen[whole] = np.allclose(found, np.rint(found))
    assert seen == {True: True, False: False}


def test_a_table_that_does_not_add_up_proves_nothing() -> None:
    wrong = SQUARE.copy()
    wrong[2, 2] = 70
    assert exposed(wrong, 1) == [0, 1, 3, 4]
