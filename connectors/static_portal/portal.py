"""The static portal: a root that any web server, or none, can show."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from connectors.dcat.catalogue import Described, Documents, described
from connectors.dcat.conformance import shapes_digest
from connectors.dcat.facts import Api, no_apis
from connectors.portal import Page, slug_of
from connectors.static_portal.change_files import change_files
from connectors.static_portal.dataset_page import dataset_page
from connectors.static_portal.entry import Entry, entry_path, folder_path
from connectors.static_portal.feed import Feed
from connectors.static_portal.files import Files
from connectors.static_portal.front import Front, write_changed
from connectors.static_portal.render import file_of
from connectors.static_portal.words import LANGS
from connectors.store import Store
from schemas.network import PortalSite
from schemas.records import dump


@dataclass(frozen=True, slots=True)
class StaticPortal:
    """Released datasets as plain files under a root: index.html and datasets/<number>-<name>/.

    Every file appears whole; one whose bytes would be the same is left alone. A dataset's entry
    is written after its files and its page, and the start page after that. `apis` gives those that
    serve a dataset's rows elsewhere; `is_held` says that a block around it writes the start page.
    """

    store: Store
    site: PortalSite
    apis: Callable[[Page], tuple[Api, ...]] = no_apis
    is_held: bool = False

    @property
    def feed(self) -> Feed:
        """What the portal tells harvesters of itself."""
        return Feed(self.site, self.site.url or self.store.address, self.apis)

    def publish(self, page: Page) -> None:
        """Show the dataset as `page` tells it; the same page twice changes nothing.

        Raises:
            PortalRejected: a download was read back and is not what was released.
            ConfigurationError: the metadata fall short, with a line for each thing to add.
            StoreError: the root cannot be written.
        """
        self._show(page)
        if not self.is_held:
            self._front.write()

    @contextmanager
    def together(self) -> Iterator[StaticPortal]:
        """The portal for many datasets in a row: the start page is brought up to them at the end.

        It is written also where nothing was published, so that it catches up with what a killed
        block left behind.
        """
        try:
            yield replace(self, is_held=True)
        finally:
            if self._front.is_due:
                self._front.write()

    @property
    def contacts(self) -> tuple[str, ...]:
        """The addresses that the portal shows of its own."""
        return (self.site.contact,)

    def pages(self, page: Page) -> dict[str, bytes]:
        """All that the portal would make of the dataset by itself, by path; nothing is written.

        The start page and the catalogue are told as if they held this dataset alone.

        Raises:
            ConfigurationError: the metadata fall short, with a line for each thing to add.
        """
        told = self._told(page)
        entry = _entry(page, told)
        return self._own(page, entry, told) | self._front.of_one(entry, told.documents)

    def withdraw(self, municipality: str, dataset: str) -> None:
        """Remove the dataset's card, page and files; nothing happens where there are none."""
        slug = slug_of(municipality, dataset)
        self.store.remove(entry_path(slug))
        # also within a block: no card leads to a page that is gone
        self._front.write()
        self.store.remove(folder_path(slug))

    def entries(self) -> tuple[Entry, ...]:
        """Every dataset that the portal shows, by municipality and name."""
        return self._front.entries()

    @property
    def _front(self) -> Front:
        return Front(self.store, self.feed)

    def _show(self, page: Page) -> None:
        told = self._told(page)
        entry = _entry(page, told)
        # made before any file changes: a page that cannot be told leaves all as it was
        own = self._own(page, entry, told)
        Files(self.store, page, entry.folder).bring(self._known(entry.slug).get("version"))
        for path, content in own.items():
            write_changed(self.store, path, content)

    def _told(self, page: Page) -> Described:
        return described(page, self.feed.shown(page), self._proven(page.slug))

    def _proven(self, slug: str) -> Documents | None:
        # from elsewhere than this machine's disk, reading takes longer than proving anew
        if not self.store.is_local or self._known(slug).get("shapes") != shapes_digest():
            return None
        return self._front.documents(slug)

    def _known(self, slug: str) -> Mapping[str, Any]:
        path = entry_path(slug)
        return self.store.read_json(path) if self.store.exists(path) else {}

    def _own(self, page: Page, entry: Entry, told: Described) -> dict[str, bytes]:
        pages = {
            f"{entry.folder}/{file_of(lang)}": dataset_page(self.site, page, told.score, lang)
            for lang in LANGS
        }
        for syntax, content in told.documents.items():
            pages[f"{entry.folder}/dataset.{syntax}"] = content
        for name, content in change_files(self.site, page, entry).items():
            pages[f"{entry.folder}/{name}"] = content
        document = json.dumps(dump(entry), ensure_ascii=False, indent=1)
        return pages | {entry.path: document.encode()}


def _entry(page: Page, told: Described) -> Entry:
    return replace(Entry.of(page, int(told.score.total)), shapes=shapes_digest())
