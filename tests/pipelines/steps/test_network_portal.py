from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from connectors.portal import Page
from connectors.static_portal.portal import StaticPortal
from connectors.store import Store
from pipelines.steps.portal import NetworkPortal
from schemas.errors import PortalUnavailable
from tests.connectors.static_portal.shown import page
from tests.connectors.static_portal.test_together import SITE, town


@dataclass
class Shelf:
    """Stands in for the CKAN of one municipality, and notes what was asked of it."""

    number: str
    noted: list[str]
    fails: frozenset[str] = field(default_factory=frozenset)

    @contextmanager
    def together(self) -> Iterator[Shelf]:
        self.noted.append(f"{self.number} begun")
        try:
            yield self
        finally:
            self.noted.append(f"{self.number} left")
            if "leaving" in self.fails:
                raise PortalUnavailable(f"{self.number} is down")

    def publish(self, told: Page) -> None:
        if "publish" in self.fails:
            raise PortalUnavailable(f"{self.number} is down")
        self.noted.append(f"{self.number} {told.contract.name}")

    def pages(self, told: Page) -> dict[str, bytes]:
        return {"package.json": told.contract.name.encode()}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "portal"


def portals(root: Path, noted: list[str], *fails: str, down: str = "1108") -> NetworkPortal:
    def ckan(number: str) -> Any:  # noqa: ANN401 - a stand-in
        return Shelf(number, noted, frozenset(fails) if number == down else frozenset())

    return NetworkPortal(StaticPortal(Store.at(str(root)), SITE), ckan)


def show(portal: NetworkPortal, *numbers: str) -> None:
    for number in numbers:
        portal.publish(town(number))


def test_each_municipalitys_ckan_is_begun_once_and_left_at_the_end(root: Path) -> None:
    noted: list[str] = []
    with portals(root, noted).together() as held:
        assert noted == []
        show(held, "1103", "1108", "1103")
    assert noted == [
        "1103 begun",
        "1103 parking_occupancy",
        "1108 begun",
        "1108 parking_occupancy",
        "1103 parking_occupancy",
        "1108 left",
        "1103 left",
    ]


def test_it_is_begun_once_also_where_several_are_published_at_once(root: Path) -> None:
    noted: list[str] = []
    all_there = threading.Barrier(4, timeout=60)

    def at_once(held: NetworkPortal) -> None:
        all_there.wait()
        assert held.ckan is not None
        held.ckan("1103").publish(page())

    with portals(root, noted).together() as held, ThreadPoolExecutor(4) as threads:
        list(threads.map(at_once, [held] * 4))
    assert noted.count("1103 begun") == 1
    assert noted.count("1103 parking_occupancy") == 4


def test_what_one_ckan_refuses_is_shown_on_the_static_portal_and_elsewhere(root: Path) -> None:
    noted: list[str] = []
    with portals(root, noted, "publish").together() as held:
        with pytest.raises(PortalUnavailable, match="1108 is down"):
            held.publish(town("1108"))
        held.publish(town("1122"))
    start = (root / "index.html").read_text("utf-8")
    assert "Kommune 1108" in start
    assert "Kommune 1122" in start
    assert "1122 parking_occupancy" in noted


def test_a_ckan_that_cannot_be_left_is_told_once_all_others_are(root: Path) -> None:
    noted: list[str] = []
    with (
        pytest.raises(PortalUnavailable, match="1108 is down"),
        portals(root, noted, "leaving").together() as held,
    ):
        show(held, "1103", "1108")
    assert noted[-2:] == ["1108 left", "1103 left"]
    assert "Kommune 1108" in (root / "index.html").read_text("utf-8")


def test_what_ckan_would_be_told_is_proven_within_a_block_too(root: Path) -> None:
    told = page()
    with portals(root, []).together() as held:
        pages = held.pages(told)
    assert pages["package.json"] == b"parking_occupancy"
    assert "index.html" in pages
