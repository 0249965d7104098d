"""A municipality's storage root: whole files, written beside and renamed, on any file system."""

from __future__ import annotations

import contextlib
import datetime as dt
import errno
import io
import json
import os
import re
import shutil
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, cast

import fsspec
from fsspec.implementations.local import LocalFileSystem

from connectors.private import private_folder
from schemas.errors import StoreError, StoreRejected, StoreUnavailable

_PART = ".part-"
_TOLD = re.compile(r"os error (\d+)")
_WAITING_MAY_HELP = {errno.ENOSPC, errno.EDQUOT, errno.ETIMEDOUT, errno.EIO, errno.ECONNREFUSED}


@contextlib.contextmanager
def store_errors(what: str) -> Iterator[None]:
    """Turn a file system's failure into one line that says what was being done."""
    try:
        yield
    except FileNotFoundError:
        raise StoreRejected(f"{what}: it does not exist") from None
    except PermissionError:
        raise StoreRejected(f"{what}: no permission") from None
    except (NotADirectoryError, FileExistsError):
        raise StoreRejected(f"{what}: something else stands in its place") from None
    except OSError as error:
        raise _of(error, what) from None


def _of(error: OSError, what: str) -> StoreError:
    # engines outside Python tell the number in their words alone
    told = _TOLD.search(str(error))
    number = error.errno or (int(told[1]) if told else None)
    reason = os.strerror(number) if number else type(error).__name__
    if number in _WAITING_MAY_HELP:
        return StoreUnavailable(f"{what}: {reason}")
    return StoreRejected(f"{what}: {reason}")


