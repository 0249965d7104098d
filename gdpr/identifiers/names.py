"""Names of persons, told by lists of common given names and surnames.

A name that is in neither list is not found: rows where that matters need a person's eyes.
"""

from __future__ import annotations

from functools import cache
from importlib import resources

import polars as pl

from gdpr.identifiers.written import written

_GAP = r"[ \x{a0}]"
_WORD = r"\p{Lu}(?:\.|[\p{L}'-]+)"
_PARTICLE = f"(?:(?:von|van|de|der|den|af|bin|al){_GAP})"
_LETTERS = r"[\p{L}'.-]+"
_FULL = f"^{_LETTERS}(?: +{_LETTERS}){{1,4}}$"
_TURNED = f"^{_LETTERS}(?: +{_LETTERS})?, *{_LETTERS}(?: +{_LETTERS}){{0,3}}$"
_FIRST = r"^([\p{L}']+)"
_LAST = r"([\p{L}']+)$"
_AFTER_COMMA = r", *([\p{L}']+)"
_BEFORE_COMMA = r"([\p{L}']+),"


@cache
def given_names() -> tuple[str, ...]:
    """Common given names in Norway."""
    return _listed("given_names.txt")


@cache
def surnames() -> tuple[str, ...]:
    """Common surnames in Norway."""
    return _listed("surnames.txt")


@cache
def person_name_pattern() -> str:
    """Polars' regular expression for a person's name anywhere in a text.

    That is a common given name and one to four capitalised words after it, or a common surname, a
    comma and a given name.
    """
    given, family = _any_of(given_names()), _any_of(surnames())
    after = f"(?:{_GAP}{_PARTICLE}{{0,2}}{_WORD}){{1,4}}"
    return rf"(?:{given}(?:-\p{{Lu}}\p{{L}}+)?{after}|{family},{_GAP}?{given}(?-u:\b))"


def is_person_name(values: pl.Series) -> pl.Series:
    """Whether each value is a whole name, of which the lists know a part; null stays null."""
    text = written(values)
    full = (_is_given(text, _FIRST) | _is_surname(text, _LAST)) & text.str.contains(_FULL)
    turned = _is_given(text, _AFTER_COMMA) | _is_surname(text, _BEFORE_COMMA)
    return full | (turned & text.str.contains(_TURNED))


def is_given_name(values: pl.Series) -> pl.Series:
    """Whether each value is one or more given names, the first a common one; null stays null."""
    text = written(values)
    return _is_given(text, _FIRST) & text.str.contains(f"^{_LETTERS}(?: +{_LETTERS})?$")


def is_surname(values: pl.Series) -> pl.Series:
    """Whether each value is one or more surnames, the last a common one; null stays null."""
    text = written(values)
    return _is_surname(text, _LAST) & text.str.contains(f"^{_LETTERS}(?: +{_LETTERS})?$")


def _is_given(text: pl.Series, place: str) -> pl.Series:
    return _is_one_of(text, place, given_names())


def _is_surname(text: pl.Series, place: str) -> pl.Series:
    return _is_one_of(text, place, surnames())


def _is_one_of(text: pl.Series, place: str, names: tuple[str, ...]) -> pl.Series:
    words = text.str.extract(place, 1).str.to_lowercase()
    known = words.is_in([name.lower() for name in names]).fill_null(value=False)
    return known.set(text.is_null(), None)


def _any_of(names: tuple[str, ...]) -> str:
    """Any of the names, where a word begins: an ASCII boundary does not know Å and Ø."""
    plain = "|".join(name for name in names if name[0].isascii())
    other = "|".join(name for name in names if not name[0].isascii())
    return rf"(?:(?-u:\b)(?:{plain})|(?:{other}))"


def _listed(file: str) -> tuple[str, ...]:
    text = resources.files("gdpr.identifiers").joinpath(file).read_text("utf-8")
    return tuple(text.split())
