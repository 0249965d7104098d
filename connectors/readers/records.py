"""The text of single records of a file of lines, found without looking at the others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO

import numpy as np

_BLOCK = 1 << 16
_NEWLINE = 10
_SHORTEST = 2
_INDENTED = (b"\n ", b"\n\t")


@dataclass(slots=True)
class Records:
    """Hands out records by number, going forward only; blank lines are no records."""

    stream: BinaryIO
    _passed: int = 0
    _held: int = 0
    _block: bytes = b""
    _rest: bytes = b""

    def texts(self, numbers: Sequence[int]) -> list[str]:
        """The records of those numbers, which rise and lie beyond all that were asked before."""
        return [text.decode("utf-8", "replace") for text in self._found(numbers)]

    def _found(self, numbers: Sequence[int]) -> Iterator[bytes]:
        for number in numbers:
            while number > self._passed + self._held and self._advance():
                continue
            yield _lines(self._block)[number - self._passed - 1].rstrip(b"\r")

    def _advance(self) -> bool:
        read = self.stream.read(_BLOCK)
        self._passed += self._held
        whole, newline, rest = (self._rest + read).rpartition(b"\n")
        self._block, self._rest = (whole + newline, rest) if read else (self._rest, b"")
        self._held = _filled(self._block)
        return bool(read or self._block)


def _filled(block: bytes) -> int:
    ends = np.flatnonzero(np.frombuffer(block, np.uint8) == _NEWLINE)
    short = len(ends) == 0 or ends[0] < _SHORTEST or np.any(np.diff(ends) <= _SHORTEST)
    if short or block[:1].isspace() or any(mark in block for mark in _INDENTED):
        return len(_lines(block))
    return len(ends) + (not block.endswith(b"\n"))


def _lines(block: bytes) -> list[bytes]:
    return [line for line in block.split(b"\n") if line.strip()]
