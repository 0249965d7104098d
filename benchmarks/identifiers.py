"""How fast persons' numbers are told from other digits, on one core, beside the same in Python."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl

from benchmarks.apart import on_one_core
from benchmarks.figures import Figure, at_least
from gdpr.identifiers.numbers import is_person_number

ROWS = 2_000_000
PEER_ROWS = 50_000
RUNS = 3
LEAST = 1.5e6
LEAST_TIMES = 20
HERE = Path(__file__).resolve()
_FIRST = (3, 7, 6, 1, 8, 9, 4, 5, 2, 1)
_SECOND = (5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1)


def measure() -> list[Figure]:
    """The figures, from a process of its own in which Polars has one thread."""
    return on_one_core("identifiers")


def figures() -> list[Figure]:
    """The same, from this process: text of eleven digits, some of which are synthetic persons."""
    texts = _texts()
    by_column = _rate(texts, lambda: is_person_number(texts))
    few = texts.head(PEER_ROWS)
    by_row = _rate(few, lambda: pl.Series([_both_hold(value) for value in few]))
    return [
        at_least("person numbers checked", by_column, "rows/s/core", LEAST),
        at_least(
            "person numbers checked against row by row", by_column / by_row, "times", LEAST_TIMES
        ),
    ]


def _texts() -> pl.Series:
    """Days, synthetic months and years with any end: one in some 120 of them is a number."""
    chance = np.random.default_rng(1)
    day, month = chance.integers(1, 29, ROWS), chance.integers(81, 93, ROWS)
    numbers = pl.Series((day * 100 + month) * 10**7 + chance.integers(0, 10**7, ROWS))
    return numbers.cast(pl.String).str.zfill(11)


def _both_hold(number: str) -> bool:
    """The two control digits alone: no date, no century, no kind."""
    digits = list(map(int, number))
    return not (_remainder(digits, _FIRST) or _remainder(digits, _SECOND))


def _remainder(digits: list[int], weights: tuple[int, ...]) -> int:
    return sum(digit * weight for digit, weight in zip(digits, weights, strict=False)) % 11


def _rate(values: pl.Series, work: Callable[[], pl.Series]) -> float:
    return len(values) / min(_seconds(work) for _ in range(RUNS))


def _seconds(work: Callable[[], pl.Series]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


if __name__ == "__main__":
    print(json.dumps(figures()))
