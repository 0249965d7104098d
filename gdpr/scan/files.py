"""Any file scanned: by what its bytes are, never by what its name says."""

from __future__ import annotations

import io
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import PurePosixPath
from typing import BinaryIO

from gdpr.scan import archives, parquet
from gdpr.scan.archives import COMPRESSIONS, Budget, Member, blocks, members, unpacked
from gdpr.scan.databases import LARGEST, scan_arrow, scan_sqlite
from gdpr.scan.findings import UNREADABLE, Finding, Sought, Tally, merged
from gdpr.scan.parquet import scan_parquet
from gdpr.scan.text import BLOCK, View, scan_text
from gdpr.scan.views import cells, plain, shown

_MOST = 1 << 32
_RATIO = 300
_SPARE = 1 << 26
_DEEPEST = 4
_HEAD = 64
_ZIP, _PARQUET = b"PK\x03\x04", b"PAR1"
_MARKUP = (b"<!doctype html", b"<html", b"<?xml", b"<svg")
_OPAQUE = (b"%PDF", b"7z\xbc\xaf\x27\x1c", b"Rar!", b"ORC", b"Obj\x01", b"PARE")
_PROMISED = {
    ".parquet": _PARQUET,
    ".xlsx": b"PK",
    ".zip": b"PK",
    ".gz": b"\x1f\x8b",
    ".sqlite": b"SQLite format 3",
}
_BROKEN = (*archives.BROKEN, *parquet.BROKEN, sqlite3.Error)

_TABLES: Mapping[bytes, Callable[[BinaryIO, Sought, Tally], None]] = {
    b"SQLite format 3\0": scan_sqlite,
    b"ARROW1": scan_arrow,
}


def scan(file: str, stream: BinaryIO, sought: Sought) -> tuple[Finding, ...]:
    """What is found in a file: in its bytes, in what is packed in it, and in its path.

    The stream is seekable. A file that cannot be read to its end is a finding, and its bytes are
    scanned as they are. Memory holds a few megabytes, but for databases and archives in archives.
    """
    size = stream.seek(0, 2)
    stream.seek(0)
    return merged(_File(file, sought, Budget(min(_MOST, _SPARE + _RATIO * size))).findings(stream))


def scan_name(path: str, sought: Sought) -> tuple[Finding, ...]:
    """What is found in the last part of a path; a part that holds something is not told."""
    return tuple(_in_text(path.rsplit("/", 1)[-1], sought).findings(_told(path, sought)))


@dataclass(frozen=True, slots=True)
class _File:
    path: str
    sought: Sought
    budget: Budget
    depth: int = 0

    def findings(self, stream: BinaryIO) -> Iterator[Finding]:
        """What is found in the path, and in a stream that can be read again."""
        yield from scan_name(self.path, self.sought)
        head, tally = _peek(stream), Tally()
        try:
            yield from self._by_kind(stream, head, tally)
        except _BROKEN:
            tally = Tally()
            tally.add(UNREADABLE)
            self._raw(_again(stream), head, tally)
        if head.startswith(_OPAQUE) or not head.startswith(_promised(self.path)):
            tally.counts[UNREADABLE] = 1
        yield from tally.findings(_told(self.path, self.sought))

    def read_once(self, first: bytes, rest: Iterable[bytes]) -> Iterator[Finding]:
        """What is found in the path, and in bytes that are no container."""
        yield from scan_name(self.path, self.sought)
        tally = Tally()
        self._raw(chain((first,), rest), first, tally)
        yield from tally.findings(_told(self.path, self.sought))

    def _by_kind(self, stream: BinaryIO, head: bytes, tally: Tally) -> Iterator[Finding]:
        if head.startswith(_PARQUET):
            scan_parquet(stream, self.sought, tally)
            return
        self._raw(_again(stream), head, tally)
        stream.seek(0)
        for magic, table in _TABLES.items():
            if head.startswith(magic):
                rows = Tally()
                table(stream, self.sought, rows)
                tally.exceed(rows)
        if head.startswith(_ZIP):
            for member in members(stream):
                yield from self._member(member)
        elif inner := unpacked(stream, head):
            yield from self._inside(inner, PurePosixPath(self.path).stem)

    def _member(self, member: Member) -> Iterator[Finding]:
        words = Tally()
        scan_text([member.words], self.sought, words)
        yield from words.findings(_told(f"{self.path}/{member.path}", self.sought))
        with member.open() as inner:
            yield from self._inside(inner, member.path)

    def _inside(self, stream: BinaryIO, name: str) -> Iterator[Finding]:
        within = replace(self, path=f"{self.path}/{name}", depth=self.depth + 1)
        first = stream.read(_HEAD)
        if not _is_container(first):
            yield from within.read_once(first, blocks(stream, self.budget))
        elif self.depth == _DEEPEST:
            raise ValueError("packed too deep")
        else:
            kept = Budget(min(LARGEST, self.budget.left))
            whole = io.BytesIO(first + b"".join(blocks(stream, kept)))
            self.budget.take(whole.getbuffer().nbytes)
            yield from within.findings(whole)

    def _raw(self, bytes_: Iterable[bytes], head: bytes, tally: Tally) -> None:
        scan_text(bytes_, self.sought, tally, self._views(head))

    def _views(self, head: bytes) -> tuple[View, ...]:
        is_markup = head.lstrip(b"\xef\xbb\xbf \r\n\t").lower().startswith(_MARKUP)
        if not is_markup:
            return (plain,)
        return (plain, cells) if self.depth else (plain, shown)


def _is_container(head: bytes) -> bool:
    return head.startswith((_ZIP, _PARQUET, *_TABLES, *COMPRESSIONS))


def _promised(path: str) -> bytes:
    return _PROMISED.get(PurePosixPath(path).suffix.lower(), b"")


def _peek(stream: BinaryIO) -> bytes:
    stream.seek(0)
    return stream.read(_HEAD)


def _again(stream: BinaryIO) -> Iterator[bytes]:
    stream.seek(0)
    while block := stream.read(BLOCK):
        yield block


def _told(path: str, sought: Sought) -> str:
    """The path as it may be told: parts that hold something sought are stars, but for a suffix."""
    return "/".join(_told_part(part, sought) for part in path.split("/"))


def _told_part(part: str, sought: Sought) -> str:
    if not _in_text(part, sought).total():
        return part
    suffix = PurePosixPath(part).suffix
    return f"***{suffix}" if suffix[1:].isalpha() else "***"


def _in_text(text: str, sought: Sought) -> Tally:
    tally = Tally()
    scan_text([text.encode(errors="replace")], sought, tally)
    return tally
