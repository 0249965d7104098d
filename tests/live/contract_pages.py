"""The pages that both portals are held to one contract with, and pages that fail."""

from __future__ import annotations

import datetime as dt
import io
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

from connectors.portal import Page
from connectors.store import Store
from schemas.errors import StoreUnavailable
from schemas.model import Bilingual
from schemas.stages import Release
from tests.live.shelves import Folder, Name
from tests.live.versions import narrower_page, page_at
from tests.pipelines.steps.released_site import (
    NOW,
    Town,
    contract_of,
    parking_document,
    readings,
    site_of,
    town_with_readings,
)

PARKING: Name = ("1103", "parking_occupancy")
PLACES: Name = ("1103", "parking_places")
SANDNES: Name = ("1108", "parking_occupancy")
FEW = ("csv", "parquet", "geojson")


@dataclass(frozen=True, slots=True)
class Pages:
    """What there is to publish: a dataset's versions, and two other datasets."""

    whole: Page
    first: Page
    second: Page
    third: Page
    broken_off: Page
    places: Page
    sandnes: Page


def made_pages(folder: Path, another: Path, third: Path) -> Pages:
    """The pages, from lakes in three empty folders."""
    town = town_with_readings(folder)
    whole = page_at(town, NOW)
    return Pages(
        whole,
        few(whole),
        delivered(town, 22),
        delivered(town, 23),
        other_generation(town, folder),
        other_dataset(another),
        other_owner(third),
    )


def few(page: Page) -> Page:
    """The page with a few files of rows, so that publishing takes less time."""
    releases = [
        replace(r, resources=tuple(f for f in r.resources if f.holds_rows and f.format in FEW))
        for r in page.releases
    ]
    return replace(page, releases=tuple(releases))


def delivered(town: Town, day: int) -> Page:
    town.commit(readings(days=[dt.date(2026, 11, day)]))
    town.judge(at := NOW + dt.timedelta(days=day))
    return few(page_at(town, at))


def other_generation(town: Town, folder: Path) -> Page:
    return few(narrower_page(town, folder, NOW + dt.timedelta(days=40)))


def other_dataset(folder: Path) -> Page:
    contract = contract_of(parking_document() | {"name": PLACES[1]}, folder)
    root = Store.at(str(folder / "places"))
    town = Town(site_of(contract, root), Folder.at(folder).portal)
    town.commit(readings(parks=["Torget"]))
    town.judge()
    return few(page_at(town, NOW))


def other_owner(folder: Path) -> Page:
    town = town_with_readings(folder)
    owner = town.site.municipality
    approved = {"organisation": "sandnes-kommune"}
    binding = town.site.binding
    assert binding.release is not None
    binding = binding.model_copy(update={"release": binding.release.model_copy(update=approved)})
    told = {"number": SANDNES[0], "name": Bilingual(nb="Sandnes kommune", en="Sandnes")}
    site = replace(town.site, municipality=owner.model_copy(update=told), binding=binding)
    return few(page_at(replace(town, site=site), NOW))


def giving(page: Page, name: str, content: bytes) -> Page:
    """The page with other bytes than were released under one name."""

    def opened(made: Release, file: str) -> BinaryIO:
        is_spoilt = made == page.newest and file == name
        return io.BytesIO(content) if is_spoilt else page.open(made, file)

    return replace(page, open=opened)


class Reads:
    """Reads a page's files, and fails from the given one on."""

    def __init__(self, page: Page, fails_at: int | None = None) -> None:
        self._page, self._fails_at, self.made = page, fails_at, 0

    @property
    def page(self) -> Page:
        return replace(self._page, open=self._open)

    def _open(self, made: Release, name: str) -> BinaryIO:
        self.made += 1
        if self._fails_at is not None and self.made > self._fails_at:
            raise StoreUnavailable(f"reading {name}: it is down")
        return self._page.open(made, name)
