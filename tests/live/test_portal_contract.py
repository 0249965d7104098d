from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.stand import Stand
from connectors.ckan.client import Ckan
from connectors.portal import Page
from schemas.errors import ConfigurationError, PortalRejected, StoreUnavailable
from schemas.model import Bilingual
from tests.live.conftest import empty
from tests.live.contract_pages import (
    FEW,
    PARKING,
    PLACES,
    SANDNES,
    Pages,
    Reads,
    giving,
    made_pages,
)
from tests.live.shelves import Folder, Name, Seen, Shelf, Shop

pytestmark = [pytest.mark.live, pytest.mark.portal]


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Pages:
    return made_pages(*(tmp_path_factory.mktemp(name) for name in ("one", "two", "three")))


@pytest.fixture(params=["static", "ckan"])
def shelf(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Shelf]:
    if request.param == "static":
        yield Folder.at(tmp_path / "portal")
        return
    ckan: Ckan = request.getfixturevalue("ckan")
    stand: Stand = request.getfixturevalue("stand")
    empty(ckan, stand)
    yield Shop(ckan, stand["datastore"])


def shown(shelf: Shelf, name: Name = PARKING) -> Seen:
    seen = shelf.seen(name)
    assert seen is not None
    return seen


def bytes_of(page: Page) -> dict[str, str]:
    return {resource.name: resource.sha256 for resource in page.newest.resources}


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
