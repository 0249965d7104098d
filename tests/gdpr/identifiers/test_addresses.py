from __future__ import annotations

import polars as pl
import pytest

from gdpr.identifiers.addresses import (
    ADDRESS_PATTERN,
    POSTCODE_PATTERN,
    STREET_PATTERN,
    is_postcode_place,
    is_street_address,
)

STREETS = (
    "Prøveveien 7",
    "Liksomgata 12B",
    "øvelsesbakken 33 a",
    "Karl Johans gate 1",
    "Olav Vs plass 3",
    "Nedre Prøvegate 4",
    "Prøvegt. 5",
    "Prins Oscars Allé 10",
    "Tenketunet 2, 4330 Ålgård",
    "Innbilningsstien 33 4330 ÅLGÅRD",
)
NO_STREETS = ("", "Prøveveien", "Bygg 4", "Kari Nordmann", "7 Prøveveien", "Prøveveien 0", "Veien")


def test_streets_with_house_numbers() -> None:
    verdicts = is_street_address(pl.Series([*STREETS, *NO_STREETS, None]))
    assert verdicts.to_list() == [*[True] * len(STREETS), *[False] * len(NO_STREETS), None]


def test_postcodes_with_places() -> None:
    places = [
        "4330 Ålgård",
        "NO-0150 Oslo",
        "4306 SANDNES",
        "2022 Indre Sted",
        "4330",
        "Sted",
        None,
    ]
    verdicts = is_postcode_place(pl.Series(places))
    assert verdicts.to_list() == [True, True, True, True, False, False, None]


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        (ADDRESS_PATTERN, ["Karl Johans gate 5B, 0154 Oslo", "Prøveveien 7"]),
        (STREET_PATTERN, ["Karl Johans gate 5B", "Prøveveien 7"]),
        (POSTCODE_PATTERN, ["0154 Oslo"]),
    ],
)
def test_the_patterns_find_addresses_in_a_text(pattern: str, found: list[str]) -> None:
    text = pl.Series(["Vann i kjelleren i Karl Johans gate 5B, 0154 Oslo og i Prøveveien 7."])
    assert text.str.extract_all(pattern).to_list() == [found]
