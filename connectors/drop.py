"""A folder on any file system that fsspec knows: what lies in it, its bytes, and a new name."""

from __future__ import annotations

import contextlib
import datetime as dt
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO
from urllib.parse import unquote, urlsplit

import asyncssh
from fsspec import AbstractFileSystem
from fsspec.asyn import FSTimeoutError
from fsspec.core import has_magic, url_to_fs

from connectors.address import Address, filled
from schemas.errors import SourceRejected, SourceUnavailable

_BUFFER = 1 << 20
_SSH = ("sftp", "ssh")
# a server that is not in known_hosts is refused, and a dead line is noticed
_SSH_DEFAULTS: Mapping[str, object] = {
    "known_hosts": (),
    "connect_timeout": 30,
    "login_timeout": 30,
    "keepalive_interval": 15,
}
Option = str | int | bool


@dataclass(frozen=True, slots=True)
class DroppedFile:
    """A file as it was listed: where, how large, and when it was last written."""

    path: str
    url: str
    size: int
    modified: dt.datetime


@dataclass(frozen=True, slots=True)
class Drop:
    """The file system behind an address, and the address's path on it, patterns and all."""

    shown: str
    path: str
    _fs: AbstractFileSystem

    @classmethod
    def at(cls, address: Address, options: Mapping[str, Option]) -> Drop:
        """The drop at the address; options may hold ${NAME}s.

        Raises:
            SourceUnavailable: its server cannot be reached.
            SourceRejected: its server refuses access, or there is no driver for its scheme.
        """
        given = {k: filled(v) if isinstance(v, str) else v for k, v in options.items()}
        url, signed_in = _without_user(address.full)
        with translated(address.shown):
            fs, path = _opened(url, {"skip_instance_cache": True, **signed_in, **given})
        return cls(address.shown, path, fs)

    def files(self, pattern: str) -> list[DroppedFile]:
        """The files that match, sorted by name; SourceRejected where their folder is missing."""
        folder = _folder(self.path)
        with translated(self.shown):
            if not self._fs.isdir(folder):
                raise SourceRejected(f"{self._url(folder)} is not a folder")
            found = self._fs.glob(pattern, detail=True, on_error="raise")
            listed = [self._listed(path, info) for path, info in sorted(found.items())]
        return [file for file in listed if file is not None]

    def open(self, file: DroppedFile) -> BinaryIO:
        """The file's bytes from their beginning; what goes wrong while reading is a SourceError."""
        with translated(file.url):
            inner = self._fs.open(file.path, "rb")
        return io.BufferedReader(_Translating(inner, file.url), _BUFFER)

    def rename(self, file: DroppedFile, suffix: str) -> None:
        """Add the suffix to the file's name, unless it is gone or was written to since listed."""
        with translated(file.url), contextlib.suppress(FileNotFoundError):
            if self._listed(file.path, self._fs.info(file.path)) == file:
                self._fs.mv(file.path, file.path + suffix)

    def _listed(self, path: str, info: Mapping[str, Any]) -> DroppedFile | None:
        if info["type"] not in ("file", "directory"):
            info = self._fs.info(path)
        if info["type"] == "directory":
            return None
        moment = info["mtime"] if "mtime" in info else self._fs.modified(path)
        if not isinstance(moment, dt.datetime):
            moment = dt.datetime.fromtimestamp(moment, dt.UTC)
        return DroppedFile(path, self._url(path), int(info["size"]), moment)

    def _url(self, path: str) -> str:
        scheme, mark, rest = self.shown.partition("://")
        if not mark or scheme == "file":
            return f"file://{path}"
        host = rest.partition("/")[0] if path.startswith("/") else ""
        return f"{scheme}://{host}{path}"


@contextlib.contextmanager
def translated(url: str) -> Iterator[None]:
    """Turn what goes wrong at a drop into one line that names its URL."""
    try:
        yield
    except FileNotFoundError:
        raise SourceUnavailable(f"{url} does not exist") from None
    except (PermissionError, asyncssh.SFTPPermissionDenied):
        raise SourceRejected(f"{url} refuses access") from None
    except asyncssh.HostKeyNotVerifiable:
        raise SourceRejected(f"{url}: the server's host key is not in known_hosts") from None
    except (ValueError, TypeError, ImportError) as error:
        what = f"{url} cannot be read with its options: {type(error).__name__}"
        raise SourceRejected(what) from None
    except (OSError, EOFError, asyncssh.Error, FSTimeoutError) as error:
        raise SourceUnavailable(f"{url} cannot be reached: {type(error).__name__}") from None


class _Translating(io.RawIOBase):
    """A stream whose failures name the URL that it is read from."""

    def __init__(self, inner: BinaryIO, url: str) -> None:
        self._inner = inner
        self._url = url

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:  # noqa: ANN401 - io's own signature is a writable buffer
        with translated(self._url):
            block = self._inner.read(len(buffer))
        buffer[: len(block)] = block
        return len(block)

    def close(self) -> None:
        self._inner.close()
        super().close()


def _opened(url: str, options: Mapping[str, object]) -> tuple[AbstractFileSystem, str]:
    try:
        fs, path = url_to_fs(url, **options)
    except FileNotFoundError:
        # nothing of the drop itself has been looked at yet
        raise SourceRejected("a file that the options name does not exist") from None
    return fs, str(path)


def _without_user(url: str) -> tuple[str, dict[str, object]]:
    parts = urlsplit(url)
    if parts.scheme not in _SSH:
        return url, {}
    given = {"username": parts.username, "password": parts.password}
    options = {name: unquote(value) for name, value in given.items() if value}
    bare = parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
    return bare, {**_SSH_DEFAULTS, **options}


def _folder(path: str) -> str:
    folder = path.rpartition("/")[0]
    while has_magic(folder) or "{day}" in folder:
        folder = folder.rpartition("/")[0]
    return folder or "/"
