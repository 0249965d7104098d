"""The text of single records of a file of lines, found without looking at the others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from io import BufferedReader
from typing import BinaryIO, cast

import numpy as np
from numpy.typing import NDArray

_BLOCK = 1 << 22
_NEWLINE = 10
_SHORT = 16
_INDENTED = (b"\n ", b"\n\t")


@dataclass(slots=True)
class Records:
    """Hands out records by number, going forward only; blank lines are no records."""

    stream: BinaryIO
    _buffer: bytearray = field(default_factory=lambda: bytearray(_BLOCK))
    _filled: int = 0
    _passed: int = 0
    _bounds: _Bounds | None = None

    def texts(self, numbers: Sequence[int]) -> list[str]:
        """The records of those numbers, which rise and lie beyond all that were asked before."""
        return [self._text(number).decode("utf-8", "replace") for number in numbers]

    def _text(self, number: int) -> bytes:
        while number > self._passed + self._held and self._advance():
            continue
        if self._bounds is None:
            return b""
        at = number - self._passed - 1
        return bytes(self._buffer[self._bounds.starts[at] : self._bounds.ends[at]]).rstrip(b"\r")

    @property
    def _held(self) -> int:
        return 0 if self._bounds is None else len(self._bounds.ends)

    def _advance(self) -> bool:
        self._passed += self._held
        kept = self._buffer[self._bounds.rest if self._bounds else 0 : self._filled]
        if len(kept) == len(self._buffer):
            self._buffer += bytes(len(kept))
        self._buffer[: len(kept)] = kept
        with memoryview(self._buffer) as room:
            read = cast("BufferedReader", self.stream).readinto(room[len(kept) :])
        self._filled = len(kept) + read
        if not read and kept:
            self._buffer[self._filled : self._filled + 1] = b"\n"
            self._filled += 1
        self._bounds = _bounds(self._buffer, self._filled)
        return bool(read or kept)


@dataclass(frozen=True, slots=True)
class _Bounds:
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    rest: int


def _bounds(block: bytearray, filled: int) -> _Bounds:
    ends = np.flatnonzero(np.frombuffer(block, np.uint8, filled) == _NEWLINE)
    starts = np.concatenate([[0], ends[:-1] + 1]).astype(np.int64)[: len(ends)]
    short = np.flatnonzero(ends - starts <= _SHORT)
    blank = [at for at in short if not block[starts[at] : ends[at]].strip()]
    rest = int(ends[-1]) + 1 if len(ends) else 0
    return _Bounds(np.delete(starts, blank), np.delete(ends, blank), rest)
