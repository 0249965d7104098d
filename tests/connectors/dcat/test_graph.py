from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from rdflib import BNode, Graph, Literal, URIRef
from rdflib.namespace import DCAT, DCTERMS, FOAF, RDF, SKOS, XSD

from connectors.dcat.graph import dataset_graph, dataset_of
from connectors.dcat.statements import ADMS, DCATAP, SPDX, VCARD, VERSION
from connectors.portal import Page
from schemas.contract import Contract
from schemas.errors import ConfigurationError
from schemas.municipality import Name
from tests.connectors.dcat.made import PARKING, graph_of, page_of, released, shown

EU = "http://publications.europa.eu/resource/authority"
ADDRESS = "https://data.example.no/datasets/1103-parking_occupancy/"
DATASET = URIRef(f"{ADDRESS}#dataset")
CSV = URIRef(f"{ADDRESS}#readings.csv")
REGULATION = URIRef("http://data.europa.eu/eli/reg_impl/2023/138/oj")


def told(page: Page) -> Graph:
    return dataset_graph(page, shown(page))


def values(graph: Graph, subject: URIRef, predicate: URIRef) -> set[str]:
    return {str(value) for value in graph.objects(subject, predicate)}


def test_the_dataset_says_what_it_is_in_both_languages() -> None:
    graph = graph_of()
    assert dataset_of(shown(page_of())) == DATASET
    assert set(graph.objects(DATASET, DCTERMS.title)) == {
        Literal("Ledige parkeringsplasser", lang="nb"),
        Literal("Free parking spaces", lang="en"),
    }
    assert values(graph, DATASET, DCAT.keyword) == {
        "parkering",
        "mobilitet",
        "parking",
        "mobility",
    }
    assert values(graph, DATASET, DCAT.theme) == {
        f"{EU}/data-theme/TRAN",
        "https://psi.norge.no/los/ord/parkering-og-hvileplasser",
    }
    assert values(graph, DATASET, DCTERMS.accrualPeriodicity) == {f"{EU}/frequency/CONT"}


def test_the_publisher_is_the_municipality_in_the_register() -> None:
    graph = graph_of()
    publisher = URIRef("https://data.brreg.no/enhetsregisteret/api/enheter/964965226")
    assert values(graph, DATASET, DCTERMS.publisher) == {str(publisher)}
    assert (publisher, RDF.type, FOAF.Agent) in graph
    assert values(graph, publisher, DCTERMS.identifier) == {"964965226"}
    assert values(graph, URIRef(f"{ADDRESS}#contact"), VCARD.hasEmail) == {
        "mailto:datadeling@example.no"
    }


def test_a_file_says_where_it_is_and_what_it_holds() -> None:
    graph = graph_of()
    assert values(graph, DATASET, DCAT.distribution) == {str(CSV)}
    assert values(graph, CSV, DCAT.accessURL) == {f"{ADDRESS}index.html"}
    assert values(graph, CSV, DCAT.downloadURL) == {f"{ADDRESS}latest/readings.csv"}
    assert values(graph, CSV, DCTERMS.format) == {f"{EU}/file-type/CSV"}
    assert values(graph, CSV, DCTERMS.license) == {f"{EU}/licence/NLOD_2_0"}
    assert graph.value(CSV, DCAT.byteSize) == Literal("4211", datatype=XSD.nonNegativeInteger)
    checksum = graph.value(CSV, SPDX.checksum)
    assert str(graph.value(checksum, SPDX.checksumValue)) == "a1" * 32


def test_parquet_is_a_further_format_and_no_distribution() -> None:
    graph = graph_of()
    parquet = URIRef(f"{ADDRESS}latest/readings.parquet")
    assert (CSV, DCTERMS.hasFormat, parquet) in graph
    assert (DATASET, DCTERMS.relation, parquet) in graph
    assert (parquet, RDF.type, FOAF.Document) in graph
    assert (parquet, RDF.type, DCAT.Distribution) not in graph


def test_documents_are_told_as_such() -> None:
    graph = graph_of()
    receipt = URIRef(f"{ADDRESS}latest/receipt.json")
    assert values(graph, DATASET, FOAF.page) == {
        f"{ADDRESS}latest/datapackage.json",
        str(receipt),
    }
    assert values(graph, DATASET, DCTERMS.provenance) == {str(receipt)}


def test_the_time_covered_is_that_of_the_events_in_local_days() -> None:
    page = page_of()
    late = dt.datetime(2026, 11, 20, 23, 30, tzinfo=dt.UTC)
    newest = replace(page.newest, newest_event=late)
    graph = told(replace(page, releases=(newest,)))
    period = graph.value(DATASET, DCTERMS.temporal)
    assert str(graph.value(period, DCAT.startDate)) == "2026-10-22"
    assert str(graph.value(period, DCAT.endDate)) == "2026-11-21"


