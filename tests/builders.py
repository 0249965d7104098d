"""Small contracts, sites and drops, for tests in every room."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from connectors.store import Store
from gdpr.policy import effective
from pipelines.steps.land import land
from pipelines.steps.site import Site
from schemas.contract import Contract
from schemas.documents import parse, read_yaml
from schemas.municipality import Municipality
from schemas.policy import Policy
from schemas.reading import read_contract
from schemas.stages import Landed, Window

POLICIES = Path(__file__).parents[1] / "gdpr" / "policies"
NOVEMBER = Window(dt.date(2026, 11, 1), dt.date(2026, 11, 30))
_STANDARD = {
    "required",
    "primaryKey",
    "primaryKeyPosition",
    "partitioned",
    "physicalName",
    "classification",
    "logicalTypeOptions",
}
_EXTRAS = ("surprises", "operation", "source", "gate", "aggregate", "release")


def field(name: str, kind: str, **words: object) -> dict[str, Any]:
    """One property: ODCS words stand in it, all others become its custom properties."""
    own: dict[str, object] = {"description_nb": "Et felt."}
    own |= {"unit": "1"} if kind in ("integer", "number") else {}
    own |= {word: value for word, value in words.items() if word not in _STANDARD}
    standard = {word: value for word, value in words.items() if word in _STANDARD}
    return {
        "name": name,
        "logicalType": kind,
        "classification": "open",
        "description": "A field.",
        **standard,
        "customProperties": [{"property": w, "value": v} for w, v in own.items() if v is not None],
    }


def key(name: str, kind: str = "string", at: int = 1, **words: object) -> dict[str, Any]:
    """A field of the key."""
    return field(name, kind, required=True, primaryKey=True, primaryKeyPosition=at, **words)


def event(name: str = "observed_at", kind: str = "timestamp", **words: object) -> dict[str, Any]:
    """The field whose local day is the row's partition."""
    return field(name, kind, required=True, partitioned=True, **words)


SENSOR = key("sensor_id")
OBSERVED = event(primaryKey=True, primaryKeyPosition=2)
LEVEL = field("level_m", "number", logicalTypeOptions={"minimum": 0, "maximum": 10})


def document(*fields: dict[str, Any], **words: object) -> dict[str, Any]:
    """A contract's document; without fields: a sensor's level, observed at an instant."""
    extras: dict[str, Any] = {
        "surprises": "freeze",
        "operation": {"owner": "vann", "alarm_recipient": "vakt@example.no", "runbook": "docs/a"},
        **{word: words.pop(word) for word in _EXTRAS if word in words},
    }
    return {
        "apiVersion": "v3.1.0",
        "kind": "DataContract",
        "id": "urn:datasjo:readings",
        "name": "readings",
        "version": "1.0.0",
        "status": "active",
        "domain": "water",
        "description": {"purpose": "Readings of a test."},
        "team": {"name": "water", "members": [{"username": "vann", "role": "owner"}]},
        "support": [{"channel": "help", "url": "mailto:help@example.no"}],
        "slaProperties": [
            {"property": "frequency", "value": 10, "unit": "minutes"},
            {"property": "latency", "value": 5, "unit": "minutes"},
            {"property": "retention", "value": 5, "unit": "years"},
        ],
        "customProperties": [{"property": w, "value": v} for w, v in extras.items()],
        **{word: value for word, value in words.items() if word != "quality"},
        "schema": [
            {
                "name": words.get("name", "readings"),
                "properties": list(fields or (SENSOR, OBSERVED, LEVEL)),
                "quality": words.get("quality", []),
            }
        ],
    }


def contract(*fields: dict[str, Any], **words: object) -> Contract:
    """The contract of such a document, read as any other."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "readings.odcs.yaml"
        path.write_text(yaml.safe_dump(document(*fields, **words)), encoding="utf-8")
        return read_contract(path)


def policies() -> dict[str, Policy]:
    """The policies of the project, by name."""
    found = [parse(Policy, read_yaml(path), str(path)) for path in POLICIES.glob("*.yaml")]
    return {policy.policy: policy for policy in found}


def owner_document(**changes: object) -> dict[str, Any]:
    """A municipality's document: Stavanger's, without a binding."""
    return {
        "number": "1103",
        "name": {"nb": "Stavanger kommune"},
        "organisation_number": "964965226",
        "valid_from": "2020-01-01",
        "root": "root",
        "key": "env:KEY",
        "data_protection_officer": "personvernombud@example.no",
        "contact": "datadeling@example.no",
        **changes,
    }


# a partner of the municipalities, as a network names it
KOLUMBUS: dict[str, Any] = {
    "organisation": "kolumbus",
    "name": {"nb": "Kolumbus AS", "en": "Kolumbus"},
    "organisation_number": "982433215",
    "kind": "Company",
    "contact": "data@kolumbus.example.no",
}


def binding_document(dataset: str, source: Mapping[str, Any], **changes: object) -> dict[str, Any]:
    """A binding's document, to a source that holds no personal data."""
    return {
        "dataset": dataset,
        "source": dict(source),
        "schedule": "*/10 * * * *",
        "system": {
            "name": "drop",
            "owner": "vann",
            "responsible": "it",
            "personal_data": "none",
        },
        **changes,
    }


def site(folder: Path, bound: Contract | None = None, **source: object) -> Site:
    """The contract bound to the files in `folder`/drop, with its root beside them."""
    chosen = bound or contract()
    files = {"engine": "files", "url": f"{folder}/drop/*", **source}
    basis = {"article_6": "e", "purpose": "a test"}
    bindings = [binding_document(chosen.name, files, legal_basis=basis)]
    key_file = folder / "secret.key"
    folder.mkdir(parents=True, exist_ok=True)
    key_file.write_text("5e" * 32, encoding="ascii")
    written = owner_document(root=str(folder / "root"), key=str(key_file), bindings=bindings)
    owner = parse(Municipality, written, "1103.yaml")
    policy = effective("datasjo_baseline", policies())
    (folder / "drop").mkdir(exist_ok=True)
    store = Store.at(str(folder / "root"))
    return Site(owner, owner.binding(chosen.name), chosen, policy, store)


def landed(at: Site, content: bytes | str, name: str = "a.csv") -> Landed:
    """The content, dropped as a file of that name and landed."""
    drop = Path(at.binding.source.url).parent
    data = content.encode() if isinstance(content, str) else content
    (drop / name).write_bytes(data)
    [item] = land(at, NOVEMBER, "run")
    return item
