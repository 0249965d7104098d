"""Ready releases of several hundred datasets: the demo's own, shown by made-up municipalities."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from connectors.portal import Page
from pipelines.cli.fresh import environment
from pipelines.demo.sources import make_sources
from pipelines.demo.week import DAYS, LATE_DAY, Wave
from pipelines.steps.bring import Errand, bring
from pipelines.steps.portal import open_portal
from pipelines.steps.publication.page import page_of
from pipelines.steps.publication.permission import permission
from pipelines.steps.release import release
from pipelines.steps.site import DEMO, open_network, sites
from schemas.catalog import Catalog
from schemas.municipality import Name
from schemas.stages import Window

CHANGED = ("1103", "traffic_counts")
CHOSEN = (
    CHANGED,
    ("1103", "energy_hourly"),
    ("1103", "bathing_water"),
    ("1108", "parking_occupancy"),
    ("1122", "road_weather"),
)
IN_A_TOWN = 30


def ready_pages(folder: Path) -> list[Page]:
    """Five datasets of a thousand to eight thousand rows, released in the folder."""
    with _demo(folder, 1) as catalog:
        return [_released(catalog, chosen) for chosen in CHOSEN]


def later_page(folder: Path) -> Page:
    """The first of them, released once more when the next day's rows had come."""
    with _demo(folder, 2) as catalog:
        return _released(catalog, CHANGED)


def many(pages: Sequence[Page], count: int, first: int = 2001) -> list[Page]:
    """So many datasets: the same ones under several names, thirty to a municipality.

    The municipalities are numbered from `first` on.
    """
    each = itertools.islice(itertools.cycle(pages), count)
    return [
        _in_town(page, first + at // IN_A_TOWN, at % IN_A_TOWN // len(pages))
        for at, page in enumerate(each)
    ]


def _in_town(page: Page, number: int, copy: int) -> Page:
    owner, contract = page.municipality, page.contract
    name = Name(nb=f"Kommune {number}", en=f"Municipality {number}")
    told = {"number": str(number), "name": name}
    return replace(
        page,
        municipality=owner.model_copy(update=told),
        contract=replace(contract, name=f"{contract.name}_{copy + 1}"),
    )


@contextmanager
def _demo(folder: Path, wave: Wave) -> Iterator[Catalog]:
    with environment(DATASJO_VAR=str(folder)):
        make_sources(folder, wave)
        yield open_network(DEMO)


def _released(catalog: Catalog, chosen: tuple[str, str]) -> Page:
    [site] = sites(catalog, *chosen)
    bring(site, Errand(Window(DAYS[0], LATE_DAY), "benchmark"))
    now = dt.datetime.now(dt.UTC)
    release(site, open_portal(catalog), now)
    return page_of(site, permission(site, now))
