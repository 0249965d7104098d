from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO

import pytest

from benchmarks.stand import Stand
from connectors.ckan.client import Ckan, Patience, Upload
from connectors.ckan.datastore import DataStore
from connectors.ckan.ids import resource_id
from connectors.ckan.portal import CkanPortal
from connectors.portal import Page
from pipelines.steps.publication.page import page_of
from pipelines.steps.publication.permission import permission
from pipelines.steps.release import release
from schemas.errors import ConfigurationError, PortalRejected, PortalUnavailable
from tests.live.fragile import Fragile, Fuse, Nowhere
from tests.live.robots import robot_of
from tests.pipelines.steps.released_site import (
    NOW,
    Town,
    closed_fields,
    contract_of,
    parking_document,
    readings,
)

NAME = "1103-parking_occupancy"
CSV = "parking_occupancy.csv"
TABLE = resource_id("1103", "parking_occupancy", CSV)
HOME = "https://data.example.no"
LATER = NOW + dt.timedelta(days=1)
pytestmark = [pytest.mark.live, pytest.mark.portal]


def page_at(town: Town, at: dt.datetime) -> Page:
    release(town.site, Nowhere(), at)
    return page_of(town.site, permission(town.site))


def next_page(town: Town) -> Page:
    town.commit(readings(days=[dt.date(2026, 11, 21)]))
    town.judge(LATER)
    return page_at(town, LATER)


def shown_on(ckan: Ckan) -> dict[str, Any]:
    found: dict[str, Any] = ckan.ask("package_show", {"id": NAME})
    return found


def told_of(shown: dict[str, Any]) -> dict[str, Any]:
    """What a reader is told, without the times that CKAN itself notes."""
    times = ("metadata_modified", "last_modified", "datastore_active")
    files = [{k: v for k, v in each.items() if k not in times} for each in shown["resources"]]
    return {k: v for k, v in shown.items() if k not in times} | {"resources": files}


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


def test_bytes_that_were_put_there_by_hand_stand_again_where_a_release_fails(
    town: Town, ckan: Ckan, stand: Stand, tmp_path: Path
) -> None:
    blind = Blind(stand)
    portal = CkanPortal(blind)
    portal.publish(page_at(town, NOW))
    path = tmp_path / CSV
    path.write_bytes(b"by,hand\n")
    with path.open("rb") as stream:
        told = {"id": TABLE, "hash": "", "url": CSV}
        ckan.send("resource_patch", told, {"upload": Upload(CSV, stream)})
    blind.wrong = 1
    with pytest.raises(PortalRejected, match="stood before stands"):
        portal.publish(next_page(town))
    held = next(each for each in shown_on(ckan)["resources"] if each["id"] == TABLE)
    with (tmp_path / "now").open("w+b") as stream:
        ckan.digest(held["url"], stream)
        stream.seek(0)
        assert stream.read() == b"by,hand\n"


def test_a_database_that_fails_brings_files_and_metadata_back(
    town: Town, ckan: Ckan, stand: Stand
) -> None:
    CkanPortal(ckan, DataStore(ckan, stand["datastore"])).publish(page_at(town, NOW))
    before = shown_on(ckan)
    wrong = stand["datastore"].replace("/datastore", "/nothing")
    with pytest.raises(PortalRejected, match="stood before"):
        CkanPortal(ckan, DataStore(ckan, wrong)).publish(next_page(town))
    assert told_of(shown_on(ckan)) == told_of(before)


def test_an_editor_of_the_organisation_alone_can_release_again_and_withdraw(
    town: Town, ckan: Ckan, stand: Stand
) -> None:
    robot = Ckan(stand["url"], robot_of(ckan, "stavanger-kommune"), Patience(attempts=1))
    portal = CkanPortal(robot, DataStore(robot, stand["datastore"]))
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


def test_a_large_file_is_linked_to_where_the_portal_serves_it(town: Town, ckan: Ckan) -> None:
    page = page_at(town, NOW)
    sizes = {resource.name: resource.size for resource in page.newest.resources}
    largest = sizes[CSV] - 1
    everything = CkanPortal(ckan)
    everything.publish(page)
    before = {each["name"]: each for each in shown_on(ckan)["resources"]}
    linking = CkanPortal(ckan, home=HOME, largest=largest)
    for _ in range(2):
        linking.publish(page)
        shown = {each["name"]: each for each in shown_on(ckan)["resources"]}
        assert {n for n, each in shown.items() if not each["url_type"]} == {
            name for name, size in sizes.items() if size > largest
        }
        assert shown[CSV]["url"] == f"{HOME}/datasets/{NAME}/latest/{CSV}"
        assert shown[CSV]["id"] == before[CSV]["id"]
        assert shown[CSV]["size"] == sizes[CSV]
    everything.publish(page)
    again = {each["name"]: each for each in shown_on(ckan)["resources"]}
    assert again[CSV]["url"] == before[CSV]["url"]
    assert f"sha256:{ckan.digest(again[CSV]['url'])}" == again[CSV]["hash"]


