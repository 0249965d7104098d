"""Norwegian addresses: a street with a house number, and a postcode with its place.

The patterns are Polars' regular expressions, for use anywhere in a text.
"""

from __future__ import annotations

import polars as pl

from gdpr.identifiers.written import written

_STREETS = (
    "gate", "gata", "gaten", "gt", "veg", "vegen", "vei", "veien", "allé", "alléen", "alle",
    "alleen", "plass", "plassen", "torg", "torget", "torv", "torvet", "bakke", "bakken", "bakkane",
    "sti", "stien", "tun", "tunet", "sving", "svingen", "kroken", "lia", "haug", "haugen", "åsen",
    "berget", "brygge", "bryggen", "brygga", "kaien", "kaia", "ringen", "løkka", "myra", "marka",
    "feltet", "hagen", "jordet", "kleiva", "kleivene", "lunden", "toppen", "smau", "smauet",
    "grenda", "gjerdet", "stubben", "stranda", "stranden", "terrasse", "terrassen", "parken",
    "passasjen", "promenaden", "stredet", "ganglia", "åkeren", "skogen", "bekken", "nes", "neset",
)  # fmt: skip
_STREET = "(?:" + "|".join(sorted(_STREETS, key=len, reverse=True)) + r")\.?"
_GAP = r"[ \x{a0}]"
_WORD = r"\p{Lu}[\p{L}.'-]*"
_HOUSE = r"[1-9][0-9]{0,3}(?:[A-Za-z]| [A-Z])?(?-u:\b)"
# one word as Storgata, or a word of its own after a name as Karl Johans gate
STREET_PATTERN = (
    rf"(?:{_WORD}{_GAP}){{0,3}}"
    rf"(?:\p{{Lu}}[\p{{L}}-]*{_STREET}|{_WORD}{_GAP}(?i:{_STREET})){_GAP}{_HOUSE}"
)
POSTCODE_PATTERN = (
    rf"(?-u:\b)(?:NO?-)?[0-9]{{4}}{_GAP}\p{{Lu}}[\p{{L}}.-]+(?:{_GAP}\p{{Lu}}\p{{L}}*)?"
)
ADDRESS_PATTERN = rf"{STREET_PATTERN}(?:,?{_GAP}{POSTCODE_PATTERN})?"


def is_street_address(values: pl.Series) -> pl.Series:
    """Whether each value is a street and house number, with or without its place.

    Null stays null.
    """
    return _are(values, ADDRESS_PATTERN)


def is_postcode_place(values: pl.Series) -> pl.Series:
    """Whether each value is a postcode and its place; null stays null."""
    return _are(values, POSTCODE_PATTERN)


def _are(values: pl.Series, pattern: str) -> pl.Series:
    return written(values).str.contains(f"(?i)^(?:{pattern})$")
