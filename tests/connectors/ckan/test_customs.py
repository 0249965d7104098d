from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from connectors.ckan.api import DataStoreApi
from connectors.ckan.customs import Customs
from connectors.ckan.datastore import DataStore
from connectors.ckan.portal import CkanPortal
from schemas.errors import PortalRejected
from tests.connectors.ckan.answering import actions, no, quick, yes
from tests.connectors.dcat.made import page_of
from tests.connectors.http_site import Answer, Asked, HttpSite

DATABASE = "postgresql://ckan:secret@127.0.0.1:9/datastore"
pytestmark = pytest.mark.live


def answer_by_action(site: HttpSite, **answers: Answer) -> None:
    def answer(asked: Asked) -> Answer:
        return answers[asked.path.rsplit("/", 1)[1]]

    site.answer = answer


def with_plugins(site: HttpSite, *plugins: str, **answers: Answer) -> None:
    answer_by_action(site, status_show=yes({"extensions": [*plugins]}), **answers)


def test_plugins_are_asked_for_once_also_by_several_at_once(site: HttpSite) -> None:
    with_plugins(site, "datastore", "text_view")
    customs, ckan = Customs(), quick(site)
    with ThreadPoolExecutor(4) as threads:
        told = list(threads.map(lambda _: customs.plugins(ckan), range(8)))
    assert set(told) == {frozenset({"datastore", "text_view"})}
    assert actions(site) == ["status_show"]


def test_rows_are_brought_only_where_the_datastore_is_switched_on(site: HttpSite) -> None:
    ckan = quick(site)
    store = DataStore(ckan)
    with_plugins(site, "datastore")
    assert Customs().rows(ckan, store) == store
    with_plugins(site, "text_view")
    assert Customs().rows(ckan, store) is None
    assert Customs().rows(ckan, None) is None


def test_a_database_without_the_plugin_is_one_clear_line(site: HttpSite) -> None:
    with_plugins(site, "text_view")
    ckan = quick(site)
    with pytest.raises(PortalRejected) as raised:
        Customs().rows(ckan, DataStore(ckan, DATABASE))
    assert str(raised.value) == (
        f"{site.url}: portal.ckan.datastore is set, but its plugin datastore is not switched on"
    )


def test_a_database_without_the_plugin_is_refused_before_anything_is_written(
    site: HttpSite,
) -> None:
    lacking = no("Not Found Error", 404)
    with_plugins(site, "text_view", package_show=lacking, resource_show=lacking)
    ckan = quick(site)
    with pytest.raises(PortalRejected, match=r"portal\.ckan\.datastore is set"):
        CkanPortal(ckan, DataStore(ckan, DATABASE)).publish(page_of())
    assert actions(site) == ["package_show", "resource_show", "status_show"]


def test_withdrawal_from_a_ckan_without_a_datastore_asks_nothing_of_one(site: HttpSite) -> None:
    shown = {"id": "some", "state": "active", "resources": [{"id": "one"}]}
    with_plugins(site, package_show=yes(shown), package_delete=yes())
    ckan = quick(site)
    CkanPortal(ckan, DataStore(ckan)).withdraw("1103", "parking_occupancy")
    assert actions(site) == ["package_show", "status_show", "package_delete"]


@pytest.mark.parametrize(
    ("held", "asked"),
    [([], 1), ([{"view_type": "image_view"}], 3)],
    ids=["none", "some"],
)
def test_new_files_are_asked_about_until_one_has_no_view_of_ckans_own(
    site: HttpSite, held: Sequence[Mapping[str, Any]], asked: int
) -> None:
    answer_by_action(site, resource_view_list=yes(held))
    customs, ckan = Customs(), quick(site)
    for resource in ("one", "two", "three"):
        assert list(customs.views(ckan, (resource, "csv"), new=True)) == list(held)
    assert len(site.asked) == asked


def test_another_format_and_a_file_that_stood_are_asked_about(site: HttpSite) -> None:
    answer_by_action(site, resource_view_list=yes([]))
    customs, ckan = Customs(), quick(site)
    for file, new in ((("one", "csv"), True), (("two", "json"), True), (("three", "csv"), False)):
        customs.views(ckan, file, new=new)
    told = [json.loads(asked.body)["id"] for asked in site.asked]
    assert told == ["one", "two", "three"]


@pytest.mark.parametrize(("plugins", "told"), [(("datastore",), 1), (("text_view",), 0)])
def test_an_api_is_told_where_ckan_has_one_and_ckan_is_asked_once(
    site: HttpSite, plugins: Sequence[str], told: int
) -> None:
    with_plugins(site, *plugins)
    api = DataStoreApi(site.url)
    assert site.asked == []
    assert [len(api.of(page_of())) for _ in range(3)] == [told] * 3
    assert actions(site) == ["status_show"]


def test_a_ckan_that_is_down_is_taken_to_have_its_api() -> None:
    assert len(DataStoreApi("http://127.0.0.1:9").of(page_of())) == 1
