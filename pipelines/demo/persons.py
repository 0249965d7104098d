"""Persons who do not exist: invented surnames, synthetic fødselsnummer, numbers nobody has.

The month of a synthetic fødselsnummer is 80 more than the birth month, as in the tax authority's
test population. No series is set aside for fiction in Norway, and no telephone number starts
with 49.
"""

import datetime as dt
from dataclasses import dataclass
from functools import cache

from pipelines.demo.week import dice

_GIVEN = (
    "Alva", "Brage", "Dina", "Eskil", "Frøya", "Gard", "Hedda", "Iver", "Jorunn", "Kåre",
    "Live", "Magnus", "Nora", "Odd", "Ragna", "Sigurd", "Tuva", "Ulrik", "Vilde", "Øystein",
)  # fmt: skip
SURNAMES = (
    "Havglimt", "Krabbefoss", "Lyngskvett", "Måkestup", "Nordavindsen", "Prøvesen", "Regnbyge",
    "Sildrebekk", "Steinkast", "Tangelv", "Torskevik", "Ullsokk", "Vindskeiv", "Åkerbær",
)  # fmt: skip
"""Surnames that nobody has: planted in the demo's sources, found nowhere else."""
_STREETS = ("Prøveveien", "Liksomgata", "Øvelsesbakken", "Tenketunet", "Innbilningsstien")
_FIRST_WEIGHTS = (3, 7, 6, 1, 8, 9, 4, 5, 2)
_SECOND_WEIGHTS = (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)
_SYNTHETIC = 80
_SECOND_CENTURY = 2000
_INDIVIDUALS = 500
_NO_DIGIT = 10


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who does not exist."""

    name: str
    born: dt.date
    national_id: str
    phone: str
    email: str
    address: str
    postcode: str

    def age(self, day: dt.date) -> int:
        """Whole years at that day."""
        had_birthday = (day.month, day.day) >= (self.born.month, self.born.day)
        return day.year - self.born.year - (not had_birthday)


@cache
def people(municipality: str, postcodes: tuple[str, ...], count: int) -> tuple[Person, ...]:
    """The municipality's invented inhabitants, each with a fødselsnummer of their own."""
    return tuple(_person(municipality, postcodes, number) for number in range(count))


def synthetic_number(born: dt.date, serial: int) -> str:
    """A synthetic fødselsnummer for the birth date: the first valid one from that serial on."""
    lowest = 0 if born.year < _SECOND_CENTURY else _INDIVIDUALS
    serials = (lowest + (serial + step) % _INDIVIDUALS for step in range(_INDIVIDUALS))
    stems = (f"{born:%d}{born.month + _SYNTHETIC}{born:%y}{serial:03d}" for serial in serials)
    return next(number for stem in stems if (number := _controlled(stem)))


def _controlled(stem: str) -> str | None:
    first = _control(stem, _FIRST_WEIGHTS)
    if first == _NO_DIGIT:
        return None
    second = _control(f"{stem}{first}", _SECOND_WEIGHTS)
    return None if second == _NO_DIGIT else f"{stem}{first}{second}"


def _control(digits: str, weights: tuple[int, ...]) -> int:
    total = sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=True))
    return -total % 11


def _person(municipality: str, postcodes: tuple[str, ...], number: int) -> Person:
    chance = dice(f"{municipality}/person/{number}")
    given, surname = chance.choice(_GIVEN), chance.choice(SURNAMES)
    born = dt.date(1940, 1, 1) + dt.timedelta(days=chance.randrange(70 * 365))
    serial = int(municipality) % 7 * 60 + number % 60
    return Person(
        name=f"{given} {surname}",
        born=born,
        national_id=synthetic_number(born, serial),
        phone=f"49{int(municipality) % 100:02d}{number:04d}",
        email=f"innbygger{number}.{municipality}@example.no",
        address=f"{chance.choice(_STREETS)} {chance.randrange(1, 90)}",
        postcode=chance.choice(postcodes),
    )
