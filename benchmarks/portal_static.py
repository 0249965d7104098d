"""A static portal of 360 datasets, built from ready releases and brought up to date."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.figures import Figure, at_most, seen
from benchmarks.released import later_page, many, ready_pages
from connectors.portal import Page
from connectors.static_portal.portal import StaticPortal
from connectors.store import Store
from schemas.model import Bilingual
from schemas.network import PortalSite

DATASETS = 360
# as many as `datasjo release` has under way
AT_ONCE = 4
MOST_SECONDS = 60.0
MOST_SECONDS_FOR_ONE = 2.0
# beside the code, not in the system's temporary folder, which may lie in memory
VAR = Path(__file__).parents[1] / "var"


def measure(datasets: int = DATASETS) -> list[Figure]:
    """Seconds to build it, to show one new version, and to find that nothing is new."""
    VAR.mkdir(exist_ok=True)
    with TemporaryDirectory(dir=VAR, prefix="portal-") as made:
        folder = Path(made)
        pages = many(ready_pages(folder), datasets)
        [later] = many([later_page(folder)], 1)
        portal = _portal(folder / "shown")
        built = _seconds(lambda: _show(portal, pages))
        idle = _seconds(lambda: _show(portal, pages))
        changed = _seconds(lambda: portal.publish(later))
    what = f"static portal of {datasets} datasets"
    return [
        at_most(f"{what}, built", built, "s", MOST_SECONDS),
        at_most(f"{what}, one changed", changed, "s", MOST_SECONDS_FOR_ONE),
        seen(f"{what}, none changed", idle, "s"),
    ]


def _portal(folder: Path) -> StaticPortal:
    title = Bilingual(nb="Åpne data", en="Open data")
    url = "https://data.example.no"
    site = PortalSite(root="unused", url=url, title=title, contact="data@example.no")
    return StaticPortal(Store.at(str(folder)), site)


def _show(portal: StaticPortal, pages: Sequence[Page]) -> None:
    with portal.together() as held, ThreadPoolExecutor(AT_ONCE) as threads:
        list(threads.map(held.publish, pages))


def _seconds(work: Callable[[], None]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started
