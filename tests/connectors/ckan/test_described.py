from __future__ import annotations

import datetime as dt
import json
import re
from dataclasses import replace

import pytest

from connectors.ckan.described import described
from connectors.ckan.ids import resource_id
from connectors.ckan.resources import Linking
from connectors.ckan.shown import holds
from connectors.portal import Page
from connectors.static_portal.feed import Feed
from schemas.errors import ConfigurationError
from schemas.model import Keywords
from schemas.network import PortalSite
from schemas.stages import Release, Resource
from tests.connectors.dcat.made import CATALOGUE, page_of, partners_page

CKAN = "https://ckan.example.no"
HOME = "https://data.example.no"
HERE = Linking(CKAN, HOME)


def in_generations() -> Page:
    """Two generations of two files each, the second with names of its own."""
    page = page_of()
    first, second = (replace(r, resources=r.resources[:2]) for r in page.releases)
    renamed = tuple(
        replace(file, name=file.name.replace(".", "-2."), sha256=file.sha256[::-1])
        for file in second.resources
    )
    return replace(page, releases=(first, replace(second, resources=renamed, generation=2)))


def descriptions(page: Page) -> dict[str, str]:
    return {each["name"]: each["description"] for each in described(page, HERE)["resources"]}


def test_tags_are_such_as_ckan_allows() -> None:
    words = ("lade-/el:punkt", "x", "  to   ord ", "æ" * 130)
    told = described(page_of(keyword=Keywords(nb=words, en=("two words",))), HERE)
    names = [tag["name"] for tag in told["tags"]]
    assert names == sorted(names)
    assert {"lade- el punkt", "to ord", "two words", "æ" * 100} == set(names)
    assert all(re.fullmatch(r"[\w \-.]{2,100}", name) for name in names)


def test_a_partners_dataset_names_the_partner_and_its_contact() -> None:
    page = partners_page()
    told = described(page, HERE)
    assert told["author"] == page.publisher.name.nb
    assert told["maintainer_email"] == page.publisher.contact


def test_themes_are_told_by_address_and_by_name() -> None:
    told = described(page_of(theme=("TRAN", "ENVI")), HERE)
    extras = {each["key"]: each["value"] for each in told["extras"]}
    assert json.loads(extras["theme"])[0].endswith("/data-theme/TRAN")
    assert extras["theme_names"].startswith("Transport, Miljø")


def test_a_word_that_no_vocabulary_knows_is_refused() -> None:
    with pytest.raises(ConfigurationError, match=r"release\.theme"):
        described(page_of(theme=("CARS",)), HERE)


def test_each_format_is_told_in_words_in_two_languages() -> None:
    told = descriptions(page_of())
    assert told["readings.csv"].startswith("Radene som tekst med komma")
    assert "\n\nThe rows as text with commas" in told["readings.csv"]
    assert told["receipt.json"].startswith("Signert kvittering")


def test_the_csv_file_has_its_table_schema() -> None:
    page = page_of()
    by_name = {each["name"]: each for each in described(page, HERE)["resources"]}
    schema = json.loads(by_name["readings.csv"]["schema"])
    assert [field["name"] for field in schema["fields"]] == [field.name for field in page.fields]
    assert "schema" not in by_name["receipt.json"]


def test_a_large_table_schema_is_left_to_the_package() -> None:
    page = page_of()
    many = replace(page, fields=page.fields * 50)
    (csv, *_) = described(many, HERE)["resources"]
    assert csv["schema"] == "datapackage.json"


def test_files_above_the_limit_are_linked_to_where_the_static_portal_serves_them() -> None:
    page = page_of()
    told = described(page, Linking(CKAN, f"{HOME}/", 4_000))["resources"]
    site = PortalSite(root="r", url=HOME, title=CATALOGUE.title, contact="c")
    served = Feed(site, HOME, lambda _: ()).shown(page).files
    linked = {each["name"]: each["url"] for each in told if each["url_type"] == ""}
    assert linked == {"readings.csv": served["readings.csv"]}
    assert {each["url"] for each in told if each["url_type"]} == set(served) - set(linked)


