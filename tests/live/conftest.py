from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.stand import Stand, standing_ckan
from connectors.ckan.client import Ckan
from tests.pipelines.steps.released_site import Town, town_with_readings


@pytest.fixture(scope="session")
def stand() -> Iterator[Stand]:
    with standing_ckan() as standing:
        yield standing


@pytest.fixture(scope="session")
def ckan(stand: Stand) -> Ckan:
    known = Ckan(stand["url"], stand["token"])
    for name in ("stavanger-kommune", "sandnes-kommune"):
        known.ask("organization_create", {"name": name})
    return known


def empty(ckan: Ckan) -> None:
    """Take away the datasets that other tests left, whatever their order."""
    hidden = {"include_drafts": True, "include_private": True}
    for found in ckan.ask("package_search", {"rows": 1000, **hidden})["results"]:
        ckan.ask("dataset_purge", {"id": found["id"]})


@pytest.fixture
def town(tmp_path: Path, ckan: Ckan) -> Town:
    empty(ckan)
    return town_with_readings(tmp_path)
