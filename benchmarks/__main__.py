"""`python -m benchmarks [NAME ...]`: measure, print, and keep results.json and docs/figures.md."""

from __future__ import annotations

import importlib
import json
import os
import platform
import sys
from pathlib import Path

from benchmarks.figures import Figure

HERE = Path(__file__).resolve().parent
RESULTS = HERE / "results.json"
PAGE = HERE.parent / "docs" / "figures.md"
_WORDS = {True: "holds", False: "**does not hold**", None: ""}
_HEAD = """# Figures

Made by `make bench` (one part of it: `make bench ONLY=ingest`), on {cores} cores with Python
{python}. Each ratio is of two measurements in the same run.

| figure | value | unit | bar | |
|---|---:|---|---:|---|
"""
NAMES = (
    "ingest",
    "masking",
    "orchestration",
    "check",
    "identifiers",
    "redaction",
    "scan",
    "disclosure",
    "erasure",
    "portal_static",
    "portal_ckan",
    "datastore",
)


def main(chosen: list[str]) -> int:
    """Measure the chosen parts, or all; 2 where one of them is not known."""
    if unknown := set(chosen) - set(NAMES):
        print(f"no such figures: {', '.join(sorted(unknown))}; there are {', '.join(NAMES)}")
        return 2
    for name in chosen or NAMES:
        print(f"{name} ...", flush=True)
        figures: list[Figure] = importlib.import_module(f"benchmarks.{name}").measure()
        print("\n".join(map(_line, figures)), flush=True)
        _keep(figures)
    return 0


def _keep(measured: list[Figure]) -> None:
    before: list[Figure] = json.loads(RESULTS.read_text()) if RESULTS.exists() else []
    fresh = {figure["figure"]: figure for figure in measured}
    standing = [fresh.pop(figure["figure"], figure) for figure in before]
    kept = [*standing, *fresh.values()]
    lines = ",\n".join(json.dumps(figure, ensure_ascii=False) for figure in kept)
    RESULTS.write_text(f"[\n{lines}\n]\n")
    PAGE.write_text(_page(kept))


def _line(figure: Figure) -> str:
    bar = "" if figure["bar"] is None else f"  bar {figure['bar']:g}"
    verdict = {True: "  holds", False: "  DOES NOT HOLD", None: ""}[figure["holds"]]
    return f"  {figure['figure']:58} {figure['value']:>14,g} {figure['unit']:12}{bar}{verdict}"


def _page(kept: list[Figure]) -> str:
    rows = "\n".join(
        f"| {f['figure']} | {f['value']:,g} | {f['unit']} | "
        f"{'' if f['bar'] is None else format(f['bar'], 'g')} | {_WORDS[f['holds']]} |"
        for f in kept
    )
    return _HEAD.format(cores=os.cpu_count(), python=platform.python_version()) + rows + "\n"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
