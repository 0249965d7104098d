from __future__ import annotations

import polars as pl
import pytest

from pipelines.steps.publication.formats.place import LATITUDE, LONGITUDE, Place
from schemas.contract import Geometry

# by PROJ 9, from EPSG:25832, 25833 and 25835 to EPSG:4258
CONTROL = [
    ("UTM32", (312000.0, 6541000.0), (5.7299966098, 58.9672126450)),
    ("UTM32", (597000.25, 6643000.75), (10.7346346425, 59.9130703271)),
    ("UTM32", (200000.0, 6500000.0), (3.8441416483, 58.5367837941)),
    ("UTM33", (262000.0, 6649000.0), (10.7427146784, 59.9096049513)),
    ("UTM33", (1100000.0, 7780000.0), (30.4520093179, 69.4421864305)),
    ("UTM33", (0.0, 6500000.0), (6.4422288761, 58.3539706023)),
    ("UTM35", (600000.0, 7800000.0), (29.6569972645, 70.2864404613)),
]


def place(system: str) -> Place:
    return Place(Geometry.model_validate({"north": "n", "east": "e", "system": system}))


@pytest.mark.parametrize(("system", "metres", "degrees"), CONTROL)
def test_metres_become_degrees_to_the_millimetre(
    system: str, metres: tuple[float, float], degrees: tuple[float, float]
) -> None:
    found = place(system).located(pl.DataFrame({"e": [metres[0]], "n": [metres[1]]}))
    assert (found[LONGITUDE][0], found[LATITUDE][0]) == pytest.approx(degrees, abs=1e-8)


def test_degrees_stay_as_they_are_and_whole_metres_are_numbers_too() -> None:
    degrees = place("WGS84").located(pl.DataFrame({"e": [5.7312345678901], "n": [58.97]}))
    assert degrees[LONGITUDE].to_list() == [5.7312345678901]
    metres = place("UTM32").located(pl.DataFrame({"e": [500_000], "n": [7_000_000]}))
    assert metres[LONGITUDE].to_list() == [9.0]


@pytest.mark.parametrize("system", ["WGS84", "UTM32"])
def test_half_a_place_is_none(system: str) -> None:
    rows = pl.DataFrame({"e": [None, 5.0, None], "n": [58.0, None, None]})
    found = place(system).located(rows)
    assert found[LONGITUDE].to_list() == found[LATITUDE].to_list() == [None, None, None]
