"""A town with a library: one dataset with persons in it, from a folder of files to the open."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from pipelines.steps.land import land
from pipelines.steps.portal import open_portal
from pipelines.steps.refine import refine
from pipelines.steps.release import release
from pipelines.steps.site import Site, open_network, sites
from schemas.stages import Receipt, Release, Window
from tests.builders import (
    POLICIES,
    binding_document,
    document,
    event,
    field,
    key,
    owner_document,
)

HEADER = "Lån;Utlånt;Låner;Alder;Tittel;Dager"
NOVEMBER = Window(dt.date(2026, 11, 1), dt.date(2026, 11, 30))
_WALL = {"zone": "Europe/Oslo", "fold": "earlier", "format": ["%d.%m.%Y %H:%M"]}
_PERSON: dict[str, Any] = {
    "classification": "personal",
    "purpose": "planning of opening hours",
    "category": "user.account",
    "subject": "inhabitant",
}
_BASIS = {"article_6": "e", "law": "folkebibliotekloven § 1", "purpose": "lending"}
_WORDS = {"nb": "Utlån", "en": "Loans"}
_LOANS = document(
    key("loan_id", physicalName="Lån"),
    event("lent_at", physicalName="Utlånt", source=_WALL),
    field("borrower_id", "string", physicalName="Låner", mask={"use": "pseudonym"}, **_PERSON),
    field(
        "borrower_age",
        "integer",
        physicalName="Alder",
        unit="a",
        mask={"use": "generalise", "bands": [18, 67]},
        **_PERSON,
    ),
    field("title", "string", physicalName="Tittel", required=True),
    field(
        "lent_days",
        "integer",
        physicalName="Dager",
        unit="d",
        logicalTypeOptions={"minimum": 1, "maximum": 90},
    ),
    name="loans",
    source={"format": "csv", "separator": ";", "encoding": "cp1252"},
    gate={"max_rejected_percent": 40},
    release={
        "title": _WORDS,
        "description": _WORDS,
        "theme": ["EDUC"],
        "keyword": {"nb": ["utlån"], "en": ["loans"]},
        "license": "CC0_1_0",
        "frequency": "DAILY",
        "plot": "lent_days",
    },
)


@dataclass(frozen=True)
class Library:
    """The library's drop, and the network that its loans go through."""

    folder: Path

    @property
    def site(self) -> Site:
        [site] = sites(open_network(self.folder / "network.yaml"))
        return site

    def drops(self, name: str, *lines: str) -> Path:
        path = self.folder / "drop" / name
        path.write_text("\n".join([HEADER, *lines, ""]), encoding="cp1252")
        return path

    def run(self) -> Receipt | None:
        land(self.site, NOVEMBER, "run")
        return refine(self.site)

    def loans(self) -> list[dict[str, Any]]:
        return self.site.lake.scan().sort("loan_id").collect().rows(named=True)

    def opens(self, hour: int) -> Release:
        portal = open_portal(open_network(self.folder / "network.yaml"))
        return release(self.site, portal, dt.datetime(2026, 11, 22, hour, tzinfo=dt.UTC))

    def texts(self, *folders: str) -> str:
        """Everything that stands under those folders, as far as it is text."""
        files = (path for name in folders for path in (self.folder / name).rglob("*"))
        return "\n".join(p.read_bytes().decode("latin-1") for p in files if p.is_file())


def library(folder: Path) -> Library:
    """A library whose loans have not been fetched yet."""
    (folder / "drop").mkdir(parents=True)
    (folder / "secret.key").write_text("5e" * 32, encoding="ascii")
    drop = {"engine": "files", "url": f"{folder}/drop/*.csv", "rename_when_done": ".done"}
    approval = {
        "approved_by": "biblioteksjef",
        "approved_on": "2026-11-01",
        "organisation": "ab",
    }
    loans = binding_document("loans", drop, legal_basis=_BASIS, release=approval)
    words = {"nb": "Prøve", "en": "Test"}
    _write(folder / "datasets" / "loans.odcs.yaml", _LOANS)
    _write(
        folder / "municipalities" / "1103.yaml",
        owner_document(root=str(folder / "root"), key=str(folder / "secret.key"), bindings=[loans]),
    )
    _write(
        folder / "network.yaml",
        {
            "network": "library",
            "name": words,
            "datasets": "datasets",
            "policies": str(POLICIES),
            "policy": "datasjo_baseline",
            "portal": {"root": str(folder / "portal"), "title": words, "contact": "a@example.no"},
        },
    )
    return Library(folder)


def many(count: int) -> Sequence[str]:
    """Loans through November, one an hour, each with a number of its own."""
    start = dt.datetime(2026, 11, 1, tzinfo=dt.UTC)
    times = (start + dt.timedelta(hours=at % 700) for at in range(count))
    return [f"{at};{t:%d.%m.%Y %H:%M};15877600065;40;Bok;14" for at, t in enumerate(times)]


def _write(path: Path, content: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
