"""Figures from a process of their own, so that nothing else of the run counts."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from benchmarks.figures import Figure

HERE = Path(__file__).resolve().parent


def on_one_core(part: str) -> list[Figure]:
    """What `python -m benchmarks.<part>` prints as JSON, with one thread for Polars."""
    return _printed(part, {"POLARS_MAX_THREADS": "1"})


def on_all_cores(part: str) -> list[Figure]:
    """The same with as many threads as there are cores."""
    return _printed(part, {})


def _printed(part: str, names: dict[str, str]) -> list[Figure]:
    done = subprocess.run(
        [sys.executable, "-m", f"{HERE.name}.{part}"],
        cwd=HERE.parent,
        env=os.environ | names,
        check=True,
        capture_output=True,
        text=True,
    )
    figures: list[Figure] = json.loads(done.stdout)
    return figures
