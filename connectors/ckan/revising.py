"""One call that changes a dataset's metadata and files together, or nothing."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import BinaryIO

from connectors.ckan.client import Ckan, Upload
from connectors.ckan.resources import Document

_LISTS = ("resources", "tags", "extras")


@dataclass(frozen=True, slots=True)
class Revision:
    """What is to be where `match` holds, and the name and bytes of each file that changes.

    The files go by the place of their resource.
    """

    match: Mapping[str, str]
    update: Document
    files: Mapping[int, tuple[str, Callable[[], BinaryIO]]] = field(default_factory=dict)


def revise(ckan: Ckan, revision: Revision) -> Document:
    """Make the dataset what the revision says, and give what CKAN then shows.

    PortalError as Ckan raises it.
    """
    told: dict[str, object] = {
        "match": revision.match,
        # lists are merged place by place where the old ones are not taken away first
        "filter": [f"-{name}" for name in _LISTS],
        "update": revision.update,
    }
    if not revision.files:
        return _shown(ckan.ask("package_revise", told))
    with contextlib.ExitStack() as opened:
        files = {
            f"update__resources__{at}__upload": Upload(name, opened.enter_context(read()))
            for at, (name, read) in revision.files.items()
        }
        texts = {key: json.dumps(value) for key, value in told.items()}
        return _shown(ckan.send("package_revise", texts, files))


def amend(ckan: Ckan, match: Document, update: Document) -> Document:
    """Change those parts alone where `match` holds, and give what CKAN then shows.

    Lists are changed place by place. PortalError as Ckan raises it.
    """
    return _shown(ckan.ask("package_revise", {"match": match, "update": update}))


def _shown(answer: object) -> Document:
    shown = answer.get("package") if isinstance(answer, dict) else None
    return shown if isinstance(shown, dict) else {}
