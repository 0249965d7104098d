from __future__ import annotations

import json
import random
import subprocess
import sys
from pathlib import Path

import pytest
from rdflib import Graph, Literal, URIRef
from rdflib.compare import isomorphic
from rdflib.namespace import DCTERMS, RDFS

from connectors.dcat.catalogue import catalogue_documents, described
from connectors.dcat.statements import empty
from connectors.dcat.syntax import SYNTAXES, Syntax, joined, nodes, written
from schemas.contract import Contract
from tests.connectors.dcat.made import CATALOGUE, graph_of, page_of, released, shown

# the library's own reader of JSON-LD uses what the library has deprecated
pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")

GOLDEN = Path(__file__).with_name("parking_occupancy.ttl")
FORMATS: dict[Syntax, str] = {"ttl": "turtle", "rdf": "xml", "jsonld": "json-ld"}
DIGESTS = """
import hashlib
from connectors.dcat.syntax import written
from tests.connectors.dcat.made import graph_of
print([hashlib.sha256(text).hexdigest() for text in written(graph_of(api=True)).values()])
"""


def read(syntax: Syntax, document: bytes) -> Graph:
    return Graph().parse(data=document, format=FORMATS[syntax])


def test_the_demos_parking_is_told_as_it_was_read_and_approved() -> None:
    assert written(graph_of())["ttl"].decode() == GOLDEN.read_text(encoding="utf-8")


@pytest.mark.parametrize("syntax", SYNTAXES)
@pytest.mark.parametrize("contract", released(), ids=lambda contract: contract.name)
def test_each_syntax_says_the_same(contract: Contract, syntax: Syntax) -> None:
    graph = graph_of(contract, api=True)
    assert isomorphic(read(syntax, written(graph)[syntax]), graph)


@pytest.mark.parametrize("syntax", SYNTAXES)
@pytest.mark.parametrize(
    "text", ['"', "\\", 'a\\"b"', "<b> & </b>", "\r", "]]>", "{@id}", "æ\u2028\U0001f697", ""]
)
def test_no_sign_of_a_text_is_lost(syntax: Syntax, text: str) -> None:
    graph = empty()
    thing = URIRef("https://example.no/a?b=c&d='e'")
    graph.add((thing, DCTERMS.title, Literal(text, lang="nb")))
    graph.add((thing, DCTERMS.identifier, Literal(text)))
    graph.add((thing, RDFS.seeAlso, thing))
    assert isomorphic(read(syntax, written(graph)[syntax]), graph)


def test_the_order_of_saying_makes_no_difference() -> None:
    graph = graph_of(api=True)
    shuffled, statements = empty(), list(graph)
    random.Random(7).shuffle(statements)  # noqa: S311 - an order, not a secret
    for statement in statements:
        shuffled.add(statement)
    assert written(shuffled) == written(graph)


def test_another_process_writes_the_same_bytes() -> None:
    told = {
        subprocess.run(
            [sys.executable, "-c", DIGESTS],
            capture_output=True,
            text=True,
            check=True,
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": "."},
        ).stdout
        for seed in ("1", "2")
    }
    assert len(told) == 1
    assert "[" in told.pop()


@pytest.mark.parametrize("syntax", SYNTAXES)
def test_documents_joined_say_what_each_of_them_says(syntax: Syntax) -> None:
    graphs = [graph_of(contract, api=True) for contract in released()]
    whole = empty()
    for graph in graphs:
        whole += graph
    document = joined(syntax, [written(graph)[syntax] for graph in graphs])
    assert isomorphic(read(syntax, document), whole)


@pytest.mark.parametrize("syntax", SYNTAXES)
def test_what_several_documents_tell_stands_once(syntax: Syntax) -> None:
    document = written(graph_of())[syntax]
    assert joined(syntax, [document, document]) == document


def test_of_two_words_on_one_thing_the_first_stands() -> None:
    old, new = (
        written(graph_of(title=graph_of_title(text)))["ttl"] for text in ("Parkering", "P-hus")
    )
    text = joined("ttl", [new, old]).decode()
    assert '"P-hus"@nb' in text
    assert '"Parkering"@nb' not in text


def graph_of_title(text: str) -> object:
    publication = page_of().publication
    return publication.title.model_copy(update={"nb": text})


def test_json_has_one_context_and_prefixed_names() -> None:
    document = written(graph_of())["jsonld"]
    assert set(json.loads(document)) == {"@context", "@graph"}
    [dataset] = nodes(document, "dcat:Dataset")
    assert dataset["dct:title"][0] == {"@language": "en", "@value": "Free parking spaces"}


def test_a_catalogue_says_when_it_changed_and_what_it_holds() -> None:
    told = [page_of(contract) for contract in released()]
    documents = [described(page, shown(page, api=True)).documents for page in told]
    [catalogue] = nodes(catalogue_documents(CATALOGUE, documents)["jsonld"], "dcat:Catalog")
    assert catalogue["dct:issued"]["@value"] == "2026-11-20T14:05:00+00:00"
    assert catalogue["dct:modified"]["@value"] == "2026-11-21T14:05:00+00:00"
    assert len(catalogue["dcat:dataset"]) == len(catalogue["dcat:service"]) == len(told)


def test_an_empty_catalogue_is_one_too() -> None:
    documents = catalogue_documents(CATALOGUE, [])
    [catalogue] = nodes(documents["jsonld"], "dcat:Catalog")
    assert "dcat:dataset" not in catalogue
    assert "dct:modified" not in catalogue
