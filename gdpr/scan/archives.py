"""Files inside files: ZIP members and compressed streams, within bounds that stop a bomb."""

from __future__ import annotations

import bz2
import gzip
import lzma
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import BinaryIO, cast

import pyarrow as pa

BROKEN = (
    OSError,
    EOFError,
    ValueError,
    RuntimeError,
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
)
_BLOCK = 1 << 18

_Open = Callable[[BinaryIO], BinaryIO]


@dataclass(slots=True)
class Budget:
    """How many bytes may still come out of a file, all that is packed in it taken together."""

    left: int

    def take(self, count: int) -> None:
        """Spend as many; ValueError where they are not left."""
        self.left -= count
        if self.left < 0:
            raise ValueError("more comes out of it than is read")


@dataclass(frozen=True, slots=True)
class Member:
    """A file in an archive: its path there, what else is written of it, and its bytes."""

    path: str
    words: bytes
    open: Callable[[], BinaryIO]


def members(stream: BinaryIO) -> Iterator[Member]:
    """The files of a ZIP archive.

    Raises:
        Exception: one of BROKEN, where it cannot be read.
    """
    archive = zipfile.ZipFile(stream)
    for info in archive.infolist():
        if not info.is_dir():
            yield Member(info.filename, info.comment + b"\n" + info.extra, _opener(archive, info))


def unpacked(stream: BinaryIO, head: bytes) -> BinaryIO | None:
    """What a compressed stream holds; None where its first bytes are of no known compression."""
    for magic, open_ in COMPRESSIONS.items():
        if head.startswith(magic):
            return open_(stream)
    return None


def blocks(stream: BinaryIO, budget: Budget) -> Iterator[bytes]:
    """The stream's bytes from where it stands, block by block, paid from the budget."""
    while block := stream.read(_BLOCK):
        budget.take(len(block))
        yield block


def _opener(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Callable[[], BinaryIO]:
    return lambda: cast("BinaryIO", archive.open(info))


def _zstd(stream: BinaryIO) -> BinaryIO:
    return cast("BinaryIO", pa.CompressedInputStream(pa.PythonFile(stream, "r"), "zstd"))


COMPRESSIONS: Mapping[bytes, _Open] = {
    b"\x1f\x8b": lambda stream: cast("BinaryIO", gzip.GzipFile(fileobj=stream)),
    b"BZh": cast("_Open", bz2.BZ2File),
    b"\xfd7zXZ\0": cast("_Open", lzma.LZMAFile),
    b"\x28\xb5\x2f\xfd": _zstd,
}
