from __future__ import annotations

import contextlib
import datetime as dt
import io
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

import pytest

from benchmarks.stand import Stand
from connectors.ckan.client import Ckan
from connectors.portal import Page
from connectors.store import Store
from pipelines.steps.publication.page import page_of
from pipelines.steps.publication.permission import permission
from pipelines.steps.release import release
from schemas.errors import ConfigurationError, PortalRejected, StoreUnavailable
from schemas.model import Bilingual
from schemas.stages import Release
from tests.live.fragile import Nowhere
from tests.live.shelves import Folder, Name, Seen, Shelf, Shop
from tests.pipelines.steps.released_site import (
    NOW,
    Town,
    closed_fields,
    contract_of,
    parking_document,
    readings,
    site_of,
    town_with_readings,
)

LATER = NOW + dt.timedelta(days=1)
PARKING: Name = ("1103", "parking_occupancy")
PLACES: Name = ("1103", "parking_places")
SANDNES: Name = ("1108", "parking_occupancy")
FEW = ("csv", "parquet", "geojson")
pytestmark = [pytest.mark.live, pytest.mark.portal]


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


def few(page: Page) -> Page:
    """The page with a few files of rows, so that publishing takes less time."""
    releases = [
        replace(r, resources=tuple(f for f in r.resources if f.holds_rows and f.format in FEW))
        for r in page.releases
    ]
    return replace(page, releases=tuple(releases))


def released(town: Town, at: dt.datetime = NOW) -> Page:
    release(town.site, Nowhere(), at)
    return page_of(town.site, permission(town.site))


def delivered(town: Town, day: int) -> Page:
    town.commit(readings(days=[dt.date(2026, 11, day)]))
    town.judge(at := NOW + dt.timedelta(days=day))
    return few(released(town, at))


def other_generation(town: Town, folder: Path) -> Page:
    document = parking_document()
    closed_fields(document, "is_full")
    changed = town.holding(contract_of(document, folder))
    changed.judge(at := NOW + dt.timedelta(days=40))
    return few(released(changed, at))


def other_dataset(folder: Path) -> Page:
    contract = contract_of(parking_document() | {"name": PLACES[1]}, folder)
    root = Store.at(str(folder / "places"))
    town = Town(site_of(contract, root), Folder.at(folder).portal)
    town.commit(readings(parks=["Torget"]))
    town.judge()
    return few(released(town))


def other_owner(folder: Path) -> Page:
    town = town_with_readings(folder)
    owner = town.site.municipality
    approved = {"organisation": "sandnes-kommune"}
    binding = town.site.binding
    assert binding.release is not None
    binding = binding.model_copy(update={"release": binding.release.model_copy(update=approved)})
    told = {"number": SANDNES[0], "name": Bilingual(nb="Sandnes kommune", en="Sandnes")}
    site = replace(town.site, municipality=owner.model_copy(update=told), binding=binding)
    return few(released(replace(town, site=site)))


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Pages:
    folder, another, third = (tmp_path_factory.mktemp(name) for name in ("one", "two", "three"))
    town = town_with_readings(folder)
    whole = released(town)
    return Pages(
        whole,
        few(whole),
        delivered(town, 22),
        delivered(town, 23),
        other_generation(town, folder),
        other_dataset(another),
        other_owner(third),
    )


@pytest.fixture(params=["static", "ckan"])
def shelf(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Shelf]:
    if request.param == "static":
        yield Folder.at(tmp_path / "portal")
        return
    ckan: Ckan = request.getfixturevalue("ckan")
    stand: Stand = request.getfixturevalue("stand")
    shop = Shop(ckan, stand["datastore"])
    shop.clear(PARKING, PLACES, SANDNES)
    yield shop


def shown(shelf: Shelf, name: Name = PARKING) -> Seen:
    seen = shelf.seen(name)
    assert seen is not None
    return seen


def bytes_of(page: Page) -> dict[str, str]:
    return {resource.name: resource.sha256 for resource in page.newest.resources}


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


def test_what_is_published_is_shown_in_every_format_with_the_released_bytes(
    shelf: Shelf, pages: Pages
) -> None:
    shelf.portal.publish(pages.whole)
    seen = shown(shelf)
    assert seen.title == pages.whole.publication.title.nb
    assert seen.version == pages.whole.newest.version
    assert seen.digests == bytes_of(pages.whole)
    assert len(seen.files) > len(FEW)
    assert shelf.listed() == {"1103-parking_occupancy"}


def test_the_same_page_twice_changes_nothing(shelf: Shelf, pages: Pages) -> None:
    shelf.portal.publish(pages.first)
    before = shown(shelf)
    shelf.portal.publish(pages.first)
    assert shown(shelf) == before


def test_a_new_version_keeps_the_addresses_and_changes_the_bytes(
    shelf: Shelf, pages: Pages
) -> None:
    shelf.portal.publish(pages.first)
    before = shown(shelf)
    shelf.portal.publish(pages.second)
    after = shown(shelf)
    assert after.addresses == before.addresses
    assert after.digests == bytes_of(pages.second) != before.digests
    assert after.version == pages.second.newest.version


def test_another_title_alone_changes_no_file(shelf: Shelf, pages: Pages) -> None:
    shelf.portal.publish(pages.first)
    before = shown(shelf)
    title = Bilingual(nb="Ledige plasser i sentrum", en="Free spaces downtown")
    texts = pages.first.publication.model_copy(update={"title": title})
    shelf.portal.publish(replace(pages.first, publication=texts))
    after = shown(shelf)
    assert after.title == "Ledige plasser i sentrum" != before.title
    assert after.files == before.files


