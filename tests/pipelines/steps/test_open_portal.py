from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from rdflib.namespace import DCAT, RDF

from connectors.dcat.conformance import shortfalls
from connectors.dcat.graph import dataset_graph, dataset_of
from connectors.dcat.statements import DCATAP
from pipelines.steps.network import DEMO, open_network
from pipelines.steps.portal import open_portal
from schemas.catalog import Catalog
from schemas.errors import ConfigurationError
from schemas.network import CkanSite
from tests.connectors.dcat.made import page_of


def showing_at(url: str | None) -> Catalog:
    catalog = open_network(DEMO)
    portal = catalog.network.portal.model_copy(update={"url": url})
    return replace(catalog, network=catalog.network.model_copy(update={"portal": portal}))


def test_the_portals_address_may_stand_in_the_environment() -> None:
    names = {"WHERE": "https://data.example.no/open"}
    portal = open_portal(showing_at("${WHERE}"), names)
    assert portal.static.site.url == "https://data.example.no/open"
    assert open_portal(showing_at(None), names).static.site.url is None


def test_a_datastore_is_told_as_the_api_of_what_the_portal_shows() -> None:
    catalog = showing_at("https://data.example.no")
    known = CkanSite(url="https://ckan.example.no/", datastore="env:BASE")
    portal = catalog.network.portal.model_copy(update={"ckan": known})
    network = catalog.network.model_copy(update={"portal": portal})
    opened = open_portal(replace(catalog, network=network), {"BASE": "postgresql://unused"})
    told = page_of(high_value="mobility")
    shown = opened.static.feed.shown(told)
    [api] = shown.apis
    start = "https://ckan.example.no/api/3/action/datastore_search?resource_id="
    assert api.endpoint.startswith(start)
    graph = dataset_graph(told, shown)
    assert len(set(graph.subjects(RDF.type, DCAT.DataService))) == 1
    assert (dataset_of(shown), DCATAP.hvdCategory, None) in graph
    assert shortfalls(graph) == []


@pytest.mark.parametrize(
    "url",
    [
        "data.example.no",
        "ftp://data.example.no",
        "https://a b",
        "https://a.no/?q",
        "https://a.no#x",
    ],
)
def test_an_address_that_names_cannot_begin_with_is_refused(url: str) -> None:
    with pytest.raises(ConfigurationError, match=r"portal\.url: is no address") as refused:
        open_portal(showing_at(url), {})
    assert [problem.example for problem in refused.value.problems] == ["https://data.example.no"]


def test_a_word_that_no_vocabulary_knows_is_told_when_the_network_is_opened(tmp_path: Path) -> None:
    for folder in ("deploy", "schemas/datasets", "gdpr/policies"):
        shutil.copytree(folder, tmp_path / folder)
    contract = tmp_path / "schemas/datasets/parking_occupancy.odcs.yaml"
    told = contract.read_text(encoding="utf-8")
    contract.write_text(told.replace("[parkering-og-hvileplasser]", "[parkering]"), "utf-8")
    with pytest.raises(ConfigurationError) as refused:
        open_network(tmp_path / DEMO)
    [problem] = refused.value.problems
    assert (problem.file, problem.field) == (str(contract), "release.los")
    assert problem.example == "parkering-og-hvileplasser"
