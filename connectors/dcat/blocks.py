"""What is said of one subject, as a block of text in each syntax; no node of a graph is blank."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from xml.sax.saxutils import escape, quoteattr

from rdflib import Graph, Literal, URIRef
from rdflib.namespace import RDF, RDFS
from rdflib.term import Node

from connectors.dcat.statements import PREFIXES

_KEPT = 4096
_FIRST = (RDF.type, RDFS.label)
_ESCAPES = {"\r": "&#13;"}
_NAME = re.compile(r"(.*[#/])([A-Za-z_][\w-]*)", re.ASCII)
_PREFIX_OF = {str(namespace): prefix for prefix, namespace in PREFIXES.items()}


@dataclass(frozen=True, slots=True)
class Block:
    """A subject with its objects by predicate, both in order."""

    subject: Node
    said: Mapping[Node, Sequence[Node]]

    def prefixes(self) -> set[str]:
        """The prefixes that Turtle names things by here."""
        objects = [each for held in self.said.values() for each in held]
        named: list[Node | None] = [self.subject, *objects]
        named += [each for each in self.said if each != RDF.type]
        named += [each.datatype for each in objects if isinstance(each, Literal)]
        return {prefix for each in named if (prefix := _prefix(each))}

    def elements(self) -> set[str]:
        """The prefixes that XML names elements by here."""
        return {prefix for each in self.said if (prefix := _prefix(each))}

    def turtle(self) -> str:
        """The block, without a line's end behind it."""
        lines = (
            f"{'a' if predicate == RDF.type else _name(predicate)} "
            + ",\n        ".join(map(_name, objects))
            for predicate, objects in sorted(self.said.items(), key=_what_it_is_first)
        )
        return f"{_name(self.subject)} " + " ;\n    ".join(lines) + " ."

    def xml(self) -> str:
        """The block, with a line's end behind it."""
        lines = (
            f"    <{_name(predicate)}{_element(each, _name(predicate))}\n"
            for predicate, objects in self.said.items()
            for each in objects
        )
        about = quoteattr(str(self.subject))
        head = f"  <rdf:Description rdf:about={about}>\n"
        return head + "".join(lines) + "  </rdf:Description>\n"

    def json(self) -> str:
        """The block on one line."""
        node: dict[str, object] = {"@id": _id(self.subject)}
        for predicate, objects in self.said.items():
            if predicate == RDF.type:
                node["@type"] = _one_or_all([_id(each) for each in objects])
            else:
                node[_id(predicate)] = _one_or_all([_value(each) for each in objects])
        return json.dumps(node, ensure_ascii=False, sort_keys=True)


def blocks(graph: Graph) -> Iterator[Block]:
    """All that the graph says, by subject."""
    for subject, told in groupby(sorted(graph, key=_order), key=itemgetter(0)):
        said = {
            predicate: [each for _, _, each in held]
            for predicate, held in groupby(told, key=itemgetter(1))
        }
        yield Block(subject, said)


def _order(statement: tuple[Node, Node, Node]) -> tuple[str, ...]:
    subject, predicate, each = statement
    kind = ("1", each.datatype or "", each.language or "") if isinstance(each, Literal) else ("0",)
    return (str(subject), str(predicate), *kind, str(each))


def _what_it_is_first(pair: tuple[Node, Sequence[Node]]) -> int:
    return _FIRST.index(pair[0]) if pair[0] in _FIRST else len(_FIRST)


@lru_cache(_KEPT)
def _short(iri: str) -> str | None:
    found = _NAME.fullmatch(iri)
    prefix = _PREFIX_OF.get(found[1]) if found else None
    return f"{prefix}:{found[2]}" if found and prefix else None


def _prefix(node: Node | None) -> str | None:
    short = _short(str(node)) if isinstance(node, URIRef) else None
    return short.partition(":")[0] if short else None


def _name(node: Node) -> str:
    if not isinstance(node, Literal):
        return _short(str(node)) or node.n3()
    text = '"' + node.replace("\\", "\\\\").replace('"', '\\"').replace("\r", "\\r") + '"'
    if node.datatype is not None:
        return f"{text}^^{_name(node.datatype)}"
    return f"{text}@{node.language}" if node.language else text


def _element(node: Node, name: str) -> str:
    if not isinstance(node, Literal):
        return f" rdf:resource={quoteattr(str(node))}/>"
    language = f' xml:lang="{node.language}"' if node.language else ""
    datatype = f' rdf:datatype="{node.datatype}"' if node.datatype else ""
    return f"{language}{datatype}>{escape(node, _ESCAPES)}</{name}>"


def _id(node: Node) -> str:
    return _short(str(node)) or str(node)


def _value(node: Node) -> object:
    if not isinstance(node, Literal):
        return {"@id": _id(node)}
    if node.datatype is not None:
        return {"@type": _id(node.datatype), "@value": str(node)}
    return {"@language": node.language, "@value": str(node)} if node.language else str(node)


def _one_or_all(values: Sequence[object]) -> object:
    return values[0] if len(values) == 1 else values
