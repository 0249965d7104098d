from __future__ import annotations

import stat
from pathlib import Path

import pytest

from benchmarks.stand import Stand
from connectors.ckan.client import Ckan
from pipelines.steps.publishers import Brought, Tokens
from schemas.errors import PortalRejected, StoreRejected
from tests.builders import binding_document, document, owner_document
from tests.live.conftest import empty
from tests.live.publishing import KLEPP, TIME, Region, published_region
from tests.pipelines.cli.region import RELEASE
from tests.schemas.networks import FILES
from tests.schemas.test_publishers import approval

pytestmark = [pytest.mark.live, pytest.mark.portal]


@pytest.fixture
def here(tmp_path: Path, ckan: Ckan, stand: Stand) -> Region:
    # an organisation with datasets is not deleted
    empty(ckan, stand)
    return published_region(tmp_path, stand)


def became(brought: list[Brought]) -> dict[tuple[str, str], str]:
    return {(each.what, each.name): each.became for each in brought}


def test_everybody_gets_an_organisation_a_robot_and_a_token(here: Region) -> None:
    brought = became(here.bring())
    assert set(brought) == {
        ("organisation", "klepp-kommune"),
        ("organisation", "time-kommune"),
        ("organisation", "kolumbus"),
        *(
            (what, f"datasjo-{number}")
            for what in ("robot", "token")
            for number in ("1120", "1121")
        ),
    }
    shown = here.administrator.ask("organization_show", {"id": "kolumbus"})
    assert shown["title"] == "Kolumbus AS"
    noted = {each["key"]: each["value"] for each in shown["extras"]}
    # what other tests added by hand stays
    assert noted.items() >= {
        ("title_en", "Kolumbus"),
        ("organisation_number", "982433215"),
        ("contact", "data@kolumbus.example.no"),
    }
    mode = (here.folder / "1120.token").stat().st_mode
    assert stat.S_IMODE(mode) == 0o600
    assert here.robot("1120").ask("user_show", {})["name"] == "datasjo-1120"
    assert [path for path in here.folder.iterdir() if path.name.startswith(".")] == []


def test_run_twice_nothing_is_written(here: Region) -> None:
    here.bring()
    again = here.administrator
    assert set(became(here.bring(ckan=again)).values()) == {"stood"}
    assert again.writes == []


def test_what_was_changed_by_hand_is_put_right_and_what_was_added_stays(here: Region) -> None:
    here.bring()
    ckan = here.administrator
    extras = [{"key": "contact", "value": "x@example.no"}, {"key": "phone", "value": "internal"}]
    ckan.ask("organization_patch", {"id": "kolumbus", "title": "Buss", "extras": extras})
    ckan.ask("user_patch", {"id": "datasjo-1121", "sysadmin": True})
    given = {"id": "klepp-kommune", "username": "datasjo-1121", "role": "admin"}
    ckan.ask("organization_member_create", given)
    brought = became(here.bring())
    assert brought["organisation", "kolumbus"] == "changed"
    assert brought["robot", "datasjo-1121"] == "changed"
    shown = ckan.ask("organization_show", {"id": "kolumbus"})
    noted = {each["key"]: each["value"] for each in shown["extras"]}
    assert (shown["title"], noted["phone"]) == ("Kolumbus AS", "internal")
    assert noted["contact"] == "data@kolumbus.example.no"
    asked = {"id": "datasjo-1121", "permission": "read"}
    held = {
        each["name"]: each["capacity"] for each in ckan.ask("organization_list_for_user", asked)
    }
    assert held == {"time-kommune": "editor"}


def test_an_organisation_and_a_robot_that_were_deleted_come_back(here: Region) -> None:
    here.bring()
    ckan = here.administrator
    ckan.ask("organization_delete", {"id": "kolumbus"})
    ckan.ask("user_delete", {"id": "datasjo-1121"})
    here.bring()
    assert ckan.ask("organization_show", {"id": "kolumbus"})["state"] == "active"
    assert here.robot("1121").ask("user_show", {})["state"] == "active"
    assert set(became(here.bring()).values()) == {"stood"}


def test_renewing_one_municipality_ends_its_old_token_and_no_others(here: Region) -> None:
    here.bring()
    old, other = here.robot("1120"), here.token("1121")
    assert became(here.bring(Tokens(renew=True), "1120"))["token", "datasjo-1120"] == "renewed"
    assert here.robot("1120").ask("user_show", {})["name"] == "datasjo-1120"
    with pytest.raises(PortalRejected):
        old.ask("api_token_list", {"user_id": "datasjo-1120"})
    assert here.token("1121") == other
    assert here.robot("1121").ask("user_show", {})["name"] == "datasjo-1121"
    assert len(here.administrator.ask("api_token_list", {"user_id": "datasjo-1120"})) == 1


def test_a_file_that_cannot_be_written_leaves_the_old_token_in_force(here: Region) -> None:
    here.bring()
    owner = {**KLEPP, "ckan_token": f"{here.folder}/1121.token/inside"}
    here.files.owner(owner_document(**owner))
    before = here.administrator.ask("api_token_list", {"user_id": "datasjo-1120"})
    with pytest.raises(StoreRejected, match="cannot be written"):
        here.bring(Tokens(renew=True), "1120")
    assert here.administrator.ask("api_token_list", {"user_id": "datasjo-1120"}) == before


def test_a_variable_is_named_and_its_token_goes_to_a_folder(here: Region) -> None:
    here.files.owner(owner_document(**KLEPP, ckan_token="env:CKAN_TOKEN_1120"))
    told = here.bring(number="1120")[-1]
    assert (told.became, told.note.partition(" must")[0]) == ("missing", "env:CKAN_TOKEN_1120")
    folder = here.folder / "tokens"
    given = here.bring(Tokens(folder), "1120")[-1]
    assert given.became == "made"
    assert "CKAN_TOKEN_1120" in given.note
    token = (folder / "1120.token").read_text()
    assert here.bring(number="1120", names={"CKAN_TOKEN_1120": token})[-1].became == "stood"


def test_a_robot_is_editor_of_the_partner_that_it_releases_for(here: Region) -> None:
    here.files.contract(document(release=RELEASE))
    owned = binding_document("readings", FILES, release=approval("kolumbus"))
    token = f"{here.folder}/1121.token"
    here.files.owner(owner_document(**TIME, ckan_token=token, bindings=[owned]))
    robots = [each.note for each in here.bring() if each.what == "robot"]
    assert robots == ["klepp-kommune", "kolumbus, time-kommune"]
    here.robot("1121").ask("package_create", {"name": "kolumbus-x", "owner_org": "kolumbus"})
    with pytest.raises(PortalRejected):
        here.robot("1120").ask("package_create", {"name": "kolumbus-y", "owner_org": "kolumbus"})


def test_a_token_that_is_no_administrators_makes_nothing(here: Region) -> None:
    here.bring()
    robot = here.robot("1120")
    with pytest.raises(PortalRejected, match="no administrator's"):
        here.bring(ckan=robot)
    assert robot.writes == []
