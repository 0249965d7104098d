"""What became of a dataset from version to version, as far as the public is told of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from connectors.portal import Page
from schemas.stages import FormatWord, Release

Kind = Literal["first", "again", "changed", "described", "reissued", "retired"]


@dataclass(frozen=True, slots=True)
class FileHash:
    """A file of a version, and the hash of the file of that name in the version before."""

    name: str
    format: FormatWord
    size: int
    sha256: str
    before: str | None

    @property
    def is_changed(self) -> bool:
        """Whether it is new, or holds other bytes than the version before."""
        return self.sha256 != self.before


@dataclass(frozen=True, slots=True)
class Told:
    """One version: the first, one that came after all others had gone, or what it changed.

    Of a retired version nothing is told but that it was: neither rows, days nor hashes, for who
    has those of two versions can tell how many rows an erased person had, and on which days.
    `described` changed no row and no field.
    """

    release: Release
    kind: Kind
    files: tuple[FileHash, ...] = ()


@dataclass(frozen=True, slots=True)
class Replaced:
    """A file of an earlier generation, and the one that has its rows since."""

    name: str
    by: str | None
    since: dt.datetime


def change_log(page: Page) -> tuple[Told, ...]:
    """Every version, newest first."""
    releases = page.releases
    made_anew = (at for at, each in enumerate(releases) if each.changes[-1].reissued)
    first_clean = max(made_anew, default=0)
    # those before one that was made without an erased person are about to retire
    told = (_told(releases, at, is_gone=at < first_clean) for at in range(len(releases)))
    return tuple(told)[::-1]


def replaced(page: Page) -> tuple[Replaced, ...]:
    """The files of earlier generations that keep their stable addresses, newest first."""
    return tuple(found for release in reversed(page.former) for found in _replaced(page, release))


def _told(releases: tuple[Release, ...], at: int, *, is_gone: bool) -> Told:
    release = releases[at]
    if is_gone or release.retired_on is not None:
        return Told(release, "retired")
    kind = _kind(releases, at)
    stands = kind in ("changed", "described")
    before = {file.name: file.sha256 for file in releases[at - 1].resources} if stands else {}
    hashes = (
        FileHash(file.name, file.format, file.size, file.sha256, before.get(file.name))
        for file in release.resources
    )
    return Told(release, kind, tuple(hashes))


def _kind(releases: tuple[Release, ...], at: int) -> Kind:
    change = releases[at].changes[-1]
    if change.reissued:
        return "reissued"
    if at == 0 or releases[at - 1].retired_on is not None:
        return "first" if at == 0 else "again"
    fields = change.fields
    touched = change.added or change.changed or change.removed or fields.added or fields.breaks
    return "changed" if touched else "described"


def _replaced(page: Page, release: Release) -> Iterator[Replaced]:
    since = next(r.released_at for r in page.releases if r.generation > release.generation)
    now = {(f.format, f.part): f.name for f in page.newest.resources if f.holds_rows}
    for file in release.resources:
        if file.holds_rows:
            yield Replaced(file.name, now.get((file.format, file.part)), since)
