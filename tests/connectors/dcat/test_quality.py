from __future__ import annotations

import pytest
from rdflib import Graph, Literal, URIRef
from rdflib.namespace import DCAT, DCTERMS, RDF

from connectors.dcat.quality import MAXIMUM, WEIGHTS, norwegian, score
from schemas.contract import Contract
from tests.connectors.dcat.made import graph_of, released

EU = "http://publications.europa.eu/resource/authority"
DATASET = URIRef("https://data.example.no/datasets/1103-parking_occupancy/#dataset")
CSV = URIRef("https://data.example.no/datasets/1103-parking_occupancy/#readings.csv")
PARQUET = URIRef(f"{CSV}.parquet")


def without(*patterns: tuple[URIRef, URIRef]) -> Graph:
    graph = graph_of()
    for subject, predicate in patterns:
        graph.remove((subject, predicate, None))
    return graph


def parquet_as_distribution() -> Graph:
    graph = graph_of()
    for predicate, value in list(graph.predicate_objects(CSV)):
        if predicate not in (DCTERMS.format, DCAT.mediaType):
            graph.add((PARQUET, predicate, value))
    graph.add((PARQUET, DCTERMS.format, URIRef(f"{EU}/file-type/PARQUET")))
    media = "https://www.iana.org/assignments/media-types/application/vnd.apache.parquet"
    graph.add((PARQUET, DCAT.mediaType, URIRef(media)))
    graph.add((DATASET, DCAT.distribution, PARQUET))
    return graph


@pytest.mark.parametrize("contract", released(), ids=lambda contract: contract.name)
def test_every_dataset_of_the_project_has_all_points(contract: Contract) -> None:
    found = score(graph_of(contract, api=True), conforms=True)
    assert (found.total, found.maximum, found.lost) == (405, 405, ())


def test_the_weights_are_those_of_the_method() -> None:
    assert sum(WEIGHTS.values()) == MAXIMUM
    assert WEIGHTS["keyword"] + WEIGHTS["theme"] + WEIGHTS["spatial"] + WEIGHTS["temporal"] == 100
    access = ("access_url_reachable", "download_url", "download_url_reachable")
    assert sum(WEIGHTS[name] for name in access) == 100
    context = ("rights", "byte_size", "issued", "modified")
    assert sum(WEIGHTS[name] for name in context) == 20


@pytest.mark.parametrize(
    ("subject", "predicate", "lost"),
    [
        (DATASET, DCAT.keyword, 30),
        (DATASET, DCAT.theme, 30),
        (DATASET, DCTERMS.spatial, 20),
        (DATASET, DCTERMS.temporal, 20),
        (DATASET, DCTERMS.accessRights, 15),
        (DATASET, DCAT.contactPoint, 20),
        (DATASET, DCTERMS.publisher, 10),
        (DATASET, DCTERMS.issued, 5),
        (DATASET, DCTERMS.modified, 5),
        (CSV, DCAT.accessURL, 50),
        (CSV, DCAT.downloadURL, 50),
        (CSV, DCTERMS.format, 70),
        (CSV, DCAT.mediaType, 20),
        (CSV, DCTERMS.license, 30),
        (CSV, DCTERMS.rights, 5),
        (CSV, DCAT.byteSize, 5),
    ],
    ids=str,
)
def test_what_is_missing_costs_its_points(subject: URIRef, predicate: URIRef, lost: int) -> None:
    assert score(without((subject, predicate)), conforms=True).total == MAXIMUM - lost


def test_a_dataset_without_files_has_what_the_dataset_itself_earns() -> None:
    found = score(without((DATASET, DCAT.distribution)), conforms=True)
    assert found.total == 185
    assert "format" in found.lost


def test_parquet_among_two_distributions_costs_half_of_what_it_lacks() -> None:
    found = score(parquet_as_distribution(), conforms=True)
    assert found.total == 385
    assert found.lost == ("non_proprietary", "machine_readable")


def test_an_unknown_licence_or_right_costs_the_vocabularys_points() -> None:
    graph = without((CSV, DCTERMS.license), (DATASET, DCTERMS.accessRights))
    graph.add((CSV, DCTERMS.license, URIRef("https://example.no/terms")))
    graph.add((DATASET, DCTERMS.accessRights, Literal("open")))
    assert score(graph, conforms=True).lost == ("known_license", "access_rights_from_vocabulary")


def test_metadata_that_do_not_conform_lose_thirty() -> None:
    assert score(graph_of(), conforms=False).total == 375


def test_the_caller_says_what_answers() -> None:
    asked: list[str] = []

    def nothing(address: str) -> bool:
        asked.append(address)
        return False

    found = score(graph_of(), conforms=True, reach=nothing)
    assert found.lost == ("access_url_reachable", "download_url_reachable")
    assert [address.rsplit("/", 1)[1] for address in asked] == ["index.html", "readings.csv"]


def test_an_address_that_is_not_on_the_web_reaches_nobody() -> None:
    text = graph_of().serialize(format="nt").replace("<https://data.example.no/", "<file:///data/")
    found = score(Graph().parse(data=text, format="nt"), conforms=True)
    assert found.total == MAXIMUM - 80


@pytest.mark.parametrize("contract", released(), ids=lambda contract: contract.name)
def test_the_norwegian_method_gives_all_but_its_old_shapes(contract: Contract) -> None:
    found = norwegian(graph_of(contract), conforms=False)
    assert (found.total, found.maximum) == (335, 365)
    assert set(found.lost) == {
        "conforms",
        "non_proprietary",
        "machine_readable",
        "format_match",
        "syntax_valid",
    }


def test_the_norwegian_method_looks_at_the_best_file_and_at_subjects() -> None:
    graph = parquet_as_distribution()
    graph.remove((DATASET, DCAT.keyword, None))
    graph.remove((PARQUET, DCTERMS.license, None))
    assert norwegian(graph, conforms=True).total == 335
    subject = next(graph.subjects(RDF.type, DCAT.Distribution))
    graph.add((DATASET, DCTERMS.subject, subject))
    assert norwegian(graph, conforms=True).total == 365
    assert norwegian(without((DATASET, DCAT.distribution)), conforms=True).total == 185
