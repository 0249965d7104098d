"""How fast anonymity is judged, beside pycanon on the same rows, and a table is suppressed."""

from __future__ import annotations

import json
import math
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypedDict

import numpy as np
import polars as pl

from benchmarks.apart import on_one_core
from benchmarks.figures import Figure, at_least, at_most, seen
from gdpr.disclosure.anonymity import anonymity
from gdpr.disclosure.suppression import Rule, suppress
from gdpr.disclosure.tables import Layout, cross_table

ROWS = 1_000_000
PEER_ROWS = 20_000
RUNS = 3
QUASI = ("age", "sex", "postcode", "education", "status", "year")
SENSITIVE = ("cause", "days")
HERE = Path(__file__).resolve()
PEER = HERE.parents[1] / ".venv-bench" / "bin" / "python"
_PYCANON = """
import json, sys, time
import pandas as pd
from pycanon import anonymity
rows, quasi, sensitive = pd.read_parquet(sys.argv[1]), *map(json.loads, sys.argv[2:])
start = time.process_time()
k = anonymity.k_anonymity(rows, quasi)
l = anonymity.l_diversity(rows, quasi, sensitive)
t = anonymity.t_closeness(rows, quasi, sensitive)
print(json.dumps({"k": int(k), "l": int(l), "t": float(t), "s": time.process_time() - start}))
"""


class Judged(TypedDict):
    """What one of the two found, and in how many seconds."""

    k: int
    l: int  # noqa: E741 - the model's own name
    t: float
    s: float


def measure() -> list[Figure]:
    """The figures, from a process of its own in which Polars has one thread."""
    return on_one_core("disclosure")


def figures() -> list[Figure]:
    """The same, from this process."""
    whole = _judged(_release(ROWS))
    few = _coarse(_release(PEER_ROWS))
    ours, peer = _judged(few), _pycanon(few)
    same = (ours["k"], ours["l"]) == (peer["k"], peer["l"])
    equal = same and math.isclose(ours["t"], peer["t"], abs_tol=1e-9)
    months = Layout(("unit", "cause"), "person", ("days",), "month")
    year = Layout(("month", "unit", "cause"), "person", ("days",))
    return [
        at_most("k, l and t of 1 M rows x 6 quasi-identifiers", whole["s"], "s", 3),
        at_least(
            f"k, l and t against pycanon, {PEER_ROWS:,} rows", peer["s"] / ours["s"], "times", 20
        ),
        at_least(f"k, l and t equal to pycanon's, {PEER_ROWS:,} rows", float(equal), "of 1", 1),
        at_most("12 tables of 40 x 6 and margins, suppressed", _suppressed(months), "s", 10),
        seen("one table of 12 x 40 x 6 and margins, suppressed", _suppressed(year), "s"),
    ]


def _release(rows: int) -> pl.DataFrame:
    """Persons in bands, such that the groups of a million are some twenty each."""
    random = np.random.default_rng(1103)
    return pl.DataFrame(
        {
            "age": random.integers(0, 18, rows) * 5,
            "sex": random.choice(["f", "m"], rows),
            "postcode": random.integers(40, 60, rows).astype(str),
            "education": random.choice(["primary", "secondary", "bachelor", "master"], rows),
            "status": random.choice(["married", "single", "divorced"], rows),
            "year": random.integers(2020, 2026, rows),
            "cause": random.choice([f"cause {number}" for number in range(12)], rows),
            "days": random.integers(0, 60, rows),
        }
    )


def _coarse(release: pl.DataFrame) -> pl.DataFrame:
    """Two or three values of each quasi-identifier: groups that pycanon ends with, and k over 1."""
    half = pl.col("age") // 45, pl.col("postcode").cast(pl.Int64) // 50, pl.col("year") // 2023
    return release.with_columns(*half, pl.col("education").str.head(1))


def _suppressed(layout: Layout) -> float:
    table = cross_table(_absence(), layout)
    return _once(lambda: suppress(table, Rule(5, 5)))


def _absence() -> pl.DataFrame:
    """A year of a municipality's absences: large and small units, common and rare causes."""
    random = np.random.default_rng(1103)
    rows = 20_000
    return pl.DataFrame(
        {
            "month": random.integers(1, 13, rows),
            "unit": (40 * random.random(rows) ** 2).astype(int),
            "cause": (6 * random.random(rows) ** 1.5).astype(int),
            "person": random.integers(0, 6_000, rows),
            "days": random.gamma(2, 4, rows).round(1),
        }
    )


def _judged(release: pl.DataFrame) -> Judged:
    found = anonymity(release, QUASI, SENSITIVE)
    seconds = _seconds(lambda: anonymity(release, QUASI, SENSITIVE))
    return Judged(k=found.k, l=found.l or 0, t=found.t or 0.0, s=seconds)


def _pycanon(release: pl.DataFrame) -> Judged:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "release.parquet"
        release.write_parquet(path)
        told = [str(PEER), "-c", _PYCANON, str(path), json.dumps(QUASI), json.dumps(SENSITIVE)]
        done = subprocess.run(told, check=True, capture_output=True, text=True)
    judged: Judged = json.loads(done.stdout)
    return judged


def _seconds(work: Callable[[], object]) -> float:
    return min(_once(work) for _ in range(RUNS))


def _once(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


if __name__ == "__main__":
    print(json.dumps(figures()))
