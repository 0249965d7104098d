"""The files of a dataset on the static portal: each version's own, and the stable ones."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import BinaryIO

from connectors.portal import Page
from connectors.store import Store
from schemas.errors import PortalRejected
from schemas.released import stable_files
from schemas.stages import Release, Resource

_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class _File:
    """A version's file; `is_settled` where the name has its bytes unless somebody changed them."""

    release: Release
    resource: Resource
    is_settled: bool = True

    def is_another(self) -> PortalRejected:
        where = f"{self.release.municipality} {self.release.dataset} {self.release.version}"
        return PortalRejected(f"{where}: {self.resource.name} is not what was released")


_IsThere = Callable[[str, _File], bool]


@dataclass(frozen=True, slots=True)
class Files:
    """The downloads of a page, under the dataset's folder on the portal."""

    store: Store
    page: Page
    folder: str

    def bring(self, shown: str | None) -> None:
        """Copy what stands and is not there yet, and remove what no longer stands.

        `shown` is the version whose files have the stable names so far. Those of earlier
        generations keep their own, with the bytes of their last version. Under the stable names
        all files change or none does.

        Raises:
            PortalRejected: a download was read back and is not what was released.
            StoreError: the root cannot be written.
        """
        self._bring_versions()
        self._bring_latest(shown)

    def _bring_versions(self) -> None:
        standing = [release for release in self.page.releases if release.retired_on is None]
        folders = {
            release.version: f"{self.folder}/versions/{release.version}" for release in standing
        }
        for path in self.store.find(f"{self.folder}/versions"):
            if path.rsplit("/", 1)[0] not in folders.values():
                self.store.remove(path)
        for release in standing:
            files = [_File(release, resource) for resource in release.resources]
            self._bring(files, folders[release.version], is_there=self._is_as_long)

    def _bring_latest(self, shown: str | None) -> None:
        latest, stable = f"{self.folder}/latest", stable_files(self.page.releases)
        files = [
            _File(release, resource, self._is_settled(release, shown))
            for release in (*self.page.former, self.page.newest)
            for resource in release.resources
            if stable.get(resource.name) is release
        ]
        try:
            self._bring(files, latest, is_there=self._is_the_same)
        except PortalRejected:
            self._put_back(shown, latest)
            raise
        for path in self.store.find(latest):
            if path.removeprefix(f"{latest}/") not in stable:
                self.store.remove(path)

    def _is_settled(self, release: Release, shown: str | None) -> bool:
        newest = self.page.newest
        if release is newest:
            return shown == newest.version
        # the last version before a generation may never have been shown
        return shown in {r.version for r in self.page.releases if r.generation == newest.generation}

    def _put_back(self, shown: str | None, folder: str) -> None:
        for release in self.page.releases:
            if release.version == shown and release.retired_on is None:
                files = [_File(release, each, is_settled=False) for each in release.resources]
                self._bring(files, folder, is_there=self._is_the_same)

    def _bring(self, files: Iterable[_File], folder: str, *, is_there: _IsThere) -> None:
        missing = {
            path: file
            for file in files
            if not is_there(path := f"{folder}/{file.resource.name}", file)
        }
        # each appears when the block ends: all of them, or none where one cannot be had
        with contextlib.ExitStack() as together:
            for path, file in missing.items():
                self._copy(file, together.enter_context(self.store.write(path)))
        for path, file in missing.items():
            if self._digest(path) != file.resource.sha256:
                self.store.remove(path)
                raise file.is_another()

    def _copy(self, file: _File, target: BinaryIO) -> None:
        digest = hashlib.sha256()
        with self.page.open(file.release, file.resource.name) as source:
            while block := source.read(_BLOCK):
                digest.update(block)
                target.write(block)
        if digest.hexdigest() != file.resource.sha256:
            raise file.is_another()

    def _is_as_long(self, path: str, file: _File) -> bool:
        return self.store.size(path) == file.resource.size

    def _is_the_same(self, path: str, file: _File) -> bool:
        if not self._is_as_long(path, file):
            return False
        # from elsewhere than this machine's disk, reading costs as much as writing
        is_near = self.store.is_local
        return self._digest(path) == file.resource.sha256 if is_near else file.is_settled

    def _digest(self, path: str) -> str:
        with self.store.local(path) as file, file.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
