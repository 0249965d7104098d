from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from connectors.static_portal.structured import structured
from schemas.documents import parse
from schemas.model import Bilingual
from schemas.network import Organisation, PortalSite
from tests.builders import KOLUMBUS
from tests.connectors.static_portal.shown import page

SITE = PortalSite(
    root="unused",
    url="https://data.example.no/",
    title=Bilingual(nb="Data", en="Data"),
    contact="data@example.no",
)
FOLDER = "https://data.example.no/datasets/1103-parking_occupancy/"


def told() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(structured(SITE, page()))
    return found


def test_the_dataset_is_told_in_both_languages_with_its_terms() -> None:
    dataset = told()
    assert (dataset["@type"], dataset["url"]) == ("Dataset", FOLDER)
    assert {name["@language"] for name in dataset["name"]} == {"nb", "en"}
    assert dataset["license"].startswith("https://")
    assert dataset["publisher"]["identifier"] == "964965226"
    assert [each["name"] for each in dataset["variableMeasured"]] == [
        "car_park_name",
        "free_spaces",
    ]


def test_a_partners_dataset_is_the_partners() -> None:
    partner = parse(Organisation, KOLUMBUS, "network.yaml")
    publisher = json.loads(structured(SITE, replace(page(), partner=partner)))["publisher"]
    assert (publisher["@type"], publisher["identifier"]) == ("Corporation", "982433215")
    assert publisher["contactPoint"]["email"] == "data@kolumbus.example.no"


def test_each_file_of_rows_is_a_download_and_no_document_is() -> None:
    downloads = told()["distribution"]
    assert [each["contentUrl"] for each in downloads] == [
        f"{FOLDER}latest/parking_occupancy.csv",
        f"{FOLDER}latest/parking_occupancy.parquet",
    ]
    assert downloads[0]["encodingFormat"] == "text/csv"
    assert len(downloads[0]["sha256"]) == 64


def test_events_span_a_time_where_both_ends_are_known() -> None:
    assert "temporalCoverage" not in told()
    shown = page()
    newest = shown.newest
    dated = replace(shown, releases=(replace(newest, oldest_event=newest.newest_event),))
    span = json.loads(structured(SITE, dated))["temporalCoverage"]
    assert span.split("/")[0] == span.split("/")[1]


def test_no_text_ends_the_script_that_it_stands_in() -> None:
    shown = page()
    title = Bilingual(nb="</script><script>alert(1)</script>", en="&<!--")
    texts = shown.publication.model_copy(update={"title": title})
    script = structured(SITE, replace(shown, publication=texts))
    assert not set("<>&") & set(script)
    assert json.loads(script)["name"][0]["@value"] == title.nb
