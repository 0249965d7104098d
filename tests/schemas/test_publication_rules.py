from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from schemas.errors import ConfigurationError
from schemas.reading import read_contract
from tests.builders import OBSERVED, SENSOR, contract, document, field

PLACE = [field("north_m", "integer"), field("east_m", "number"), field("street", "string")]
UTM = {"north": "north_m", "east": "east_m", "system": "UTM32"}


def release(**words: object) -> dict[str, Any]:
    said = {"nb": "a", "en": "a"}
    return {
        "title": said,
        "description": said,
        "theme": ["ENVI"],
        "keyword": {"nb": ["a"], "en": ["a"]},
        "license": "CC0_1_0",
        "frequency": "CONT",
        **words,
    }


def refused(folder: Path, written: dict[str, Any]) -> list[str]:
    path = folder / "a.odcs.yaml"
    path.write_text(yaml.safe_dump(written), encoding="utf-8")
    with pytest.raises(ConfigurationError) as caught:
        read_contract(path)
    return [f"{p.field}: {p.what}" for p in caught.value.problems]


def test_a_geometry_names_two_numbers_and_their_system() -> None:
    shown = contract(SENSOR, OBSERVED, *PLACE, release=release(geometry=UTM)).publication
    assert shown is not None
    assert shown.geometry is not None
    assert shown.geometry.model_dump() == UTM


@pytest.mark.parametrize("wrong", ["street", "nowhere"])
def test_a_geometry_of_what_is_no_number_is_refused(tmp_path: Path, wrong: str) -> None:
    shown = release(geometry=UTM | {"east": wrong})
    written = document(SENSOR, OBSERVED, *PLACE, release=shown)
    assert refused(tmp_path, written) == ["release.geometry.east: names no field of numbers"]


def test_an_unknown_system_is_refused(tmp_path: Path) -> None:
    shown = release(geometry=UTM | {"system": "UTM31"})
    [line] = refused(tmp_path, document(SENSOR, OBSERVED, *PLACE, release=shown))
    assert "geometry" in line


def test_a_field_that_has_the_points_name_is_refused(tmp_path: Path) -> None:
    fields = (SENSOR, OBSERVED, *PLACE, field("geometry", "string"))
    assert refused(tmp_path, document(*fields, release=release(geometry=UTM))) == [
        "schema.geometry: the point that rows are given has this name"
    ]
    assert contract(*fields, release=release()).publication is not None


@pytest.mark.parametrize("name", ["receipt", "datapackage", "croissant", "dictionary"])
def test_a_dataset_that_has_a_documents_name_is_not_released(tmp_path: Path, name: str) -> None:
    assert refused(tmp_path, document(name=name, release=release())) == [
        "name: is what a file beside every release is called"
    ]


def test_counts_of_groups_have_no_place(tmp_path: Path) -> None:
    asked = {"by": ["street"], "every": "month"}
    shown = release(geometry=UTM)
    lines = refused(tmp_path, document(SENSOR, OBSERVED, *PLACE, aggregate=asked, release=shown))
    assert "release.geometry: counts of groups have no place" in lines


@pytest.mark.parametrize(
    ("words", "place"),
    [
        ({"title": {"nb": " ", "en": "a"}}, "release.title.nb"),
        ({"title": {"nb": "a", "en": "\t"}}, "release.title.en"),
        ({"description": {"nb": "\n", "en": "a"}}, "release.description.nb"),
        ({"keyword": {"nb": [], "en": ["a"]}}, "release.keyword.nb"),
        ({"keyword": {"nb": ["a"], "en": [" "]}}, "release.keyword.en"),
    ],
)
def test_a_text_of_blanks_is_no_text(tmp_path: Path, words: dict[str, Any], place: str) -> None:
    written = document(SENSOR, OBSERVED, release=release(**words))
    assert refused(tmp_path, written) == [f"{place}: is blank"]


def test_a_field_is_described_in_words(tmp_path: Path) -> None:
    fields = (SENSOR, OBSERVED, field("level_m", "number", description_nb=" "))
    written = document(*fields, release=release())
    assert refused(tmp_path, written) == ["level_m.description_nb: is blank"]
