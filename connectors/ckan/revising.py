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


def revise(ckan: Ckan, revision: Revision) -> None:
    """Make the dataset what the revision says; PortalError as Ckan raises it."""
    told: dict[str, object] = {
        "match": revision.match,
        # lists are merged place by place where the old ones are not taken away first
        "filter": [f"-{name}" for name in _LISTS],
        "update": revision.update,
    }
    if not revision.files:
        ckan.ask("package_revise", told)
        return
    with contextlib.ExitStack() as opened:
        files = {
            f"update__resources__{at}__upload": Upload(name, opened.enter_context(read()))
            for at, (name, read) in revision.files.items()
        }
        ckan.send("package_revise", {key: json.dumps(value) for key, value in told.items()}, files)
