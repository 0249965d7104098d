"""The text of single records of a file of lines, found without looking at the others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import BinaryIO

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
    _passed: int = 0
    _block: bytes = b""
    _rest: bytes = b""
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
        return self._block[self._bounds.starts[at] : self._bounds.ends[at]]

    @property
    def _held(self) -> int:
        return 0 if self._bounds is None else len(self._bounds.ends)

    def _advance(self) -> bool:
        self._passed += self._held
        read = self.stream.read(_BLOCK)
        whole, newline, rest = (self._rest + read).rpartition(b"\n")
        self._block, self._rest = (whole + newline, rest) if read else (self._rest + b"\n", b"")
        self._bounds = _bounds(self._block)
        return bool(read)


@dataclass(frozen=True, slots=True)
class _Bounds:
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]


def _bounds(block: bytes) -> _Bounds:
    ends = np.flatnonzero(np.frombuffer(block, np.uint8) == _NEWLINE)
    starts = np.concatenate([[0], ends[:-1] + 1]).astype(np.int64)[: len(ends)]
    short = np.flatnonzero(ends - starts <= _SHORT)
    blank = [at for at in short if not block[starts[at] : ends[at]].strip()]
    return _Bounds(np.delete(starts, blank), np.delete(ends, blank))
