"""A CKAN as the portal: a dataset's files and metadata change together, in one call."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from connectors.ckan.client import Ckan, Upload
from connectors.ckan.datastore import DataStore
from connectors.ckan.described import Document, dataset_id, described
from connectors.portal import Page
from schemas.errors import PortalRejected

_LISTS = ("resources", "tags", "extras")


@dataclass(frozen=True, slots=True)
class CkanPortal:
    """Released datasets on a CKAN, one dataset each, under the organisation that approved them."""

    ckan: Ckan
    datastore: DataStore | None = None

    @property
    def contacts(self) -> tuple[str, ...]:
        """None: CKAN shows those of a dataset alone."""
        return ()

    def pages(self, page: Page) -> Mapping[str, bytes]:
        """What CKAN would be told of the dataset; nothing is written."""
        return {"package.json": json.dumps(described(page), ensure_ascii=False).encode()}

    def together(self) -> contextlib.AbstractContextManager[CkanPortal]:
        """The portal for many datasets in a row."""
        return contextlib.nullcontext(self)

    def publish(self, page: Page) -> None:
        """Show the dataset as `page` tells it; the same page twice writes nothing.

        Raises:
            PortalUnavailable: CKAN is down, slow or overloaded.
            PortalRejected: CKAN says no, another organisation has the name, or a file was read
                back and is not what was sent.
        """
        wanted = described(page)
        standing = self._standing(wanted)
        if standing is None or not _is(wanted, standing):
            self._show(page, wanted, standing)
        if self.datastore is not None:
            self.datastore.bring(page)

    def withdraw(self, municipality: str, dataset: str) -> None:
        """Show the dataset no more; nothing happens where it is not shown."""
        known = self.ckan.find("package_show", dataset_id(municipality, dataset))
        if known is not None and known["state"] != "deleted":
            self.ckan.ask("package_delete", {"id": known["id"]})

    def _show(self, page: Page, wanted: Document, standing: Document | None) -> None:
        if standing is None:
            first = {key: wanted[key] for key in ("id", "name", "title", "owner_org")}
            standing = self.ckan.ask("package_create", {**first, "state": "draft"})
        self._revise(page, wanted, standing)
        self._read_back(wanted)

    def _standing(self, wanted: Document) -> Document | None:
        """What CKAN has under the dataset's name, as long as it is its owner's."""
        known: Document | None = self.ckan.find("package_show", wanted["name"])
        if known is None:
            known = self.ckan.find("package_show", wanted["id"])
        if known is None:
            return None
        owner = (known.get("organization") or {}).get("name")
        if owner != wanted["owner_org"] or known["id"] != wanted["id"]:
            where = f"{self.ckan.url}: {wanted['name']}"
            raise PortalRejected(f"{where} is another dataset there; give it another name")
        return known

    def _revise(self, page: Page, wanted: Document, standing: Document) -> None:
        changed = _changed(wanted["resources"], standing.get("resources", []))
        told = {
            "match": {"id": standing["id"], "metadata_modified": standing["metadata_modified"]},
            # lists are merged place by place where the old ones are not taken away first
            "filter": [f"-{name}" for name in _LISTS],
            "update": {**wanted, "resources": _carrying_over(wanted, standing)},
        }
        with contextlib.ExitStack() as opened:
            files = {
                f"update__resources__{at}__upload": Upload(
                    name, opened.enter_context(page.open(page.newest, name))
                )
                for at, name in changed.items()
            }
            if files:
                words = {name: json.dumps(word) for name, word in told.items()}
                self.ckan.send("package_revise", words, files)
            else:
                self.ckan.ask("package_revise", told)

    def _read_back(self, wanted: Document) -> None:
        shown = self.ckan.find("package_show", wanted["id"]) or {}
        if not _is(wanted, shown):
            raise PortalRejected(f"{self.ckan.url}: {wanted['name']} is not what it was told")
        for resource in shown["resources"]:
            if f"sha256:{self.ckan.digest(resource['url'])}" != resource["hash"]:
                where = f"{self.ckan.url}: {wanted['name']} {resource['name']}"
                raise PortalRejected(f"{where} was read back and is not what was sent")


def _is(wanted: Document, standing: Mapping[str, Any]) -> bool:
    """Whether CKAN holds all that is wanted, whatever else it adds."""
    plain = ("id", "name", "title", "notes", "state", "private", "license_id", "version")
    people = ("author", "maintainer", "maintainer_email")
    if any(standing.get(key) != wanted[key] for key in (*plain, *people)):
        return False
    return (
        [tag["name"] for tag in standing.get("tags", [])] == [t["name"] for t in wanted["tags"]]
        and _pairs(standing.get("extras", [])) == _pairs(wanted["extras"])
        and not _differing(wanted["resources"], standing.get("resources", []))
        and len(standing.get("resources", [])) == len(wanted["resources"])
    )


def _carrying_over(wanted: Document, standing: Document) -> list[Document]:
    """The wanted resources with what CKAN itself has noted of them."""
    known = {resource["id"]: resource for resource in standing.get("resources", [])}
    return [{**known.get(each["id"], {}), **each} for each in wanted["resources"]]


def _pairs(extras: Sequence[Mapping[str, str]]) -> dict[str, str]:
    return {extra["key"]: extra["value"] for extra in extras}


def _differing(wanted: Sequence[Document], standing: Sequence[Document]) -> list[str]:
    known = {resource["id"]: resource for resource in standing}
    return [
        each["name"]
        for each in wanted
        if any(
            known.get(each["id"], {}).get(key) != value
            for key, value in each.items()
            if key != "url"
        )
    ]


def _changed(wanted: Sequence[Document], standing: Sequence[Document]) -> dict[int, str]:
    """The place and name of each file whose bytes CKAN does not have yet."""
    known = {resource["id"]: resource.get("hash") for resource in standing}
    return {
        at: each["name"] for at, each in enumerate(wanted) if known.get(each["id"]) != each["hash"]
    }
