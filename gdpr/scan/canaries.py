"""Planted strings that must be in no released byte, in every form that a file may give them."""

from __future__ import annotations

import base64
import contextlib
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import quote

import numpy as np
from numpy.typing import NDArray

LEAST = 6
LONGEST = 200
_ENCODINGS = ("utf-8", "cp1252", "utf-16-le", "utf-16-be")
_MARK = 4
_FIGURES = frozenset(b"0123456789-:., \0")
_MIX = np.uint32(2654435761)
_SHIFT = np.uint32(16)
_BITS = 1 << 16


@dataclass(frozen=True)
class Canaries:
    """Strings of 6 to 200 characters, found whatever the case of their letters.

    They are found in UTF-8, cp1252 and UTF-16, escaped as in JSON and addresses, and in base64.
    """

    texts: tuple[str, ...] = ()

    @classmethod
    def read(cls, lines: Iterable[str]) -> Canaries:
        """One planted string a line; empty lines and those that begin with # are none.

        Raises:
            ValueError: a string is too short or too long; the message tells its line alone.
        """
        texts = []
        for number, line in enumerate(lines, 1):
            text = line.strip()
            if not text or text.startswith("#"):
                continue
            if not LEAST <= len(text) <= LONGEST:
                raise ValueError(f"line {number} has not between {LEAST} and {LONGEST} characters")
            texts.append(text)
        return cls(tuple(dict.fromkeys(texts)))

    def places(self, data: bytes) -> NDArray[np.int64]:
        """Where in the bytes one of them begins, each place once, in order."""
        if not self.texts:
            return np.empty(0, np.int64)
        return np.array(sorted(set(self._patterns.places(data))), np.int64)

    @cached_property
    def _patterns(self) -> _Patterns:
        folded = {form.lower() for text in self.texts for form in _plain(text)}
        exact = {form for text in self.texts for form in _base64(text)}
        return _Patterns.of(folded, exact)


@dataclass(frozen=True, slots=True)
class _Pattern:
    """Bytes that are sought, and where in them the four stand by which they are found."""

    text: bytes
    offset: int
    exact: bool

    def stands(self, data: bytes, lowered: bytes, place: int) -> bool:
        start = place - self.offset
        return start >= 0 and (data if self.exact else lowered).startswith(self.text, start)


@dataclass(frozen=True, slots=True)
class _Patterns:
    """Byte strings, found by a table over the hash of four of their bytes in small letters."""

    by_mark: Mapping[bytes, tuple[_Pattern, ...]]
    table: NDArray[np.bool_]

    @classmethod
    def of(cls, folded: Iterable[bytes], exact: Iterable[bytes]) -> _Patterns:
        by_mark: dict[bytes, list[_Pattern]] = defaultdict(list)
        for texts, is_exact in ((folded, False), (exact, True)):
            for text in sorted(texts):
                lowered = text.lower()
                offset = _offset_of_mark(lowered)
                mark = lowered[offset : offset + _MARK]
                by_mark[mark].append(_Pattern(text, offset, is_exact))
        table = np.zeros(_BITS, np.bool_)
        for mark in by_mark:
            table[_hashes(mark)] = True
        return cls({mark: tuple(found) for mark, found in by_mark.items()}, table)

    def places(self, data: bytes) -> Iterator[int]:
        if len(data) < _MARK:
            return
        lowered = data.lower()
        for place in np.flatnonzero(self.table[_hashes(lowered)]).tolist():
            for pattern in self.by_mark.get(lowered[place : place + _MARK], ()):
                if pattern.stands(data, lowered, place):
                    yield place - pattern.offset


def _offset_of_mark(text: bytes) -> int:
    """Where the four bytes stand that are least like figures, which data are full of."""
    letters = [byte not in _FIGURES for byte in text]
    offsets = range(len(text) - _MARK + 1)
    return max(offsets, key=lambda offset: sum(letters[offset : offset + _MARK]))


def _hashes(data: bytes) -> NDArray[np.uint32]:
    """For each place the number that four bytes make, mixed into sixteen bits."""
    words = np.ndarray((len(data) - _MARK + 1,), "<u4", data, 0, (1,))
    return words * _MIX >> _SHIFT


def _plain(text: str) -> Iterator[bytes]:
    for form in {text, text.lower(), text.upper(), text.casefold()}:
        yield json.dumps(form)[1:-1].encode()
        yield from _encoded(form)
        for encoding in ("utf-8", "cp1252"):
            with contextlib.suppress(UnicodeEncodeError):
                yield quote(form, safe="", encoding=encoding, errors="strict").encode()
                yield (
                    quote(form, safe=" ", encoding=encoding, errors="strict")
                    .replace(" ", "+")
                    .encode()
                )


def _base64(text: str) -> Iterator[bytes]:
    for form in {text, text.lower(), text.upper()}:
        for encoded in _encoded(form):
            for lead in range(3):
                yield _settled(encoded, lead)


def _settled(encoded: bytes, lead: int) -> bytes:
    """The base64 digits that depend on nothing but the text, with `lead` bytes before it."""
    whole = base64.b64encode(bytes(lead) + encoded)
    first = (lead * 8 + 5) // 6
    last = (lead + len(encoded)) * 8 // 6
    return whole[first:last]


def _encoded(form: str) -> Iterator[bytes]:
    for encoding in _ENCODINGS:
        with contextlib.suppress(UnicodeEncodeError):
            yield form.encode(encoding)
