"""The whole path, landed file to Delta commit, beside the bare limit and dlt in one run."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
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
    best = _best([name for kind in (CSV, JSON) for name in kind.contenders])
    double = _contender("csv-double")["peak_gib"]
    once = best["csv"]["peak_gib"]
    return [
        *_ratios(CSV, best, _peer("csv", readings_csv())),
        *_ratios(JSON, best, _peer("json", uplinks_ndjson())),
        at_most("peak memory, 10 M CSV rows", once, "GiB", _MEMORY_BAR),
        at_most("peak memory, 20 M CSV rows", double, "GiB", _MEMORY_BAR),
        at_most("peak memory, twice the rows against once", double / once, "times", 1.25),
    ]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of input: its contenders in order (ours, one bare file, bare day files), its peer."""

    label: str
    contenders: tuple[str, str, str]
    bare: str
    peer: str
    peer_bar: float


CSV = Kind("CSV", ("csv", "csv-bare", "csv-bare-days"), "Polars", "dlt, Arrow batches", 1.0)
JSON = Kind("JSON lines", ("json", "json-bare", "json-bare-days"), "DuckDB", "dlt", 20.0)


def _ratios(kind: Kind, best: dict[str, Run], dlt: Run) -> list[Figure]:
    own, bare, days = (best[name] for name in kind.contenders)
    rate, dlt_rate = own["counts"] / own["seconds"], dlt["rows"] / dlt["seconds"]
    ahead = rate / dlt_rate
    return [
        at_most(
            f"{kind.label}: whole path against {kind.bare} to the same day files",
            own["seconds"] / days["seconds"],
            "times",
            2.0,
        ),
        at_most(
            f"{kind.label}: whole path against {kind.bare} to one file",
            own["seconds"] / bare["seconds"],
            "times",
            2.0,
        ),
        at_least(f"{kind.label}: rate against {kind.peer}", ahead, "times", kind.peer_bar),
        seen(f"{kind.label}: whole path", rate, "rows/s"),
        seen(f"{kind.label}: {kind.bare} to one file", own["counts"] / bare["seconds"], "rows/s"),
        seen(f"{kind.label}: {kind.peer}", dlt_rate, "rows/s"),
    ]


def _best(names: list[str]) -> dict[str, Run]:
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
