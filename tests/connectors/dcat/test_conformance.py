from __future__ import annotations

import time

import pytest
from rdflib import Graph, Literal, URIRef
from rdflib.namespace import DCAT, DCTERMS, FOAF, RDF, SKOS

from connectors.dcat.catalogue import catalogue_documents, described
from connectors.dcat.conformance import shortfalls
from connectors.dcat.statements import ADMS, DCATAP, SPDX, VCARD, VERSION
from schemas.contract import Contract
from tests.connectors.dcat.made import CATALOGUE, graph_of, page_of, released, shown

DATASET_ADDRESS = "https://data.example.no/datasets/1103-parking_occupancy/#dataset"
FILE_ADDRESS = "https://data.example.no/datasets/1103-parking_occupancy/#readings.csv"
OF_DATASET = (
    DCTERMS.title,
    DCTERMS.description,
    DCTERMS.publisher,
    DCAT.contactPoint,
    DCAT.theme,
    DCAT.keyword,
    DCTERMS.identifier,
    DCTERMS.spatial,
    DCTERMS.temporal,
    DCTERMS.language,
    DCTERMS.issued,
    DCTERMS.modified,
    DCTERMS.accessRights,
    DCTERMS.accrualPeriodicity,
    DCAT.distribution,
    DCAT.landingPage,
    VERSION,
    ADMS.versionNotes,
)
OF_FILE = (
    DCAT.accessURL,
    DCAT.downloadURL,
    DCTERMS.title,
    DCTERMS.description,
    DCTERMS.format,
    DCAT.mediaType,
    DCTERMS.license,
    DCTERMS.rights,
    DCAT.byteSize,
    SPDX.checksum,
    ADMS.status,
    DCATAP.availability,
    DCTERMS.issued,
    DCTERMS.modified,
)
OF_API = (DCAT.endpointURL, DCAT.endpointDescription, DCTERMS.publisher, DCAT.contactPoint)


@pytest.mark.parametrize("api", [False, True], ids=["files", "api"])
@pytest.mark.parametrize("contract", released(), ids=lambda contract: contract.name)
def test_every_dataset_of_the_project_conforms(contract: Contract, api: bool) -> None:  # noqa: FBT001 - a parameter of the test
    assert shortfalls(graph_of(contract, api=api)) == []


def test_a_catalogue_conforms() -> None:
    told = [page_of(contract) for contract in released()]
    documents = [described(page, shown(page)).documents for page in told]
    whole = Graph().parse(data=catalogue_documents(CATALOGUE, documents)["ttl"])
    assert shortfalls(whole) == []
    assert len(set(whole.subjects(RDF.type, DCAT.Dataset))) == len(documents)


@pytest.mark.parametrize("predicate", OF_DATASET, ids=str)
def test_what_a_dataset_lacks_is_told(predicate: URIRef) -> None:
    graph = graph_of()
    graph.remove((URIRef(DATASET_ADDRESS), predicate, None))
    [problem] = shortfalls(graph)
    assert problem.file == DATASET_ADDRESS
    assert problem.field == predicate.n3(graph.namespace_manager)


@pytest.mark.parametrize("predicate", OF_FILE, ids=str)
def test_what_a_file_lacks_is_told(predicate: URIRef) -> None:
    graph = graph_of()
    graph.remove((URIRef(FILE_ADDRESS), predicate, None))
    [problem] = shortfalls(graph)
    assert problem.file == FILE_ADDRESS
    assert problem.field == predicate.n3(graph.namespace_manager)


@pytest.mark.parametrize("predicate", OF_API, ids=str)
def test_what_an_api_lacks_is_told(predicate: URIRef) -> None:
    graph = graph_of(api=True)
    [service] = graph.subjects(RDF.type, DCAT.DataService)
    graph.remove((service, predicate, None))
    assert [problem.file for problem in shortfalls(graph)] == [str(service)]


@pytest.mark.parametrize(
    ("kind", "predicate"),
    [
        (FOAF.Agent, FOAF.name),
        (FOAF.Agent, DCTERMS.type),
        (VCARD.Kind, VCARD.fn),
        (VCARD.Kind, VCARD.hasEmail),
        (SPDX.Checksum, SPDX.checksumValue),
        (DCTERMS.PeriodOfTime, DCAT.endDate),
        (SKOS.ConceptScheme, DCTERMS.title),
        (DCTERMS.Standard, DCTERMS.title),
    ],
    ids=str,
)
def test_what_the_things_beside_it_lack_is_told(kind: URIRef, predicate: URIRef) -> None:
    graph = graph_of()
    [subject, *_] = sorted(graph.subjects(RDF.type, kind))
    graph.remove((subject, predicate, None))
    assert [problem.file for problem in shortfalls(graph)] == [str(subject)]


def test_the_line_says_what_to_add() -> None:
    graph = graph_of()
    graph.remove((URIRef(DATASET_ADDRESS), DCTERMS.title, None))
    graph.add((URIRef(DATASET_ADDRESS), DCTERMS.title, Literal("Parking", lang="en")))
    [problem] = shortfalls(graph)
    assert problem.what == "has no title in Norwegian, or two in one language"
    assert problem.example.startswith("release.title: {nb: ")


def test_a_dataset_of_high_value_needs_its_api() -> None:
    graph = graph_of(api=True)
    graph.remove((None, DCAT.servesDataset, None))
    told = {(problem.field, problem.what) for problem in shortfalls(graph)}
    assert ("itself", "is of high value and has no API") in told


def test_a_file_without_a_name_is_refused() -> None:
    graph = graph_of().skolemize()
    text = graph.serialize(format="turtle").replace(f"<{FILE_ADDRESS}>", "_:file")
    told = [problem.field for problem in shortfalls(Graph().parse(data=text))]
    assert "itself" in told
    assert "dcat:distribution" in told


def test_shapes_take_less_than_a_second() -> None:
    graph = graph_of(api=True)
    shortfalls(graph)
    started = time.process_time()
    shortfalls(graph)
    assert time.process_time() - started < 1
