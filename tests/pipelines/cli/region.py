"""A small region on disk, and the command line run on it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from typer.testing import CliRunner, Result

from pipelines.cli import app
from tests.builders import binding_document, document, owner_document
from tests.schemas.networks import Files, network

CANARY = "Kari-Kanarifugl"
HEADER = "sensor_id,observed_at,level_m\n"
GOOD = "s-1,2026-11-20T12:00:00Z,1\ns-2,2026-11-20T12:00:00Z,2\n"
BASIS = {"article_6": "e", "purpose": "a test"}
RELEASE = {
    "title": {"nb": "Vannstand", "en": "Water level"},
    "description": {"nb": "Vannstand i prøven.", "en": "Water level in the test."},
    "theme": ["ENVI"],
    "keyword": {"nb": ["vann"], "en": ["water"]},
    "license": "NLOD_2_0",
    "frequency": "CONT",
    "plot": "level_m",
}
APPROVAL = {"approved_by": "sjef", "approved_on": "2026-11-01", "organisation": "prove"}


def invoke(*words: str, env: Mapping[str, str] | None = None) -> Result:
    """The command line told those words, in this process."""
    return CliRunner().invoke(app, list(words), env=env)


@dataclass(frozen=True)
class Region:
    """A network of one municipality, 1103, with one dataset, readings, from files in drop/."""

    files: Files

    @property
    def folder(self) -> Path:
        return self.files.folder

    @property
    def root(self) -> Path:
        return self.folder / "root"

    def __call__(self, *words: str) -> Result:
        return invoke("--network", str(self.files.network), *words)

    def document(self, *words: str) -> dict[str, Any]:
        told: dict[str, Any] = json.loads(self(*words, "--json").stdout)
        return told

    def drop(self, text: str, name: str = "a.csv", encoding: str = "utf-8") -> Path:
        path = self.folder / "drop" / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(text.encode(encoding))
        return path

    def bind(self, *bindings: dict[str, Any], **changes: object) -> None:
        words = {"root": str(self.root), "key": str(self.folder / "secret.key"), **changes}
        self.files.owner(owner_document(bindings=list(bindings), **words))

    def source(self, **source: object) -> dict[str, Any]:
        told = {"engine": "files", "url": f"{self.folder}/drop/*", **source}
        return binding_document("readings", told, legal_basis=BASIS, release=APPROVAL)

    def contract(self, *fields: dict[str, Any], **words: object) -> Path:
        return self.files.contract(document(*fields, **{"release": RELEASE, **words}))

    def change(self, path: str, **words: object) -> Path:
        file = self.folder / path
        return self.files.write(path, {**yaml.safe_load(file.read_text()), **words})

    def rows(self) -> int:
        return int(self.document("status")["datasets"][0]["rows"])

    def kept(self, folder: str) -> list[Path]:
        """The files of the root under that folder, also those that were never finished."""
        found = (self.root / folder).rglob("*")
        return sorted(path for path in found if path.is_file())


def region(folder: Path) -> Region:
    """A region in which nothing is wrong and nothing has arrived."""
    root = {"root": str(folder / "portal"), "contact": "help@example.no"}
    title = {"title": {"nb": "Åpne data", "en": "Open data"}}
    made = Region(network(folder, portal=root | title))
    (folder / "secret.key").write_text("5e" * 32, encoding="ascii")
    (folder / "drop").mkdir()
    made.contract()
    made.bind(made.source())
    return made


def one_line(result: Result) -> str:
    """The one line on stderr of a command that failed as it should."""
    assert result.exit_code == 1, result.output
    assert "Traceback" not in result.output
    [line] = result.stderr.splitlines()
    return line
