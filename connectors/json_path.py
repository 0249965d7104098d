"""Places in a JSON document: a key as it stands, or names joined by dots."""

from __future__ import annotations

from enum import Enum
from typing import Any


class Nowhere(Enum):
    """What stands at a path that a document does not have; null is a value."""

    NOWHERE = "nowhere"


NOWHERE = Nowhere.NOWHERE


def find(document: Any, path: str) -> Any:  # noqa: ANN401 - a source's JSON has no shape yet
    """The value at `path`, or NOWHERE; a key that itself holds dots goes before a path."""
    if not isinstance(document, dict):
        return NOWHERE
    if path in document:
        return document[path]
    head, dot, rest = path.partition(".")
    return find(document[head], rest) if dot and head in document else NOWHERE


def records(document: Any, path: str | None) -> list[Any]:  # noqa: ANN401 - as above
    """The records at `path`, or the document's own: an object alone is one, null is none.

    Raises:
        LookupError: there is nothing at `path`.
    """
    found = document if path is None else find(document, path)
    if found is NOWHERE:
        raise LookupError(path)
    if isinstance(found, list):
        return found
    return [] if found is None else [found]
