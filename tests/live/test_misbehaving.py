from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from benchmarks.stand import Stand
from connectors.ckan.client import Ckan, Patience
from connectors.ckan.datastore import DataStore
from connectors.ckan.ids import resource_id
from connectors.ckan.portal import CkanPortal
from connectors.portal import Page
from pipelines.steps.publication.history import History
from pipelines.steps.publication.page import page_of
from pipelines.steps.publication.permission import permission
from pipelines.steps.release import release
from schemas.errors import PortalError, PortalUnavailable
from tests.live.conftest import empty
from tests.live.fragile import Nowhere
from tests.live.misbehaving import (
    CANARY,
    Fault,
    Misbehaving,
    broken,
    cut,
    lost,
    misbehaving,
    page,
    too_large,
)
from tests.pipelines.steps.released_site import NOW, Town, readings, town_with_readings

LATER = NOW + dt.timedelta(days=1)
KEPT = ("parking_occupancy.csv", "parking_occupancy.parquet", "parking_occupancy.geojson")
DATASET = "1103-parking_occupancy"
TABLE = resource_id("1103", "parking_occupancy", KEPT[0])
FAULTS: tuple[tuple[str, Fault, str], ...] = (
    ("package_revise", too_large, "set max_resource_size of the network's file"),
    ("package_revise", page, "a log-in or a proxy stands before CKAN"),
    ("package_revise", lost, "package_revise: answered 504"),
    ("download", page, "was read back and is not what was sent"),
    ("package_show", broken, "package_show: broke: answered 500"),
)
pytestmark = [pytest.mark.live, pytest.mark.portal]
Pages = tuple[Page, Page]


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Pages:
    town = town_with_readings(tmp_path_factory.mktemp("misbehaving"))
    release(town.site, Nowhere(), NOW)
    first = few(town)
    town.commit(readings(days=[dt.date(2026, 11, 21)]))
    town.judge(LATER)
    release(town.site, Nowhere(), LATER)
    return first, few(town)


def few(town: Town) -> Page:
    """The town's page with three files, so that there are fewer calls."""
    whole = page_of(town.site, permission(town.site))
    releases = [
        replace(r, resources=tuple(f for f in r.resources if f.name in KEPT))
        for r in whole.releases
    ]
    return replace(whole, releases=tuple(releases))


@dataclass
class Desk:
    """A CKAN that is written to by way of a server that misbehaves."""

    ckan: Ckan
    stand: Stand
    server: Misbehaving

    def portal(self, token: str | None = None) -> CkanPortal:
        patience = Patience(attempts=3, backoff=0)
        whose = "the ckan_token of 1103"
        asked = Ckan(self.server.url, token or self.stand["token"], patience, whose=whose)
        return CkanPortal(asked, DataStore(asked, self.stand["datastore"]))

    def shows(self, page: Page) -> bool:
        """Whether all that is public is the page, whole."""
        shown, newest = self.ckan.ask("package_show", {"id": DATASET}), page.newest
        files = {each["name"]: self.ckan.digest(each["url"]) for each in shown["resources"]}
        rows = self.ckan.ask("datastore_search", {"resource_id": TABLE, "limit": 0})["total"]
        whole = files == {each.name: each.sha256 for each in newest.resources}
        return whole and (shown["version"], rows) == (newest.version, newest.rows)

    def views(self) -> list[tuple[str, str]]:
        resources = self.ckan.ask("package_show", {"id": DATASET})["resources"]
        shown = [self.ckan.ask("resource_view_list", {"id": each["id"]}) for each in resources]
        return [(view["resource_id"], view["view_type"]) for views in shown for view in views]


@pytest.fixture
def desk(ckan: Ckan, stand: Stand) -> Iterator[Desk]:
    empty(ckan, stand)
    with misbehaving(stand["url"]) as server:
        yield Desk(ckan, stand, server)


@pytest.mark.parametrize("fault", [broken, lost, cut])
def test_a_release_of_which_every_call_fails_once_ends_as_any_other(
    fault: Fault, desk: Desk, pages: Pages
) -> None:
    desk.server.each_first = fault
    # a view is not made twice: without a word of it the release is taken back
    with contextlib.suppress(PortalUnavailable):
        desk.portal().publish(pages[0])
    desk.portal().publish(pages[0])
    assert desk.shows(pages[0])
    assert len(desk.views()) == len(set(desk.views()))
    found = desk.ckan.ask("package_search", {"q": "*:*", "include_drafts": True})
    assert found["count"] == 1


def test_a_later_release_is_there_whole_or_not_at_all(desk: Desk, pages: Pages) -> None:
    desk.portal().publish(pages[0])
    for call, fault, said in FAULTS:
        desk.server.always[call] = fault
        with pytest.raises(PortalError) as raised:
            desk.portal().publish(pages[1])
        assert said in str(raised.value)
        assert CANARY not in str(raised.value)
        assert "\n" not in str(raised.value)
        assert desk.shows(pages[0]), said
        desk.server.behave()
    desk.portal().publish(pages[1])
    assert desk.shows(pages[1])


def test_a_first_release_that_fails_is_recorded_and_shows_the_public_nothing(
    desk: Desk, tmp_path: Path
) -> None:
    town = town_with_readings(tmp_path)
    desk.server.always["package_revise"] = page
    with pytest.raises(PortalError, match="a log-in or a proxy"):
        release(town.site, desk.portal(), NOW)
    [recorded] = History(town.site.store, "parking_occupancy").releases()
    public = Ckan(desk.ckan.url, "").ask("package_search", {"q": "*:*"})
    assert public["count"] == 0
    desk.server.behave()
    assert release(town.site, desk.portal(), LATER) == recorded
    assert desk.shows(page_of(town.site, permission(town.site)))


def test_a_token_that_was_revoked_is_said_and_leaves_what_stood(desk: Desk, pages: Pages) -> None:
    desk.portal().publish(pages[0])
    own = {"user": "administrator", "name": "for a day"}
    token = desk.ckan.ask("api_token_create", own)["token"]
    desk.ckan.ask("api_token_revoke", {"token": token})
    with pytest.raises(PortalError, match="ckan_token of 1103 is wrong, has expired or was rev"):
        desk.portal(token).publish(pages[1])
    assert desk.shows(pages[0])
