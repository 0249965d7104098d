from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from pipelines.cli.sweep import sweep
from pipelines.cli.watch import watching
from pipelines.steps.site import Site
from schemas.errors import StoreUnavailable
from tests.pipelines.steps.released_site import Town


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Town.at(tmp_path).site


@pytest.mark.parametrize("at_once", [1, 3])
def test_outcomes_stand_in_the_order_of_the_datasets(site: Site, at_once: int) -> None:
    places = [replace(site, root_key=str(at)) for at in range(6)]

    def work(place: Site, count: Callable[[int], None]) -> str:
        count(1)
        if place.root_key == "1":
            raise StoreUnavailable("no space")
        time.sleep(0.02 * (place.root_key == "0"))
        return str(place.root_key)

    with watching(quiet=True) as watch:
        outcomes = sweep(places, work, watch, at_once)
    assert [outcome.site for outcome in outcomes] == places
    assert [outcome.result for outcome in outcomes] == ["0", None, "2", "3", "4", "5"]
    assert [outcome.lines for outcome in outcomes if outcome.error] == [
        ["1103 parking_occupancy: no space"]
    ]


def test_so_many_are_under_way_at_once(site: Site) -> None:
    all_there = threading.Barrier(3, timeout=60)

    def work(_: Site, __: Callable[[int], None]) -> int:
        return all_there.wait()

    with watching(quiet=True) as watch:
        outcomes = sweep([site] * 3, work, watch, 3)
    assert sorted(outcome.result or 0 for outcome in outcomes) == [0, 1, 2]
