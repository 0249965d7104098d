from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pipelines.steps import release as releasing
from pipelines.steps.publication import export as exporting
from pipelines.steps.publication.formats.form import Form, Rows, Shape
from pipelines.steps.publication.formats.records import RECORDS
from pipelines.steps.publication.formats.registry import FORMS
from pipelines.steps.release import release
from schemas.errors import FormatsDiffer
from schemas.stages import LeftOut
from tests.pipelines.steps.released_site import (
    NOW,
    OPEN,
    Town,
    closed_fields,
    contract_of,
    parking_document,
    town_with_readings,
)


@pytest.fixture
def town(tmp_path: Path) -> Town:
    return town_with_readings(tmp_path)


def latest(town: Town) -> Path:
    return Path(town.site.store.uri("open/parking_occupancy/latest"))


def document(town: Town, name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((latest(town) / name).read_bytes())
    return found


def only(monkeypatch: pytest.MonkeyPatch, *forms: Form) -> None:
    for module in (exporting, releasing):
        monkeypatch.setattr(module, "forms_of", lambda _: forms)


def formats(town: Town) -> list[str]:
    made = release(town.site, town.portal, NOW)
    return [file.format for file in made.resources if file.holds_rows]


def test_rows_with_a_place_are_released_in_six_formats(town: Town) -> None:
    assert formats(town) == ["csv", "parquet", "xlsx", "json", "geojson", "geoparquet"]


def test_rows_whose_place_is_closed_have_no_points(town: Town, tmp_path: Path) -> None:
    written = parking_document()
    closed_fields(written, "latitude")
    closed = town.holding(contract_of(written, tmp_path))
    closed.judge()
    assert formats(closed) == ["csv", "parquet", "xlsx", "json"]


def test_a_format_that_is_new_here_makes_a_version_of_the_same_rows(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        only(patched, *FORMS[:2])
        first = release(town.site, town.portal, NOW)
    second = release(town.site, town.portal, NOW)
    assert second.version == f"{first.version}-2"
    assert second.resources[0] == first.resources[0]
    assert (second.changes[0].added, second.changes[0].changed) == (0, 0)
    assert release(town.site, town.portal, NOW) == second


def test_a_format_that_cannot_hold_the_rows_is_left_out_and_said(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    only(monkeypatch, *FORMS[:2], replace(RECORDS, most_rows=23))
    made = release(town.site, town.portal, NOW)
    assert list(made.left_out) == [LeftOut("json", "rows", 23)]
    assert not (latest(town) / "parking_occupancy.json").exists()
    page = Path(town.portal.store.uri("datasets/1103-parking_occupancy/index.en.html"))
    assert "JSON is made of datasets of up to 23 rows." in page.read_text("utf-8")
    assert release(town.site, town.portal, NOW) == made


def test_a_file_that_holds_other_values_stops_the_release(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    def forgetful(portions: Rows, shape: Shape, path: Path) -> None:
        RECORDS.write([frame.head(20) for frame in portions], shape, path)

    only(monkeypatch, *FORMS[:2], replace(RECORDS, write=forgetful))
    line = r"^1103 parking_occupancy: nothing was released: .*parking_occupancy\.json: rows \(4\)$"
    with pytest.raises(FormatsDiffer, match=line):
        release(town.site, town.portal, NOW)
    assert not latest(town).exists()


def test_the_dictionary_says_what_each_field_means(town: Town) -> None:
    release(town.site, town.portal, NOW)
    text = (latest(town) / "dictionary.csv").read_text("utf-8")
    lines = list(csv.DictReader(text.splitlines()))
    assert [line["field"] for line in lines] == OPEN
    spaces = lines[OPEN.index("free_spaces")]
    assert (spaces["type"], spaces["minimum"], spaces["maximum"]) == ("integer", "0", "5000")
    assert spaces["description_nb"]
    assert lines[0]["key"] == "1"


def test_the_package_has_a_schema_for_each_file_with_its_point(town: Town) -> None:
    release(town.site, town.portal, NOW)
    resources = document(town, "datapackage.json")["resources"]
    assert [each["format"] for each in resources] == [form.name for form in FORMS]
    names = {
        each["format"]: [field["name"] for field in each["schema"]["fields"]] for each in resources
    }
    assert names["xlsx"] == names["json"] == OPEN
    assert names["geojson"] == names["geoparquet"] == [*OPEN, "geometry"]


def test_croissant_says_where_every_field_is_read(town: Town) -> None:
    release(town.site, town.portal, NOW)
    told = document(town, "croissant.json")
    assert told["conformsTo"] == "http://mlcommons.org/croissant/1.1"
    [rows] = told["recordSet"]
    assert [field["name"] for field in rows["field"]] == OPEN
    sources = {field["source"]["fileObject"]["@id"] for field in rows["field"]}
    assert sources == {"parking_occupancy.csv"}
    assert [each["@id"] for each in rows["key"]] == ["rows/car_park_name", "rows/observed_at"]
