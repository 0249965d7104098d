from __future__ import annotations

import polars as pl

from gdpr.identifiers.plates import PLATE_PATTERN, is_vehicle_plate

PLATES = ("AB12345", "AB 12345", "ab 1234", "EL10000", "GA\u00a012345", "CD-12345")
NO_PLATES = ("", "IO12345", "AB01234", "AB123", "AB123456", "ABC1234", "A12345", "ÅB12345", "12345")


def test_plates_of_cars_and_trailers() -> None:
    verdicts = is_vehicle_plate(pl.Series([*PLATES, *NO_PLATES, None]))
    assert verdicts.to_list() == [*[True] * len(PLATES), *[False] * len(NO_PLATES), None]


def test_the_pattern_finds_plates_in_a_text() -> None:
    text = pl.Series(["Bilen AB 12345 sto ved hengeren EL1234, i sak 12345."])
    assert text.str.extract_all(PLATE_PATTERN).to_list() == [["AB 12345", "EL1234"]]
