from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from benchmarks.stand import Stand
from connectors.ckan.client import Ckan
from connectors.ckan.failures import NotPermitted
from tests.live.conftest import empty
from tests.live.publishing import Region, published_region

pytestmark = [pytest.mark.live, pytest.mark.portal]


@pytest.fixture
def here(tmp_path: Path, ckan: Ckan, stand: Stand) -> Region:
    empty(ckan, stand)
    return published_region(tmp_path, stand)


@pytest.fixture
def foreign(here: Region) -> Mapping[str, str]:
    """The ids of a dataset of 1121's, and of a file in it that the DataStore has rows of."""
    here.bring()
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
