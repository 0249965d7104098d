"""What of a Parquet file its rows do not show: footer, statistics, dictionaries, indexes, gaps."""

from __future__ import annotations

import base64
import binascii
import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from gdpr.scan.thrift import Reader, Struct, Value, binaries, integer, structs

MAGIC = b"PAR1"
_TAIL = 8
_HEADER = 1 << 16
_CODECS = {0: None, 1: "snappy", 2: "gzip", 4: "brotli", 5: "lz4_raw", 6: "zstd", 7: "lz4_raw"}
_FORMATS = {1: "<i4", 2: "<i8", 4: "<f4", 5: "<f8"}
_BYTE_ARRAY = 6
_DICTIONARY_PAGE = 2
_LARGEST_PAGE = 1 << 28
_LEAST_BASE64 = 24


@dataclass(slots=True)
class Hidden:
    """What stands in the file beside its rows: lines of text and numbers.

    `blooms` counts bloom filters; `gaps` holds the bytes that no page and no footer tells of.
    """

    lines: list[bytes] = field(default_factory=list)
    numbers: list[NDArray[np.generic]] = field(default_factory=list)
    gaps: list[bytes] = field(default_factory=list)
    blooms: int = 0


@dataclass(frozen=True, slots=True)
class _Span:
    start: int
    size: int


def hidden(stream: BinaryIO) -> Iterator[Hidden]:
    """What the Parquet file in the stream holds beside its rows, one group of rows at a time.

    The first is of the footer, the last of what none of them accounts for.

    Raises:
        ValueError: it is no whole Parquet file, or its pages are not where its footer says.
    """
    size = stream.seek(0, 2)
    if size < len(MAGIC) + _TAIL or _at(stream, _Span(0, 4)) != MAGIC:
        raise ValueError("no Parquet file")
    tail = _at(stream, _Span(size - _TAIL, _TAIL))
    length = int.from_bytes(tail[:4], "little")
    if tail[4:] != MAGIC or length > size - _TAIL - len(MAGIC):
        raise ValueError("no Parquet footer")
    footer = _at(stream, _Span(size - _TAIL - length, length))
    yield from _Walk(stream, size).over(footer)


@dataclass(slots=True)
class _Walk:
    stream: BinaryIO
    size: int
    found: Hidden = field(default_factory=Hidden)
    spans: list[_Span] = field(default_factory=list)

    def over(self, footer: bytes) -> Iterator[Hidden]:
        metadata = Reader(footer).struct()
        self.found.lines += [text for blob in binaries(metadata) for text in _texts(blob)]
        self.spans += [_Span(0, 4), _Span(self.size - _TAIL - len(footer), len(footer) + _TAIL)]
        for group in structs(metadata, 4):
            yield self._handed_over()
            for chunk in structs(group, 1):
                for column in structs(chunk, 3):
                    self._column(column)
                    self._indexes(chunk, integer(column, 1))
        yield self._handed_over()
        self._gaps()
        yield self.found

    def _handed_over(self) -> Hidden:
        found, self.found = self.found, Hidden()
        return found

    def _column(self, column: Struct) -> None:
        kind = integer(column, 1)
        for statistics in structs(column, 12):
            self._numbers(statistics, kind)
        # a column without rows has no page of data, one without a dictionary no such page
        start = min(filter(None, (integer(column, 11), integer(column, 9))), default=0)
        self._pages(column, _Span(start, integer(column, 7)))
        self._copy(column, start + integer(column, 7))
        if at := integer(column, 14):
            self.found.blooms += 1
            self._bloom(at, integer(column, 15))

    def _pages(self, column: Struct, chunk: _Span) -> None:
        place = chunk.start
        while place < chunk.start + chunk.size:
            reader = Reader(_at(self.stream, _Span(place, min(_HEADER, self.size - place))))
            header = reader.struct()
            length = integer(header, 3)
            if length < 0:
                raise ValueError("a page of less than no bytes")
            self._header(header, integer(column, 1))
            body = _Span(place + reader.place, length)
            if integer(header, 1) == _DICTIONARY_PAGE:
                self._dictionary(column, header, _at(self.stream, body))
            self.spans.append(_Span(place, reader.place + length))
            place = body.start + length

    def _header(self, header: Struct, kind: int) -> None:
        self.found.lines += binaries(header)
        self._numbers(header, kind)

    def _dictionary(self, column: Struct, header: Struct, body: bytes) -> None:
        codec, size = integer(column, 4), integer(header, 2)
        if codec not in _CODECS or not 0 <= size <= _LARGEST_PAGE:
            raise ValueError("a dictionary that cannot be read")
        name = _CODECS[codec]
        plain = body if name is None else pa.decompress(body, size, name, asbytes=True)
        kind = integer(column, 1)
        if kind in _FORMATS:
            self._numbers(plain, kind)
        else:
            self.found.lines += _strings(plain) if kind == _BYTE_ARRAY else [plain]

    def _copy(self, column: Struct, at: int) -> None:
        """A column's metadata, which some writers put after its pages too."""
        reader = Reader(_at(self.stream, _Span(at, min(_HEADER, self.size - at))))
        with contextlib.suppress(ValueError):
            copied = reader.struct()
            if copied.get(3) == column.get(3):
                self.found.lines += binaries(copied)
                self.spans.append(_Span(at, reader.place))

    def _numbers(self, value: Value, kind: int) -> None:
        form = _FORMATS.get(kind)
        for blob in binaries(value) if form else ():
            if len(blob) % np.dtype(form).itemsize == 0:
                self.found.numbers.append(np.frombuffer(blob, form))

    def _indexes(self, chunk: Struct, kind: int) -> None:
        self._index(_Span(integer(chunk, 4), integer(chunk, 5)), kind)
        self._index(_Span(integer(chunk, 6), integer(chunk, 7)), kind)

    def _index(self, span: _Span, kind: int) -> None:
        if span.size:
            self.spans.append(span)
            index = Reader(_at(self.stream, span)).struct()
            self.found.lines += binaries(index)
            self._numbers(index, kind)

    def _bloom(self, at: int, length: int) -> None:
        reader = Reader(_at(self.stream, _Span(at, min(_HEADER, self.size - at))))
        header = reader.struct()
        self.spans.append(_Span(at, length or reader.place + integer(header, 1)))

    def _gaps(self) -> None:
        place = 0
        for span in sorted(self.spans, key=lambda span: span.start):
            if span.start > place:
                self.found.gaps.append(_at(self.stream, _Span(place, span.start - place)))
            place = max(place, span.start + span.size)


def _at(stream: BinaryIO, span: _Span) -> bytes:
    if span.start < 0 or span.size < 0:
        raise ValueError("a place before the file's beginning")
    stream.seek(span.start)
    data = stream.read(span.size)
    if len(data) < span.size:
        raise ValueError("the file ends too early")
    return data


def _strings(plain: bytes) -> Iterator[bytes]:
    """The strings of a page, each after its length."""
    place = 0
    while place < len(plain):
        length = int.from_bytes(plain[place : place + 4], "little")
        yield plain[place + 4 : place + 4 + length]
        place += 4 + length


def _texts(blob: bytes) -> Iterator[bytes]:
    """The bytes, and what they say where they are base64, as Arrow's schema in the footer is."""
    yield blob
    if len(blob) >= _LEAST_BASE64:
        try:
            yield base64.b64decode(blob, validate=True)
        except binascii.Error:
            return
