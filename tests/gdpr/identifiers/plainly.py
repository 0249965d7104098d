"""The rules of the numbers as one would read them aloud, one number at a time."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterator
from functools import cache

FIRST = (3, 7, 6, 1, 8, 9, 4, 5, 2, 1)
SECOND = (5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1)
ORGANISATION = (3, 2, 7, 6, 5, 4, 3, 2, 1)
MONTHS = {
    "fodselsnummer": 0,
    "h_number": 40,
    "nav_id": 20,
    "tenor_synthetic": 80,
    "nav_synthetic": 60,
    "health_network_synthetic": 65,
}
D_NUMBERS = {"fodselsnummer": "d_number"} | {word: f"{word}_d" for word in list(MONTHS)[1:]}
LEAP_YEAR = 2000


def remainder(number: str, weights: tuple[int, ...]) -> int:
    return sum(int(digit) * weight for digit, weight in zip(number, weights, strict=False)) % 11


def kind_of(number: str) -> str:
    first, second = remainder(number, FIRST), remainder(number, SECOND)
    if second != 0 or first > 3:
        return "none"
    if number[0] in "89":
        return "fh_number" if first == 0 else "none"
    day, month = int(number[:2]), int(number[2:4])
    foreign, day = day > 40, day - 40 * (day > 40)
    for word, ahead in MONTHS.items():
        if is_date(LEAP_YEAR, month - ahead, day):
            name = D_NUMBERS[word] if foreign else word
            return rule(name, number, (day, month - ahead, first))
    return "none"


def rule(name: str, number: str, told: tuple[int, int, int]) -> str:
    day, month, first = told
    year, individual = int(number[4:6]), int(number[6:9])
    born = century(year, individual)
    if first == 0 and born is not None and is_date(born, month, day):
        return name
    if (day, month) == (29, 2) and year % 4 != 0:
        return "none"
    return f"{name}_2032" if name in ("fodselsnummer", "d_number") else name


def century(year: int, individual: int) -> int | None:
    if individual <= 499:
        return 1900 + year
    if individual <= 749 and year >= 54:
        return 1800 + year
    if year <= 39:
        return 2000 + year
    return 1900 + year if individual >= 900 else None


@cache
def is_date(year: int, month: int, day: int) -> bool:
    try:
        dt.date(year, month, day)
    except ValueError:
        return False
    return True


def is_account(number: str) -> bool:
    holds = remainder(number, SECOND) == 0 and number != "0" * 11
    return holds and kind_of(number) == "none"


def is_organisation(number: str) -> bool:
    return remainder(number, ORGANISATION) == 0 and number[0] in "2389"


def endings(stem: str) -> Iterator[str]:
    """Every number that the nine digits can begin."""
    return (f"{stem}{a}{b}" for a, b in itertools.product("0123456789", repeat=2))


def completed(stem: str, first: int = 0) -> str | None:
    """The nine digits with the control digits that leave those remainders, where there are such."""
    one = (first - remainder(stem, FIRST)) % 11
    two = -remainder(f"{stem}{one}", SECOND) % 11
    return f"{stem}{one}{two}" if one < 10 and two < 10 else None
