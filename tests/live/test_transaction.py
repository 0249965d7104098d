from __future__ import annotations

import io
from dataclasses import dataclass, replace
from typing import Any, BinaryIO

import pytest

from benchmarks.stand import Stand
from connectors.ckan.client import Ckan, Patience, Upload
from connectors.ckan.datastore import DataStore
from connectors.ckan.ids import resource_id
from connectors.ckan.portal import CkanPortal
from connectors.portal import Page
from schemas.errors import PortalError, PortalRejected, PortalUnavailable
from schemas.model import Bilingual
from tests.live.fragile import Fragile, Fuse
from tests.live.robots import robot_of
from tests.live.versions import NAME, next_page, page_at, shown_on, told_of
from tests.pipelines.steps.released_site import NOW, Town

CSV = "parking_occupancy.csv"
TABLE = resource_id("1103", "parking_occupancy", CSV)
HOME = "https://data.example.no"
pytestmark = [pytest.mark.live, pytest.mark.portal]


@dataclass
class Blind(Ckan):
    """A CKAN that gives back other bytes than it was sent, for one file, as long as it is told."""

    def __init__(self, stand: Stand) -> None:
        super().__init__(stand["url"], stand["token"], Patience(attempts=1))
        self.wrong = 0

    def digest(self, url: str, into: BinaryIO | None = None) -> str:
        given = super().digest(url, into)
        if url.endswith("/dictionary.csv") and self.wrong:
            self.wrong -= 1
            return "0" * 64
        return given


def test_a_file_that_is_read_back_otherwise_brings_back_what_stood(
    town: Town, ckan: Ckan, stand: Stand
) -> None:
    blind = Blind(stand)
    portal = CkanPortal(blind, DataStore(blind, stand["datastore"]))
    portal.publish(page_at(town, NOW))
    before = shown_on(ckan)
    blind.wrong = 1
    with pytest.raises(PortalRejected, match=r"dictionary.csv was read back.*stood before stands"):
        portal.publish(next_page(town))
    after = shown_on(ckan)
    assert told_of(after) == told_of(before)
    for resource in after["resources"]:
        assert f"sha256:{ckan.digest(resource['url'])}" == resource["hash"]


def by_hand(ckan: Ckan, content: bytes, **told: str) -> None:
    upload = Upload(CSV, io.BytesIO(content))
    ckan.send("resource_patch", {"id": TABLE, **told}, {"upload": upload})


def csv_of(page: Page) -> bytes:
    with page.open(page.newest, CSV) as stream:
        return stream.read()


def test_bytes_that_were_put_there_by_hand_stand_again_where_a_release_fails(
    town: Town, ckan: Ckan, stand: Stand
) -> None:
    blind = Blind(stand)
    portal = CkanPortal(blind)
    portal.publish(page_at(town, NOW))
    by_hand(ckan, b"by,hand\n", hash="", url=CSV)
    blind.wrong = 1
    with pytest.raises(PortalRejected, match="stood before stands"):
        portal.publish(next_page(town))
    held = next(each for each in shown_on(ckan)["resources"] if each["id"] == TABLE)
    given = io.BytesIO()
    ckan.digest(held["url"], given)
    assert given.getvalue() == b"by,hand\n"


@pytest.mark.parametrize("later", [False, True], ids=["same", "next"])
def test_a_file_that_somebody_sent_is_put_right_although_its_size_is_the_same(
    town: Town, ckan: Ckan, *, later: bool
) -> None:
    portal = CkanPortal(ckan)
    page = page_at(town, NOW)
    portal.publish(page)
    by_hand(ckan, csv_of(page).replace(b"Posten", b"Kiosk "))
    if later:
        texts = page.publication.model_copy(update={"title": Bilingual(nb="Ny", en="New")})
        page = replace(page, publication=texts)
    with portal.together() as one:
        one.publish(page)
    held = next(each for each in shown_on(ckan)["resources"] if each["id"] == TABLE)
    assert f"sha256:{ckan.digest(held['url'])}" == held["hash"]


def test_a_database_that_fails_brings_files_and_metadata_back(
    town: Town, ckan: Ckan, stand: Stand
) -> None:
    CkanPortal(ckan, DataStore(ckan, stand["datastore"])).publish(page_at(town, NOW))
    before = shown_on(ckan)
    wrong = stand["datastore"].replace("/datastore", "/nothing")
    with pytest.raises(PortalRejected, match="stood before"):
        CkanPortal(ckan, DataStore(ckan, wrong)).publish(next_page(town))
    assert told_of(shown_on(ckan)) == told_of(before)


