"""`datasjo check` on a network of 300 bound contracts, from the interpreter's start to its end."""

from __future__ import annotations

import itertools
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import yaml

from benchmarks.figures import Figure, at_most

HOUSE = Path(__file__).resolve().parents[1]
DATASETS = HOUSE / "schemas" / "datasets"
CONTRACTS = 300
MUNICIPALITIES = 20
MOST_SECONDS = 2.0
ROUNDS = 3
START = "from pipelines.cli import app; app()"


def measure() -> list[Figure]:
    """Seconds that `datasjo check` takes, the best of three."""
    with tempfile.TemporaryDirectory() as folder:
        network = network_of(Path(folder), CONTRACTS)
        seconds = min(_seconds(network) for _ in range(ROUNDS))
    return [at_most(f"datasjo check, {CONTRACTS} contracts", seconds, "s", MOST_SECONDS)]


def network_of(folder: Path, count: int) -> Path:
    """A network with so many contracts, the project's own under other names, each bound."""
    (folder / "datasets").mkdir()
    (folder / "municipalities").mkdir()
    own = itertools.cycle(sorted(DATASETS.glob("*.odcs.yaml")))
    names = [_copy(next(own), folder / "datasets", at) for at in range(count)]
    for number in range(MUNICIPALITIES):
        _municipality(folder / "municipalities", 1100 + number, names[number::MUNICIPALITIES])
    network = yaml.safe_load((HOUSE / "deploy" / "demo" / "network.yaml").read_text())
    network |= {"datasets": "datasets", "policies": str(HOUSE / "gdpr" / "policies")}
    file = folder / "network.yaml"
    file.write_text(yaml.safe_dump(network))
    return file


def _copy(path: Path, folder: Path, at: int) -> str:
    name = path.name.removesuffix(".odcs.yaml")
    new = f"{name}_{at}"
    # a category may end in the dataset's own name
    text = re.sub(rf"(?<![\w.]){name}\b", new, path.read_text(encoding="utf-8"))
    (folder / f"{new}.odcs.yaml").write_text(text, encoding="utf-8")
    return new


def _municipality(folder: Path, number: int, names: list[str]) -> None:
    document = yaml.safe_load((HOUSE / "deploy/demo/municipalities/1122.yaml").read_text())
    basis = {"article_6": "e", "article_9": "h", "purpose": "a measurement", "dpia": "2026/1"}
    binding = document["bindings"][0] | {"legal_basis": basis, "release": None}
    bindings = [{**binding, "dataset": name} for name in names]
    document |= {"number": str(number), "policy": None, "bindings": bindings}
    (folder / f"{number}.yaml").write_text(yaml.safe_dump(document))


def _seconds(network: Path) -> float:
    started = time.perf_counter()
    command = [sys.executable, "-c", START, "--network", str(network), "check"]
    subprocess.run(command, cwd=HOUSE, check=True, capture_output=True)
    return time.perf_counter() - started
