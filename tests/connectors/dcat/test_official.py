"""The project's catalogue against the shapes and words of those who harvest it."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pyshacl
import pytest
from rdflib import Graph, URIRef
from rdflib.namespace import RDF, SH, SKOS

from connectors.dcat.catalogue import catalogue_documents, described
from connectors.dcat.graph import dataset_graph
from connectors.dcat.vocabulary import Kind, concepts
from schemas.contract import Contract
from tests.connectors.dcat.made import (
    CATALOGUE,
    graph_of,
    in_years,
    page_of,
    partners_page,
    released,
    shown,
)

HOUSE = Path(__file__).resolve().parents[3]
SHAPES = Path(os.environ.get("DATASJO_DCAT", HOUSE.parent / "shared" / "dcat"))
EU = ("shapes.ttl", "range.ttl", "mdr-vocabularies.shape.ttl", "shapes_recommended.ttl")
HVD = ("hvd-SHACL-base.ttl", "hvd-SHACL-full.ttl", "hvd-SHACL-ranges.ttl")
# a Norwegian municipality, its area and LOS words are in no table of the EU
WARNED = {"publisher", "spatial", "theme", "bbox", "centroid"}
TABLES: dict[Kind, str] = {
    "theme": "data-theme-sparql-result.ttl",
    "frequency": "frequencies-sparql-result.ttl",
    "licence": "eu-licences.ttl",
    "access": "access-right-sparql-result.ttl",
    "language": "languages.ttl",
    "status": "distribution-status-sparql-result.ttl",
    "availability": "planned-availability-sparql-result.ttl",
    "high_value": "high-value-categories.ttl",
    "publisher": "adms-publisher-type.ttl",
    "los": "los-with-fdk-triples.ttl",
}

pytestmark = [
    pytest.mark.real_data,
    pytest.mark.skipif(
        not SHAPES.is_dir(),
        reason=f"the official shapes are not at {SHAPES}: set DATASJO_DCAT to their folder",
    ),
]
contracts = pytest.mark.parametrize("contract", released(), ids=lambda contract: contract.name)


@dataclass(frozen=True)
class Verdict:
    severity: str
    path: str


def verdicts(graph: Graph, folder: str, names: Iterable[str]) -> set[Verdict]:
    shapes = Graph()
    for name in names:
        shapes.parse(SHAPES / folder / name)
    drop_dangling(shapes)
    _, report, _ = pyshacl.validate(graph, shacl_graph=shapes)
    assert isinstance(report, Graph)
    return {
        Verdict(last(report.value(result, SH.resultSeverity)), last(path))
        for result in report.objects(None, SH.result)
        for path in [report.value(result, SH.resultPath)]
    }


def drop_dangling(shapes: Graph) -> None:
    # the EU's file names property shapes that it does not hold
    for shape, prop in list(shapes.subject_objects(SH.property)):
        if (prop, SH.path, None) not in shapes:
            shapes.remove((shape, SH.property, prop))


def last(node: object) -> str:
    return str(node).replace("#", "/").rsplit("/", 1)[-1]


def broken(found: set[Verdict]) -> set[str]:
    return {verdict.path for verdict in found if verdict.severity == "Violation"}


def warned(found: set[Verdict]) -> set[str]:
    return {verdict.path for verdict in found if verdict.severity == "Warning"}


@pytest.fixture(scope="module", params=["files", "api"])
def catalogue(request: pytest.FixtureRequest) -> Graph:
    told = [page_of(contract) for contract in released()]
    api = request.param == "api"
    documents = [described(page, shown(page, api=api)).documents for page in told]
    return Graph().parse(data=catalogue_documents(CATALOGUE, documents)["ttl"])


@contracts
@pytest.mark.parametrize("api", [False, True], ids=["files", "api"])
def test_a_dataset_keeps_the_eus_shapes(contract: Contract, api: bool) -> None:  # noqa: FBT001 - a parameter of the test
    found = verdicts(graph_of(contract, api=api), "eu-3.0.1", EU)
    assert (broken(found), warned(found) - WARNED) == (set(), set())


@contracts
def test_a_dataset_keeps_the_eus_whole_file_of_shapes(contract: Contract) -> None:
    found = verdicts(graph_of(contract, api=True), "eu-3.0.1", ["dcat-ap-SHACL.ttl"])
    assert broken(found) == set()


@pytest.mark.parametrize("name", HVD)
def test_a_dataset_of_high_value_keeps_the_shapes_for_these(name: str) -> None:
    valued = [contract for contract in released() if high_value(contract)]
    assert len(valued) > 2
    for contract in valued:
        found = verdicts(graph_of(contract, api=True), "eu-hvd-3.0.0", [name])
        assert (broken(found), warned(found) - WARNED) == (set(), set())


def high_value(contract: Contract) -> str | None:
    return contract.publication.high_value if contract.publication else None


@contracts
@pytest.mark.parametrize("api", [False, True], ids=["files", "api"])
def test_a_dataset_keeps_the_norwegian_rules(contract: Contract, api: bool) -> None:  # noqa: FBT001 - a parameter of the test
    found = verdicts(graph_of(contract, api=api), ".", ["no-3-generated-shapes.ttl"])
    assert (broken(found), warned(found)) == (set(), set())


def test_a_series_keeps_the_eus_and_the_norwegian_shapes() -> None:
    graph = in_years("2025", "2026", api=True, high_value="mobility")
    european = verdicts(graph, "eu-3.0.1", EU)
    valued = verdicts(graph, "eu-hvd-3.0.0", HVD)
    norwegian = verdicts(graph, ".", ["no-3-generated-shapes.ttl"])
    assert (broken(european), warned(european) - WARNED) == (set(), set())
    assert (broken(valued), warned(valued) - WARNED) == (set(), set())
    assert (broken(norwegian), warned(norwegian)) == (set(), set())


def test_a_partners_dataset_keeps_the_eus_and_the_norwegian_shapes() -> None:
    told = partners_page()
    graph = dataset_graph(told, shown(told, api=True))
    european = verdicts(graph, "eu-3.0.1", EU)
    norwegian = verdicts(graph, ".", ["no-3-generated-shapes.ttl"])
    assert (broken(european), warned(european) - WARNED) == (set(), set())
    assert (broken(norwegian), warned(norwegian)) == (set(), set())


def test_the_catalogue_keeps_the_eus_and_the_norwegian_shapes(catalogue: Graph) -> None:
    european = verdicts(catalogue, "eu-3.0.1", EU)
    norwegian = verdicts(catalogue, ".", ["no-3-generated-shapes.ttl"])
    assert (broken(european), warned(european) - WARNED) == (set(), set())
    assert (broken(norwegian), warned(norwegian)) == (set(), set())


def test_the_old_norwegian_shapes_break_where_the_new_ones_ask_for_something_else() -> None:
    found = verdicts(graph_of(), "no-2.2", ["DCAT-AP-NO-shacl_shapes_2.00.ttl"])
    assert broken(found) == {"byteSize", "status", "algorithm"}


@pytest.mark.parametrize("kind", TABLES)
def test_every_word_is_in_the_table_that_it_is_said_to_be_from(kind: Kind) -> None:
    table = Graph().parse(SHAPES / "fdk-reference" / TABLES[kind])
    for known in concepts(kind).values():
        assert (URIRef(known.iri), SKOS.inScheme, URIRef(known.scheme.iri)) in table, known.iri


def test_every_file_type_is_in_the_eus_table() -> None:
    table = Graph().parse(SHAPES / "fdk-reference" / "filetypes-sparql-result.ttl")
    for known in concepts("file_type").values():
        assert (URIRef(known.iri), RDF.type, None) in table
