from __future__ import annotations

import contextlib
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from benchmarks.stand import Stand
from connectors.ckan.client import Ckan, Patience
from connectors.ckan.failures import NotPermitted
from pipelines.steps.publishers import Brought, Tokens, open_registration
from schemas.catalog import load_catalog
from schemas.errors import PortalRejected, StoreRejected
from tests.builders import KOLUMBUS, binding_document, document, owner_document
from tests.pipelines.cli.region import RELEASE
from tests.schemas.networks import FILES, Files, network
from tests.schemas.test_publishers import approval

KLEPP = {
    "number": "1120",
    "name": {"nb": "Klepp kommune"},
    "organisation_number": "864969682",
    "contact": "data@klepp.example.no",
}
TIME = {
    "number": "1121",
    "name": {"nb": "Time kommune"},
    "organisation_number": "859223672",
    "contact": "data@time.example.no",
}
pytestmark = [pytest.mark.live, pytest.mark.portal]


class Counting(Ckan):
    """A CKAN that counts what is written to it."""

    def __init__(self, stand: Stand, token: str) -> None:
        super().__init__(stand["url"], token, Patience(attempts=1))
        self.writes: list[str] = []

    def _call(self, action: str, *args: Any) -> Any:  # noqa: ANN401 - as the class above
        if not action.endswith(("_show", "_search", "_list", "_for_user")):
            self.writes.append(action)
        return super()._call(action, *args)


@dataclass(frozen=True)
class Region:
    files: Files
    stand: Stand

    @property
    def folder(self) -> Path:
        return self.files.folder

    @property
    def administrator(self) -> Counting:
        return Counting(self.stand, self.stand["token"])

    def bring(
        self,
        tokens: Tokens | None = None,
        number: str | None = None,
        *,
        ckan: Ckan | None = None,
        names: Mapping[str, str] | None = None,
    ) -> list[Brought]:
        told = {"ADMIN": self.stand["token"], **(names or {})}
        registration = open_registration(load_catalog(self.files.network), "env:ADMIN", told)
        if ckan is not None:
            registration = type(registration)(registration.catalog, ckan, told)
        return list(registration.bring(tokens or Tokens(), number))

    def token(self, number: str) -> str:
        return (self.folder / f"{number}.token").read_text()

    def robot(self, number: str) -> Counting:
        return Counting(self.stand, self.token(number))


@pytest.fixture
def here(tmp_path: Path, stand: Stand) -> Region:
    portal = {
        "root": "portal",
        "title": {"nb": "Åpne data", "en": "Open data"},
        "contact": "help@example.no",
        "ckan": {"url": stand["url"]},
        "publishers": [KOLUMBUS],
    }
    files = network(tmp_path, portal=portal)
    (tmp_path / "municipalities/1103.yaml").unlink()
    for owner in (KLEPP, TIME):
        words = {**owner, "ckan_token": f"{tmp_path}/{owner['number']}.token"}
        files.owner(owner_document(**words))
    return Region(files, stand)


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
    assert {each["key"]: each["value"] for each in shown["extras"]} == {
        "title_en": "Kolumbus",
        "organisation_number": "982433215",
        "contact": "data@kolumbus.example.no",
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


@pytest.fixture
def foreign(here: Region) -> Mapping[str, str]:
    """The ids of a dataset of 1121's, and of a file in it that the DataStore has rows of."""
    here.bring()
    found = here.administrator.ask("package_search", {"fq": "name:1121-readings"})["results"]
    for held in found:
        here.administrator.ask("dataset_purge", {"id": held["id"]})
    owner = here.robot("1121")
    told = {"name": "1121-readings", "owner_org": "time-kommune"}
    made = owner.ask("package_create", told)
    file = {"package_id": made["id"], "url": "http://example.no/x.csv", "name": "x.csv"}
    ids = {"package": made["id"], "resource": owner.ask("resource_create", file)["id"]}
    table = {"fields": [{"id": "n", "type": "int"}], "primary_key": ["n"], "records": [{"n": 1}]}
    owner.ask("datastore_create", {"resource_id": ids["resource"], "force": True, **table})
    return ids


def foreign_calls(ids: Mapping[str, str]) -> Iterator[tuple[str, Mapping[str, object]]]:
    package, resource = ids["package"], ids["resource"]
    yield "package_create", {"name": "1121-other", "owner_org": "time-kommune"}
    yield "package_patch", {"id": package, "title": "x"}
    yield "package_revise", {"match": {"id": package}, "update": {"title": "x"}}
    yield "package_owner_org_update", {"id": package, "organization_id": "klepp-kommune"}
    yield "package_delete", {"id": package}
    yield "dataset_purge", {"id": package}
    yield "resource_create", {"package_id": package, "url": "http://example.no/y.csv"}
    yield "resource_patch", {"id": resource, "name": "x"}
    yield "resource_delete", {"id": resource}
    view = {"resource_id": resource, "title": "x", "view_type": "datatables_view"}
    yield "resource_view_create", view
    rows = {"resource_id": resource, "force": True}
    yield "datastore_create", {**rows, "fields": [{"id": "m", "type": "int"}]}
    yield "datastore_upsert", {**rows, "records": [{"n": 2}]}
    yield "datastore_delete", rows
    yield "datastore_records_delete", {**rows, "filters": {"n": 1}}
    yield "organization_patch", {"id": "time-kommune", "title": "x"}
    yield "organization_delete", {"id": "time-kommune"}
    member = {"id": "time-kommune", "username": "datasjo-1120", "role": "editor"}
    yield "organization_member_create", member
    yield "member_create", {
        "id": "time-kommune", "object": "datasjo-1120", "object_type": "user", "capacity": "editor"
    }  # fmt: skip
    yield "organization_member_delete", {"id": "time-kommune", "username": "datasjo-1121"}
    yield "api_token_create", {"user": "datasjo-1121", "name": "x"}
    yield "api_token_list", {"user_id": "datasjo-1121"}
    yield "user_patch", {"id": "datasjo-1121", "fullname": "x"}
    # nor what would make it more than an editor of its own
    own = {"id": "klepp-kommune", "username": "datasjo-1121", "role": "editor"}
    yield "organization_member_create", own
    yield "organization_patch", {"id": "klepp-kommune", "title": "x"}
    yield "organization_create", {"name": "kommune-x"}
    yield "group_create", {"name": "kommune-x"}


def test_one_municipalitys_token_touches_nothing_of_anothers(
    here: Region, foreign: Mapping[str, str]
) -> None:
    shown = here.administrator
    before = shown.ask("package_show", {"id": foreign["package"]})
    robot, done = here.robot("1120"), []
    for action, told in foreign_calls(foreign):
        with contextlib.suppress(NotPermitted):
            robot.ask(action, told)
            done.append(action)
    assert done == []
    assert len(robot.writes) == len(list(foreign_calls(foreign))) - 1
    assert shown.ask("package_show", {"id": foreign["package"]}) == before
    rows = shown.ask("datastore_search", {"resource_id": foreign["resource"]})
    assert [row["n"] for row in rows["records"]] == [1]


def test_what_is_denied_to_another_is_the_owners_to_do(
    here: Region, foreign: Mapping[str, str]
) -> None:
    owner = here.robot("1121")
    asked = dict(foreign_calls(foreign))
    for action in ("package_patch", "package_revise", "resource_patch", "datastore_upsert"):
        owner.ask(action, asked[action])
    owner.ask("package_delete", asked["package_delete"])
