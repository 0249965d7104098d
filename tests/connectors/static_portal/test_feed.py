from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from rdflib import Graph, URIRef
from rdflib.namespace import DCAT, DCTERMS, RDF

from connectors.dcat.syntax import SYNTAXES
from connectors.portal import Page
from connectors.static_portal.portal import StaticPortal
from connectors.store import Store
from schemas.errors import ConfigurationError
from schemas.model import Bilingual
from schemas.network import PortalSite, Publisher
from tests.connectors.static_portal.shown import page, stavanger, version

SLUG = "datasets/1103-parking_occupancy"
SITE = PortalSite(
    root="unused",
    url="https://data.example.no/",
    title=Bilingual(nb="Åpne data", en="Open data"),
    contact="data@example.no",
)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "portal"


@pytest.fixture
def portal(root: Path) -> StaticPortal:
    return StaticPortal(Store.at(str(root)), SITE)


def catalogue(root: Path) -> Graph:
    return Graph().parse(root / "catalog.ttl", format="turtle")


def datasets(graph: Graph) -> set[str]:
    held = graph.objects(None, DCAT.dataset)
    assert set(graph.subjects(RDF.type, DCAT.Dataset)) == set(graph.objects(None, DCAT.dataset))
    return {str(dataset) for dataset in held}


def neighbour(told: Page) -> Page:
    sandnes = stavanger("1108", "Sandnes kommune").model_copy(
        update={"contact": "data@sandnes.example.no"}
    )
    return replace(told, municipality=sandnes)


def saying(**words: object) -> Page:
    told = page()
    publication = told.publication.model_copy(update=words)
    return replace(
        told, publication=publication, contract=replace(told.contract, publication=publication)
    )


def test_the_catalogue_holds_what_the_portal_shows(portal: StaticPortal, root: Path) -> None:
    portal.publish(page())
    portal.publish(neighbour(page()))
    assert datasets(catalogue(root)) == {
        "https://data.example.no/datasets/1103-parking_occupancy/#dataset",
        "https://data.example.no/datasets/1108-parking_occupancy/#dataset",
    }
    for syntax in SYNTAXES:
        assert (root / f"catalog.{syntax}").is_file()
        assert (root / SLUG / f"dataset.{syntax}").is_file()


def test_what_is_withdrawn_leaves_the_catalogue(portal: StaticPortal, root: Path) -> None:
    portal.publish(neighbour(page()))
    before = {name: (root / name).read_bytes() for name in map("catalog.{}".format, SYNTAXES)}
    portal.publish(page())
    portal.withdraw("1103", "parking_occupancy")
    assert {name: (root / name).read_bytes() for name in before} == before
    portal.withdraw("1108", "parking_occupancy")
    assert datasets(catalogue(root)) == set()


def test_every_address_of_a_download_is_a_file_of_the_portal(
    portal: StaticPortal, root: Path
) -> None:
    portal.publish(page(version(20), version(21)))
    found = catalogue(root)
    told = [
        str(address)
        for predicate in (DCAT.downloadURL, DCAT.accessURL, DCAT.landingPage, DCTERMS.hasFormat)
        for address in found.objects(None, predicate)
    ]
    assert len(told) == 4
    for address in told:
        assert (root / address.removeprefix("https://data.example.no/")).is_file(), address


def test_without_an_address_names_begin_with_the_roots_own(root: Path) -> None:
    bare = StaticPortal(Store.at(str(root)), SITE.model_copy(update={"url": None}))
    bare.publish(page())
    assert datasets(catalogue(root)) == {f"{root.as_uri()}/{SLUG}/#dataset"}


def test_the_catalogues_publisher_is_who_the_network_says(root: Path) -> None:
    publisher = Publisher(name=Bilingual(nb="Regionen", en="The region"))
    numbered = publisher.model_copy(update={"organisation_number": "964965226"})
    register = "https://data.brreg.no/enhetsregisteret/api/enheter/964965226"
    for known, address in (
        (publisher, "https://data.example.no/#publisher"),
        (numbered, register),
    ):
        site = SITE.model_copy(update={"publisher": known})
        StaticPortal(Store.at(str(root)), site).withdraw("1103", "parking_occupancy")
        found = catalogue(root)
        told = URIRef("https://data.example.no/#catalogue")
        assert str(found.value(told, DCTERMS.publisher)) == address


def test_the_page_tells_the_points_and_leads_to_the_metadata(
    portal: StaticPortal, root: Path
) -> None:
    portal.publish(page())
    english = (root / SLUG / "index.en.html").read_text("utf-8")
    assert "405 of 405 points by the method of data.europa.eu" in english
    assert '<link rel="alternate" type="text/turtle" href="dataset.ttl">' in english
    assert "405 av 405 poeng" in (root / SLUG / "index.html").read_text("utf-8")
    assert 'href="catalog.rdf"' in (root / "index.html").read_text("utf-8")


def test_the_page_names_subjects_and_category_in_its_language(
    portal: StaticPortal, root: Path
) -> None:
    portal.publish(page())
    norwegian = (root / SLUG / "index.html").read_text("utf-8")
    assert "<dd>Parkering og hvileplasser</dd>" in norwegian
    assert "<dd>Mobilitet</dd>" in norwegian
    assert "<dd>Mobility</dd>" in (root / SLUG / "index.en.html").read_text("utf-8")


def test_metadata_that_fall_short_are_refused_before_anything_is_written(
    portal: StaticPortal, root: Path
) -> None:
    for words, what in (
        ({"los": ("parkering",)}, "parkering-og-hvileplasser"),
        ({"keyword": page().publication.keyword.model_copy(update={"nb": ()})}, "dcat:keyword"),
    ):
        with pytest.raises(ConfigurationError, match=what):
            portal.pages(saying(**words))
        with pytest.raises(ConfigurationError, match=what):
            portal.publish(saying(**words))
    assert not root.exists()


def test_a_release_without_a_distribution_is_told_what_to_add(portal: StaticPortal) -> None:
    newest = version(21)
    others = tuple(file for file in newest.resources if file.format != "csv")
    with pytest.raises(ConfigurationError, match="has no file that counts as a distribution"):
        portal.pages(page(replace(newest, resources=others)))


def test_a_pages_own_part_tells_nothing_of_its_neighbours(portal: StaticPortal) -> None:
    portal.publish(neighbour(page()))
    told = portal.pages(page())
    for syntax in SYNTAXES:
        assert b"1103-parking_occupancy" in told[f"catalog.{syntax}"]
        assert b"sandnes" not in told[f"catalog.{syntax}"].lower()


def test_a_dataset_that_an_older_portal_wrote_waits_for_its_next_release(
    portal: StaticPortal, root: Path
) -> None:
    portal.publish(page())
    (root / SLUG / "dataset.rdf").unlink()
    portal.publish(neighbour(page()))
    assert len(datasets(catalogue(root))) == 1
    portal.publish(page())
    assert len(datasets(catalogue(root))) == 2
