"""A release as one transaction: what stood before stands again where any of it fails."""

from __future__ import annotations

from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial

from connectors.ckan.before import Before, Kept
from connectors.ckan.clearing import clear
from connectors.ckan.client import Ckan
from connectors.ckan.datastore import DataStore
from connectors.ckan.failures import Refused
from connectors.ckan.resources import Document, File, files_of
from connectors.ckan.revising import Revision, revise
from connectors.ckan.sealing import is_anothers, seal, unsealed, untimed
from connectors.ckan.shown import Shown, digest_of_file, holds, owned
from connectors.ckan.viewing import Viewing
from connectors.portal import Page
from connectors.private import private_folder
from schemas.errors import PortalError, PortalRejected, StoreError

# files of one dataset that are read back
_AT_ONCE = 4
_FIRST = ("name", "title", "owner_org")


@dataclass(frozen=True, slots=True)
class Transaction:
    """A page brought to a CKAN as one.

    Files and metadata change together in one call, and are read back; then come the views, and the
    rows in one transaction of the DataStore's. Between these two a reader may see the new files
    beside the rows of before, for as long as the rows take. The last call tells when each file got
    its bytes, so that a dataset that lacks any of this is known; one that is not public yet, or no
    more, is hidden until then. Where anything fails, files, metadata and rows of before are put
    back; whoever is killed runs again.
    """

    ckan: Ckan
    page: Page
    wanted: Document
    datastore: DataStore | None
    viewing: Viewing

    def carry_out(self, standing: Document | None) -> None:
        """Bring the page to where that stands.

        Raises:
            PortalUnavailable: CKAN is down, slow or overloaded.
            PortalRejected: CKAN says no, or what was read back is not what was sent.
            StoreError: a file of the release cannot be read.
        """
        begun = standing or self._begin()
        with private_folder() as folder:
            before = Kept(self.ckan, self.page, folder).before(self.wanted, begun)
            try:
                self._bring(begun)
            except (PortalError, StoreError) as error:
                raise type(error)(f"{error}; {self._undone(before)}") from None

    def _begin(self) -> Document:
        first = {key: self.wanted[key] for key in _FIRST}
        try:
            begun: Document = self.ckan.ask("package_create", {**first, "state": "draft"})
        except Refused:
            # somebody may have made it since it was looked for
            found = Shown(self.ckan).of(self.wanted)
            if found is None:
                raise
            return found
        return owned(self.ckan, self.wanted, begun)

    def _bring(self, standing: Document) -> None:
        hidden = standing["state"] != "active"
        wanted = {**self.wanted, "state": "draft"} if hidden else self.wanted
        shown = standing
        if not holds(standing, wanted):
            stays = [each["id"] for each in wanted["resources"]]
            cleared = clear(self.ckan, standing, stays)
            self._drop_rows(standing, stays)
            shown = self._revise(wanted, cleared)
        self._read_back(untimed(wanted), shown)
        self.viewing.bring(new=not standing.get("resources"))
        if self.datastore is not None:
            self.datastore.bring(self.page)
        seal(self.ckan, self.wanted, shown)

    def _drop_rows(self, shown: Document, stays: Collection[str]) -> None:
        """Take the rows of its tables out of the DataStore, but for those resources' that stay."""
        for resource in shown.get("resources", []):
            if self.datastore is not None and resource["id"] not in stays:
                self.datastore.drop(resource["id"])

    def _revise(self, wanted: Document, standing: Document) -> Document:
        try:
            return revise(self.ckan, self._revision(wanted, standing))
        except PortalRejected:
            # somebody may have written to it since it was read
            now = Shown(self.ckan).of(wanted)
            if now is None or now["metadata_modified"] == standing["metadata_modified"]:
                raise
            return revise(self.ckan, self._revision(wanted, now))

    def _revision(self, wanted: Document, standing: Document) -> Revision:
        known = {each["id"]: each for each in standing.get("resources", [])}
        match = {key: standing[key] for key in ("id", "metadata_modified")}
        files = {
            at: (file.resource.name, partial(self.page.open, file.release, file.resource.name))
            for at, file in enumerate(self._files)
            if _is_to_be_sent(wanted["resources"][at], known)
        }
        return Revision(match, {**wanted, "resources": unsealed(wanted, standing)}, files)

    @property
    def _files(self) -> tuple[File, ...]:
        return files_of(self.page)

    def _read_back(self, wanted: Document, shown: Document) -> None:
        where = f"{self.ckan.url}: {wanted['name']}"
        if not holds(shown, wanted):
            raise PortalRejected(f"{where} was read back and is not what it was told")
        sent = [each for each in shown["resources"] if each["url_type"] == "upload"]
        with ThreadPoolExecutor(_AT_ONCE) as threads:
            for resource, same in zip(sent, threads.map(self._gives, sent), strict=True):
                if not same:
                    what = "was read back and is not what was sent"
                    raise PortalRejected(f"{where} {resource['name']} {what}")

    def _gives(self, resource: Document) -> bool:
        return digest_of_file(self.ckan, resource) == str(resource["hash"])

    def _undone(self, before: Before) -> str:
        """Put back what stood, as far as CKAN lets; what became of that."""
        shown = before.document["state"] == "active"
        try:
            if not shown:
                self._drop_rows(self.wanted, ())
            if not before.stands(self.ckan):
                before.put_back(self.ckan)
            if shown:
                self._put_rows_back(before.document.get("version"))
        except (PortalError, StoreError):
            return "what stood before could not be put back: release it again"
        return "what stood before stands"

    def _put_rows_back(self, version: str | None) -> None:
        releases = self.page.releases
        for at, release in enumerate(releases[:-1], start=1):
            if self.datastore is not None and release.version == version and not release.retired_on:
                self.datastore.bring(replace(self.page, releases=releases[:at]))


def _is_to_be_sent(resource: Document, known: dict[str, Document]) -> bool:
    held = known.get(resource["id"], {})
    # of a file that somebody else sent, CKAN notes the size and keeps the hash of before
    same = all(held.get(key) == resource[key] for key in ("hash", "size", "url_type"))
    return resource["url_type"] == "upload" and (not same or is_anothers(held, resource))