def test_rows_without_events_are_what_was_known_on_the_day_of_release() -> None:
    page = page_of()
    newest = replace(page.newest, newest_event=None, oldest_event=None)
    graph = told(replace(page, releases=(newest,)))
    period = graph.value(DATASET, DCTERMS.temporal)
    assert str(graph.value(period, DCAT.endDate)) == "2026-11-21"
    assert graph.value(period, DCAT.startDate) is None


def test_the_place_is_the_country_and_the_municipality() -> None:
    assert values(graph_of(), DATASET, DCTERMS.spatial) == {
        f"{EU}/country/NOR",
        "https://data.geonorge.no/administrativeEnheter/kommune/id/173091173075173090",
    }


def test_a_municipality_that_no_list_knows_has_a_place_of_its_own() -> None:
    page = page_of()
    owner = page.municipality.model_copy(update={"name": Name(nb="Nykommune", en="Newtown")})
    graph = told(replace(page, municipality=owner))
    area = URIRef(f"{ADDRESS}#area")
    assert str(area) in values(graph, DATASET, DCTERMS.spatial)
    assert values(graph, area, SKOS.prefLabel) == {"Nykommune", "Newtown"}


def test_a_version_says_what_changed() -> None:
    page = page_of()
    graph = told(page)
    assert values(graph, DATASET, VERSION) == {"2026-11-21-0badc0de"}
    assert "182 lagt til, 7 endret og 0 fjernet" in " ".join(
        values(graph, DATASET, ADMS.versionNotes)
    )
    first = told(replace(page, releases=page.releases[:1]))
    assert "Første versjon: 18180 rader." in values(first, DATASET, ADMS.versionNotes)
    assert values(graph, DATASET, DCTERMS.issued) == {"2026-11-20T14:05:00+00:00"}
    assert values(graph, DATASET, DCTERMS.modified) == {"2026-11-21T14:05:00+00:00"}


def test_an_api_is_a_service_of_the_dataset_and_no_distribution() -> None:
    graph = graph_of(api=True)
    service = URIRef(f"{ADDRESS}#api")
    assert (service, RDF.type, DCAT.DataService) in graph
    assert (service, DCAT.servesDataset, DATASET) in graph
    assert (CSV, DCAT.accessService, service) in graph
    assert values(graph, DATASET, DCAT.distribution) == {str(CSV)}
    assert values(graph, service, DCAT.theme) == values(graph, DATASET, DCAT.theme)


@pytest.mark.parametrize(("api", "category"), [(True, "mobility"), (False, "mobility"), (True, "")])
def test_high_value_is_told_where_there_is_an_api(api: bool, category: str) -> None:  # noqa: FBT001 - a parameter of the test
    graph = graph_of(api=api, high_value=category or None)
    told_so = api and bool(category)
    assert ((DATASET, DCATAP.applicableLegislation, REGULATION) in graph) is told_so
    assert ((CSV, DCATAP.applicableLegislation, REGULATION) in graph) is told_so
    categories = {"http://data.europa.eu/bna/c_b79e35eb"} if told_so else set()
    assert values(graph, DATASET, DCATAP.hvdCategory) == categories


def test_an_unknown_word_is_told_with_the_nearest() -> None:
    with pytest.raises(ConfigurationError) as refused:
        graph_of(los=("parkering",), frequency="CONTINUOUS")
    los, frequency = sorted(refused.value.problems, key=lambda problem: problem.field)[::-1]
    assert (los.field, los.example) == ("release.los", "parkering-og-hvileplasser")
    assert (frequency.field, frequency.example) == ("release.frequency", "CONT")
    assert los.file.endswith("parking_occupancy.odcs.yaml")


@pytest.mark.parametrize("contract", released(), ids=lambda contract: contract.name)
def test_nothing_is_without_a_name(contract: Contract) -> None:
    graph = graph_of(contract, api=True)
    assert not [node for node in graph.all_nodes() if isinstance(node, BNode)]
    for node in graph.all_nodes():
        if isinstance(node, URIRef):
            assert ":" in node.split("/")[0], node


@pytest.mark.parametrize("contract", released(), ids=lambda contract: contract.name)
def test_what_is_said_in_a_language_is_said_in_norwegian(contract: Contract) -> None:
    graph = graph_of(contract, api=True)
    told_in: dict[tuple[object, object], set[str]] = {}
    for subject, predicate, value in graph:
        if isinstance(value, Literal) and value.language:
            told_in.setdefault((subject, predicate), set()).add(value.language)
    assert len(told_in) > 30
    assert [said for said, languages in told_in.items() if "nb" not in languages] == []


def test_every_word_that_is_used_is_told_in_full() -> None:
    graph = graph_of(PARKING, api=True)
    schemes = set(graph.objects(None, SKOS.inScheme))
    assert len(schemes) > 10
    for scheme in schemes:
        assert (scheme, RDF.type, SKOS.ConceptScheme) in graph
    for value in graph.objects(DATASET, DCAT.theme):
        assert (value, RDF.type, SKOS.Concept) in graph
