"""Phone numbers: with the country's code, in groups as people write them, or after a word for it.

Eight digits alone are none: dates, sums and codes look the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import product

import numpy as np

from gdpr.scan.runs import LETTER, PAD, Bytes, Holds, Places, Runs

_GROUPS = (3, 2, 3), (2, 2, 2, 2)
_CODE, _NOUGHT_CODE = b"47", b"0047"
_LENGTH = 8
_SEPARATORS = b" "
_AFTER_CODE = b" -)"
_MORE = b" .-:)"
_PLUS, _NOUGHT, _TWO = b"+02"
_WORDS = (b"tlf", b"tel", b"mob", b"phone")
_WORDED = re.compile(
    rb"(?:tlf|telefon|telephone|tel|mobil|mobile|mob|phone)[\w.]{0,4}\W{1,4}([2-9]\d{7})(?![\d.]\d)"
)
_BESIDE = re.compile(rb"(?:\W{1,5}|\W{1,2}(?:og|eller|and|or)\W{1,2})([2-9]\d{7})(?![\d.]\d)")

Found = Iterator[tuple[int, bytes]]


def phones(runs: Runs, data: bytes) -> Found:
    """Where phone numbers begin in the bytes, and their eight digits."""
    yield from _solid(runs)
    yield from _after_code(runs)
    yield from _grouped(runs)
    yield from _worded(runs, data)


def _solid(runs: Runs) -> Found:
    """+4722334455 and 004722334455."""
    for code, length in ((_CODE, 10), (_NOUGHT_CODE, 12)):
        first = runs.long(length)
        if code == _CODE:
            first = first[runs.padded[runs.starts[first] - 1] == _PLUS]
        digits = runs.digits(first, (length,))
        holds = _are(digits[:, : len(code)], code)
        yield from _told(runs, first[holds], digits[holds][:, len(code) :])


def _after_code(runs: Runs) -> Found:
    """+47 22334455 and 0047 22 33 44 55."""
    codes = np.concatenate([_plus_codes(runs), _nought_codes(runs)])
    codes = codes[runs.linked(codes, _AFTER_CODE)]
    if not len(codes):
        return
    for lengths in ((8,), *_GROUPS):
        first = np.intersect1d(codes + 1, runs.joined(lengths, _SEPARATORS))
        yield from _told(runs, first, runs.digits(first, lengths))


def _plus_codes(runs: Runs) -> Places:
    first = runs.long(len(_CODE))
    first = first[runs.padded[runs.starts[first] - 1] == _PLUS]
    found: Places = first[_are(runs.digits(first, (len(_CODE),)), _CODE)]
    return found


def _nought_codes(runs: Runs) -> Places:
    first = runs.long(len(_NOUGHT_CODE))
    first = first[runs.padded[runs.starts[first]] == _NOUGHT]
    found: Places = first[_are(runs.digits(first, (len(_NOUGHT_CODE),)), _NOUGHT_CODE)]
    return found


def _are(digits: Bytes, text: bytes) -> Holds:
    holds: Holds = (digits == np.frombuffer(text, np.uint8)).all(axis=1)
    return holds


def _grouped(runs: Runs) -> Found:
    """22 33 44 55 and 912 34 567, alone or two together: no more groups stand on either side."""
    for group, times in product(_GROUPS, (1, 2)):
        lengths = group * times
        first = runs.joined(lengths, _SEPARATORS)
        last = first + len(lengths) - 1
        alone = runs.whole(first, last) & ~_goes_on(runs, last, last + 1)
        alone &= (first == 0) | ~_goes_on(runs, first - 1, first - 1)
        alone &= (runs.before(first) != LETTER) & (runs.after(last) != LETTER)
        for at in range(0, len(lengths), len(group)):
            yield from _told(runs, first[alone] + at, runs.digits(first[alone] + at, group))


def _goes_on(runs: Runs, links: Places, beside: Places) -> Holds:
    """Whether a group is linked there that is no long number of its own."""
    short = runs.lengths[beside % len(runs.lengths)] < _LENGTH
    holds: Holds = runs.linked(links, _MORE) & short
    return holds


def _told(runs: Runs, first: Places, digits: Bytes) -> Found:
    holds = digits[:, 0] >= _TWO
    for place, row in zip(runs.starts[first[holds]].tolist(), digits[holds], strict=True):
        yield place - PAD, row.tobytes()


def _worded(runs: Runs, data: bytes) -> Found:
    eight = runs.long(_LENGTH)
    if not (runs.padded[runs.starts[eight]] >= _TWO).any():
        return
    lowered = data.lower()
    if any(word in lowered for word in _WORDS):
        for match in _WORDED.finditer(lowered):
            yield from _one_after_another(match, lowered)


def _one_after_another(match: re.Match[bytes] | None, data: bytes) -> Found:
    while match:
        yield match.start(1), match[1]
        match = _BESIDE.match(data, match.end())
