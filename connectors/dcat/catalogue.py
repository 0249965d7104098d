"""A dataset and a whole catalogue as files: proven, scored, and in every syntax."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from threading import Lock

from rdflib import Literal, URIRef
from rdflib.namespace import DCAT, DCTERMS, FOAF, XSD
from rdflib.term import Node

from connectors.dcat.conformance import shortfalls
from connectors.dcat.facts import Catalogue, Shown
from connectors.dcat.graph import dataset_graph
from connectors.dcat.quality import Score, score
from connectors.dcat.statements import Statements, empty
from connectors.dcat.syntax import SYNTAXES, Syntax, joined, nodes, written
from connectors.dcat.vocabulary import Kind, concepts
from connectors.portal import Page
from schemas.errors import ConfigurationError

Documents = Mapping[Syntax, bytes]
Statement = tuple[Node, Node, Node]

_KEPT = 32
_ONE_AT_A_TIME = Lock()
_TAXONOMIES: tuple[Kind, ...] = ("theme", "los")


@dataclass(frozen=True, slots=True)
class Described:
    """A dataset's metadata in every syntax, and the points that they earn."""

    documents: Documents
    score: Score


def described(page: Page, shown: Shown, proven: Documents | None = None) -> Described:
    """The dataset's metadata, as they may be shown.

    Those that are `proven` conformed to the shapes as these are now, and are not proven again.

    Raises:
        ConfigurationError: they fall short of what a catalogue must tell; a line for each thing
            to add.
    """
    graph = dataset_graph(page, shown)
    documents = written(graph)
    if documents != proven:
        _prove(frozenset(graph))
    return Described(documents, score(graph, conforms=True))


@lru_cache(maxsize=_KEPT)
def _prove(statements: frozenset[Statement]) -> None:
    # one release asks twice: before its pages are proven, and when they are written
    graph = empty()
    for statement in statements:
        graph.add(statement)
    # the validator writes into the shapes that it is given
    with _ONE_AT_A_TIME:
        lacking = shortfalls(graph)
    if lacking:
        raise ConfigurationError(lacking)


def catalogue_documents(told: Catalogue, datasets: Sequence[Documents]) -> dict[Syntax, bytes]:
    """The catalogue of all datasets in each syntax, from their own documents.

    Where two datasets tell of one thing, the first one's words stand.
    """
    own = _own(told, [dataset["jsonld"] for dataset in datasets])
    return {
        syntax: joined(syntax, [own[syntax], *(dataset[syntax] for dataset in datasets)])
        for syntax in SYNTAXES
    }


def _own(facts: Catalogue, datasets: Sequence[bytes]) -> Documents:
    told = Statements()
    catalogue = told.kind(URIRef(f"{facts.address}#catalogue"), DCAT.Catalog)
    told.text(catalogue, DCTERMS.title, facts.title)
    told.text(catalogue, DCTERMS.description, facts.description)
    told.say(catalogue, DCTERMS.identifier, Literal(str(catalogue)))
    told.say(catalogue, DCTERMS.publisher, _publisher(told, facts))
    contact = f"{facts.address}#contact"
    told.say(
        catalogue,
        DCAT.contactPoint,
        told.contact(contact, facts.publisher, facts.contact, facts.page),
    )
    told.say(catalogue, FOAF.homepage, told.document(facts.page, facts.title))
    told.say(catalogue, DCTERMS.license, told.licence("CC0_1_0"))
    languages = [told.word("language", w, DCTERMS.LinguisticSystem) for w in ("NOB", "ENG")]
    told.say(catalogue, DCTERMS.language, *languages)
    told.say(catalogue, DCTERMS.spatial, told.word("country", "NOR", DCTERMS.Location))
    schemes = {each.scheme.iri: each.scheme for k in _TAXONOMIES for each in concepts(k).values()}
    told.say(catalogue, DCAT.themeTaxonomy, *map(told.scheme, schemes.values()))
    _tell_held(told, catalogue, datasets)
    return written(told.graph)


def _publisher(told: Statements, facts: Catalogue) -> URIRef:
    if facts.organisation_number is not None:
        return told.organisation(facts.organisation_number, facts.publisher)
    return told.agent(f"{facts.address}#publisher", facts.publisher)


def _tell_held(told: Statements, catalogue: URIRef, documents: Sequence[bytes]) -> None:
    datasets, services = (
        [node for document in documents for node in nodes(document, kind)]
        for kind in ("dcat:Dataset", "dcat:DataService")
    )
    told.say(catalogue, DCAT.dataset, *(URIRef(node["@id"]) for node in datasets))
    told.say(catalogue, DCAT.service, *(URIRef(node["@id"]) for node in services))
    if not datasets:
        return
    first = min(node["dct:issued"]["@value"] for node in datasets)
    last = max(node["dct:modified"]["@value"] for node in datasets)
    for predicate, at in ((DCTERMS.issued, first), (DCTERMS.modified, last)):
        told.say(catalogue, predicate, Literal(at, datatype=XSD.dateTime))
