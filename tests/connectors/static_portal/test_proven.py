from __future__ import annotations

import json
from pathlib import Path

import pytest
from rdflib import Graph

from connectors.dcat import catalogue
from connectors.dcat.conformance import shortfalls
from connectors.static_portal import portal as shown_by
from connectors.static_portal.portal import StaticPortal
from connectors.store import Store
from schemas.errors import Problem
from schemas.model import Bilingual
from schemas.network import PortalSite
from tests.connectors.static_portal.shown import page

ENTRY = "entries/1103-parking_occupancy.json"
TURTLE = "datasets/1103-parking_occupancy/dataset.ttl"
SITE = PortalSite(
    root="unused", title=Bilingual(nb="Åpne data", en="Open data"), contact="data@example.no"
)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    StaticPortal(Store.at(str(tmp_path)), SITE).publish(page())
    return tmp_path


@pytest.fixture
def judged(root: Path, monkeypatch: pytest.MonkeyPatch) -> list[Graph]:
    assert root.exists()
    graphs: list[Graph] = []

    def seen(graph: Graph) -> list[Problem]:
        graphs.append(graph)
        return shortfalls(graph)

    monkeypatch.setattr(catalogue, "shortfalls", seen)
    # as another process finds it
    catalogue._prove.cache_clear()
    return graphs


def test_metadata_that_stand_are_not_proven_again(root: Path, judged: list[Graph]) -> None:
    StaticPortal(Store.at(str(root)), SITE).publish(page())
    assert judged == []


def test_metadata_are_proven_again_under_other_shapes(
    root: Path, judged: list[Graph], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shown_by, "shapes_digest", lambda: "other")
    StaticPortal(Store.at(str(root)), SITE).publish(page())
    assert len(judged) == 1
    assert json.loads((root / ENTRY).read_text(encoding="utf-8"))["shapes"] == "other"


def test_metadata_that_somebody_changed_are_proven_and_mended(
    root: Path, judged: list[Graph]
) -> None:
    standing = (root / TURTLE).read_bytes()
    (root / TURTLE).write_bytes(standing.replace(b"Stavanger", b"Sandnes"))
    StaticPortal(Store.at(str(root)), SITE).publish(page())
    assert len(judged) == 1
    assert (root / TURTLE).read_bytes() == standing


def test_metadata_are_proven_where_one_document_is_gone(root: Path, judged: list[Graph]) -> None:
    (root / TURTLE).unlink()
    StaticPortal(Store.at(str(root)), SITE).publish(page())
    assert len(judged) == 1
    assert (root / TURTLE).exists()
