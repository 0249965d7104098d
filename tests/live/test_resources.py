from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.stand import Stand
from connectors.ckan.client import Ckan
from connectors.ckan.datastore import DataStore
from connectors.ckan.ids import resource_id
from connectors.ckan.portal import CkanPortal
from schemas.errors import ConfigurationError
from tests.live.versions import LATER, NAME, narrower_page, next_page, page_at, shown_on
from tests.pipelines.steps.released_site import NOW, Town

CSV = "parking_occupancy.csv"
TABLE = resource_id("1103", "parking_occupancy", CSV)
HOME = "https://data.example.no"
NAIVE = NOW.replace(tzinfo=None).isoformat()
pytestmark = [pytest.mark.live, pytest.mark.portal]


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
    second = narrower_page(town, tmp_path, LATER)
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
    page = narrower_page(town, tmp_path, LATER)
    portal.publish(page)
    retired = replace(page.releases[0], retired_on=LATER.date())
    portal.publish(replace(page, releases=(retired, *page.releases[1:])))
    assert ckan.find("datastore_info", TABLE) is None
    assert CSV not in [each["name"] for each in shown_on(ckan)["resources"]]


def test_a_file_is_told_to_be_as_old_as_its_bytes(town: Town, ckan: Ckan) -> None:
    portal = CkanPortal(ckan)
    first = page_at(town, NOW)
    portal.publish(first)
    assert {each["last_modified"] for each in shown_on(ckan)["resources"]} == {NAIVE}
    second = next_page(town)
    portal.publish(second)
    same = {each.sha256 for each in first.newest.resources}
    shown = {each["name"]: each["last_modified"] for each in shown_on(ckan)["resources"]}
    kept = {name for name, at in shown.items() if at == NAIVE}
    assert kept == {each.name for each in second.newest.resources if each.sha256 in same}
    assert "dictionary.csv" in kept < shown.keys()


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