@pytest.mark.parametrize("reached", [True, False], ids=["database", "api"])
def test_an_editor_of_the_organisation_alone_can_release_again_and_withdraw(
    town: Town, ckan: Ckan, stand: Stand, *, reached: bool
) -> None:
    robot = Ckan(stand["url"], robot_of(ckan, "stavanger-kommune"), Patience(attempts=1))
    portal = CkanPortal(robot, DataStore(robot, stand["datastore"] if reached else None))
    first = page_at(town, NOW)
    portal.publish(first)
    portal.publish(next_page(town))
    assert shown_on(ckan)["state"] == "active"
    portal.withdraw("1103", "parking_occupancy")
    assert shown_on(ckan)["state"] == "deleted"
    portal.publish(first)
    anybody = Ckan(stand["url"], "")
    assert shown_on(anybody)["version"] == first.newest.version


def test_withdrawal_takes_the_rows_from_the_api_and_release_brings_them_back(
    town: Town, ckan: Ckan, stand: Stand
) -> None:
    portal = CkanPortal(ckan, DataStore(ckan, stand["datastore"]))
    page = page_at(town, NOW)
    portal.publish(page)
    before = shown_on(ckan)
    for _ in range(2):
        portal.withdraw("1103", "parking_occupancy")
    assert ckan.find("datastore_info", TABLE) is None
    # not even for the administrator, whose token this is
    once = Ckan(stand["url"], stand["token"], Patience(attempts=1))
    for resource in before["resources"]:
        with pytest.raises(PortalError, match="download"):
            once.digest(resource["url"])
    portal.publish(page)
    assert told_of(shown_on(ckan)) == told_of(before)
    asked = {"resource_id": TABLE, "limit": 0}
    assert ckan.ask("datastore_search", asked)["total"] == page.newest.rows


def test_many_datasets_are_read_at_once_and_nothing_is_written(town: Town, stand: Stand) -> None:
    fuse = Fuse(RuntimeError())
    fragile = Fragile(stand["url"], stand["token"], fuse)
    portal = CkanPortal(fragile, DataStore(fragile, stand["datastore"]))
    page = page_at(town, NOW)
    with portal.together() as one:
        one.publish(page)
    fuse.calls.clear()
    with portal.together() as one:
        one.publish(page)
        one.publish(page)
    assert fuse.calls == ["package_search"]


def test_what_is_read_at_once_may_be_old(town: Town, ckan: Ckan, stand: Stand) -> None:
    portal = CkanPortal(ckan, DataStore(ckan, stand["datastore"]))
    first = page_at(town, NOW)
    portal.publish(first)
    second = next_page(town)
    with portal.together() as one:
        one.publish(first)
        ckan.ask("package_patch", {"id": NAME, "title": "By hand"})
        one.publish(second)
        one.publish(second)
    assert shown_on(ckan)["title"] == second.publication.title.nb
    assert shown_on(ckan)["version"] == second.newest.version


def test_who_writes_meanwhile_is_seen(
    town: Town, ckan: Ckan, stand: Stand, monkeypatch: pytest.MonkeyPatch
) -> None:
    portal = CkanPortal(ckan)
    portal.publish(page_at(town, NOW))
    second = next_page(town)
    real, fresh = Ckan.send, Ckan(stand["url"], stand["token"])

    def meanwhile(self: Ckan, *told: Any) -> Any:  # noqa: ANN401 - as the method
        monkeypatch.undo()
        fresh.ask("package_patch", {"id": NAME, "title": "By hand"})
        return real(self, *told)

    monkeypatch.setattr(Ckan, "send", meanwhile)
    portal.publish(second)
    assert shown_on(ckan)["title"] == second.publication.title.nb
    assert shown_on(ckan)["version"] == second.newest.version


def test_a_portal_that_goes_down_and_stays_down_says_that_it_is_to_be_run_again(
    town: Town, ckan: Ckan, stand: Stand
) -> None:
    CkanPortal(ckan).publish(page_at(town, NOW))
    second = next_page(town)

    class Down(Ckan):
        def send(self, *told: Any) -> Any:  # noqa: ANN401 - as the class above
            super().send(*told)
            self.url = "http://127.0.0.1:9"
            raise PortalUnavailable("it is down")

    down = Down(stand["url"], stand["token"], Patience(attempts=1))
    with pytest.raises(PortalUnavailable, match="release it again"):
        CkanPortal(down).publish(second)
    CkanPortal(ckan).publish(second)
    assert shown_on(ckan)["version"] == second.newest.version
