"""Graphs as text: the same statements give the same bytes, and catalogues are put together fast.

Every document is a head, blocks of one subject each, and a foot. No text of a graph holds a line's
end and no node is blank, so that blocks of several documents may stand in one.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Literal, get_args

from rdflib import Graph

from connectors.dcat.statements import PREFIXES, empty

Syntax = Literal["ttl", "rdf", "jsonld"]
SYNTAXES: tuple[Syntax, ...] = get_args(Syntax)
_XML_FOOT = "</rdf:RDF>\n"
_XML_END = "</rdf:Description>\n"
_CONTEXT = {prefix: str(namespace) for prefix, namespace in sorted(PREFIXES.items())}


def written(graph: Graph) -> dict[Syntax, bytes]:
    """The graph in each syntax, UTF-8."""
    ordered = empty()
    for statement in sorted(graph):
        ordered.add(statement)
    turtle = ordered.serialize(format="turtle")
    xml = ordered.serialize(format="xml")
    document = ordered.serialize(format="json-ld", context=_CONTEXT, auto_compact=False)
    return {
        "ttl": _turtle([turtle]).encode(),
        "rdf": _xml([xml]).encode(),
        "jsonld": _json([document]).encode(),
    }


def joined(syntax: Syntax, documents: Sequence[bytes]) -> bytes:
    """Documents that were written here, as one; of a subject in several, the first one's block."""
    join: Mapping[Syntax, Callable[[Sequence[str]], str]] = {
        "ttl": _turtle,
        "rdf": _xml,
        "jsonld": _json,
    }
    return join[syntax]([document.decode() for document in documents]).encode()


def nodes(document: bytes) -> list[dict[str, Any]]:
    """The subjects of a JSON-LD document that was written here, with prefixed names."""
    graph: list[dict[str, Any]] = json.loads(document)["@graph"]
    return graph


def _turtle(documents: Sequence[str]) -> str:
    prefixes: set[str] = set()
    blocks: dict[str, str] = {}
    for document in documents:
        head, _, body = document.partition("\n\n")
        prefixes.update(head.splitlines())
        for block in body.strip("\n").split("\n\n"):
            blocks.setdefault(block.partition(" ")[0], block)
    return "\n".join([*sorted(prefixes), "", "\n\n".join(_ordered(blocks)), ""])


def _xml(documents: Sequence[str]) -> str:
    namespaces: set[str] = set()
    blocks: dict[str, str] = {}
    for document in documents:
        head, _, body = document.partition("\n>\n")
        namespaces.update(head.splitlines()[2:])
        for block in body.removesuffix(_XML_FOOT).split(_XML_END)[:-1]:
            blocks.setdefault(block.partition("\n")[0], block + _XML_END)
    first = ['<?xml version="1.0" encoding="utf-8"?>', "<rdf:RDF", *sorted(namespaces), ">", ""]
    return "\n".join(first) + "".join(_ordered(blocks)) + _XML_FOOT


def _json(documents: Sequence[str]) -> str:
    found: dict[str, Any] = {}
    for document in documents:
        content = json.loads(document)
        for node in content.get("@graph", [content]):
            found.setdefault(node["@id"], node)
    whole = {"@context": _CONTEXT, "@graph": list(_ordered(found))}
    return json.dumps(whole, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _ordered(blocks: Mapping[str, Any]) -> Iterable[Any]:
    return (blocks[subject] for subject in sorted(blocks))
