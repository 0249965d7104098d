"""The files of a dataset on the static portal: each version's own, and the stable ones."""

from __future__ import annotations

import hashlib
import shutil
from dataclasses import dataclass

from connectors.portal import Page
from connectors.store import Store
from schemas.errors import PortalRejected
from schemas.released import stable_files
from schemas.stages import Release, Resource


@dataclass(frozen=True, slots=True)
class Files:
    """The downloads of a page, under the dataset's folder on the portal."""

    store: Store
    page: Page
    folder: str

    def bring(self, shown: str | None) -> None:
        """Copy what stands and is not there yet, and remove what no longer stands.

        `shown` is the version whose files have the stable names so far. Those of earlier
        generations keep their own, with the bytes of their last version.

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
            for resource in release.resources:
                self._copy(release, resource, folders[release.version], anew=False)

    def _bring_latest(self, shown: str | None) -> None:
        newest, latest = self.page.newest, f"{self.folder}/latest"
        stable = stable_files(self.page.releases)
        # the last version before a generation may never have been shown
        settled = {r.version for r in self.page.releases if r.generation == newest.generation}
        for release in (*self.page.former, newest):
            anew = shown != newest.version if release is newest else shown not in settled
            for resource in release.resources:
                if stable.get(resource.name) is release:
                    self._copy(release, resource, latest, anew=anew)
        for path in self.store.find(latest):
            if path.removeprefix(f"{latest}/") not in stable:
                self.store.remove(path)

    def _copy(self, release: Release, resource: Resource, folder: str, *, anew: bool) -> None:
        path = f"{folder}/{resource.name}"
        if not anew and self.store.exists(path):
            return
        with self.page.open(release, resource.name) as source, self.store.write(path) as target:
            shutil.copyfileobj(source, target, 1 << 20)
        if self._digest(path) != resource.sha256:
            self.store.remove(path)
            where = f"{release.municipality} {release.dataset} {release.version}"
            raise PortalRejected(f"{where}: {resource.name} is not what was released")

    def _digest(self, path: str) -> str:
        with self.store.local(path) as file, file.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
