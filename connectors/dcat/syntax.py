"""Graphs as text: the same statements give the same bytes, and catalogues are put together fast.

Every document is a head, blocks of one subject each, and a foot. No text of a graph holds a line's
end and no node is blank, so that blocks of several documents may stand in one.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Literal, get_args

from rdflib import Graph

from connectors.dcat.blocks import Block, blocks
from connectors.dcat.statements import PREFIXES

Syntax = Literal["ttl", "rdf", "jsonld"]
SYNTAXES: tuple[Syntax, ...] = get_args(Syntax)
_XML_HEAD = ('<?xml version="1.0" encoding="utf-8"?>', "<rdf:RDF")
_XML_FOOT = "</rdf:RDF>\n"
_XML_END = "</rdf:Description>\n"
_CONTEXT = {prefix: str(namespace) for prefix, namespace in sorted(PREFIXES.items())}
_JSON_HEAD = f'{{"@context": {json.dumps(_CONTEXT, indent=1)},\n"@graph": [\n'
_JSON_FOOT = "\n]}\n"


def written(graph: Graph) -> dict[Syntax, bytes]:
    """The graph in each syntax, UTF-8."""
    told = tuple(blocks(graph))
    return {
        "ttl": _turtle([_turtle_of(told)]).encode(),
        "rdf": _xml([_xml_of(told)]).encode(),
        "jsonld": _json([_json_of(told)]).encode(),
    }


def joined(syntax: Syntax, documents: Sequence[bytes]) -> bytes:
    """Documents that were written here, as one; of a subject in several, the first one's block."""
    join: Mapping[Syntax, Callable[[Sequence[str]], str]] = {
        "ttl": _turtle,
        "rdf": _xml,
        "jsonld": _json,
    }
    return join[syntax]([document.decode() for document in documents]).encode()


def nodes(document: bytes, kind: str) -> list[dict[str, Any]]:
    """What is of that class alone in a JSON-LD document that was written here, prefixed names."""
    typed = f'"@type": "{kind}"'.encode()
    lines = (line.rstrip(b",") for line in document.splitlines() if typed in line)
    return [node for node in map(json.loads, lines) if node["@type"] == kind]


def _turtle_of(told: Sequence[Block]) -> str:
    used = sorted(set().union(*(each.prefixes() for each in told)))
    head = "\n".join(f"@prefix {prefix}: <{PREFIXES[prefix]}> ." for prefix in used)
    return "\n\n".join([head, *(each.turtle() for each in told)])


def _xml_of(told: Sequence[Block]) -> str:
    used = {"rdf"}.union(*(each.elements() for each in told))
    names = [f'   xmlns:{prefix}="{PREFIXES[prefix]}"' for prefix in sorted(used)]
    body = "".join(each.xml() for each in told)
    return "\n".join([*_XML_HEAD, *names, ">", body]) + _XML_FOOT


def _json_of(told: Sequence[Block]) -> str:
    return _JSON_HEAD + ",\n".join(each.json() for each in told) + _JSON_FOOT


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
    first = [*_XML_HEAD, *sorted(namespaces), ">", ""]
    return "\n".join(first) + "".join(_ordered(blocks)) + _XML_FOOT


def _json(documents: Sequence[str]) -> str:
    blocks: dict[str, str] = {}
    for document in documents:
        body = document.removeprefix(_JSON_HEAD).removesuffix(_JSON_FOOT)
        for block in body.split(",\n"):
            blocks.setdefault(block.partition('", "')[0], block)
    return _JSON_HEAD + ",\n".join(_ordered(blocks)) + _JSON_FOOT


def _ordered(blocks: Mapping[str, str]) -> Iterable[str]:
    return (blocks[subject] for subject in sorted(blocks))
