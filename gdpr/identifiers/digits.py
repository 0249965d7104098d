"""Norwegian numbers as matrices of digits: one row a number, many checked at a time.

A digit is 0 to 9 or its ASCII code: the low four bits count. Keeping out what is no digit is the
caller's part.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from gdpr.identifiers.tables import organisation_tables, person_tables

PERSON_KINDS: tuple[str, ...] = (
    "none",
    "fodselsnummer",
    "d_number",
    "h_number",  # NAV's test persons too: they have the same months
    "h_number_d",
    "nav_id",
    "nav_id_d",
    "tenor_synthetic",
    "tenor_synthetic_d",
    "nav_synthetic",
    "nav_synthetic_d",
    "health_network_synthetic",
    "health_network_synthetic_d",
    "fodselsnummer_2032",
    "d_number_2032",
    "fh_number",
)
PERSON_WIDTH = ACCOUNT_WIDTH = 11
ORGANISATION_WIDTH = 9

_ROWS = 1 << 13
_ELEVEN = np.dtype(
    {"names": ["head", "tail"], "formats": ["<u8", "<u4"], "offsets": [0, 7], "itemsize": 11}
)
_NINE = np.dtype({"names": ["head", "tail"], "formats": ["<u8", "u1"], "itemsize": 9})
_NIBBLE = np.uint8(0x0F)
_NIBBLES = np.uint64(0x0F0F0F0F0F0F0F0F)
_PAIRS = np.uint64(0x00FF00FF00FF00FF)
_FOUR = np.uint64(0xFFFF)

Digits = NDArray[np.uint8]
Kinds = NDArray[np.uint8]
Holds = NDArray[np.bool_]
Words = NDArray[np.uint64]
Sums = NDArray[np.uint32]
_NO_KINDS = np.empty(0, np.uint8)
_NO_HOLDS = np.empty(0, np.bool_)


def person_kinds(digits: Digits) -> Kinds:
    """The kind of each number of a matrix (rows, 11), as its place in PERSON_KINDS; 0 is none.

    A number has a kind where both control digits and the date hold, and the century where its rule
    tells one. What both today's rule and that of 2032 permit is today's. The months 66 to 72 are
    NAV's and the health network's: they are NAV's where its date holds.
    """
    return np.concatenate([_NO_KINDS, *map(_kinds, _parts(digits))])


def account_numbers(digits: Digits) -> Holds:
    """Whether each number of a matrix (rows, 11) is an account number and no person's number."""
    return np.concatenate([_NO_HOLDS, *map(_accounts, _parts(digits))])


def organisation_numbers(digits: Digits) -> Holds:
    """Whether each number of a matrix (rows, 9) is an organisation number, or one of Tenor's."""
    return np.concatenate([_NO_HOLDS, *map(_organisations, _parts(digits))])


def _parts(digits: Digits) -> Iterator[Digits]:
    """Some rows at a time, so that all that is made of them stays in the cache."""
    rows = np.ascontiguousarray(digits, np.uint8)
    return (rows[start : start + _ROWS] for start in range(0, len(rows), _ROWS))


def _kinds(digits: Digits) -> Kinds:
    return person_tables().kinds.take(_sums(digits))


def _accounts(digits: Digits) -> Holds:
    return person_tables().accounts.take(_sums(digits)) & (digits & _NIBBLE).any(axis=1)


def _sums(digits: Digits) -> Sums:
    words = digits.view(_ELEVEN)[:, 0]
    tables = person_tables()
    first, second = _fours(words["head"])
    control, _ = _fours(words["tail"].astype(np.uint64))
    sums = tables.date.take(first)
    sums += tables.century.take(second)
    sums += tables.control.take(control)
    return sums


def _organisations(digits: Digits) -> Holds:
    words = digits.view(_NINE)[:, 0]
    tables = organisation_tables()
    first, second = _fours(words["head"])
    sums = tables.first.take(first) + tables.second.take(second) + (words["tail"] & _NIBBLE)
    return tables.holds.take(sums)


def _fours(words: Words) -> tuple[Words, Words]:
    """The eight digits of each word as two numbers of four."""
    digits = words & _NIBBLES
    pairs = (digits * np.uint64(10) + (digits >> np.uint64(8))) & _PAIRS
    fours = pairs * np.uint64(100) + (pairs >> np.uint64(16))
    return fours & _FOUR, (fours >> np.uint64(32)) & _FOUR
