from __future__ import annotations

import polars as pl
import pytest

from gdpr.identifiers.names import (
    given_names,
    is_given_name,
    is_person_name,
    is_surname,
    person_name_pattern,
    surnames,
)

NAMES = (
    "Kari Nordmann",
    "kari nordmann",
    "KARI NORDMANN",
    "Åse-Marie Østhus",
    "Ola von der Lippe",
    "Kari B. Havglimt",
    "Ukjenta Hansen",
    "Nordmann, Kari Anne",
    "Havglimt, Kari",
    "Hansen, Ukjenta",
)
NO_NAMES = ("", "Kari", "Nordmann", "Prøvehallen bane", "Kari ringte 3 ganger", "Sal, liten", "7")


def test_the_lists_are_large_ordered_and_of_names() -> None:
    for names in (given_names(), surnames()):
        assert len(names) > 1000
        assert list(names) == sorted(set(names))
        assert pl.Series(names).str.contains(r"^\p{Lu}[\p{L}'-]+$").all()


def test_whole_names() -> None:
    verdicts = is_person_name(pl.Series([*NAMES, *NO_NAMES, None]))
    assert verdicts.to_list() == [*[True] * len(NAMES), *[False] * len(NO_NAMES), None]


def test_parts_of_names() -> None:
    given = pl.Series(
        ["Kari", "ola per", "Åse-Marie", "Nordavindsen", "Kari Anne Lise Mo", "", None]
    )
    assert is_given_name(given).to_list() == [True, True, True, False, False, False, None]
    family = pl.Series(["Nordmann", "HAVGLIMT HANSEN", "Prøvesen", "", None])
    assert is_surname(family).to_list() == [True, True, False, False, None]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Kari Nordmann ringte", ["Kari Nordmann"]),
        ("Ring Åse-Marie Østhus.", ["Åse-Marie Østhus"]),
        ("Møtte Kari B. Hansen. Hun", ["Kari B. Hansen"]),
        ("Ola von der Lippe og Per Havglimt", ["Ola von der Lippe", "Per Havglimt"]),
        ("meldt av Nordmann, Kari i dag", ["Nordmann, Kari"]),
        ("per telefon. Kari ringte", []),
        ("Oskari Nordmann og Makari Hansen", []),
        ("Pumpestasjonen i Ølen", []),
    ],
)
def test_the_pattern_finds_names_in_a_text(text: str, found: list[str]) -> None:
    assert pl.Series([text]).str.extract_all(person_name_pattern()).to_list() == [found]
