"""The whole path, landed file to Delta commit, beside the bare limit and dlt in one run."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.figures import Figure, at_least, at_most, seen
from benchmarks.inputs import VAR, readings_csv, uplinks_ndjson

HERE = Path(__file__).resolve().parent
PEER = HERE.parent / ".venv-bench" / "bin" / "python"
ROUNDS = 3
_MEMORY_BAR = 2.5

Run = dict[str, float]


def measure() -> list[Figure]:
    """Ratios, rates and peak memory; of each contender the best of three rounds, taken in turn."""
    readings_csv(), readings_csv(2), uplinks_ndjson()
    names = ("csv", "csv-bare", "csv-bare-days", "json", "json-bare", "json-bare-days")
    best = _best(names)
    double = _contender("csv-double")
    dlt_csv, dlt_json = _peer("csv", readings_csv()), _peer("json", uplinks_ndjson())
    return [
        *_csv(best, dlt_csv),
        *_json(best, dlt_json),
        at_most("peak memory, 10 M CSV rows", best["csv"]["peak_gib"], "GiB", _MEMORY_BAR),
        at_most("peak memory, 20 M CSV rows", double["peak_gib"], "GiB", _MEMORY_BAR),
        at_most(
            "peak memory, twice the rows against once",
            double["peak_gib"] / best["csv"]["peak_gib"],
            "times",
            1.25,
        ),
    ]


def _csv(best: dict[str, Run], dlt: Run) -> list[Figure]:
    own, bare, days = best["csv"], best["csv-bare"], best["csv-bare-days"]
    rate, dlt_rate = own["counts"] / own["seconds"], dlt["rows"] / dlt["seconds"]
    return [
        at_most(
            "CSV: whole path against Polars to one file",
            own["seconds"] / bare["seconds"],
            "times",
            2.0,
        ),
        at_most(
            "CSV: whole path against Polars to day files",
            own["seconds"] / days["seconds"],
            "times",
            2.0,
        ),
        at_least("CSV: rate against dlt with Arrow batches", rate / dlt_rate, "times", 1.0),
        seen("CSV: whole path", rate, "rows/s"),
        seen("CSV: Polars to one file", own["counts"] / bare["seconds"], "rows/s"),
        seen("CSV: dlt with Arrow batches", dlt_rate, "rows/s"),
    ]


def _json(best: dict[str, Run], dlt: Run) -> list[Figure]:
    own, bare, days = best["json"], best["json-bare"], best["json-bare-days"]
    rate, dlt_rate = own["counts"] / own["seconds"], dlt["rows"] / dlt["seconds"]
    return [
        at_most(
            "JSON lines: whole path against DuckDB to one file",
            own["seconds"] / bare["seconds"],
            "times",
            2.0,
        ),
        at_most(
            "JSON lines: whole path against DuckDB to day files",
            own["seconds"] / days["seconds"],
            "times",
            2.0,
        ),
        at_least("JSON lines: rate against dlt", rate / dlt_rate, "times", 20.0),
        seen("JSON lines: whole path", rate, "rows/s"),
        seen("JSON lines: DuckDB to one file", own["counts"] / bare["seconds"], "rows/s"),
        seen("JSON lines: dlt", dlt_rate, "rows/s"),
    ]


def _best(names: tuple[str, ...]) -> dict[str, Run]:
    best: dict[str, Run] = {}
    for _ in range(ROUNDS):
        for name in names:
            run = _contender(name)
            if name not in best or run["seconds"] < best[name]["seconds"]:
                best[name] = run
    return best


def _contender(name: str) -> Run:
    return _said([sys.executable, "-m", "benchmarks.contenders", name])


def _peer(kind: str, source: Path) -> Run:
    with TemporaryDirectory(dir=VAR, prefix="dlt-") as folder:
        return _said([str(PEER), str(HERE / "dlt_peer.py"), kind, str(source), folder])


def _said(command: list[str]) -> Run:
    done = subprocess.run(command, cwd=HERE.parent, check=True, stdout=subprocess.PIPE, text=True)
    said: Run = json.loads(done.stdout.strip().splitlines()[-1])
    print(f"  {command[-1] if 'contenders' in command[2] else 'dlt'}: {said}", flush=True)
    return said
