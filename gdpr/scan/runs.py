"""Where digits stand in bytes: runs of them, and runs that a single separator joins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

PAD = 16
LETTER, DIGIT, BORDER = 1, 2, 3
_ZERO, _TEN = np.uint8(48), np.uint8(10)
_DOT = ord(".")
_NBSP = (0xC2, 0xA0)
_LONGEST_FRACTION = 4
_LONGEST = 255
_MOST_FIGURES = 17

Bytes = NDArray[np.uint8]
Places = NDArray[np.int64]
Holds = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Runs:
    """The runs of digits in some bytes, which are padded on both sides.

    `starts` and `ends` (one past the last digit) are places in the padded bytes; `lengths` (255
    stands for all longer ones) and `links`, the one byte between a run and the next or 0, go with
    them. A no-break space in UTF-8 links as a space does. A run is told by its index.
    """

    padded: Bytes
    starts: Places
    ends: Places
    lengths: Bytes
    links: Bytes

    @classmethod
    def of(cls, data: bytes) -> Runs:
        """The runs in these bytes."""
        border = b"\n" * PAD
        padded = np.frombuffer(b"".join((border, data, border)), np.uint8)
        is_digit = (padded - _ZERO) < _TEN
        edges = np.flatnonzero(is_digit[1:] != is_digit[:-1]) + 1
        starts, ends = edges[0::2], edges[1::2]
        lengths = np.minimum(ends - starts, _LONGEST).astype(np.uint8)
        return cls(padded, starts, ends, lengths, _links(padded, starts, ends))

    def long(self, length: int) -> Places:
        """The runs of that many digits."""
        return np.flatnonzero(self.lengths == length)

    def joined(self, lengths: Sequence[int], separators: bytes) -> Places:
        """The first of as many runs of these lengths, each linked to the next by a separator."""
        found = self.long(lengths[0])
        for step, length in enumerate(lengths[1:], 1):
            found = found[found + step < len(self.starts)]
            found = found[self.linked(found + step - 1, separators)]
            found = found[self.lengths[found + step] == length]
        return found

    def linked(self, runs: Places, separators: bytes) -> Holds:
        """Whether one separator stands between each run and the next; False after the last."""
        return _table(separators)[self.links[runs]]

    def digits(self, first: Places, lengths: Sequence[int]) -> Bytes:
        """The digits of as many runs of these lengths from each first one: (rows, all digits)."""
        parts = [
            self.padded[self.starts[first + step][:, None] + np.arange(length)]
            for step, length in enumerate(lengths)
        ]
        return np.concatenate(parts, axis=1)

    def before(self, first: Places) -> Bytes:
        """The class of the byte before each run."""
        return CLASSES[self.padded[self.starts[first] - 1]]

    def after(self, last: Places) -> Bytes:
        """The class of the byte after each run."""
        return CLASSES[self.padded[self.ends[last]]]

    def whole(self, first: Places, last: Places) -> Holds:
        """Whether runs from first to last are no part of a decimal number.

        x.0 is none, nor are more figures than a computer's number has.
        """
        starts = self.starts[first]
        after_point = (self.padded[starts - 1] == _DOT) & self._is_digit(starts - 2)
        after_point &= self._figures(first - 1) <= _MOST_FIGURES
        before_point = self.pointed(last) & (self._figures(last) <= _MOST_FIGURES)
        holds: Holds = ~after_point & (~before_point | self.ends_in_nought(last))
        return holds

    def _figures(self, runs: Places) -> NDArray[np.int16]:
        """How many digits each run and the next have together."""
        lengths = self.lengths.astype(np.int16)
        figures: NDArray[np.int16] = lengths[runs] + lengths[(runs + 1) % len(lengths)]
        return figures

    def pointed(self, last: Places) -> Holds:
        """Whether a point and a digit follow each run."""
        ends = self.ends[last]
        holds: Holds = (self.padded[ends] == _DOT) & self._is_digit(ends + 1)
        return holds

    def ends_in_nought(self, last: Places) -> Holds:
        """Whether a point and up to four noughts follow each run, and nothing else of a number."""
        following = np.minimum(last + 1, len(self.starts) - 1)
        lengths = self.lengths[following]
        at = self.starts[following][:, None] + np.arange(_LONGEST_FRACTION)
        beyond = np.arange(_LONGEST_FRACTION) >= lengths[:, None]
        is_nought = ((self.padded[at] == _ZERO) | beyond).all(axis=1)
        short = lengths <= _LONGEST_FRACTION
        holds: Holds = self.pointed(last) & short & is_nought & (self.after(following) != LETTER)
        return holds

    def _is_digit(self, places: Places) -> Holds:
        holds: Holds = CLASSES[self.padded[places]] == DIGIT
        return holds


def _links(padded: Bytes, starts: Places, ends: Places) -> Bytes:
    links = np.zeros(len(starts), np.uint8)
    gaps = starts[1:] - ends[:-1]
    links[:-1] = np.where(gaps == 1, padded[ends[:-1]], 0)
    two = np.flatnonzero(gaps == len(_NBSP))
    is_space = (padded[ends[two]] == _NBSP[0]) & (padded[ends[two] + 1] == _NBSP[1])
    links[two[is_space]] = ord(" ")
    return links


@cache
def _table(members: bytes) -> Holds:
    table = np.zeros(256, np.bool_)
    table[list(members)] = True
    return table


def _classes() -> Bytes:
    table = np.zeros(256, np.uint8)
    table[list(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")] = LETTER
    table[list(b"0123456789")] = DIGIT
    table[list(b",;|\t\r\n \"'[](){}:<>=")] = BORDER
    return table


CLASSES = _classes()
