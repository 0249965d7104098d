"""A hall's visits, with persons in them, and people who do not exist."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa

from connectors.static_portal.portal import StaticPortal
from connectors.store import Store
from gdpr.subject import Subject
from pipelines.demo.persons import synthetic_number
from pipelines.steps.land import land
from pipelines.steps.quarantine import quarantined
from pipelines.steps.refine import refine
from pipelines.steps.rights.erase import Erasure, erase
from pipelines.steps.rights.listed import LIST
from pipelines.steps.site import Site
from schemas.contract import Contract
from schemas.municipality import Approval
from schemas.network import PortalSite
from schemas.stages import Receipt
from tests.builders import NOVEMBER, contract, event, field, key, site

NOW = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)
NUMBER = "user.government_id.national_identification_number"
_TOLD: dict[str, Any] = {"purpose": "opening hours", "subject": "visitor"}
_IDENTIFIER = {"classification": "identifier", **_TOLD}
HEADER = "visit_id,at,person_id,phone,email,hall"


@dataclass(frozen=True)
class Visitor:
    """Somebody who does not exist."""

    number: str
    phone: str
    email: str

    @property
    def subject(self) -> Subject:
        text = f"national_id: {self.number}\nphone: {self.phone}\nemail: {self.email}\n"
        return Subject.of(text)

    @property
    def traces(self) -> tuple[bytes, ...]:
        return (self.number.encode(), self.phone.encode(), self.email.encode())


def visitor(at: int) -> Visitor:
    born = dt.date(1970, 1, 1) + dt.timedelta(days=at)
    return Visitor(synthetic_number(born, at), f"4901{at:04d}", f"gjest{at}@example.no")


KARI, OLA, PER = visitor(1), visitor(2), visitor(3)


def visits(**words: object) -> Contract:
    dropped = {"mask": {"use": "drop"}, **_IDENTIFIER}
    return contract(
        key("visit_id"),
        event("at"),
        field(
            "person_id",
            "string",
            mask={"use": "pseudonym", "domain": "person"},
            category=NUMBER,
            logicalTypeOptions={"pattern": "^[0-9]{11}$"},
            **_IDENTIFIER,
        ),
        field("phone", "string", category="user.contact.phone_number", **dropped),
        field("email", "string", category="user.contact.email", **dropped),
        field("hall", "string"),
        **{"gate": {"max_rejected_percent": 100}, **words},
    )


def released() -> dict[str, object]:
    words = {"nb": "Besøk", "en": "Visits"}
    return {
        "title": words,
        "description": words,
        "theme": ["EDUC"],
        "keyword": {"nb": ["besøk"], "en": ["visits"]},
        "license": "CC0_1_0",
        "frequency": "DAILY",
    }


def row(at: int, who: Visitor | None, hall: str = "A", *, day: int = 20) -> str:
    number, phone, email = (who.number, who.phone, who.email) if who else ("", "", "")
    return f"{at},2026-11-{day}T10:00:00Z,{number},{phone},{email},{hall}"


def without_number(who: Visitor) -> Visitor:
    return Visitor("", f"+47 {who.phone[:4]} {who.phone[4:]}", "")


def with_short_number(who: Visitor) -> Visitor:
    return Visitor(who.number[:10], who.phone, who.email)


@dataclass(frozen=True)
class Hall:
    """The hall's drop, its root and its portal."""

    folder: Path
    site: Site

    @classmethod
    def at(cls, folder: Path, bound: Contract | None = None, **source: object) -> Hall:
        return cls(folder, site(folder, bound or visits(), **source))

    @property
    def portal(self) -> StaticPortal:
        shown = PortalSite.model_validate(
            {
                "root": "portal",
                "title": {"nb": "Portal", "en": "Portal"},
                "contact": "datadeling@example.no",
            }
        )
        return StaticPortal(Store.at(str(self.folder / "portal")), shown)

    def drops(self, name: str, rows: Sequence[str]) -> None:
        text = "\n".join([HEADER, *rows, ""])
        (self.folder / "drop" / name).write_text(text, encoding="utf-8")

    def run(self) -> Receipt | None:
        land(self.site, NOVEMBER, "run")
        return refine(self.site)

    def erase(self, who: Visitor) -> Erasure:
        return erase([self.site], [who.subject], lambda: self.portal, NOW)

    def halls(self) -> dict[str, str]:
        if self.site.lake.snapshot().version < 0:
            return {}
        found = self.site.lake.scan().select("visit_id", "hall").collect()
        return dict(found.sort("visit_id").iter_rows())

    def rejected(self) -> list[tuple[object, ...]]:
        return [line for frame in quarantined(self.site) for line in frame.rows()]

    def files(self) -> dict[str, bytes]:
        store = self.site.store
        return {path: store.read(path) for path in store.find("")}

    @property
    def listed(self) -> str:
        return self.site.store.find(LIST)[-1]

    def pseudonyms(self) -> pl.Series:
        return self.site.lake.scan().collect()["person_id"].drop_nulls()


def approved(hall: Hall) -> Hall:
    approval = Approval(approved_by="a", approved_on=dt.date(2026, 11, 1), organisation="halls")
    binding = hall.site.binding.model_copy(update={"release": approval})
    owner = hall.site.municipality.model_copy(update={"bindings": (binding,)})
    return Hall(hall.folder, dataclasses.replace(hall.site, municipality=owner, binding=binding))


def holding(files: dict[str, bytes], traces: Sequence[bytes]) -> Iterator[str]:
    """The files in whose bytes, plain or decoded, one of the traces is."""
    for path, content in files.items():
        if any(trace in decoded(path, content) for trace in traces):
            yield path


def decoded(path: str, content: bytes) -> bytes:
    if path.endswith(".parquet"):
        return content + pl.read_parquet(content).write_ndjson().encode()
    if path.endswith(".arrow"):
        with pa.ipc.open_stream(content) as reader:
            return content + str(reader.read_all().to_pylist()).encode()
    return content
