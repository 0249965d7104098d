"""The person that a request is about: identifiers as given, and the one form of each to compare."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from gdpr.identifiers.numbers import is_person_number
from gdpr.pseudonyms.cmac import contents
from schemas.errors import ConfigurationError, Problem

_FILE = "subject"
_EXAMPLES = {"national_id": "11 digits that check", "phone": "8 digits", "email": "name@example.no"}


@dataclass(frozen=True, slots=True, repr=False)
class Identifier:
    """One of the person's identifiers in its canonical form; it is never shown."""

    kind: str
    value: str

    @property
    def spellings(self) -> tuple[str, ...]:
        """The ways in which a source may write it, white space apart."""
        if self.kind == "phone":
            return tuple(f"{prefix}{self.value}" for prefix in ("", "+47", "0047", "47"))
        return (self.value,)


@dataclass(frozen=True, slots=True, repr=False)
class Subject:
    """A person: at least one identifier, each kind once; it is never shown."""

    identifiers: tuple[Identifier, ...]

    @classmethod
    def of(cls, text: str) -> Subject:
        """The person of a request: `word: value` lines with national_id, phone or email.

        Raises:
            ConfigurationError: a line is none of these; says which line, and never what it holds.
        """
        found = dict(_lines(text))
        if not found:
            what = "names nobody"
            raise ConfigurationError([Problem(_FILE, "request", what, "national_id: ...")])
        return cls(tuple(Identifier(kind, value) for kind, value in found.items()))

    @classmethod
    def several(cls, text: str) -> tuple[Subject, ...]:
        """The persons of a request that has a line of --- between each two of them.

        Raises:
            ConfigurationError: as `of`, with the number of the line among the person's own.
        """
        return tuple(cls.of(part) for part in re.split(r"(?m)^---[ \t]*\r?$", text))


def comparable(kind: str, values: pl.Series) -> pl.Series:
    """The canonical form of each text or whole number that may be an identifier of that kind.

    A national identity number is its 11 digits, a telephone number its digits without 47 before
    eight of them, an e-mail address is in small letters; null stays null, and nothing else too.
    """
    return _FORM_OF[kind](values.cast(pl.String))


def one_form(kind: str, values: pl.Series) -> pl.Series:
    """The texts, with each that is of the kind's form as `comparable` gives it.

    So one person has one pseudonym, by which they are known again, however a source writes them.
    What is no text stays as it is.
    """
    if values.dtype != pl.String or _is_plain(values, _PLAIN.get(kind)):
        return values
    form = comparable(kind, values)
    return form.zip_with(form.str.contains(_WRITTEN[kind]).fill_null(value=False), values)


def _is_plain(values: pl.Series, digits: int | None) -> bool:
    """Whether all of them are so many digits and nothing else: what most columns are."""
    sizes = values.str.len_bytes()
    if digits is None or sizes.min() != digits or sizes.max() != digits:
        return False
    return all(bool((content - _NOUGHT <= _NINE).all()) for content in contents(values))


def _national_id(text: pl.Series) -> pl.Series:
    # what was kept as a number has lost its leading nought
    return _digits(text).str.replace(r"^([0-9]{10})$", "0${1}")


def _phone(text: pl.Series) -> pl.Series:
    return _digits(text).str.replace(r"^(?:00)?47([0-9]{8})$", "${1}")


def _email(text: pl.Series) -> pl.Series:
    return text.str.normalize("NFC").str.to_lowercase().str.extract(r"([^\s<>;,:]+@[^\s<>;,]+)")


def _digits(text: pl.Series) -> pl.Series:
    digits = text.str.replace_all(r"[^0-9]", "")
    return digits.set(digits == "", None)


_PLAIN = {"national_id": 11, "phone": 8}
# one comparison for both ends: below nought, the difference wraps round
_NOUGHT, _NINE = np.uint8(ord("0")), np.uint8(9)
_FORM_OF: Mapping[str, Callable[[pl.Series], pl.Series]] = {
    "national_id": _national_id,
    "phone": _phone,
    "email": _email,
}
KINDS = tuple(_FORM_OF)
_WRITTEN = {
    "national_id": r"^[0-9]{11}$",
    "phone": r"^[0-9]{5,15}$",
    "email": r"^[^\s@]+@[^\s@]+\.[^\s@]+$",
}


def _lines(text: str) -> Iterator[tuple[str, str]]:
    seen: set[str] = set()
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        word, _, value = (part.strip() for part in line.partition(":"))
        if word not in KINDS or word in seen:
            what = f"is not one of {', '.join(KINDS)} with a value, each once"
            raise ConfigurationError([Problem(_FILE, f"line {number}", what, "phone: 8 digits")])
        seen.add(word)
        yield word, _value(word, value, number)


def _value(word: str, value: str, number: int) -> str:
    form = comparable(word, pl.Series([value], dtype=pl.String))
    if not _is_of_form(word, form):
        what = f"has no {word} of a form that there is"
        raise ConfigurationError([Problem(_FILE, f"line {number}", what, _EXAMPLES[word])])
    return str(form.item())


def _is_of_form(word: str, form: pl.Series) -> bool:
    right = is_person_number(form) if word == "national_id" else form.str.contains(_WRITTEN[word])
    return bool(right.fill_null(value=False).item())