def test_a_large_file_without_a_public_address_is_refused_in_one_line(
    town: Town, ckan: Ckan
) -> None:
    page = page_at(town, NOW)
    with pytest.raises(ConfigurationError, match=r"portal\.url"):
        CkanPortal(ckan, largest=10).publish(page)
    assert ckan.find("package_show", NAME) is None


def test_a_former_generation_stays_under_its_names_and_says_what_replaces_it(
    town: Town, ckan: Ckan, stand: Stand, tmp_path: Path
) -> None:
    portal = CkanPortal(ckan, DataStore(ckan, stand["datastore"]))
    first = page_at(town, NOW)
    portal.publish(first)
    before = {each["name"]: each for each in shown_on(ckan)["resources"]}
    document = parking_document()
    closed_fields(document, "is_full")
    narrower = town.holding(contract_of(document, tmp_path))
    narrower.judge(LATER)
    second = page_at(narrower, LATER)
    portal.publish(second)
    portal.publish(second)
    after = {each["name"]: each for each in shown_on(ckan)["resources"]}
    (new,) = (r for r in second.newest.resources if r.format == "csv" and r.holds_rows)
    assert new.name != CSV
    assert after[CSV]["url"] == before[CSV]["url"]
    assert after[CSV]["hash"] == before[CSV]["hash"]
    assert f"erstattet av {new.name} fra og med 22. november 2026" in after[CSV]["description"]
    assert f"replaced by {new.name} from 22 November 2026 on" in after[CSV]["description"]
    assert f"Erstatter {CSV}" in after[new.name]["description"]
    names = [each["name"] for each in shown_on(ckan)["resources"]]
    assert names[: len(second.newest.resources)] == [r.name for r in second.newest.resources]
    for table in (TABLE, after[new.name]["id"]):
        asked = {"resource_id": table, "limit": 0}
        assert ckan.ask("datastore_search", asked)["total"] == first.newest.rows


def test_rows_of_a_former_generation_that_is_shown_no_more_are_gone_from_the_api(
    town: Town, ckan: Ckan, stand: Stand, tmp_path: Path
) -> None:
    portal = CkanPortal(ckan, DataStore(ckan, stand["datastore"]))
    portal.publish(page_at(town, NOW))
    document = parking_document()
    closed_fields(document, "is_full")
    narrower = town.holding(contract_of(document, tmp_path))
    narrower.judge(LATER)
    page = page_at(narrower, LATER)
    portal.publish(page)
    retired = replace(page.releases[0], retired_on=LATER.date())
    portal.publish(replace(page, releases=(retired, *page.releases[1:])))
    assert ckan.find("datastore_info", TABLE) is None
    assert CSV not in [each["name"] for each in shown_on(ckan)["resources"]]


def test_a_view_that_was_made_by_hand_is_left_alone_and_none_is_made_twice(
    town: Town, ckan: Ckan, stand: Stand
) -> None:
    portal = CkanPortal(ckan, DataStore(ckan, stand["datastore"]))
    portal.publish(page_at(town, NOW))
    own = {"resource_id": TABLE, "title": "Mine", "view_type": "text_view"}
    ckan.ask("resource_view_create", own)
    before = ckan.ask("resource_view_list", {"id": TABLE})
    assert len(before) > 1
    portal.publish(next_page(town))
    assert ckan.ask("resource_view_list", {"id": TABLE}) == before


def test_a_view_that_somebody_removed_is_made_again(town: Town, ckan: Ckan) -> None:
    portal = CkanPortal(ckan)
    page = page_at(town, NOW)
    portal.publish(page)
    (view, *_) = ckan.ask("resource_view_list", {"id": TABLE})
    ckan.ask("resource_view_delete", {"id": view["id"]})
    portal.publish(page)
    assert [v["view_type"] for v in ckan.ask("resource_view_list", {"id": TABLE})] == [
        "datatables_view"
    ]


def test_a_reader_of_the_api_is_told_what_the_dataset_is(town: Town, ckan: Ckan) -> None:
    page = page_at(town, NOW)
    CkanPortal(ckan, home=HOME).publish(page)
    shown = shown_on(ckan)
    extras = {each["key"]: each["value"] for each in shown["extras"]}
    assert extras["theme_names"].startswith("Transport")
    assert extras["license"].startswith("Norsk lisens")
    assert extras["temporal_start"] == "2026-11-19"
    assert shown["url"] == f"{HOME}/datasets/{NAME}/"
    assert shown["maintainer_email"] == page.publisher.contact
    csv = next(each for each in shown["resources"] if each["name"] == CSV)
    assert csv["created"] == "2026-11-21T14:05:00"
    assert "car_park_name" in csv["schema"]
    assert csv["description"].startswith("Radene som tekst med komma")


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
