from __future__ import annotations

import contextlib
from dataclasses import dataclass, replace

import pytest

from benchmarks.stand import Stand
from connectors.ckan.client import Ckan
from connectors.ckan.datastore import DataStore
from connectors.ckan.ids import download_path, resource_id
from connectors.ckan.portal import CkanPortal
from connectors.portal import Page
from schemas.errors import PortalUnavailable
from tests.live.fragile import Fragile, Fuse, fragile_database
from tests.live.versions import next_page, page_at
from tests.pipelines.steps.released_site import NOW, Town

KEPT = ("parking_occupancy.csv", "parking_occupancy.parquet")
TABLE = resource_id("1103", "parking_occupancy", KEPT[0])
DATASET = "1103-parking_occupancy"
HOME, OTHER_HOME = "https://data.example.no", "https://open.example.no"
pytestmark = [pytest.mark.live, pytest.mark.portal]


class Killed(BaseException):
    """The process is gone."""


@dataclass
class Desk:
    """Two versions of a dataset, and a CKAN to show them on."""

    ckan: Ckan
    stand: Stand
    monkeypatch: pytest.MonkeyPatch
    first: Page
    second: Page
    home: str = HOME

    def portal(self) -> CkanPortal:
        return CkanPortal(self.ckan, DataStore(self.ckan, self.stand["datastore"]), self.home)

    def publish(self, page: Page, fuse: Fuse, *, together: bool = False) -> None:
        fragile = Fragile(self.stand["url"], self.stand["token"], fuse)
        portal = CkanPortal(fragile, DataStore(fragile, self.stand["datastore"]), self.home)
        with self.monkeypatch.context() as patched, contextlib.ExitStack() as held:
            fragile_database(fuse, patched)
            (held.enter_context(portal.together()) if together else portal).publish(page)

    def clear(self) -> None:
        if self.ckan.find("package_show", DATASET) is not None:
            self.ckan.ask("dataset_purge", {"id": DATASET})
        DataStore(self.ckan, self.stand["datastore"]).drop(TABLE)

    def calls(self, page: Page, *, together: bool = False) -> int:
        fuse = Fuse(Killed())
        self.publish(page, fuse, together=together)
        return len(fuse.calls)

    def shows(self, page: Page) -> bool:
        """Whether all that is public is the page, whole and once."""
        found = self.ckan.ask("package_search", {"q": "*:*"})
        assert found["count"] == 1
        shown = self.ckan.ask("package_show", {"id": DATASET})
        assert shown == found["results"][0]
        paths = [download_path("1103", "parking_occupancy", name) for name in KEPT]
        addresses = [resource["url"].split("/resource/")[1] for resource in shown["resources"]]
        assert addresses == [path.split("/resource/")[1] for path in paths]
        files = [self.ckan.digest(f"{self.ckan.url}{path}") for path in paths]
        same = files == [resource.sha256 for resource in page.newest.resources]
        return same and shown["version"] == page.newest.version and self._rows_of(page)

    def _rows_of(self, page: Page) -> bool:
        asked = {"resource_id": TABLE, "limit": 1000}
        found = self.ckan.ask("datastore_search", asked)["records"]
        return {row["observed_at"][:10] for row in found} == _days(page) and (
            len(found) == page.newest.rows
        )

    def views(self) -> list[list[str]]:
        resources = self.ckan.ask("package_show", {"id": DATASET})["resources"]
        shown = [self.ckan.ask("resource_view_list", {"id": each["id"]}) for each in resources]
        return [sorted(view["view_type"] for view in views) for views in shown]

    def drawn(self) -> str:
        """The address that the map is shown from."""
        shown = self.ckan.ask("resource_view_list", {"id": TABLE})
        [address] = [view["page_url"] for view in shown if view["view_type"] == "webpage_view"]
        return str(address)


def _days(page: Page) -> set[str]:
    with page.open(page.newest, KEPT[0]) as stream:
        return {line.split(",")[1][:10] for line in stream.read().decode().splitlines()[1:]}


def _few(page: Page) -> Page:
    """The page with two files, so that there are fewer calls to be killed at."""
    releases = [
        replace(r, resources=tuple(f for f in r.resources if f.name in KEPT)) for r in page.releases
    ]
    return replace(page, releases=tuple(releases))


@pytest.fixture
def desk(town: Town, ckan: Ckan, stand: Stand, monkeypatch: pytest.MonkeyPatch) -> Desk:
    first = _few(page_at(town, NOW))
    second = _few(next_page(town))
    return Desk(ckan, stand, monkeypatch, first, second)


@pytest.mark.parametrize("together", [False, True], ids=["alone", "together"])
def test_a_first_release_that_is_killed_at_any_call_ends_the_same_when_run_again(
    desk: Desk, *, together: bool
) -> None:
    desk.clear()
    count = desk.calls(desk.first, together=together)
    views = desk.views()
    for at in range(count):
        desk.clear()
        with pytest.raises(Killed):
            desk.publish(desk.first, Fuse(Killed(), at), together=together)
        desk.publish(desk.first, Fuse(Killed()), together=together)
        assert desk.shows(desk.first), at
        assert desk.views() == views, at


@pytest.mark.parametrize("together", [False, True], ids=["alone", "together"])
def test_a_later_release_that_is_killed_at_any_call_ends_the_same_when_run_again(
    desk: Desk, *, together: bool
) -> None:
    desk.clear()
    desk.portal().publish(desk.first)
    views = desk.views()
    count = desk.calls(desk.second, together=together)
    pages = (desk.first, desk.second)
    for at in range(count):
        with pytest.raises(Killed):
            desk.publish(pages[at % 2], Fuse(Killed(), at), together=together)
        desk.publish(pages[at % 2], Fuse(Killed()), together=together)
        assert desk.shows(pages[at % 2]), at
        assert desk.views() == views, at


def test_another_address_that_is_killed_at_any_call_stands_everywhere_when_run_again(
    desk: Desk,
) -> None:
    desk.clear()
    desk.portal().publish(desk.first)
    homes = (OTHER_HOME, HOME)
    desk.home = OTHER_HOME
    count = desk.calls(desk.first, together=True)
    for at in range(count):
        desk.home = homes[(at + 1) % 2]
        with pytest.raises(Killed):
            desk.publish(desk.first, Fuse(Killed(), at), together=True)
        desk.publish(desk.first, Fuse(Killed()), together=True)
        assert desk.shows(desk.first), at
        assert desk.drawn().startswith(desk.home), at


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_a_later_release_that_fails_at_any_call_leaves_what_stood(
    desk: Desk, *, after: bool
) -> None:
    desk.clear()
    desk.portal().publish(desk.first)
    count = desk.calls(desk.second)
    desk.portal().publish(desk.first)
    for at in range(count):
        fuse = Fuse(PortalUnavailable("it is down"), at, after)
        with pytest.raises(PortalUnavailable):
            desk.publish(desk.second, fuse)
        assert desk.shows(desk.first), fuse.calls


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_a_first_release_that_fails_at_any_call_shows_the_public_nothing(
    desk: Desk, *, after: bool
) -> None:
    desk.clear()
    count = desk.calls(desk.first)
    for at in range(count):
        desk.clear()
        fuse = Fuse(PortalUnavailable("it is down"), at, after)
        with pytest.raises(PortalUnavailable):
            desk.publish(desk.first, fuse)
        found = Ckan(desk.stand["url"], "").ask("package_search", {"q": "*:*"})
        assert found["count"] == 0, fuse.calls
        assert desk.ckan.find("datastore_info", TABLE) is None, fuse.calls
