from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import pytest

from connectors.ckan.client import Ckan, Patience
from connectors.ckan.portal import CkanPortal
from pipelines.steps.release import release, withdraw
from schemas.errors import PortalRejected, PortalUnavailable
from tests.live.robots import robot_of
from tests.pipelines.steps.released_site import NOW, Town, readings

NAME = "1103-parking_occupancy"
LATER = NOW + dt.timedelta(days=1)
pytestmark = [pytest.mark.live, pytest.mark.portal]


@dataclass
class Counting(Ckan):
    """A CKAN that counts what is written to it."""

    def __init__(self, stand: dict[str, str], token: str | None = None) -> None:
        super().__init__(stand["url"], token or stand["token"], Patience(attempts=1))
        self.writes: list[str] = []

    def _call(self, action: str, *args: Any) -> Any:  # noqa: ANN401 - as the class above
        if not action.endswith(("_show", "_search", "_list", "_info")):
            self.writes.append(action)
        return super()._call(action, *args)


@pytest.fixture
def counted(stand: dict[str, str]) -> Counting:
    return Counting(stand)


def changed(town: Town) -> None:
    town.commit(readings(days=[dt.date(2026, 11, 21)]))
    town.judge(LATER)


def test_a_release_is_shown_with_files_that_are_what_was_released(
    town: Town, counted: Counting
) -> None:
    made = release(town.site, CkanPortal(counted), NOW)
    shown = counted.ask("package_show", {"id": NAME})
    assert shown["organization"]["name"] == "stavanger-kommune"
    assert shown["version"] == made.version
    by_name = {resource["name"]: resource for resource in shown["resources"]}
    assert set(by_name) == {resource.name for resource in made.resources}
    for resource in made.resources:
        assert counted.digest(by_name[resource.name]["url"]) == resource.sha256
        assert by_name[resource.name]["url"].endswith(f"/download/{resource.name}")


def test_nothing_is_written_where_nothing_changed(town: Town, counted: Counting) -> None:
    release(town.site, CkanPortal(counted), NOW)
    counted.writes.clear()
    release(town.site, CkanPortal(counted), LATER)
    assert counted.writes == []


def test_a_new_version_keeps_ids_and_addresses(town: Town, counted: Counting) -> None:
    release(town.site, CkanPortal(counted), NOW)
    before = counted.ask("package_show", {"id": NAME})
    changed(town)
    counted.writes.clear()
    release(town.site, CkanPortal(counted), LATER)
    after = counted.ask("package_show", {"id": NAME})
    assert [(r["id"], r["url"]) for r in before["resources"]] == [
        (r["id"], r["url"]) for r in after["resources"]
    ]
    assert before["version"] != after["version"]
    # what is new, and when it came
    assert counted.writes == ["package_revise"] * 2


def test_what_is_withdrawn_is_gone_and_comes_back_under_its_address(
    town: Town, counted: Counting
) -> None:
    portal = CkanPortal(counted)
    release(town.site, portal, NOW)
    before = counted.ask("package_show", {"id": NAME})
    for _ in range(2):
        withdraw(town.site, portal)
    assert counted.ask("package_search", {"q": "parking"})["count"] == 0
    release(town.site, portal, NOW)
    after = counted.ask("package_show", {"id": NAME})
    assert [r["url"] for r in after["resources"]] == [r["url"] for r in before["resources"]]


def test_another_municipalitys_token_is_refused(
    town: Town, ckan: Ckan, counted: Counting, stand: dict[str, str]
) -> None:
    release(town.site, CkanPortal(counted), NOW)
    token = robot_of(ckan, "sandnes-kommune")
    changed(town)
    with pytest.raises(PortalRejected, match="not permitted"):
        release(town.site, CkanPortal(Counting(stand, token)), LATER)
    with pytest.raises(PortalRejected, match="not permitted"):
        withdraw(town.site, CkanPortal(Counting(stand, token)))


def test_a_name_that_another_organisation_has_is_refused(
    town: Town, ckan: Ckan, counted: Counting
) -> None:
    ckan.ask("package_create", {"name": NAME, "owner_org": "sandnes-kommune"})
    with pytest.raises(PortalRejected, match="another dataset"):
        release(town.site, CkanPortal(counted), NOW)


def test_a_resource_that_was_edited_by_hand_is_put_right(town: Town, counted: Counting) -> None:
    release(town.site, CkanPortal(counted), NOW)
    shown = counted.ask("package_show", {"id": NAME})
    counted.ask("resource_patch", {"id": shown["resources"][0]["id"], "hash": "sha256:0"})
    release(town.site, CkanPortal(counted), NOW)
    assert counted.ask("package_show", {"id": NAME})["resources"][0]["hash"] != "sha256:0"


def test_a_portal_that_is_down_is_said_so_in_one_line(town: Town) -> None:
    nowhere = Ckan("http://127.0.0.1:9", "token", Patience(attempts=2, backoff=0))
    with pytest.raises(PortalUnavailable, match="cannot be reached"):
        release(town.site, CkanPortal(nowhere), NOW)


def test_a_wrong_token_is_said_so_in_one_line(town: Town, stand: dict[str, str]) -> None:
    with pytest.raises(PortalRejected, match="token"):
        release(town.site, CkanPortal(Counting(stand, "expired")), NOW)
