from __future__ import annotations

import numpy as np
import pytest

from gdpr.disclosure.bounds import Polytope, Quantity
from gdpr.disclosure.grid import Cells, Grid, Numbers

SQUARE = np.array([[20.0, 3, 23], [30, 9, 39], [50, 12, 62]])


def inner(shape: tuple[int, ...]) -> Cells:
    hidden = np.zeros(shape, dtype=np.bool_)
    hidden[tuple(slice(0, -1) for _ in shape)] = True
    return hidden.ravel()


def exposed(table: Numbers, width: float, floor: float = 1) -> list[int]:
    grid, hidden = Grid.of(table.shape), inner(table.shape)
    every = tuple(True for _ in table.shape)
    quantity = Quantity(table.ravel(), np.where(hidden, width, 0), floor, every)
    found = Polytope(grid, [quantity]).exposed(hidden)
    return [int(cell) for cell in np.flatnonzero(found)]


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
    found = Polytope(Grid.of((3, 3)), [quantity]).exposed(hidden)
    assert np.flatnonzero(found).tolist() == [1, 3, 4]


def test_cells_that_cannot_move_together_are_asked_one_by_one() -> None:
    line = np.array([[4.0, 4, 4, 12]] * 2)
    hidden = np.array([[True, True, True, False]] * 2)
    quantity = Quantity(line.ravel(), np.where(hidden.ravel(), 6.0, 0), 1, (False, True))
    assert not Polytope(Grid.of((2, 4)), [quantity]).exposed(hidden.ravel()).any()


@pytest.mark.parametrize(("width", "is_told"), [(2, False), (3, True)])
def test_persons_counted_once_are_held_by_their_totals_and_their_rows(
    width: float,
    is_told: bool,  # noqa: FBT001 - one of two expectations
) -> None:
    persons = np.array([[3.0, 4, 5], [6, 6, 9], [7, 8, 10]])
    rows = np.array([[3.0, 4, 7], [6, 6, 12], [9, 10, 19]])
    hidden = np.arange(9) == 0
    asked = np.where(hidden, width, 0)
    counts = [
        Quantity(persons.ravel(), asked, 1, (False, False)),
        Quantity(rows.ravel(), asked * 0, 1, (True, True)),
    ]
    # at least 1, since 4 others make 5; at most 3, which is what the rows leave
    assert Polytope(Grid.of((3, 3)), counts).exposed(hidden).any() == is_told


def test_a_table_that_does_not_add_up_proves_nothing() -> None:
    wrong = SQUARE.copy()
    wrong[2, 2] = 70
    assert exposed(wrong, 1) == [0, 1, 3, 4]
