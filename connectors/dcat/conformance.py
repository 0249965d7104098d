"""The project's own shapes, held against every graph before it is shown."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pyshacl
from rdflib import Graph
from rdflib.namespace import SH
from rdflib.term import Node

from schemas.errors import Problem

_SHAPES = Path(__file__).with_name("shapes.ttl")


def shortfalls(graph: Graph) -> list[Problem]:
    """What the graph lacks of what a catalogue must tell: of which thing, and what to add.

    The graph holds every concept that it uses; nothing is fetched.
    """
    conforms, report, _ = pyshacl.validate(graph, shacl_graph=_shapes())
    if conforms or not isinstance(report, Graph):
        return []
    return sorted(set(_problems(graph, report)))


@cache
def shapes_digest() -> str:
    """What the shapes are, and what holds graphs against them, as a SHA-256 in hexadecimal."""
    digest = hashlib.sha256(_SHAPES.read_bytes())
    digest.update(pyshacl.__version__.encode())
    return digest.hexdigest()


def _problems(graph: Graph, report: Graph) -> Iterator[Problem]:
    for result in report.objects(None, SH.result):
        about = report.value(result, SH.focusNode)
        shape = report.value(result, SH.sourceShape)
        yield Problem(
            file=str(about),
            field=_named(graph, report.value(result, SH.resultPath)),
            what=str(report.value(result, SH.resultMessage)),
            example=str(_shapes().value(shape, SH.description) or ""),
        )


def _named(graph: Graph, path: Node | None) -> str:
    return "itself" if path is None else path.n3(graph.namespace_manager)


@cache
def _shapes() -> Graph:
    return Graph().parse(_SHAPES, format="turtle")
