"""What four digits of a number tell, worked out once: remainders, date and century."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

_FIRST = (3, 7, 6, 1, 8, 9, 4, 5, 2, 1, 0)
_SECOND = (5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1)
_ORGANISATION = (3, 2, 7, 6, 5, 4, 3, 2)
_REGISTERS = (2, 3, 8, 9)
_MODULUS = 11
_FOURS = 10_000

# in the order of PERSON_KINDS, where each stands before itself with the day of a D-number
_MONTHS_AHEAD = (0, 40, 20, 80, 60, 65)
_DAYS_AHEAD = 40
_LENGTHS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_LEAP_DAY = 2902
_D_NUMBER = 2
_IN_2032 = 12
_FH, _FH_DAYS = 15, 80
_MOST_2032 = 3
_FROM_500, _FROM_750, _FROM_900 = 50, 75, 90
_UNTIL_2040, _FROM_1854 = 40, 54

# a sum of parts: two remainders of 30 at most, a kind, whether it is the leap day, the century
_SECOND_AT, _KIND_AT, _LEAP_DAY_AT, _CENTURY_AT, _END = 5, 10, 14, 15, 18
_REMAINDER, _KIND = 31, 15
_TOLD, _LEAP, _EVER_LEAP = 1, 2, 4
_UNREGISTERED = 64

Table = NDArray[np.uint32]
Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class PersonTables:
    """Digits 1-4, 5-8 and 8-11 of a number each tell a part; the parts' sum tells what it is.

    The first digit of the last four, which the middle ones hold too, counts for nothing there.
    """

    date: Table
    century: Table
    control: Table
    kinds: NDArray[np.uint8]
    accounts: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class OrganisationTables:
    """Digits 1-4 and 5-8 each tell a remainder; their sum with digit 9 tells whether it holds."""

    first: NDArray[np.uint8]
    second: NDArray[np.uint8]
    holds: NDArray[np.bool_]


@cache
def person_tables() -> PersonTables:
    """The tables of numbers of eleven digits."""
    sums = np.arange(1 << _END)
    kinds = _kinds(sums)
    return PersonTables(
        date=(_remainders(0) | _dates()).astype(np.uint32),
        century=(_remainders(4) | _centuries()).astype(np.uint32),
        control=_remainders(7, skipped=1).astype(np.uint32),
        kinds=kinds.astype(np.uint8),
        accounts=((sums >> _SECOND_AT & _REMAINDER) % _MODULUS == 0) & (kinds == 0),
    )


@cache
def organisation_tables() -> OrganisationTables:
    """The tables of organisation numbers."""
    fours, sums = np.arange(_FOURS), np.arange(_UNREGISTERED * 2)
    first = _remainder(fours, _ORGANISATION[:4])
    registered = np.isin(fours // 1000, _REGISTERS)
    return OrganisationTables(
        first=(first + ~registered * _UNREGISTERED).astype(np.uint8),
        second=_remainder(fours, _ORGANISATION[4:]).astype(np.uint8),
        holds=(sums < _UNREGISTERED) & (sums % _MODULUS == 0),
    )


def _remainder(fours: Numbers, weights: tuple[int, ...]) -> Numbers:
    digits = [fours // 10**place % 10 for place in (3, 2, 1, 0)]
    total = sum(digit * weight for digit, weight in zip(digits, weights, strict=True))
    return np.asarray(total % _MODULUS)


def _remainders(at: int, skipped: int = 0) -> Numbers:
    """Both remainders of four digits from that place on, of which the first may not count."""
    fours = np.arange(_FOURS)
    first, second = ((0,) * skipped + w[at + skipped : at + 4] for w in (_FIRST, _SECOND))
    return _remainder(fours, first) | _remainder(fours, second) << _SECOND_AT


def _dates() -> Numbers:
    """The kind that a day and a month, of two digits each, are written as."""
    dates = np.zeros(_FOURS, np.int64)
    dates[_FH_DAYS * 100 :] = _FH << _KIND_AT
    calendar = np.concatenate(
        [np.arange(1, length + 1) * 100 + month for month, length in enumerate(_LENGTHS, 1)]
    )
    leap_day = (calendar == _LEAP_DAY) << _LEAP_DAY_AT
    # of two kinds that are written alike, the first stands
    for place, ahead in reversed(list(enumerate(_MONTHS_AHEAD))):
        for kind, days in ((2 * place + 1, 0), (2 * place + 2, _DAYS_AHEAD)):
            dates[calendar + days * 100 + ahead] = leap_day | kind << _KIND_AT
    return dates


def _centuries() -> Numbers:
    """What a year of two digits and the first two of the three individual digits tell."""
    year, individual = np.divmod(np.arange(_FOURS), 100)
    born = np.select(
        [
            individual < _FROM_500,
            year < _UNTIL_2040,
            (individual < _FROM_750) & (year >= _FROM_1854),
            individual >= _FROM_900,
        ],
        [1900 + year, 2000 + year, 1800 + year, 1900 + year],
        0,
    )
    is_leap = (born % 4 == 0) & (born % 100 != 0) | (born % 400 == 0)
    told = (born > 0) * _TOLD | ((born > 0) & is_leap) * _LEAP
    # 2000 was a leap year, so every fourth year of two digits can be one
    return np.asarray((told | (year % 4 == 0) * _EVER_LEAP) << _CENTURY_AT)


def _kinds(sums: Numbers) -> Numbers:
    """The kind that each sum of parts stands for."""
    first, second = sums & _REMAINDER, sums >> _SECOND_AT & _REMAINDER
    kind, century = sums >> _KIND_AT & _KIND, sums >> _CENTURY_AT
    leap_day = sums >> _LEAP_DAY_AT & 1 == 1
    today = (first % _MODULUS == 0) & (century & _TOLD > 0) & (~leap_day | (century & _LEAP > 0))
    later = (first % _MODULUS <= _MOST_2032) & (~leap_day | (century & _EVER_LEAP > 0))
    in_2032 = kind + np.where(kind <= _D_NUMBER, _IN_2032, 0)
    of_date = np.where(today, kind, np.where(later, in_2032, 0))
    of_help = np.where(first % _MODULUS == 0, _FH, 0)
    found = np.where(kind == _FH, of_help, of_date)
    return np.where((second % _MODULUS == 0) & (kind > 0), found, 0)
