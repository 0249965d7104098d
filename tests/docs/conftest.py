"""A network in which something has run, for the documents' commands."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Iterator
from contextlib import chdir
from pathlib import Path

import pytest

from pipelines.demo.booking_server import booking_server
from pipelines.demo.sources import make_sources
from pipelines.demo.week import DAYS
from pipelines.steps.bring import Errand, bring
from pipelines.steps.portal import open_portal
from pipelines.steps.release import release
from pipelines.steps.site import open_network, sites
from schemas.stages import Window
from tests.docs.documents import HOUSE
from tests.docs.terminal import Terminal

_NEEDED = ("deploy/demo", "schemas/datasets", "gdpr/policies")
_TOLD = ("DATASJO_VAR", "DATASJO_NETWORK", "AKTIV_KOMMUNE_URL")


@pytest.fixture(autouse=True)
def _unset(monkeypatch: pytest.MonkeyPatch) -> None:
    _forget(monkeypatch)


def _forget(environment: pytest.MonkeyPatch) -> None:
    for name in _TOLD:
        environment.delenv(name, raising=False)


@pytest.fixture(scope="session")
def sandnes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the demo network: Sandnes' datasets have run, and one of its neighbour's."""
    folder = tmp_path_factory.mktemp("sandnes")
    for name in _NEEDED:
        shutil.copytree(HOUSE / name, folder / name)
    (folder / "var/demo/dagster").mkdir(parents=True)
    make_sources(folder / "var/demo")
    with chdir(folder), booking_server(1) as address, pytest.MonkeyPatch.context() as told:
        _forget(told)
        told.setenv("AKTIV_KOMMUNE_URL", address)
        catalog = open_network()
        for site in (*sites(catalog, "1108"), *sites(catalog, "1103", "water_level")):
            bring(site, Errand(Window(DAYS[0], DAYS[-1]), "test"))
            if site.binding.release:
                release(site, open_portal(catalog), dt.datetime.now(dt.UTC))
    return folder


@pytest.fixture
def terminal(sandnes: Path, tmp_path: Path) -> Iterator[Terminal]:
    """A terminal in a copy of that network of its own."""
    folder = tmp_path / "sandnes"
    shutil.copytree(sandnes, folder)
    with booking_server(1) as address:
        yield Terminal(folder, names={"AKTIV_KOMMUNE_URL": address})
