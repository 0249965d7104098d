"""What the static portal tells of all its datasets: start page, catalogue, who signs receipts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from connectors.dcat.catalogue import Documents, catalogue_documents
from connectors.dcat.syntax import SYNTAXES, Syntax
from connectors.static_portal.atom import portal_feed
from connectors.static_portal.entry import Entry, folder_path
from connectors.static_portal.feed import Feed
from connectors.static_portal.render import feed_of, file_of
from connectors.static_portal.signers import SIGNERS, signers_of
from connectors.static_portal.start_page import start_page
from connectors.static_portal.words import LANGS
from connectors.store import Store
from schemas.records import load

_ASSETS = (
    *("style.css", "start.css", "dataset.css", "figures.css"),
    *("search.js", "copy.js", "icon.svg"),
)


@dataclass(frozen=True, slots=True)
class Entries:
    """Every dataset that the portal shows."""

    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Front:
    """The files at the portal's root.

    What they tell of a dataset is what `of_one` gives for it: its card, its part of the catalogue,
    its signer. Nothing else comes from a dataset but how many there are.
    """

    store: Store
    feed: Feed

    def entries(self) -> tuple[Entry, ...]:
        """Every dataset that the portal shows, by municipality and name."""
        documents = [self.store.read_json(path) for path in self.store.find("entries")]
        return load(Entries, {"entries": documents}).entries

    def of_one(self, entry: Entry, documents: Documents) -> dict[str, bytes]:
        """The files, by path, as if the portal showed this dataset alone; nothing is written."""
        return self._pages([entry], [documents], {})

    def documents(self, slug: str) -> Documents | None:
        """The dataset's metadata as they stand on the portal; None where one of them is missing."""
        paths: dict[Syntax, str] = {
            syntax: f"{folder_path(slug)}/dataset.{syntax}" for syntax in SYNTAXES
        }
        if not all(map(self.store.exists, paths.values())):
            return None
        return {syntax: self.store.read(path) for syntax, path in paths.items()}

    @property
    def is_due(self) -> bool:
        """Whether the portal shows a dataset, or has told that it shows none."""
        return bool(self.store.find("entries")) or self.store.exists(file_of("nb"))

    def write(self) -> None:
        """Write what tells of all datasets, as their entries and documents stand now."""
        for name in _ASSETS:
            write_changed(self.store, name, Path(__file__).with_name(name).read_bytes())
        # another release may write its entry meanwhile: whoever comes last sees them all
        shown: tuple[Entry, ...] | None = None
        while shown != (entries := self.entries()):
            known = self.store.read_json(SIGNERS) if self.store.exists(SIGNERS) else {}
            pages = self._pages(entries, self._documents(entries), known)
            for path, content in pages.items():
                write_changed(self.store, path, content)
            shown = entries

    def _pages(
        self, entries: Sequence[Entry], datasets: Sequence[Documents], known: Mapping[str, Any]
    ) -> dict[str, bytes]:
        site = self.feed.site
        catalogue = catalogue_documents(self.feed.catalogue(), datasets)
        pages = {file_of(lang): start_page(site, entries, lang) for lang in LANGS}
        pages |= {f"catalog.{syntax}": content for syntax, content in catalogue.items()}
        pages |= {feed_of(lang): portal_feed(site, entries, lang) for lang in LANGS}
        return pages | {SIGNERS: signers_of(site, entries, known)}

    def _documents(self, entries: Sequence[Entry]) -> list[Documents]:
        # what the newest release says of a thing that several tell of is what stands
        newest_first = sorted(entries, key=lambda entry: (entry.released_at, entry.slug))[::-1]
        found = (self.documents(entry.slug) for entry in newest_first)
        return [documents for documents in found if documents is not None]


def write_changed(store: Store, path: str, content: bytes) -> None:
    """Write the file, unless it holds that already."""
    if store.exists(path) and store.read(path) == content:
        return
    with store.write(path) as stream:
        stream.write(content)
