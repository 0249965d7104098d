from __future__ import annotations

from dataclasses import replace

from rdflib import Graph, Literal, URIRef
from rdflib.namespace import DCAT, DCTERMS, FOAF, PROV, RDF

from connectors.dcat.conformance import shortfalls
from connectors.dcat.graph import dataset_graph
from connectors.dcat.quality import score
from connectors.dcat.statements import VCARD
from connectors.portal import Page
from tests.connectors.dcat.made import page_of, partners_page, shown

ADDRESS = "https://data.example.no/datasets/1103-parking_occupancy/"
DATASET, CONTACT = URIRef(f"{ADDRESS}#dataset"), URIRef(f"{ADDRESS}#contact")
REGISTER = "https://data.brreg.no/enhetsregisteret/api/enheter"
STAVANGER, KOLUMBUS = URIRef(f"{REGISTER}/964965226"), URIRef(f"{REGISTER}/982433215")
TYPES = "http://purl.org/adms/publishertype"


def told(page: Page) -> Graph:
    return dataset_graph(page, shown(page, api=True))


def asked(graph: Graph) -> set[str]:
    return {str(address) for address in graph.objects(CONTACT, VCARD.hasEmail)}


def test_a_partners_dataset_is_published_by_the_partner_and_released_by_the_municipality() -> None:
    graph = told(partners_page())
    assert set(graph.objects(DATASET, DCTERMS.publisher)) == {KOLUMBUS}
    assert Literal("Kolumbus AS", lang="nb") in set(graph.objects(KOLUMBUS, FOAF.name))
    assert set(graph.objects(KOLUMBUS, DCTERMS.type)) == {URIRef(f"{TYPES}/Company")}
    [releasing] = graph.objects(DATASET, PROV.qualifiedAttribution)
    assert set(graph.objects(releasing, PROV.agent)) == {STAVANGER}
    assert len(set(graph.objects(releasing, DCAT.hadRole))) == 1
    for service in graph.subjects(RDF.type, DCAT.DataService):
        assert set(graph.objects(service, DCTERMS.publisher)) == {KOLUMBUS}


def test_a_municipalitys_own_dataset_is_released_by_its_publisher() -> None:
    graph = told(page_of())
    assert set(graph.objects(DATASET, DCTERMS.publisher)) == {STAVANGER}
    assert set(graph.objects(STAVANGER, DCTERMS.type)) == {URIRef(f"{TYPES}/LocalAuthority")}
    assert (DATASET, PROV.qualifiedAttribution, None) not in graph


def test_the_contact_is_apart_from_who_publishes_and_who_releases() -> None:
    assert asked(told(page_of())) == {"mailto:datadeling@example.no"}
    assert asked(told(partners_page())) == {"mailto:data@kolumbus.example.no"}
    page = page_of()
    own = page.approval.model_copy(update={"contact": "parkering@example.no"})
    graph = told(replace(page, approval=own))
    assert asked(graph) == {"mailto:parkering@example.no"}
    assert set(graph.objects(DATASET, DCTERMS.publisher)) == {STAVANGER}


def test_a_partners_dataset_lacks_nothing_and_has_all_points() -> None:
    graph = told(partners_page())
    assert shortfalls(graph) == []
    assert score(graph, conforms=True).total == 405
