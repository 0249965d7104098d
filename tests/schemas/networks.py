"""A network of files in a temporary folder, changed as a test needs it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from schemas.catalog import load_catalog
from schemas.errors import ConfigurationError, Problem
from tests.builders import POLICIES, binding_document, document, owner_document

FILES = {"engine": "files", "url": "drop/*.csv"}


@dataclass(frozen=True)
class Files:
    """The folder of a network: contracts, municipalities and the network's own file."""

    folder: Path

    @property
    def network(self) -> Path:
        return self.folder / "network.yaml"

    def write(self, path: str, content: object) -> Path:
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        text = content if isinstance(content, str) else yaml.safe_dump(content, sort_keys=False)
        file.write_text(text, encoding="utf-8")
        return file

    def contract(self, written: dict[str, Any]) -> Path:
        return self.write(f"datasets/{written['name']}.odcs.yaml", written)

    def owner(self, written: dict[str, Any]) -> Path:
        return self.write(f"municipalities/{written['number']}.yaml", written)

    def problems(self) -> list[Problem]:
        try:
            load_catalog(self.network)
        except ConfigurationError as error:
            return error.problems
        return []

    def lines(self) -> list[str]:
        return [f"{Path(p.file).name}: {p.field}: {p.what}" for p in self.problems()]


def network(folder: Path, **changes: object) -> Files:
    """A network of one municipality with one dataset, in which nothing is wrong."""
    files = Files(folder)
    files.write(
        "network.yaml",
        {
            "network": "test",
            "name": {"nb": "Prøve", "en": "Test"},
            "datasets": "datasets",
            "policies": str(POLICIES),
            "policy": "datasjo_baseline",
            "portal": {
                "root": "portal",
                "title": {"nb": "Åpne data", "en": "Open data"},
                "contact": "help@example.no",
            },
            **changes,
        },
    )
    files.contract(document())
    files.owner(owner_document(bindings=[binding_document("readings", FILES)]))
    return files