def test_what_is_withdrawn_is_gone_and_comes_back_under_its_addresses(
    shelf: Shelf, pages: Pages
) -> None:
    shelf.portal.withdraw(*PARKING)
    shelf.portal.publish(pages.first)
    before = shown(shelf)
    for _ in range(2):
        shelf.portal.withdraw(*PARKING)
        assert shelf.seen(PARKING) is None
        assert shelf.listed() == set()
    shelf.portal.publish(pages.third)
    after = shown(shelf)
    assert after.addresses == before.addresses
    assert after.digests == bytes_of(pages.third)


def test_one_dataset_does_not_disturb_another(shelf: Shelf, pages: Pages) -> None:
    others = (PLACES, SANDNES)
    shelf.portal.publish(pages.places)
    shelf.portal.publish(pages.sandnes)
    before = [shown(shelf, other) for other in others]
    shelf.portal.publish(pages.first)
    shelf.portal.publish(pages.second)
    assert shelf.listed() == {f"{number}-{name}" for number, name in (*others, PARKING)}
    shelf.portal.withdraw(*PARKING)
    assert [shown(shelf, other) for other in others] == before
    assert shelf.seen(PARKING) is None


def test_what_was_edited_by_hand_is_put_right(shelf: Shelf, pages: Pages) -> None:
    shelf.portal.publish(pages.first)
    before = shown(shelf)
    shelf.edit(PARKING, "parking_occupancy.csv")
    assert shown(shelf) != before
    shelf.portal.publish(pages.first)
    after = shown(shelf)
    assert after.files == before.files
    assert (after.title, after.version) == (before.title, before.version)


def test_a_download_that_is_not_what_was_released_leaves_the_version_before(
    shelf: Shelf, pages: Pages
) -> None:
    shelf.portal.publish(pages.first)
    before = shown(shelf)
    with pytest.raises(PortalRejected, match="is not what"):
        shelf.portal.publish(giving(pages.second, "parking_occupancy.parquet", b"broken"))
    after = shown(shelf)
    assert (after.title, after.version, after.files) == (before.title, before.version, before.files)
    shelf.portal.publish(pages.second)
    assert shown(shelf).digests == bytes_of(pages.second)


def test_a_store_that_fails_early_or_late_leaves_the_version_before(
    shelf: Shelf, pages: Pages
) -> None:
    shelf.portal.publish(pages.first)
    counted = Reads(pages.second)
    shelf.portal.publish(counted.page)
    for at in (0, counted.made // 2, counted.made - 1):
        shelf.portal.publish(pages.first)
        before = shown(shelf)
        with pytest.raises(StoreUnavailable, match="it is down"):
            shelf.portal.publish(Reads(pages.second, at).page)
        after = shown(shelf)
        assert (after.version, after.files) == (before.version, before.files), at


def test_a_first_version_that_is_not_what_was_released_is_not_shown(
    shelf: Shelf, pages: Pages
) -> None:
    with pytest.raises(PortalRejected, match="is not what"):
        shelf.portal.publish(giving(pages.first, "parking_occupancy.csv", b"broken"))
    assert shelf.seen(PARKING) is None
    assert PARKING[1] not in "".join(shelf.listed())


def test_a_word_in_no_vocabulary_is_refused_before_anything_is_written(
    shelf: Shelf, pages: Pages
) -> None:
    shelf.portal.publish(pages.first)
    before = shown(shelf)
    texts = pages.second.publication.model_copy(update={"theme": ("NOWHERE",)})
    contract = replace(pages.second.contract, publication=texts)
    unknown = replace(pages.second, contract=contract, publication=texts)
    for attempt in (shelf.portal.pages, shelf.portal.publish):
        with pytest.raises(ConfigurationError, match=r"release\.theme"):
            attempt(unknown)
    assert shown(shelf) == before


def test_a_dataset_that_fails_does_not_hold_up_those_around_it(shelf: Shelf, pages: Pages) -> None:
    spoilt = giving(pages.first, "parking_occupancy.csv", b"broken")
    with shelf.portal.together() as held:
        held.publish(pages.places)
        with contextlib.suppress(PortalRejected):
            held.publish(spoilt)
        held.publish(pages.sandnes)
    assert shelf.listed() == {"1103-parking_places", "1108-parking_occupancy"}
    assert shown(shelf, PLACES).digests == bytes_of(pages.places)
    assert shown(shelf, SANDNES).digests == bytes_of(pages.sandnes)
    with shelf.portal.together() as held:
        held.publish(pages.first)
    assert shown(shelf).digests == bytes_of(pages.first)


def test_a_block_that_an_error_ends_shows_what_went_before(shelf: Shelf, pages: Pages) -> None:
    with contextlib.suppress(KeyboardInterrupt), shelf.portal.together() as held:
        held.publish(pages.first)
        raise KeyboardInterrupt
    assert shelf.listed() == {"1103-parking_occupancy"}


def test_files_of_a_former_generation_stay_where_they_were(shelf: Shelf, pages: Pages) -> None:
    assert pages.broken_off.newest.generation == 2
    shelf.portal.publish(pages.third)
    before = shown(shelf)
    for _ in range(2):
        shelf.portal.publish(pages.broken_off)
        after = shown(shelf)
        assert {n: f for n, f in after.files.items() if n in before.files} == before.files
        assert after.digests == bytes_of(pages.third) | bytes_of(pages.broken_off)
        assert set(before.files).isdisjoint(bytes_of(pages.broken_off))


def test_a_former_generation_is_there_where_none_was_shown_before(
    shelf: Shelf, pages: Pages
) -> None:
    shelf.portal.publish(pages.broken_off)
    assert shown(shelf).digests == bytes_of(pages.third) | bytes_of(pages.broken_off)
