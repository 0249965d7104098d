"""The versions of a dataset in its owner's open folder: written whole, read back, never changed."""

import datetime as dt
import hashlib
import shutil
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import polars as pl

from connectors.numbered import Numbered
from connectors.store import Store
from schemas.errors import StoreRejected
from schemas.records import dump, load
from schemas.released import Releases, Withdrawal, stable_files
from schemas.stages import Release, Resource

_TRIES = 5


@dataclass(frozen=True, slots=True)
class Recorded:
    """The record of a dataset's versions under its number: every change has one of its own."""

    number: int
    releases: Releases


@dataclass(frozen=True, slots=True)
class History:
    """A dataset's released versions: open/<dataset>/ in its owner's root.

    A version counts from the moment it stands in the record, releases/<number>.json, of which the
    newest holds. A folder of files that does not is what a killed release left behind. Of two that
    change the record at once, one is told that it came too late.
    """

    store: Store
    dataset: str

    def releases(self) -> tuple[Release, ...]:
        """Every version, oldest first."""
        return self.record().releases

    def record(self) -> Releases:
        """Every version, and when none of them was shown."""
        return self.recorded().releases

    def recorded(self) -> Recorded:
        """The record with its number, for whoever will change it if nobody else has."""
        state = self._record.newest()
        known = Releases() if state.document is None else load(Releases, state.document)
        return Recorded(state.number, known)

    @property
    def address(self) -> str:
        """Where the record is, in full."""
        return self._record.uri()

    def open(self, release: Release, name: str) -> BinaryIO:
        """The bytes of one of the version's files."""
        return self.store.open(f"{self._folder(release)}/{name}")

    def local(self, release: Release, name: str) -> AbstractContextManager[Path]:
        """One of the version's files as a path of this machine."""
        return self.store.local(f"{self._folder(release)}/{name}")

    def keep(self, release: Release, files: Sequence[Path], stood: Recorded) -> bool:
        """Write the version's files and record it as shown; whether the record was as it `stood`.

        Where it was not, nothing is left of them.

        Raises:
            StoreRejected: a file was read back and is not what was written; nothing was recorded.
        """
        kept = False
        try:
            for file in files:
                self.store.put(file, f"{self._folder(release)}/{file.name}")
            self._verify(release)
            after = stood.releases.released(release).shown_from(release.released_at)
            kept = self._record.follow(stood.number, dump(after))
        finally:
            if not kept:
                self._forget(release)
        return kept

    def show(self, at: dt.datetime, stood: Recorded) -> bool:
        """Record that the versions are shown from then on; whether the record was as it `stood`."""
        after = stood.releases.shown_from(at)
        if after == stood.releases:
            return self.recorded() == stood
        return self._record.follow(stood.number, dump(after))

    def withdraw(self, at: dt.datetime, approval: str | None = None) -> None:
        """Record that none of the versions is shown from then on, unless that is so already.

        Where it is decided in spite of an `approval`, the next version waits for another one.
        """
        self._change(lambda known: known.withdrawn(at, approval))

    def withdrawal(self) -> Withdrawal | None:
        """Since when nothing is shown; None where the newest version is."""
        return self.record().withdrawal

    def retire(self, count: int, day: dt.date) -> tuple[str, ...]:
        """Remove the files of the oldest `count` versions; their names. The record keeps them.

        The stable names that gave their bytes are gone too.
        """
        before, after = self._change(lambda known: known.retired(count, day))
        for release in after.releases[:count]:
            self.store.remove(self._folder(release))
        self.install()
        both = zip(before.releases, after.releases, strict=True)
        return tuple(new.version for old, new in both if new != old)

    def overtake(self) -> None:
        """Number the record anew as it is: whoever means to change what stood is told so.

        Nothing is left of versions that were begun before and are not recorded.
        """
        begun = self._begun()
        known, _ = self._change(lambda releases: releases, anew=True)
        for version in begun - {release.version for release in known.releases}:
            self.store.remove(f"{self._root}/versions/{version}")

    def install(self) -> None:
        """Give the stable names the bytes that the record says; what has them is not written.

        Files of rows of earlier generations keep theirs.

        Raises:
            StoreRejected: a file was read back and is not what was written.
        """
        for _ in range(_TRIES):
            stood = self.recorded()
            self._install(stood.releases.releases)
            # whoever came later may have been quicker: the last one to look sets it right
            if self.recorded() == stood:
                return
        raise self._contended()

    def sweep(self, before: dt.date) -> None:
        """Remove the files of retired versions, and of releases killed before that day."""
        known = {release.version: release.retired_on for release in self.releases()}
        for version in sorted(self._begun()):
            killed = version not in known and version < before.isoformat()
            if killed or known.get(version):
                self.store.remove(f"{self._root}/versions/{version}")
        self._record.prune()

    def _begun(self) -> set[str]:
        paths = self.store.find(f"{self._root}/versions")
        return {path.removeprefix(f"{self._root}/versions/").split("/")[0] for path in paths}

    def _change(
        self, change: Callable[[Releases], Releases], *, anew: bool = False
    ) -> tuple[Releases, Releases]:
        for _ in range(_TRIES):
            stood = self.recorded()
            after = change(stood.releases)
            stays = after == stood.releases and not anew
            if stays or self._record.follow(stood.number, dump(after)):
                return stood.releases, after
        raise self._contended()

    def _contended(self) -> StoreRejected:
        what = "its record of versions is changed again and again meanwhile"
        return StoreRejected(f"{self.dataset}: {what}; run it again")

    def _install(self, releases: Sequence[Release]) -> None:
        stable = stable_files(releases)
        for name, release in stable.items():
            [resource] = (each for each in release.resources if each.name == name)
            path = f"{self._latest}/{name}"
            if not self._gives(resource, path):
                self._copy(release, name)
                self._require(release, resource, path)
        kept = {f"{self._latest}/{name}" for name in stable}
        for path in self.store.find(self._latest):
            if path not in kept:
                self.store.remove(path)
        if not kept:
            self.store.remove(self._latest)

    def _gives(self, resource: Resource, path: str) -> bool:
        if self.store.size(path) != resource.size:
            return False
        with self.store.local(path) as local:
            return _digest(local) == resource.sha256

    def _copy(self, release: Release, name: str) -> None:
        with (
            self.open(release, name) as source,
            self.store.write(f"{self._latest}/{name}") as target,
        ):
            shutil.copyfileobj(source, target, 1 << 20)

    def _verify(self, release: Release) -> None:
        for resource in release.resources:
            self._require(release, resource, f"{self._folder(release)}/{resource.name}")

    def _require(self, release: Release, resource: Resource, path: str) -> None:
        with self.store.local(path) as local:
            if not _is(resource, local):
                where = f"{self.dataset} {release.version}: {resource.name}"
                raise StoreRejected(f"{where} was read back and is not what was written")

    def _forget(self, release: Release) -> None:
        if release.version not in {known.version for known in self.releases()}:
            self.store.remove(self._folder(release))

    @property
    def _root(self) -> str:
        return f"open/{self.dataset}"

    @property
    def _latest(self) -> str:
        return f"{self._root}/latest"

    @property
    def _record(self) -> Numbered:
        return Numbered(self.store, f"{self._root}/releases")

    def _folder(self, release: Release) -> str:
        return f"{self._root}/versions/{release.version}"


def _is(resource: Resource, path: Path) -> bool:
    return _digest(path) == resource.sha256 and resource.rows == _rows(resource, path)


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _rows(resource: Resource, path: Path) -> int:
    # the hash says what all the others hold, which was compared with these when it was made
    if resource.name.endswith(".csv") and resource.holds_rows:
        return int(pl.scan_csv(path, infer_schema=False).select(pl.len()).collect().item())
    if resource.name.endswith(".parquet"):
        return int(pl.scan_parquet(path).select(pl.len()).collect().item())
    return resource.rows
