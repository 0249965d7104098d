"""Municipalities with datasets about persons, as records are made of them."""

from __future__ import annotations

import dataclasses
from typing import Any

from gdpr.policy import Effective, effective
from gdpr.records.ropa import Held
from schemas.contract import Contract
from schemas.documents import parse
from schemas.municipality import Municipality
from schemas.stages import Pseudonymised
from tests.builders import (
    binding_document,
    contract,
    event,
    field,
    key,
    owner_document,
    policies,
)

BASIS: dict[str, Any] = {
    "article_6": "e",
    "law": "forurensningsloven § 24",
    "purpose": "drain maintenance",
    "use": "municipal.planning",
}
GRANT: dict[str, Any] = {
    "recipient": "1108",
    "dataset": "readings",
    "columns": ["age"],
    "purpose": "flood warning",
    "legal_basis": {"article_6": "e", "purpose": "flood warning"},
    "expires": "2028-12-31",
}


def about(name: str, kind: str, mask: dict[str, Any], **words: object) -> dict[str, Any]:
    """A field about an inhabitant."""
    told = {
        "classification": "personal",
        "purpose": "drain maintenance",
        "category": "user.name",
        "subject": "inhabitant",
        **words,
    }
    return field(name, kind, mask=mask, **told)


PERSON = about(
    "person_id",
    "string",
    {"use": "pseudonym", "domain": "person"},
    classification="identifier",
    category="user.government_id.national_identification_number",
)
AGE = about("age", "integer", {"use": "round", "width": 5}, category="user.demographic.age_range")
NAME = about("name", "string", {"use": "drop"})
ILL = about(
    "ill", "string", {"use": "drop"}, classification="special", category="user.health_and_medical"
)


def persons(*fields: dict[str, Any], **words: Any) -> Contract:  # noqa: ANN401 - words of YAML
    """A contract with those fields beside a key and an event."""
    return contract(key("sensor_id", classification="internal"), event(), *fields, **words)


def declared(
    bound: Contract, grants: tuple[dict[str, Any], ...] = (), **binding: object
) -> tuple[Municipality, Held]:
    """The municipality that binds the contract so, and what is held of it."""
    written = binding_document(bound.name, {"engine": "files", "url": "x"}, **binding)
    document = owner_document(bindings=[written], grants=list(grants))
    owner = parse(Municipality, document, "1103.yaml")
    return owner, Held(owner.name.nb, bound, owner.binding(bound.name))


def keyed(held: Held) -> Held:
    """The same, with what a table records of its pseudonyms."""
    return dataclasses.replace(
        held, pseudonyms={"person_id": Pseudonymised("AES-CMAC", "00ff00ff00ff00ff", 2)}
    )


def baseline() -> Effective:
    """The policy of the project that all others extend."""
    return effective("datasjo_baseline", policies())
