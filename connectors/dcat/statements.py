"""Statements about things that all have names: a graph without blank nodes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from urllib.parse import quote

from rdflib import Graph, Literal, Namespace, URIRef
from rdflib.namespace import DCAT, DCTERMS, FOAF, PROV, RDF, RDFS, SKOS, XSD
from rdflib.term import Node

from connectors.dcat.vocabulary import Concept, Kind, Scheme, concept
from schemas.licences import LICENCES
from schemas.model import Bilingual
from schemas.network import PublisherKind

ADMS = Namespace("http://www.w3.org/ns/adms#")
DCATAP = Namespace("http://data.europa.eu/r5r/")
ELI = Namespace("http://data.europa.eu/eli/ontology#")
ODRS = Namespace("http://schema.theodi.org/odrs#")
SPDX = Namespace("http://spdx.org/rdf/terms#")
VCARD = Namespace("http://www.w3.org/2006/vcard/ns#")
PREFIXES = {
    "adms": ADMS,
    "dcat": DCAT,
    "dcatap": DCATAP,
    "dct": DCTERMS,
    "eli": ELI,
    "foaf": FOAF,
    "odrs": ODRS,
    "prov": PROV,
    "rdf": RDF,
    "rdfs": RDFS,
    "skos": SKOS,
    "spdx": SPDX,
    "vcard": VCARD,
    "xsd": XSD,
}
# the library's own list of terms is that of DCAT 2
VERSION = URIRef(f"{DCAT}version")
_REGISTER = "https://data.brreg.no/enhetsregisteret/api/enheter"


def empty() -> Graph:
    """A graph that knows the prefixes of the catalogue and no others."""
    graph = Graph(bind_namespaces="none")
    for prefix, namespace in PREFIXES.items():
        graph.bind(prefix, namespace)
    return graph


@dataclass(frozen=True, slots=True)
class Statements:
    """A graph being written."""

    graph: Graph = field(default_factory=empty)

    def say(self, subject: URIRef, predicate: URIRef, *objects: Node) -> None:
        """One statement for each object."""
        for each in objects:
            self.graph.add((subject, predicate, each))

    def subjects(self, kind: URIRef) -> Iterator[URIRef]:
        """What is said to be of the class."""
        found = self.graph.subjects(RDF.type, kind)
        return (subject for subject in found if isinstance(subject, URIRef))

    def text(self, subject: URIRef, predicate: URIRef, said: Bilingual) -> None:
        """The text in both languages, on one line each."""
        self.say(subject, predicate, tagged(said.nb, "nb"), tagged(said.en, "en"))

    def kind(self, subject: URIRef, *classes: URIRef) -> URIRef:
        """The subject, said to be of these classes."""
        self.say(subject, RDF.type, *classes)
        return subject

    def concept(self, said: Concept, *classes: URIRef) -> URIRef:
        """The concept, told in full: what it is, its name, its vocabulary."""
        known = self.kind(URIRef(said.iri), SKOS.Concept, *classes)
        self.text(known, SKOS.prefLabel, said.label)
        self.say(known, SKOS.inScheme, self.scheme(said.scheme))
        return known

    def word(self, kind: Kind, word: str, *classes: URIRef) -> URIRef:
        """The word's concept, told in full."""
        return self.concept(concept(kind, word), *classes)

    def licence(self, word: str) -> URIRef:
        """The licence, told in full: also what kind of licence it is."""
        known = self.word("licence", word, DCTERMS.LicenseDocument)
        asks = "PublicDomain" if word.startswith("CC0") else "Attribution"
        self.say(known, DCTERMS.type, self.word("licence_type", asks))
        url = LICENCES[word].url
        for page in dict.fromkeys((url.nb, url.en)):
            self.say(known, RDFS.seeAlso, self.kind(URIRef(page), RDFS.Resource))
        return known

    def scheme(self, said: Scheme) -> URIRef:
        """The vocabulary, told in full."""
        known = self.kind(URIRef(said.iri), SKOS.ConceptScheme)
        self.text(known, DCTERMS.title, said.title)
        return known

    def document(self, address: str, title: Bilingual) -> URIRef:
        """A page or a file to read."""
        known = self.kind(URIRef(address), FOAF.Document)
        self.text(known, DCTERMS.title, title)
        return known

    def standard(self, address: str, title: Bilingual) -> URIRef:
        """A standard that data conform to."""
        known = self.kind(URIRef(address), DCTERMS.Standard)
        self.text(known, DCTERMS.title, title)
        return known

    def organisation(
        self, number: str, name: Bilingual, kind: PublisherKind = "LocalAuthority"
    ) -> URIRef:
        """A body of that kind, under its name in the register of Norwegian organisations."""
        known = self.agent(f"{_REGISTER}/{number}", name, kind)
        self.say(known, DCTERMS.identifier, Literal(number))
        return known

    def agent(
        self, address: str, name: Bilingual, kind: PublisherKind = "LocalAuthority"
    ) -> URIRef:
        """A body that publishes: a local authority, or a body of some, unless it is said."""
        known = self.kind(URIRef(address), FOAF.Agent)
        self.text(known, FOAF.name, name)
        self.say(known, DCTERMS.type, self.word("publisher", kind))
        return known

    def contact(self, named: str, name: Bilingual, mail: str, page: str) -> URIRef:
        """Whom to ask, and where."""
        known = self.kind(URIRef(named), VCARD.Kind, VCARD.Organization)
        self.text(known, VCARD.fn, name)
        address = URIRef(f"mailto:{quote(mail, safe='@+')}")
        self.say(known, VCARD.hasEmail, self.kind(address, RDFS.Resource))
        self.say(known, VCARD.hasURL, URIRef(page))
        return known


def tagged(text: str, language: str) -> Literal:
    """The text in that language, on one line."""
    return Literal(" ".join(text.split()), lang=language)


def tags(words: Iterable[str], language: str) -> list[Literal]:
    """Search words in that language."""
    return [tagged(word, language) for word in words]


def instant(at: dt.datetime) -> Literal:
    """The instant in UTC, to the second."""
    return Literal(at.astimezone(dt.UTC).replace(microsecond=0))


def day(date: dt.date) -> Literal:
    """The date."""
    return Literal(date.isoformat(), datatype=XSD.date, normalize=False)
