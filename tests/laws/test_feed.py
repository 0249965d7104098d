"""Whatever a contract says of its dataset, the catalogue tells it whole, in each form."""

from __future__ import annotations

import random
from urllib.parse import urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import Graph, Literal, URIRef
from rdflib.compare import isomorphic

from connectors.dcat.statements import empty
from connectors.dcat.syntax import SYNTAXES, Syntax, joined, written
from schemas.model import Bilingual, Keywords
from tests.connectors.dcat.made import graph_of

FORMATS: dict[Syntax, str] = {"ttl": "turtle", "rdf": "xml", "jsonld": "json-ld"}
# what a YAML file can hold, a line's end among it
PRINTABLE = st.characters(
    codec="utf-8", exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff"
)
TEXTS = st.text(PRINTABLE | st.sampled_from("\n\t\"'\\<>&;.@"), min_size=1, max_size=40)
BOTH = st.builds(Bilingual, nb=TEXTS, en=TEXTS)
WORDS = st.lists(TEXTS, min_size=1, max_size=3).map(tuple)
GRAPHS = st.builds(
    lambda title, description, keyword, api: graph_of(
        title=title, description=description, keyword=keyword, api=api
    ),
    BOTH,
    BOTH,
    st.builds(Keywords, nb=WORDS, en=WORDS),
    st.booleans(),
)

# the library's own reader of JSON-LD uses what the library has deprecated
pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")


def read(syntax: Syntax, document: bytes) -> Graph:
    return Graph().parse(data=document, format=FORMATS[syntax])


@settings(max_examples=25)
@given(GRAPHS)
def test_each_syntax_gives_the_graph_back(graph: Graph) -> None:
    for syntax, document in written(graph).items():
        assert isomorphic(read(syntax, document), graph)


@settings(max_examples=15)
@given(GRAPHS, st.randoms(use_true_random=False))
def test_the_bytes_depend_on_what_is_said_and_not_on_its_order(
    graph: Graph, order: random.Random
) -> None:
    statements = sorted(graph)
    order.shuffle(statements)
    shuffled = empty()
    for statement in statements:
        shuffled.add(statement)
    assert written(shuffled) == written(graph)


@settings(max_examples=15)
@given(GRAPHS, st.sampled_from(SYNTAXES))
def test_joining_a_document_with_itself_or_its_parts_changes_nothing(
    graph: Graph, syntax: Syntax
) -> None:
    parts = empty(), empty()
    for subject, predicate, value in graph:
        parts[len(str(subject)) % 2].add((subject, predicate, value))
    whole = written(graph)[syntax]
    assert joined(syntax, [whole, whole]) == whole
    assert joined(syntax, [written(part)[syntax] for part in parts]) == whole


@settings(max_examples=25)
@given(GRAPHS)
def test_every_name_is_absolute_and_every_text_is_there_in_norwegian(graph: Graph) -> None:
    told: dict[tuple[object, object], set[str]] = {}
    for subject, predicate, value in graph:
        for node in (subject, predicate, value):
            assert isinstance(node, Literal) or (isinstance(node, URIRef) and urlsplit(node).scheme)
        if isinstance(value, Literal) and value.language:
            told.setdefault((subject, predicate), set()).add(value.language)
    assert all("nb" in languages for languages in told.values())
