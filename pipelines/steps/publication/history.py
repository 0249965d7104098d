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
from schemas.released import Releases, Withdrawal, stable_files
from schemas.stages import Release, Resource


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
        return self.record().releases

    def record(self) -> Releases:
        """Every version, and when none of them was shown."""
        if not self.store.exists(self._record):
            return Releases()
        return load(Releases, self.store.read_json(self._record))

    def open(self, release: Release, name: str) -> BinaryIO:
        """The bytes of one of the version's files."""
        return self.store.open(f"{self._folder(release)}/{name}")

    def local(self, release: Release, name: str) -> AbstractContextManager[Path]:
        """One of the version's files as a path of this machine."""
        return self.store.local(f"{self._folder(release)}/{name}")

    def keep(self, release: Release, files: Sequence[Path]) -> None:
        """Write the version's files, give them the stable names, and record the version, in order.

        Files of rows of earlier generations keep theirs.

        Raises:
            StoreRejected: a file was read back and is not what was written; nothing was recorded,
                and the stable names give the version before.
        """
        record = self.record()
        for file in files:
            self.store.put(file, f"{self._folder(release)}/{file.name}")
        try:
            self._verify(release, self._folder(release))
            self._install((*record.releases, release))
        except StoreRejected:
            self._undo(release, record.releases)
            raise
        self._write(replace(record, releases=(*record.releases, release)))

    def show(self, at: dt.datetime) -> None:
        """Record that the versions are shown from then on, where they were withdrawn."""
        record = self.record()
        if record.withdrawals and record.withdrawals[-1].until is None:
            *earlier, last = record.withdrawals
            self._write(replace(record, withdrawals=(*earlier, replace(last, until=at))))

    def withdraw(self, at: dt.datetime, approval: str | None = None) -> None:
        """Record that none of the versions is shown from then on, unless that is so already.

        Where it is decided in spite of an `approval`, the next version waits for another one.
        """
        record, standing = self.record(), self.withdrawal()
        if not record.releases or (standing and approval in (None, standing.approval)):
            return
        earlier = record.withdrawals[:-1] if standing else record.withdrawals
        ended = (replace(standing, until=at),) if standing else ()
        told = (*earlier, *ended, Withdrawal(at, approval=approval))
        self._write(replace(record, withdrawals=told))

    def withdrawal(self) -> Withdrawal | None:
        """Since when nothing is shown; None where the newest version is."""
        withdrawals = self.record().withdrawals
        return withdrawals[-1] if withdrawals and withdrawals[-1].until is None else None

    def retire(self, count: int, day: dt.date) -> tuple[str, ...]:
        """Remove the files of the oldest `count` versions; their names. The record keeps them.

        The stable names that gave their bytes are gone too.
        """
        record = self.record()
        releases = record.releases
        retired = tuple(replace(r, retired_on=r.retired_on or day) for r in releases[:count])
        standing = (*retired, *releases[count:])
        self._write(replace(record, releases=standing))
        for release in retired:
            self.store.remove(self._folder(release))
        self._tidy(standing)
        return tuple(new.version for new, old in zip(retired, releases, strict=False) if new != old)

    def sweep(self, before: dt.date) -> None:
        """Remove the folders of releases that were killed on an earlier day."""
        known = {release.version for release in self.releases()}
        paths = self.store.find(f"{self._root}/versions")
        found = {path.removeprefix(f"{self._root}/versions/").split("/")[0] for path in paths}
        for version in sorted(found - known):
            if version < before.isoformat():
                self.store.remove(f"{self._root}/versions/{version}")

    def _install(self, releases: Sequence[Release]) -> None:
        newest = releases[-1]
        for name, release in stable_files(releases).items():
            if release is newest or not self.store.exists(f"{self._latest}/{name}"):
                self._put(release, name)
        self._verify(newest, self._latest)
        self._tidy(releases)

    def _put(self, release: Release, name: str) -> None:
        with (
            self.open(release, name) as source,
            self.store.write(f"{self._latest}/{name}") as target,
        ):
            shutil.copyfileobj(source, target, 1 << 20)

    def _tidy(self, releases: Sequence[Release]) -> None:
        kept = {f"{self._latest}/{name}" for name in stable_files(releases)}
        for path in self.store.find(self._latest):
            if path not in kept:
                self.store.remove(path)
        if not kept:
            self.store.remove(self._latest)

    def _undo(self, release: Release, before: Sequence[Release]) -> None:
        self.store.remove(self._folder(release))
        if stable_files(before):
            self._install(before)
        else:
            self.store.remove(self._latest)

    def _write(self, record: Releases) -> None:
        self.store.write_json(self._record, dump(record))

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
