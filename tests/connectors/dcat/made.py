"""Pages of every contract that is released, and where a portal would show them."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

from rdflib import Graph

from connectors.dcat.facts import Api, Catalogue, Shown
from connectors.dcat.graph import dataset_graph
from connectors.portal import Page
from schemas.contract import Contract, Publication
from schemas.documents import parse
from schemas.model import Bilingual
from schemas.network import Organisation
from schemas.reading import read_contract
from schemas.stages import Release, Resource
from tests.builders import KOLUMBUS
from tests.connectors.static_portal.shown import RELEASED, page, parking, stavanger, version

PARKING = parking()
CATALOGUE = Catalogue(
    address="https://data.example.no/",
    page="https://data.example.no/index.html",
    title=Bilingual(nb="Åpne data", en="Open data"),
    description=Bilingual(nb="Kommunenes åpne data.", en="Open data of the municipalities."),
    publisher=Bilingual(nb="Demoregionen", en="The demo region"),
    contact="data@example.no",
)
_FILES: tuple[Resource, ...] = (
    Resource("readings.csv", "csv", "a1" * 32, 4_211, 18_180),
    Resource("readings.parquet", "parquet", "b2" * 32, 1_102, 18_180),
    Resource("datapackage.json", "json", "c3" * 32, 903, 0),
    Resource("receipt.json", "json", "d4" * 32, 1_507, 0),
)


def released() -> list[Contract]:
    """Every contract of the project that says how its dataset is presented."""
    read = [read_contract(path) for path in sorted(Path("schemas/datasets").glob("*.odcs.yaml"))]
    return [contract for contract in read if contract.publication is not None]


def page_of(contract: Contract = PARKING, **changes: object) -> Page:
    """The page of two versions, with the publication changed so."""
    publication = (contract.publication or _publication()).model_copy(update=changes)
    changed = replace(contract, publication=publication)
    releases = (_release(20), replace(_release(21), oldest_event=RELEASED - dt.timedelta(days=30)))
    bare = page(*releases)
    return replace(bare, contract=changed, publication=publication, municipality=stavanger())


def partners_page() -> Page:
    """The page of a dataset that Stavanger releases for Kolumbus."""
    told = page_of()
    partner = parse(Organisation, KOLUMBUS, "network.yaml")
    approval = told.approval.model_copy(update={"organisation": partner.organisation})
    return replace(told, partner=partner, approval=approval)


def shown(told: Page, *, api: bool = False) -> Shown:
    """Where a portal would show it, with an API or without."""
    address = f"https://data.example.no/datasets/1103-{told.contract.name}/"
    files = {file.name: f"{address}latest/{file.name}" for file in told.newest.resources}
    return Shown(address, f"{address}index.html", files, (_api(address),) if api else ())


def graph_of(contract: Contract = PARKING, *, api: bool = False, **changes: object) -> Graph:
    """The page's graph."""
    told = page_of(contract, **changes)
    return dataset_graph(told, shown(told, api=api))


def in_years(*years: str, api: bool = False, **changes: object) -> Graph:
    """The graph of the page where each of these years has a file of its own."""
    told = page_of(PARKING, **changes)
    more = (Resource(f"readings-{y}.csv", "csv", "e5" * 32, 1_000, 900, part=y) for y in years)
    newest = replace(told.newest, resources=(*told.newest.resources, *more))
    told = replace(told, releases=(*told.releases[:-1], newest))
    return dataset_graph(told, shown(told, api=api))


def _api(address: str) -> Api:
    return Api(
        name="api",
        title=Bilingual(nb="Spørringer", en="Queries"),
        endpoint=f"{address}api",
        description=f"{address}api.json",
        documentation=f"{address}api.html",
        standard=("https://spec.openapis.org/oas/v3.1.0", Bilingual(nb="OpenAPI", en="OpenAPI")),
    )


def _release(day: int) -> Release:
    return replace(version(day), resources=_FILES)


def _publication() -> Publication:
    if PARKING.publication is None:
        raise AssertionError(PARKING.name)
    return PARKING.publication