@dataclass(frozen=True, slots=True)
class Store:
    """A root at a URL. Paths are relative to it; a file is there whole or not at all."""

    url: str
    _fs: fsspec.AbstractFileSystem
    _root: str

    @classmethod
    def at(cls, url: str) -> Store:
        """The root at that URL or folder; nothing is created before something is written."""
        try:
            with store_errors(f"storage root {url}"):
                fs, root = fsspec.core.url_to_fs(url)
        except (ValueError, ImportError):
            raise StoreRejected(f"storage root {url}: no driver knows its scheme") from None
        return cls(url, fs, root.rstrip("/"))

    @property
    def is_local(self) -> bool:
        """Whether the root is a folder of this machine."""
        return isinstance(self._fs, LocalFileSystem)

    def uri(self, path: str) -> str:
        """The full address of a path, as engines outside fsspec take it."""
        full = self._full(path)
        return full if self.is_local else cast("str", self._fs.unstrip_protocol(full))

    @property
    def address(self) -> str:
        """The root's own address, absolute, with its scheme."""
        return str(self._fs.unstrip_protocol(self._root))

    def exists(self, path: str) -> bool:
        """Whether there is a file or folder of that name."""
        with store_errors(f"reading {path}"):
            return bool(self._fs.exists(self._full(path)))

    def size(self, path: str) -> int | None:
        """How many bytes the file has; None where there is none."""
        full = self._full(path)
        with store_errors(f"reading {path}"):
            return int(self._fs.size(full)) if self._fs.exists(full) else None

    def find(self, folder: str) -> list[str]:
        """The paths of all files under a folder, sorted; half-written ones are not among them."""
        with store_errors(f"listing {folder}"):
            found = self._under(folder)
        paths = (path[len(self._root) + 1 :] for path in found)
        return sorted(p for p in paths if not p.rsplit("/", 1)[-1].startswith(_PART))

    def open(self, path: str) -> BinaryIO:
        """The file's bytes from their beginning."""
        with store_errors(f"reading {path}"):
            return cast("BinaryIO", self._fs.open(self._full(path), "rb"))

    def read(self, path: str) -> bytes:
        """All of the file's bytes."""
        with self.open(path) as stream, store_errors(f"reading {path}"):
            return stream.read()

    def read_json(self, path: str) -> Any:  # noqa: ANN401 - a document's shape is its reader's to check
        """The JSON document in the file; StoreRejected where it is none."""
        try:
            return json.loads(self.read(path))
        except ValueError:
            raise StoreRejected(f"reading {path}: it is not JSON") from None

    @contextlib.contextmanager
    def write(self, path: str) -> Iterator[BinaryIO]:
        """A stream whose bytes appear under `path`, on disk, when the block ends without error."""
        full = self._full(path)
        folder, name = full.rsplit("/", 1)
        part = f"{folder}/{_PART}{uuid.uuid4().hex}-{name}"
        with store_errors(f"writing {path}"):
            self._fs.makedirs(folder, exist_ok=True)
            try:
                with self._fs.open(part, "wb") as stream:
                    yield cast("BinaryIO", stream)
                    _flush(stream)
                self._rename(part, full)
            finally:
                self._discard(part)

    def write_json(self, path: str, document: object) -> None:
        """The document as JSON under `path`."""
        text = json.dumps(document, ensure_ascii=False, indent=1, default=str)
        with self.write(path) as stream:
            stream.write(text.encode())

    def create(self, path: str, document: object) -> bool:
        """The document as JSON under `path`, if nothing is there; whether it was this call's doing.

        Of several callers at once, one is told True, and a file is whole or not there.
        """
        full = self._full(path)
        folder, name = full.rsplit("/", 1)
        content = json.dumps(document, ensure_ascii=False, indent=1, default=str).encode()
        with store_errors(f"writing {path}"):
            self._fs.makedirs(folder, exist_ok=True)
            try:
                self._claim(f"{folder}/{_PART}{uuid.uuid4().hex}-{name}", full, content)
            except FileExistsError:
                return False
        return True

    def put(self, local: Path, path: str) -> None:
        """A copy of a local file under `path`."""
        with local.open("rb") as source, self.write(path) as target:
            shutil.copyfileobj(source, target, 1 << 20)

    def rename(self, path: str, to: str) -> None:
        """Give a file another name, in the place of what bears it."""
        with store_errors(f"renaming {path}"):
            self._rename(self._full(path), self._full(to))

    def remove(self, path: str) -> None:
        """Remove a file or a whole folder; nothing happens where there is none."""
        with store_errors(f"removing {path}"), contextlib.suppress(FileNotFoundError):
            if self._fs.exists(self._full(path)):
                self._fs.rm(self._full(path), recursive=True)

    def sweep(self, folder: str, age: dt.timedelta) -> None:
        """Remove what killed writers left half-written under a folder, once it is that old."""
        before = dt.datetime.now(dt.UTC) - age
        with store_errors(f"sweeping {folder}"):
            for path in self._under(folder):
                is_part = path.rsplit("/", 1)[-1].startswith(_PART)
                if is_part and self._fs.modified(path) < before:
                    self._fs.rm(path)

    @contextlib.contextmanager
    def local(self, path: str) -> Iterator[Path]:
        """The file as a path of this machine: itself, or a private copy for the block's time."""
        if self.is_local:
            if not self.exists(path):
                raise StoreRejected(f"reading {path}: it does not exist")
            yield Path(self._full(path))
            return
        with private_folder() as folder:
            copy = folder / path.rsplit("/", 1)[-1]
            with self.open(path) as source, copy.open("wb") as target:
                shutil.copyfileobj(source, target, 1 << 20)
            yield copy

    def _under(self, folder: str) -> list[str]:
        full = self._full(folder)
        self._fs.invalidate_cache()
        return [str(path) for path in self._fs.find(full)] if self._fs.exists(full) else []

    def _full(self, path: str) -> str:
        return f"{self._root}/{path}"

    def _rename(self, part: str, full: str) -> None:
        if self.is_local:
            Path(part).replace(full)
            flush_folder(full.rsplit("/", 1)[0])
        else:
            self._fs.mv(part, full)

    def _claim(self, part: str, full: str, content: bytes) -> None:
        if not self.is_local:
            self._fs.pipe_file(full, content, mode="create")
            return
        try:
            with Path(part).open("wb") as stream:
                stream.write(content)
                _flush(stream)
            # a link is refused where its name is taken, and the file behind it is whole
            os.link(part, full)
            flush_folder(full.rsplit("/", 1)[0])
        finally:
            self._discard(part)

    def _discard(self, part: str) -> None:
        with contextlib.suppress(OSError):
            if self._fs.exists(part):
                self._fs.rm(part)


def _flush(stream: BinaryIO) -> None:
    stream.flush()
    # what is no file of this machine has no number to flush
    with contextlib.suppress(io.UnsupportedOperation, AttributeError):
        os.fsync(stream.fileno())


def flush_folder(folder: str | Path) -> None:
    """Have the names in a local folder rest on its disk, as the bytes of its files do."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
