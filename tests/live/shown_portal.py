"""A static portal with every kind of dataset page, and the browser that looks at it."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Thread
from typing import Literal

import polars as pl
from playwright.sync_api import Browser, sync_playwright
from playwright.sync_api import Page as Tab

from connectors.portal import Distribution, Mark, Page, Places
from connectors.static_portal.portal import StaticPortal
from connectors.static_portal.serve import portal_server
from connectors.store import Store
from pipelines.steps.release import release
from schemas.documents import parse
from schemas.network import Organisation
from schemas.reading import read_contract
from tests.builders import KOLUMBUS
from tests.connectors.static_portal.shown import RELEASED, page, stavanger, version
from tests.pipelines.steps.released_site import NOW, town_with_readings

MAPPED = "datasets/1103-parking_occupancy"
CROWDED = "datasets/1108-parking_occupancy"
BARE = "datasets/1122-parking_occupancy"
WIDE = "datasets/1124-traffic_counts"
FOLDERS = (MAPPED, CROWDED, BARE, WIDE)
_BROWSERS = ("chromium", "chromium-browser", "google-chrome")
_SWITCHES = ("no-sandbox", "disable-gpu", "disable-quic", "no-first-run", "disable-sync")
# milliseconds that a busy machine may take
_PATIENCE = 180_000


Scheme = Literal["light", "dark"]


@dataclass(frozen=True, slots=True)
class Window:
    """How somebody looks at a page; moving pictures are not wanted."""

    width: int
    scheme: Scheme = "light"
    script: bool = True

    @contextmanager
    def tab(self, chromium: Browser) -> Iterator[Tab]:
        """An empty tab in a window of its own."""
        context = chromium.new_context(
            viewport={"width": self.width, "height": 800},
            color_scheme=self.scheme,
            java_script_enabled=self.script,
            reduced_motion="reduce",
        )
        context.set_default_timeout(_PATIENCE)
        yield context.new_page()
        context.close()


def portal_in(folder: Path) -> Path:
    """A portal with a released dataset and made-up ones of each kind; its root."""
    town = town_with_readings(folder)
    release(town.site, town.portal, NOW)
    root = folder / "portal"
    with StaticPortal(Store.at(str(root)), town.portal.site).together() as portal:
        for told in (_crowded(), _bare(), _wide()):
            portal.publish(told)
    return root


@contextmanager
def served(root: Path) -> Iterator[str]:
    """The portal's address on loopback while the block runs."""
    with portal_server(root, 0) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()
            thread.join()


@contextmanager
def browser() -> Iterator[Browser]:
    """Headless Chromium from the path; an AssertionError that says so where there is none."""
    found = next(filter(None, map(shutil.which, _BROWSERS)), None)
    assert found, f"no browser on the path: install one of {', '.join(_BROWSERS)}"
    switches = [f"--{name}" for name in _SWITCHES]
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=found, args=switches, timeout=_PATIENCE
        )
        yield started
        started.close()


def _crowded() -> Page:
    marks = [
        Mark(5.7 + 0.1 * (n * 0.618 % 1), 58.84 + n / 5000, 1 + n % 9, f"Sted {n}", None)
        for n in range(120)
    ]
    versions = [version(day) for day in range(8, 20)]
    retired = replace(versions[3], retired_on=dt.date(2026, 11, 20))
    versions[3] = retired
    told = page(*versions)
    owner = stavanger("1108", "Sandnes kommune")
    return replace(told, municipality=owner, places=Places(tuple(marks), None))


def _bare() -> Page:
    told = page(replace(version(21), newest_event=None))
    return replace(told, municipality=stavanger("1122", "Gjesdal kommune"), plot=None)


def _wide() -> Page:
    contract = read_contract(Path("schemas/datasets/traffic_counts.odcs.yaml"))
    publication = contract.publication
    assert publication is not None
    count = contract.field("traffic_count")
    cells = {field.name: [None, "1"] for field in contract.fields}
    late = replace(version(21), newest_event=RELEASED - dt.timedelta(days=90))
    quality = replace(page().quality, warned=("an hour that nobody watched has no count",))
    return replace(
        page(replace(late, dataset=contract.name)),
        municipality=stavanger("1124", "Sola kommune"),
        contract=contract,
        publication=publication,
        fields=contract.fields,
        first_rows=pl.DataFrame(cells),
        plot=Distribution(count, [0, 10, 20, 30], [4, 0, 8]),
        quality=quality,
        partner=parse(Organisation, KOLUMBUS, "network.yaml"),
    )
