from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from benchmarks.stand import Stand
from connectors.ckan.client import Ckan
from connectors.ckan.portal import CkanPortal
from connectors.ckan.resources import files_of
from connectors.ckan.views import wanted_views
from connectors.portal import Page
from tests.live.fragile import Fragile, Fuse
from tests.live.versions import NAME, page_at, shown_on
from tests.pipelines.steps.released_site import NOW, Town

pytestmark = [pytest.mark.live, pytest.mark.portal]
FIRST = {"name": NAME, "owner_org": "stavanger-kommune", "state": "draft"}


def another(page: Page) -> Page:
    return replace(page, contract=replace(page.contract, name="parking_again"))


def public(stand: Stand) -> list[tuple[str, str]]:
    found = Ckan(stand["url"], "").ask("package_search", {"q": "*:*"})["results"]
    return sorted((each["name"], each["version"]) for each in found)


def test_of_many_first_releases_each_makes_only_the_calls_that_it_needs(
    town: Town, stand: Stand
) -> None:
    fuse = Fuse(RuntimeError())
    page = page_at(town, NOW)
    files = files_of(page)
    with CkanPortal(Fragile(stand["url"], stand["token"], fuse)).together() as one:
        one.publish(page)
        fuse.calls.clear()
        one.publish(another(page))
    views = sum(len(wanted_views(page, file.resource, None)) for file in files)
    once = ("resource_show", "package_create", "package_revise", "package_revise")
    needed = Counter({"download": len(files), "resource_view_create": views})
    assert Counter(fuse.calls) == needed + Counter(once)


@pytest.mark.parametrize("before", ["begun", "released", "withdrawn"])
def test_what_came_after_the_search_is_found_when_it_is_released(
    town: Town, ckan: Ckan, stand: Stand, before: str
) -> None:
    portal, page = CkanPortal(ckan), page_at(town, NOW)
    with portal.together() as one:
        one.publish(another(page))
        if before == "begun":
            ckan.ask("package_create", {**FIRST, "title": "By another"})
        else:
            portal.publish(page)
        if before == "withdrawn":
            portal.withdraw("1103", "parking_occupancy")
        known = ckan.ask("package_show", {"id": NAME})["id"]
        one.publish(page)
    version = page.newest.version
    assert public(stand) == [("1103-parking_again", version), (NAME, version)]
    shown = shown_on(ckan)
    assert shown["id"] == known
    for each in shown["resources"]:
        views = ckan.ask("resource_view_list", {"id": each["id"]})
        types = [view["view_type"] for view in views]
        assert len(types) == len(set(types))