def test_a_large_file_without_a_public_address_names_the_key_that_is_missing() -> None:
    with pytest.raises(ConfigurationError, match=r"readings.csv.*portal\.url") as caught:
        described(page_of(), Linking(CKAN, largest=4_000))
    assert "\n" not in str(caught.value)


def test_a_dataset_of_one_generation_says_nothing_of_others() -> None:
    assert not any(
        "Erstatt" in text or "eplace" in text for text in descriptions(page_of()).values()
    )


def test_files_of_a_former_generation_come_last_and_each_says_what_replaces_it() -> None:
    page = in_generations()
    told = descriptions(page)
    names = ["readings-2.csv", "readings-2.parquet", "readings.csv", "readings.parquet"]
    assert list(told) == names
    assert "erstattet av readings-2.parquet fra og med" in told["readings.parquet"]
    assert "Erstatter readings.parquet" in told["readings-2.parquet"]
    ids = [each["id"] for each in described(page, HERE)["resources"]]
    owner, dataset = page.municipality.number, page.contract.name
    assert ids == [resource_id(owner, dataset, name) for name in names]


def test_a_former_file_of_a_format_that_is_no_more_is_replaced_by_the_csv_file() -> None:
    page = in_generations()
    workbook = Resource("readings.xlsx", "xlsx", "e5" * 32, 10, 18_180)
    first = replace(page.releases[0], resources=(*page.releases[0].resources, workbook))
    told = descriptions(replace(page, releases=(first, page.releases[1])))
    assert "erstattet av readings-2.csv" in told["readings.xlsx"]


def test_of_several_former_generations_the_last_comes_first() -> None:
    page = in_generations()
    first, second = page.releases
    files = tuple(replace(f, name=f.name.replace("-2", "-3")) for f in second.resources)
    third = replace(second, version="v3", generation=3, resources=files)
    told = list(descriptions(replace(page, releases=(first, second, third))))
    assert [name.removeprefix("readings") for name in told if name.endswith("csv")] == [
        "-3.csv",
        "-2.csv",
        ".csv",
    ]


def test_a_file_is_as_old_as_its_first_version_and_a_link_as_its_bytes() -> None:
    page = page_of()
    first, second = page.releases
    changed = Resource("readings.csv", "csv", "f6" * 32, 4_300, 18_180)
    renewed = replace(second, resources=(changed, *second.resources[1:]))
    (csv, *_) = described(replace(page, releases=(first, renewed)), Linking(CKAN, HOME, 4_000))[
        "resources"
    ]
    assert csv["created"] == naive(first)
    assert csv["last_modified"] == naive(renewed)


def naive(release: Release) -> str:
    return release.released_at.astimezone(dt.UTC).replace(tzinfo=None).isoformat()


def test_what_ckan_adds_of_its_own_is_no_difference() -> None:
    wanted = described(page_of(), HERE)
    shown = {**wanted, "isopen": True, "tags": [{**tag, "id": "x"} for tag in wanted["tags"]]}
    shown["resources"] = [
        {**each, "url": f"{CKAN}/dataset/x/resource/y/download/{each['name']}", "position": at}
        for at, each in enumerate(wanted["resources"])
    ]
    assert holds(shown, wanted)


@pytest.mark.parametrize(
    "changed",
    [
        {"title": "By hand"},
        {"tags": []},
        {"extras": []},
        {"state": "draft"},
        {"private": True},
        {"resources": []},
    ],
    ids=lambda changed: next(iter(changed)),
)
def test_each_thing_that_is_otherwise_is_seen(changed: dict[str, object]) -> None:
    wanted = described(page_of(), HERE)
    assert holds(wanted, wanted)
    assert not holds({**wanted, **changed}, wanted)


def test_files_in_another_order_are_seen() -> None:
    wanted = described(page_of(), HERE)
    assert not holds({**wanted, "resources": wanted["resources"][::-1]}, wanted)
