"""The versions of a dataset in its owner's open folder: written whole, read back, never changed."""

import datetime as dt
import hashlib
import shutil
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

import polars as pl

from connectors.store import Store
from schemas.errors import StoreRejected
from schemas.records import dump, load
from schemas.stages import Release, Resource


@dataclass(frozen=True, slots=True)
class Releases:
    """The record of a dataset's versions, oldest first."""

    releases: tuple[Release, ...] = ()


@dataclass(frozen=True, slots=True)
class History:
    """A dataset's released versions: open/<dataset>/ in its owner's root.

    A version counts from the moment it stands in releases.json. A folder that does not is what a
    killed release left behind.
    """

    store: Store
    dataset: str

    def releases(self) -> tuple[Release, ...]:
        """Every version, oldest first."""
        if not self.store.exists(self._record):
            return ()
        return load(Releases, self.store.read_json(self._record)).releases

    def open(self, release: Release, name: str) -> BinaryIO:
        """The bytes of one of the version's files."""
        return self.store.open(f"{self._folder(release)}/{name}")

    def local(self, release: Release, name: str) -> AbstractContextManager[Path]:
        """One of the version's files as a path of this machine."""
        return self.store.local(f"{self._folder(release)}/{name}")

    def keep(self, release: Release, files: Sequence[Path]) -> None:
        """Write the version's files, give them the stable names, and record the version, in order.

        Raises:
            StoreRejected: a file was read back and is not what was written; nothing was recorded,
                and the stable names give the version before.
        """
        before = self.releases()
        for file in files:
            self.store.put(file, f"{self._folder(release)}/{file.name}")
        try:
            self._verify(release, self._folder(release))
            self._install(release)
        except StoreRejected:
            self._undo(release, before)
            raise
        self.store.write_json(self._record, dump(Releases((*before, release))))

    def retire(self, count: int, day: dt.date) -> tuple[str, ...]:
        """Remove the files of the oldest `count` versions; their names. The record keeps them.

        Where all of them retire, the stable names are gone too.
        """
        releases = self.releases()
        retired = tuple(replace(r, retired_on=r.retired_on or day) for r in releases[:count])
        self.store.write_json(self._record, dump(Releases((*retired, *releases[count:]))))
        for release in retired:
            self.store.remove(self._folder(release))
        if count == len(releases):
            self.store.remove(self._latest)
        return tuple(new.version for new, old in zip(retired, releases, strict=False) if new != old)

    def sweep(self, before: dt.date) -> None:
        """Remove the folders of releases that were killed on an earlier day."""
        known = {release.version for release in self.releases()}
        paths = self.store.find(f"{self._root}/versions")
        found = {path.removeprefix(f"{self._root}/versions/").split("/")[0] for path in paths}
        for version in sorted(found - known):
            if version < before.isoformat():
                self.store.remove(f"{self._root}/versions/{version}")

    def _install(self, release: Release) -> None:
        for resource in release.resources:
            with (
                self.open(release, resource.name) as source,
                self.store.write(f"{self._latest}/{resource.name}") as target,
            ):
                shutil.copyfileobj(source, target, 1 << 20)
        self._verify(release, self._latest)

    def _undo(self, release: Release, before: Sequence[Release]) -> None:
        self.store.remove(self._folder(release))
        if before:
            self._install(before[-1])
        else:
            self.store.remove(self._latest)

    def _verify(self, release: Release, folder: str) -> None:
        for resource in release.resources:
            with self.store.local(f"{folder}/{resource.name}") as path:
                if not _is(resource, path):
                    where = f"{self.dataset} {release.version}: {resource.name}"
                    raise StoreRejected(f"{where} was read back and is not what was written")

    @property
    def _root(self) -> str:
        return f"open/{self.dataset}"

    @property
    def _latest(self) -> str:
        return f"{self._root}/latest"

    @property
    def _record(self) -> str:
        return f"{self._root}/releases.json"

    def _folder(self, release: Release) -> str:
        return f"{self._root}/versions/{release.version}"


def _is(resource: Resource, path: Path) -> bool:
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    return digest == resource.sha256 and resource.rows == _rows(resource, path)


def _rows(resource: Resource, path: Path) -> int:
    # the hash says what all the others hold, which was compared with these when it was made
    if resource.name.endswith(".csv") and resource.holds_rows:
        return int(pl.scan_csv(path, infer_schema=False).select(pl.len()).collect().item())
    if resource.name.endswith(".parquet"):
        return int(pl.scan_parquet(path).select(pl.len()).collect().item())
    return resource.rows
