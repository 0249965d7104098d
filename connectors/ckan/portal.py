"""A CKAN as the portal: a dataset's files, metadata, rows and views change as one."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from connectors.ckan.clearing import clear
from connectors.ckan.client import Ckan
from connectors.ckan.customs import Customs
from connectors.ckan.datastore import DataStore
from connectors.ckan.described import described
from connectors.ckan.resources import Document, Linking
from connectors.ckan.shown import Read, Shown, has_rows, holds, standing_tables
from connectors.ckan.transaction import Transaction
from connectors.ckan.viewing import Viewing
from connectors.portal import Page, slug_of


@dataclass(frozen=True, slots=True)
class CkanPortal:
    """Released datasets on a CKAN, one dataset each, under the organisation that approved them.

    `home` is the public address of the static portal, where there is one: files above `largest`
    bytes are linked to there. Rows are brought where that CKAN has its DataStore switched on.
    `read` is what was read for many datasets in a row, `customs` what is known of the CKAN.
    """

    ckan: Ckan
    datastore: DataStore | None = None
    home: str | None = None
    largest: int | None = None
    read: Read | None = None
    customs: Customs = field(default_factory=Customs, repr=False, compare=False)

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
        customs = Customs()
        read = Read(self.ckan, self.datastore, customs)
        yield replace(self, read=read, customs=customs)

    def publish(self, page: Page) -> None:
        """Show the dataset as `page` tells it; the same page twice writes nothing.

        Where it fails, what stood before stands again.

        Raises:
            ConfigurationError: a file must be linked to and the portal has no public address.
            PortalUnavailable: CKAN is down, slow or overloaded.
            PortalRejected: CKAN says no, another organisation has the name, or a file was read
                back and is not what was sent, or the database of a DataStore is named and that
                CKAN has none.
            StoreError: a file of the release cannot be read.
        """
        wanted = self._wanted(page)
        if self.read is not None and self.read.says(page, wanted):
            return
        standing = self._standing(page, wanted)
        viewing = Viewing(self.ckan, page, self.home, self.customs)
        if standing is not None and holds(standing, wanted) and self._has_rows(page):
            viewing.bring()
        else:
            rows = self.customs.rows(self.ckan, self.datastore)
            Transaction(self.ckan, page, wanted, rows, viewing).carry_out(standing)

    def withdraw(self, municipality: str, dataset: str) -> None:
        """Show the dataset, its files and its rows no more; nothing where it is not shown."""
        known = self.ckan.find("package_show", slug_of(municipality, dataset))
        if known is None or known["state"] == "deleted":
            return
        rows = self.customs.rows(self.ckan, self.datastore)
        clear(self.ckan, known)
        if rows is not None:
            for resource in known["resources"]:
                rows.drop(resource["id"])
        self.ckan.ask("package_delete", {"id": known["id"]})

    def _wanted(self, page: Page) -> Document:
        return described(page, Linking(self.ckan.url, self.home, self.largest))

    def _standing(self, page: Page, wanted: Document) -> Document | None:
        if self.read is None:
            return Shown(self.ckan).of(wanted)
        lacking = self.read.lacks(page, wanted)
        # whatever comes of it, it may be another one after this
        self.read.forget(wanted)
        return Shown(self.ckan).by_file(wanted) if lacking else Shown(self.ckan).of(wanted)

    def _has_rows(self, page: Page) -> bool:
        tables = standing_tables(self.ckan, self.datastore, self.customs)
        return tables is None or has_rows(page, tables)
