"""Both portals as the public meets them: what there is, under which addresses, and when written."""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from connectors.ckan.client import Ckan, Upload
from connectors.ckan.datastore import DataStore
from connectors.ckan.portal import CkanPortal
from connectors.portal import Portal, slug_of
from connectors.static_portal.portal import StaticPortal
from connectors.store import Store
from tests.pipelines.steps.released_site import portal_at

Name = tuple[str, str]
_TITLE = re.compile(r"<h1[^>]*>(.*?)</h1>", re.DOTALL)


@dataclass(frozen=True, slots=True)
class File:
    """A download: its address that stays, and its bytes' digest."""

    address: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Seen:
    """A dataset as the public meets it; `written` is another one whenever any of it was."""

    title: str
    version: str
    files: Mapping[str, File]
    written: object

    @property
    def digests(self) -> dict[str, str]:
        """The digest of what each download gives."""
        return {name: file.sha256 for name, file in self.files.items()}

    @property
    def addresses(self) -> dict[str, str]:
        """The address of each download."""
        return {name: file.address for name, file in self.files.items()}


class Shelf(Protocol):
    """A portal, and the public's view of it."""

    @property
    def portal(self) -> Portal:
        """The portal itself."""

    def seen(self, name: Name) -> Seen | None:
        """What is shown of a municipality's dataset."""

    def listed(self) -> set[str]:
        """The datasets that a reader finds without knowing their names."""

    def edit(self, name: Name, file: str) -> None:
        """Put other bytes under a download's address, by hand."""


@dataclass(frozen=True, slots=True)
class Folder:
    """The static portal in a folder."""

    portal: StaticPortal

    @classmethod
    def at(cls, folder: Path) -> Folder:
        """The portal in that folder."""
        return cls(portal_at(Store.at(str(folder))))

    def seen(self, name: Name) -> Seen | None:
        folder = self._folder(name)
        if not (folder / "index.html").exists():
            return None
        title = _TITLE.search((folder / "index.html").read_text())
        assert title is not None
        files = {
            path.name: File(str(path), hashlib.sha256(path.read_bytes()).hexdigest())
            for path in (folder / "latest").iterdir()
        }
        entry = self.portal.store.read_json(f"entries/{slug_of(*name)}.json")
        return Seen(title[1].strip(), entry["version"], files, dict(self._times(folder)))

    def listed(self) -> set[str]:
        start = Path(self.portal.store.uri("index.html"))
        text = start.read_text() if start.exists() else ""
        return set(re.findall(r'href="datasets/([^/"]+)/', text))

    def edit(self, name: Name, file: str) -> None:
        path = self._folder(name) / "latest" / file
        path.write_bytes(path.read_bytes() + b"by hand")

    def _folder(self, name: Name) -> Path:
        return Path(self.portal.store.uri(f"datasets/{slug_of(*name)}"))

    @staticmethod
    def _times(folder: Path) -> Iterator[tuple[str, tuple[int, int]]]:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                yield str(path), (path.stat().st_mtime_ns, path.stat().st_ino)


@dataclass(frozen=True, slots=True)
class Shop:
    """A real CKAN, whose public has no token."""

    ckan: Ckan
    database: str

    @property
    def portal(self) -> CkanPortal:
        return CkanPortal(self.ckan, DataStore(self.ckan, self.database))

    @property
    def public(self) -> Ckan:
        return Ckan(self.ckan.url, "")

    def seen(self, name: Name) -> Seen | None:
        found = self.public.ask("package_search", {"fq": f"name:{slug_of(*name)}"})["results"]
        if not found:
            return None
        shown = self.public.ask("package_show", {"id": slug_of(*name)})
        files = {
            each["name"]: File(each["url"], self.public.digest(each["url"]))
            for each in shown["resources"]
        }
        views = [
            self.public.ask("resource_view_list", {"id": each["id"]}) for each in shown["resources"]
        ]
        return Seen(shown["title"], shown["version"], files, (shown, views))

    def listed(self) -> set[str]:
        found = self.public.ask("package_search", {"q": "*:*", "rows": 100})["results"]
        return {each["name"] for each in found}

    def edit(self, name: Name, file: str) -> None:
        shown = self.ckan.ask("package_show", {"id": slug_of(*name)})
        [one] = [each for each in shown["resources"] if each["name"] == file]
        with io.BytesIO(b"by hand") as stream:
            self.ckan.send("resource_patch", {"id": one["id"]}, {"upload": Upload(file, stream)})
