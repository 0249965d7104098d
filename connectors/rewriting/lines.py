"""Records that end with their line: separated values and JSON lines. No other byte changes."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from connectors.rewriting.gone import Gone

_BLOCK = 1 << 24
_NEWLINE = 10
_SHORT = 16
Spans = Iterator[tuple[int, int]]


def without_rows(source: Path, target: BinaryIO, gone: Gone) -> None:
    """Separated values without those rows; a blank line is a row, and a quoted cell may hold one.

    The bytes are of an encoding in which ASCII is ASCII.
    """
    with source.open("rb") as stream:
        for _ in range(gone.profile.skip_rows + 1):
            stream.readline()
        start = stream.tell()
        cuts = _numbered(_spans(stream, start, ord(gone.profile.quote)), gone.lines)
        _copy(stream, target, list(cuts))


def without_lines(source: Path, target: BinaryIO, gone: Gone) -> None:
    """JSON lines without those records; a blank line is none."""
    with source.open("rb") as stream:
        filled = (span for span in _spans(stream, 0, None) if not _is_blank(source, span))
        _copy(stream, target, list(_numbered(filled, gone.lines)))


def _numbered(spans: Spans, wanted: frozenset[int]) -> Spans:
    last = max(wanted, default=0)
    for number, span in enumerate(spans, 1):
        if number in wanted:
            yield span
        if number >= last:
            return


def _is_blank(source: Path, span: tuple[int, int]) -> bool:
    start, end = span
    if end - start > _SHORT:
        return False
    with source.open("rb") as stream:
        stream.seek(start)
        return not stream.read(end - start).strip()


def _spans(stream: BinaryIO, start: int, quote: int | None) -> Spans:
    """Where each record begins and ends, its newline included."""
    at, inside = start, False
    begun = start
    while block := _read(stream, at):
        ends, inside = _ends(block, quote, inside=inside)
        for end in ends.tolist():
            yield begun, at + end + 1
            begun = at + end + 1
        at += len(block)
    if begun < at:
        yield begun, at


def _read(stream: BinaryIO, at: int) -> bytes:
    # a consumer may move the stream between two records
    stream.seek(at)
    return stream.read(_BLOCK)


def _ends(block: bytes, quote: int | None, *, inside: bool) -> tuple[NDArray[np.int64], bool]:
    content = np.frombuffer(block, np.uint8)
    newlines = np.flatnonzero(content == _NEWLINE)
    if quote is None:
        return newlines, False
    quotes = np.flatnonzero(content == quote)
    if not len(quotes):
        return (newlines[:0] if inside else newlines), inside
    before = np.searchsorted(quotes, newlines) + inside
    return newlines[before % 2 == 0], bool((len(quotes) + inside) % 2)


def _copy(stream: BinaryIO, target: BinaryIO, cuts: Sequence[tuple[int, int]]) -> None:
    stream.seek(0)
    for start, end in cuts:
        _copy_until(stream, target, start)
        stream.seek(end)
    shutil.copyfileobj(stream, target, _BLOCK)


def _copy_until(stream: BinaryIO, target: BinaryIO, end: int) -> None:
    while (left := end - stream.tell()) > 0:
        target.write(stream.read(min(left, _BLOCK)))
