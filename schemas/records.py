"""The states of a record as JSON documents, and back: sidecars, receipts and releases at rest."""

from __future__ import annotations

import json
from functools import cache
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from schemas.errors import StoreRejected

T = TypeVar("T")


def dump(record: object) -> dict[str, Any]:
    """A frozen record as a JSON document: instants ISO 8601 in UTC."""
    document: dict[str, Any] = json.loads(
        _adapter(type(record)).dump_json(record)  # type: ignore[arg-type]  # a class can be hashed
    )
    return document


def load(kind: type[T], document: object) -> T:
    """The record in a document; StoreRejected where the document is not one of its kind."""
    try:
        found: T = _adapter(kind).validate_json(  # type: ignore[arg-type]  # a class can be hashed
            json.dumps(document)
        )
    except ValidationError:
        raise StoreRejected(f"a stored {kind.__name__.lower()} cannot be read") from None
    return found


@cache
def _adapter(kind: type[Any]) -> TypeAdapter[Any]:
    return TypeAdapter(kind)
