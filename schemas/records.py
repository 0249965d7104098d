"""The states of a record as JSON documents, and back: sidecars, receipts and releases at rest."""

from __future__ import annotations

import json
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from schemas.errors import StoreRejected

T = TypeVar("T")


def dump(record: object) -> dict[str, Any]:
    """A frozen record as a JSON document: instants ISO 8601 in UTC."""
    document: dict[str, Any] = json.loads(TypeAdapter(type(record)).dump_json(record))
    return document


def load(kind: type[T], document: object) -> T:
    """The record in a document; StoreRejected where the document is not one of its kind."""
    try:
        return TypeAdapter(kind).validate_json(json.dumps(document))
    except ValidationError:
        raise StoreRejected(f"a stored {kind.__name__.lower()} cannot be read") from None
