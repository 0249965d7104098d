"""A CKAN as the portal: a dataset's files, metadata, rows and views change as one."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from connectors.ckan.client import Ckan
from connectors.ckan.datastore import DataStore
from connectors.ckan.described import Document, described
from connectors.ckan.resources import Linking
from connectors.ckan.shown import Read, Shown, has_rows, holds
from connectors.ckan.transaction import Transaction
from connectors.ckan.viewing import Viewing
from connectors.portal import Page, slug_of


@dataclass(frozen=True, slots=True)
class CkanPortal:
    """Released datasets on a CKAN, one dataset each, under the organisation that approved them.

    `home` is the public address of the static portal, where there is one: files above `largest`
    bytes are linked to there. `read` is what was read for many datasets in a row.
    """

    ckan: Ckan
    datastore: DataStore | None = None
    home: str | None = None
    largest: int | None = None
    read: Read | None = None

    @property
    def contacts(self) -> tuple[str, ...]:
        """None: CKAN shows those of a dataset alone."""
        return ()

    def pages(self, page: Page) -> Mapping[str, bytes]:
        """What CKAN would be told of the dataset; nothing is written.

        Raises:
            ConfigurationError: a file must be linked to and the portal has no public address.
        """
        return {"package.json": json.dumps(self._wanted(page), ensure_ascii=False).encode()}

    @contextlib.contextmanager
    def together(self) -> Iterator[CkanPortal]:
        """The portal for many datasets in a row: what stands is read at once.

        CKAN's search tells a municipality's datasets when its first one is published.
        """
        yield replace(self, read=Read(self.ckan, self.datastore))

    def publish(self, page: Page) -> None:
        """Show the dataset as `page` tells it; the same page twice writes nothing.

        Where it fails, what stood before stands again.

        Raises:
            ConfigurationError: a file must be linked to and the portal has no public address.
            PortalUnavailable: CKAN is down, slow or overloaded.
            PortalRejected: CKAN says no, another organisation has the name, or a file was read
                back and is not what was sent.
            StoreError: a file of the release cannot be read.
        """
        wanted = self._wanted(page)
        if self.read is not None and self.read.says(page, wanted):
            return
        standing = Shown(self.ckan).of(wanted)
        if standing is not None and holds(standing, wanted) and self._has_rows(page):
            Viewing(self.ckan, page, self.home).bring()
        else:
            Transaction(self.ckan, page, wanted, self.datastore, self.home).carry_out(standing)
        if self.read is not None:
            self.read.forget(wanted)

    def withdraw(self, municipality: str, dataset: str) -> None:
        """Show the dataset and its rows no more; nothing happens where it is not shown."""
        known = self.ckan.find("package_show", slug_of(municipality, dataset))
        if known is None or known["state"] == "deleted":
            return
        if self.datastore is not None:
            for resource in known["resources"]:
                self.datastore.drop(resource["id"])
        self.ckan.ask("package_delete", {"id": known["id"]})

    def _wanted(self, page: Page) -> Document:
        return described(page, Linking(self.ckan.url, self.home, self.largest))

    def _has_rows(self, page: Page) -> bool:
        return self.datastore is None or has_rows(page, self.datastore.standing())
