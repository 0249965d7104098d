"""Numbers of persons, accounts and organisations among the digits of some bytes.

A number stands by itself: neither in a decimal number, nor in a word of hexadecimal digits as
hashes and UUIDs are. Persons' numbers are written 11, 6+5; accounts 11, 4.2.5; organisations 9,
3 3 3; with spaces, points or dashes as people write them.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from gdpr.identifiers.digits import (
    PERSON_KINDS,
    account_numbers,
    organisation_numbers,
    person_kinds,
)
from gdpr.scan.runs import BORDER, LETTER, PAD, Bytes, Holds, Places, Runs

_PERSON = (11,), (6, 5)
_ACCOUNT = (11,), (4, 2, 5)
_ORGANISATION = (9,), (3, 3, 3)
_SHORT = 10
_BEYOND = 10**11
_ZERO = ord("0")
_TODAY = [PERSON_KINDS.index(kind) for kind in ("fodselsnummer", "tenor_synthetic")]
_FIRST_CONTROL = np.array((3, 7, 6, 1, 8, 9, 4, 5, 2, 1, 0), np.int16)
_HEX = frozenset(b"0123456789abcdefABCDEF")
_FARTHEST = 64


def persons(runs: Runs) -> Places:
    """Where persons' numbers begin, as places in the padded bytes."""
    found = [_persons(runs, lengths) for lengths in _PERSON]
    return np.concatenate(found)


def accounts(runs: Runs) -> Places:
    """Where account numbers begin that are no person's number."""
    found = []
    for lengths in _ACCOUNT:
        first = runs.joined(lengths, b" .")
        first = first[_apart(runs, first, first + len(lengths) - 1)]
        found.append(first[account_numbers(runs.digits(first, lengths))])
    return runs.starts[np.concatenate(found)]


def organisations(runs: Runs) -> tuple[Places, Bytes]:
    """Where organisation numbers begin, and their digits."""
    places, numbers = [], []
    for lengths in _ORGANISATION:
        first = runs.joined(lengths, b" ")
        first = first[_apart(runs, first, first + len(lengths) - 1)]
        digits = runs.digits(first, lengths)
        holds = organisation_numbers(digits)
        places.append(runs.starts[first[holds]])
        numbers.append(digits[holds])
    return np.concatenate(places), np.concatenate(numbers)


def shortened(runs: Runs) -> tuple[Places, Places]:
    """Where ten digits stand alone that would be a person's with a nought before them.

    The first are those that pass under today's rule, the second all those with a likely date.
    """
    first = runs.long(_SHORT)
    alone = (runs.before(first) == BORDER) & (
        (runs.after(first) == BORDER) | runs.ends_in_nought(first)
    )
    first = first[alone]
    rest = runs.digits(first, (_SHORT,))
    likely = _has_likely_date(rest)
    first, rest = first[likely], rest[likely]
    nought = np.full((len(rest), 1), _ZERO, np.uint8)
    digits = np.concatenate([nought, rest], axis=1)
    today = (digits.astype(np.int16) - _ZERO) @ _FIRST_CONTROL % 11 == 0
    passes = today & np.isin(person_kinds(digits), _TODAY)
    return runs.starts[first[passes]], runs.starts[first]


def _persons(runs: Runs, lengths: tuple[int, ...]) -> Places:
    first = runs.joined(lengths, b" -")
    last = first + len(lengths) - 1
    first = first[runs.whole(first, last)]
    first = first[person_kinds(runs.digits(first, lengths)) > 0]
    last = first + len(lengths) - 1
    beside_letter = (runs.before(first) == LETTER) | (runs.after(last) == LETTER)
    starts, ends = runs.starts[first], runs.ends[last]
    for row in np.flatnonzero(beside_letter):
        beside_letter[row] = _in_hexadecimal(runs.padded, int(starts[row]), int(ends[row]))
    apart: Places = starts[~beside_letter]
    return apart


def _apart(runs: Runs, first: Places, last: Places) -> Holds:
    letter = (runs.before(first) == LETTER) | (runs.after(last) == LETTER)
    apart: Holds = runs.whole(first, last) & ~letter
    return apart


def _in_hexadecimal(padded: Bytes, start: int, end: int) -> bool:
    """Whether the word around the digits is written with hexadecimal digits alone."""
    before = padded[max(0, start - _FARTHEST) : start].tobytes()
    after = padded[end : end + _FARTHEST].tobytes()
    return _is_hexadecimal(before[::-1]) and _is_hexadecimal(after)


def _is_hexadecimal(outwards: bytes) -> bool:
    for byte in outwards:
        if byte not in _HEX:
            return not bytes([byte]).isalpha()
    return True


def _has_likely_date(rest: Bytes) -> Holds:
    day, tens, ones = (rest[:, place].astype(np.int16) - _ZERO for place in range(3))
    month = tens * 10 + ones
    month = np.where(month > 80, month - 80, month)  # noqa: PLR2004 - the months of synthetic persons
    return (day > 0) & (month >= 1) & (month <= 12)  # noqa: PLR2004 - a year's months


def outside(places: Places) -> Places:
    """Places in the padded bytes as places in the bytes themselves."""
    return places - PAD


def written(values: NDArray[Any], least: int) -> bytes:
    """The whole numbers from `least` up to eleven digits as text, one a line; others have none.

    A whole number with a point in it is one: spreadsheets keep every number so.
    """
    known = values[(values >= least) & (values < _BEYOND)]
    whole = known.astype(np.int64)
    return b"\n".join(b"%d" % number for number in whole[whole == known].tolist())
