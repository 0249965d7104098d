"""The files engine: what a sender drops in a folder, one batch a file, streamed as it lies."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from functools import partial

from fsspec.core import has_magic

from connectors.address import Address
from connectors.drop import Drop, DroppedFile
from connectors.source import Memory
from schemas import source as spec
from schemas.errors import SourceUnavailable
from schemas.stages import Batch, Window

_UNFINISHED = ("-part", ".part", ".partial", ".filepart", ".tmp", ".temp", "~")
_HIDDEN = (".", "~$")
_DAY = "{day}"


class FilesSource:
    """Files in a folder, local or behind any scheme that fsspec knows, in the order of their names.

    A file that landed with the same size and time is not read again. Unfinished uploads, and files
    younger than `settle_seconds`, are left for the next fetch. `rename_when_done` marks a file once
    it rests in landing, over an older mark of that name. The window counts only where the URL holds
    {day}; a day without files is no error.
    """

    def __init__(self, source: spec.FilesSource, memory: Memory) -> None:
        self._source = source
        self._memory = memory
        self._format = spec.Profile.model_validate(source.profile, strict=False).format

    def fetch(self, window: Window) -> Iterator[Batch]:
        """One batch a file that is new or changed.

        Raises:
            SourceUnavailable: the one file named does not exist, or its server cannot be reached.
            SourceRejected: the folder does not exist, or its server refuses access.
        """
        drop = Drop.at(Address.of(self._source.url), self._source.options)
        for file in self._ready(drop, window):
            finish = partial(self._finish, drop, file)
            if self._has_landed(file):
                # a run that died after landing left it unmarked
                finish()
                continue
            yield Batch(
                source_url=file.url,
                format=self._format,
                open=partial(drop.open, file),
                headers=_traits(file),
                acknowledge=finish,
            )

    def _ready(self, drop: Drop, window: Window) -> list[DroppedFile]:
        days = [day.isoformat() for day in window.days] if _DAY in drop.path else [""]
        patterns = [drop.path.replace(_DAY, day) for day in days]
        files = {file.path: file for pattern in patterns for file in drop.files(pattern)}
        if not files and not has_magic(drop.path) and _DAY not in drop.path:
            raise SourceUnavailable(f"{drop.shown} does not exist")
        now = dt.datetime.now(dt.UTC)
        return [file for file in files.values() if self._is_ready(file, now)]

    def _is_ready(self, file: DroppedFile, now: dt.datetime) -> bool:
        name = file.path.rpartition("/")[2]
        done = self._source.rename_when_done
        if name.startswith(_HIDDEN) or name.endswith(_UNFINISHED) or (done and name.endswith(done)):
            return False
        age = (now - file.modified).total_seconds()
        return not self._source.settle_seconds or age >= self._source.settle_seconds

    def _has_landed(self, file: DroppedFile) -> bool:
        sidecar = self._memory.latest(file.url)
        return sidecar is not None and dict(sidecar.headers) == _traits(file)

    def _finish(self, drop: Drop, file: DroppedFile) -> None:
        if self._source.rename_when_done:
            drop.rename(file, self._source.rename_when_done)


def _traits(file: DroppedFile) -> dict[str, str]:
    return {"size": str(file.size), "modified": file.modified.isoformat()}
