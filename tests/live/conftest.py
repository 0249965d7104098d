from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from connectors.ckan.client import Ckan
from tests.pipelines.steps.released_site import Town, town_with_readings

STAND = Path(__file__).parents[2] / "deploy" / "ckan" / "stand.py"


@pytest.fixture(scope="session")
def stand() -> Iterator[dict[str, str]]:
    command = [sys.executable, "-W", "ignore", str(STAND)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        yield json.loads(process.stdout.readline())
        process.terminate()


@pytest.fixture(scope="session")
def ckan(stand: dict[str, str]) -> Ckan:
    known = Ckan(stand["url"], stand["token"])
    for name in ("stavanger-kommune", "sandnes-kommune"):
        known.ask("organization_create", {"name": name})
    return known


@pytest.fixture
def town(tmp_path: Path, ckan: Ckan) -> Town:
    for found in ckan.ask("package_search", {"rows": 100})["results"]:
        ckan.ask("dataset_purge", {"id": found["id"]})
    return town_with_readings(tmp_path)
