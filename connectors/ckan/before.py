"""What stood in a CKAN before a release: kept so that it can be put back."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import BinaryIO
from urllib.parse import unquote

from connectors.ckan.client import Ckan
from connectors.ckan.resources import Document
from connectors.ckan.revising import Revision, revise
from connectors.ckan.shown import digest_of_file
from connectors.portal import Page
from schemas.errors import PortalRejected

_BLOCK = 1 << 20
# what CKAN tells of a dataset and takes from nobody
_OF_CKAN = frozenset({"metadata_modified", "metadata_created", "organization", "num_resources"})


@dataclass(frozen=True, slots=True)
class Before:
    """A dataset as it stood, with the bytes of each file, by resource, that a release changes."""

    document: Document
    files: Mapping[str, Callable[[], BinaryIO]]

    def stands(self, ckan: Ckan) -> bool:
        """Whether CKAN tells and gives what it did before."""
        shown = ckan.find("package_show", self.document["id"]) or {}
        if shown.get("metadata_modified") != self.document["metadata_modified"]:
            return False
        return all(self._gives(ckan, resource) for resource in shown["resources"])

    def put_back(self, ckan: Ckan) -> None:
        """Make CKAN tell and give it again."""
        told = {key: value for key, value in self.document.items() if key not in _OF_CKAN}
        resources = self.document.get("resources", [])
        held = {
            at: (name_of(each), self.files[each["id"]])
            for at, each in enumerate(resources)
            if each["id"] in self.files
        }
        revise(ckan, Revision({"id": self.document["id"]}, told, held))

    def _gives(self, ckan: Ckan, resource: Document) -> bool:
        known = str(resource.get("hash") or "")
        if resource["id"] not in self.files or not known:
            return resource["id"] not in self.files
        return digest_of_file(ckan, resource) == known


@dataclass(frozen=True, slots=True)
class Kept:
    """What stands, with the bytes that the wanted state takes away.

    They are put into the folder: those of an earlier version where one has them, and downloaded
    otherwise; a file that CKAN itself does not give any more has none.
    """

    ckan: Ckan
    page: Page
    folder: Path

    def before(self, wanted: Document, standing: Document) -> Before:
        """What stands before the wanted state is brought there."""
        stays = {each["id"]: _bytes(each) for each in wanted["resources"]}
        goes = [
            each
            for each in standing.get("resources", [])
            if each.get("url_type") == "upload" and stays.get(each["id"]) != _bytes(each)
        ]
        held = {each["id"]: self._kept(each) for each in goes}
        return Before(standing, {key: read for key, read in held.items() if read is not None})

    def _kept(self, resource: Document) -> Callable[[], BinaryIO] | None:
        path = self.folder / resource["id"]
        found = self._of_a_version(resource)
        if found is not None:
            # at once: where the versions rest may be out of reach when they are to be put back
            with found as source, path.open("wb") as target:
                shutil.copyfileobj(source, target, _BLOCK)
        elif not self._is_downloaded(resource, path):
            return None
        return partial(path.open, "rb")

    def _of_a_version(self, resource: Document) -> BinaryIO | None:
        return next(
            (
                self.page.open(release, each.name)
                for release in reversed(self.page.releases)
                for each in release.resources
                if release.retired_on is None
                and (f"sha256:{each.sha256}", each.size) == _bytes(resource)
            ),
            None,
        )

    def _is_downloaded(self, resource: Document, path: Path) -> bool:
        with contextlib.suppress(PortalRejected), path.open("wb") as stream:
            digest_of_file(self.ckan, resource, stream)
            return True
        return False


def name_of(resource: Document) -> str:
    """The name that a resource's download keeps."""
    return unquote(str(resource["url"]).rsplit("/", 1)[-1])


def _bytes(resource: Document) -> tuple[object, object]:
    # of a file that somebody else sent, CKAN notes the size and keeps the hash of before
    return resource.get("hash"), resource.get("size")
