"""A disk on which there is no room left once so many bytes are written."""

from __future__ import annotations

import errno
import os
from typing import BinaryIO, Self

import fsspec
from fsspec.implementations.local import LocalFileSystem

ROOM = 10


class _Full:
    """A file that takes the first bytes and no more."""

    def __init__(self, inner: BinaryIO) -> None:
        self._inner = inner

    def write(self, content: bytes) -> int:
        if self._inner.tell() + len(content) > ROOM:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return self._inner.write(content)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._inner.close()

    def flush(self) -> None:
        self._inner.flush()


class FullDisk(LocalFileSystem):
    """Folders of this machine under full://, on a disk that is full."""

    protocol = "full"

    def _open(self, path: str, mode: str = "rb", **options: object) -> BinaryIO | _Full:
        inner: BinaryIO = super()._open(path, mode, **options)
        return _Full(inner) if "w" in mode else inner


def register() -> None:
    """Let fsspec know the disk."""
    fsspec.register_implementation("full", FullDisk, clobber=True)
