"""The static portal: a root that any web server, or none, can show."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path

from connectors.dcat.catalogue import Described, Documents, catalogue_documents, described
from connectors.dcat.facts import Api, no_apis
from connectors.dcat.syntax import SYNTAXES, Syntax
from connectors.portal import Page, slug_of
from connectors.static_portal.dataset_page import dataset_page
from connectors.static_portal.entry import Entry, entry_path, folder_path
from connectors.static_portal.feed import Feed
from connectors.static_portal.render import file_of
from connectors.static_portal.signers import SIGNERS, signers_of
from connectors.static_portal.start_page import start_page
from connectors.static_portal.words import LANGS
from connectors.store import Store
from schemas.errors import PortalRejected
from schemas.network import PortalSite
from schemas.records import dump, load
from schemas.stages import Release

_ASSETS = ("style.css", "search.js", "icon.svg")


@dataclass(frozen=True, slots=True)
class Entries:
    """Every dataset that the portal shows."""

    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class StaticPortal:
    """Released datasets as plain files under a root: index.html and datasets/<number>-<name>/.

    Every file appears whole; one whose bytes would be the same is left alone. A dataset's entry
    is written after its files and its page, and the start page after that. `apis` gives those that
    serve a dataset's rows elsewhere.
    """

    store: Store
    site: PortalSite
    apis: Callable[[Page], tuple[Api, ...]] = no_apis

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
        self.publish_all([page])

    def publish_all(self, pages: Iterable[Page]) -> None:
        """Show many datasets, and write the start page and the catalogue once, after them all."""
        for page in pages:
            self._show(page)
        self._write_start()

    def together(self) -> AbstractContextManager[StaticPortal]:
        """The portal for many datasets in a row."""
        return nullcontext(self)

    @property
    def contacts(self) -> tuple[str, ...]:
        """The addresses that the portal shows of its own."""
        return (self.site.contact,)

    def pages(self, page: Page) -> dict[str, bytes]:
        """All that the portal would make of the dataset by itself, by path; nothing is written.

        The catalogue is told as if it held this dataset alone.

        Raises:
            ConfigurationError: the metadata fall short, with a line for each thing to add.
        """
        entry = Entry.of(page)
        others = (known for known in self.entries() if known.slug != entry.slug)
        told = described(page, self.feed.shown(page))
        start = self._start((*others, entry), [told.documents])
        return self._own(page, entry, told) | start

    def withdraw(self, municipality: str, dataset: str) -> None:
        """Remove the dataset's card, page and files; nothing happens where there are none."""
        slug = slug_of(municipality, dataset)
        self.store.remove(entry_path(slug))
        self._write_start()
        self.store.remove(folder_path(slug))

    def entries(self) -> tuple[Entry, ...]:
        """Every dataset that the portal shows, by municipality and name."""
        documents = [self.store.read_json(path) for path in self.store.find("entries")]
        return load(Entries, {"entries": documents}).entries

    def _show(self, page: Page) -> None:
        entry, told = Entry.of(page), described(page, self.feed.shown(page))
        for name in _ASSETS:
            self._write(name, Path(__file__).with_name(name).read_bytes())
        self._copy_versions(page, entry.folder)
        self._copy_latest(page, entry)
        for path, content in self._own(page, entry, told).items():
            self._write(path, content)

    def _copy_versions(self, page: Page, folder: str) -> None:
        standing = [release for release in page.releases if release.retired_on is None]
        kept = {f"{folder}/versions/{release.version}" for release in standing}
        for path in self.store.find(f"{folder}/versions"):
            if path.rsplit("/", 1)[0] not in kept:
                self.store.remove(path)
        for release in standing:
            self._copy(page, release, f"{folder}/versions/{release.version}", anew=False)

    def _copy_latest(self, page: Page, entry: Entry) -> None:
        shown = self.store.exists(entry.path) and self.store.read_json(entry.path)["version"]
        self._copy(page, page.newest, f"{entry.folder}/latest", anew=shown != entry.version)

    def _copy(self, page: Page, release: Release, folder: str, *, anew: bool) -> None:
        for resource in release.resources:
            path = f"{folder}/{resource.name}"
            if not anew and self.store.exists(path):
                continue
            with page.open(release, resource.name) as source, self.store.write(path) as target:
                shutil.copyfileobj(source, target, 1 << 20)
            if self._digest(path) != resource.sha256:
                self.store.remove(path)
                where = f"{release.municipality} {release.dataset} {release.version}"
                raise PortalRejected(f"{where}: {resource.name} is not what was released")

    def _digest(self, path: str) -> str:
        with self.store.local(path) as file, file.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()

    def _own(self, page: Page, entry: Entry, told: Described) -> dict[str, bytes]:
        pages = {
            f"{entry.folder}/{file_of(lang)}": dataset_page(self.site, page, told.score, lang)
            for lang in LANGS
        }
        for syntax, content in told.documents.items():
            pages[f"{entry.folder}/dataset.{syntax}"] = content
        document = json.dumps(dump(entry), ensure_ascii=False, indent=1)
        return pages | {entry.path: document.encode()}

    def _start(self, entries: Sequence[Entry], datasets: Sequence[Documents]) -> dict[str, bytes]:
        catalogue = catalogue_documents(self.feed.catalogue(), datasets)
        pages = {file_of(lang): start_page(self.site, entries, lang) for lang in LANGS}
        known = self.store.read_json(SIGNERS) if self.store.exists(SIGNERS) else {}
        pages |= {f"catalog.{syntax}": content for syntax, content in catalogue.items()}
        return pages | {SIGNERS: signers_of(self.site, entries, known)}

    def _write_start(self) -> None:
        # another release may write its entry meanwhile: whoever comes last sees them all
        shown: tuple[Entry, ...] | None = None
        while shown != (entries := self.entries()):
            for path, content in self._start(entries, self._documents(entries)).items():
                self._write(path, content)
            shown = entries

    def _documents(self, entries: Sequence[Entry]) -> list[Documents]:
        # what the newest release says of a thing that several tell of is what stands
        newest_first = sorted(entries, key=lambda entry: (entry.released_at, entry.slug))[::-1]
        paths: list[dict[Syntax, str]] = [
            {syntax: f"{entry.folder}/dataset.{syntax}" for syntax in SYNTAXES}
            for entry in newest_first
        ]
        return [
            {syntax: self.store.read(path) for syntax, path in each.items()}
            for each in paths
            if all(map(self.store.exists, each.values()))
        ]

    def _write(self, path: str, content: bytes) -> None:
        if self.store.exists(path) and self.store.read(path) == content:
            return
        with self.store.write(path) as stream:
            stream.write(content)
