from __future__ import annotations

import json
import struct
import zipfile
from pathlib import Path

import fastexcel
import polars as pl
import pyarrow.parquet as pq
import pytest

from pipelines.steps.publication.formats.columnar import COLUMNAR
from pipelines.steps.publication.formats.features import FEATURES
from pipelines.steps.publication.formats.form import Shape
from pipelines.steps.publication.formats.geoparquet import GEOPARQUET
from pipelines.steps.publication.formats.records import RECORDS
from pipelines.steps.publication.formats.registry import FORMS, forms_of
from pipelines.steps.publication.formats.workbook import WORKBOOK
from tests.pipelines.steps.publication.formats.tables import ROWS, SHAPE, written


def sheet(path: Path) -> str:
    with zipfile.ZipFile(path) as book:
        return book.read("xl/worksheets/sheet1.xml").decode()


def test_json_is_a_list_of_objects_with_instants_in_utc(tmp_path: Path) -> None:
    rows = json.loads(written(RECORDS, tmp_path).read_bytes())
    assert [row["code"] for row in rows] == ["0042", "Bølgebryter, øst"]
    assert rows[0]["read_at"] == "2026-10-25T00:30:00Z"
    assert rows[1]["read_at"] == "2026-10-25T01:30:00.123Z"
    assert rows[0]["built_on"] == "1899-12-31"
    assert rows[1]["is_wet"] is None
    assert list(rows[0]) == ROWS.columns


def test_geojson_keeps_the_standard(tmp_path: Path) -> None:
    document = json.loads(written(FEATURES, tmp_path).read_bytes())
    assert document["type"] == "FeatureCollection"
    placed, nowhere = document["features"]
    assert placed["type"] == "Feature"
    assert placed["geometry"] == {"type": "Point", "coordinates": [5.73, 58.97]}
    assert nowhere["geometry"] is None
    assert list(placed["properties"]) == ROWS.columns
    assert placed["properties"]["code"] == "0042"


def test_geoparquet_tells_what_its_points_are(tmp_path: Path) -> None:
    file = pq.ParquetFile(written(GEOPARQUET, tmp_path))
    told = json.loads(file.metadata.metadata[b"geo"])
    assert (told["version"], told["primary_column"]) == ("1.1.0", "geometry")
    assert told["columns"]["geometry"] == {
        "encoding": "WKB",
        "geometry_types": ["Point"],
        "bbox": [5.73, 58.97, 5.73, 58.97],
    }
    placed, nowhere = file.read()["geometry"].to_pylist()
    assert struct.unpack("<BIdd", placed) == (1, 1, 5.73, 58.97)
    assert nowhere is None
    assert file.schema_arrow.names == [*ROWS.columns, "geometry"]


def test_geoparquet_of_rows_without_places_has_no_box(tmp_path: Path) -> None:
    path = written(GEOPARQUET, tmp_path, ROWS.with_columns(latitude=pl.lit(None, pl.Float64)))
    told = json.loads(pq.read_metadata(path).metadata[b"geo"])
    assert "bbox" not in told["columns"]["geometry"]


def test_geometry_that_is_no_point_is_not_read(tmp_path: Path) -> None:
    path = written(GEOPARQUET, tmp_path)
    table = pq.read_table(path)
    line = struct.pack("<BIdd", 1, 2, 0, 0)
    wrong = table.drop_columns(["geometry"]).append_column("geometry", [[line, line]])
    pq.write_table(wrong, path)
    with pytest.raises(ValueError, match="no point"):
        list(GEOPARQUET.read(path, SHAPE))


def test_excel_gets_dates_instants_and_codes_as_they_are_meant(tmp_path: Path) -> None:
    path = written(WORKBOOK, tmp_path)
    rows = fastexcel.read_excel(path).load_sheet("harbour").to_polars()
    assert rows["code"].to_list() == ["0042", "Bølgebryter, øst"]
    assert str(rows["read_at"][0]) == "2026-10-25 00:30:00"
    assert rows["level"].to_list() == [1.25, -0.5]
    cells = sheet(path)
    with zipfile.ZipFile(path) as book:
        styles = book.read("xl/styles.xml").decode()
    assert "yyyy-mm-dd hh:mm:ss&quot; UTC&quot;" in styles
    assert "<v>1.25</v>" in cells
    assert 'activePane="bottomLeft" state="frozen"' in cells
    assert '<autoFilter ref="A1:H3"/>' in cells


@pytest.mark.parametrize("text", ["1899-12-31", "1234567890123456"])
def test_what_excel_would_change_is_text(tmp_path: Path, text: str) -> None:
    cells = sheet(written(WORKBOOK, tmp_path))
    assert f'<is><t xml:space="preserve">{text}</t></is>' in cells


def test_a_text_is_never_a_formula_nor_markup(tmp_path: Path) -> None:
    hostile = ROWS.with_columns(code=pl.Series(["=1+1", "<r>x</r>&"]))
    cells = sheet(written(WORKBOOK, tmp_path, hostile))
    assert "<f>" not in cells
    assert "&lt;r&gt;x&lt;/r&gt;&amp;" in cells


def test_a_sheet_that_does_not_say_where_it_ends_is_not_read(tmp_path: Path) -> None:
    path = written(WORKBOOK, tmp_path)
    with zipfile.ZipFile(path) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    with zipfile.ZipFile(path, "w") as book:
        for name, held in parts.items():
            book.writestr(name, held.replace(b"autoFilter", b"other"))
    with pytest.raises(ValueError, match="where its rows end"):
        list(WORKBOOK.read(path, SHAPE))


def test_rows_without_a_place_have_no_spatial_formats() -> None:
    assert forms_of(SHAPE) == FORMS
    found = [form.name for form in forms_of(Shape("x", ROWS.schema))]
    assert found == ["csv", "parquet", "xlsx", "json"]


def test_a_format_is_left_out_where_rows_or_a_text_are_too_many() -> None:
    assert WORKBOOK.left_out(200_000, 32_767) is None
    rows, text = WORKBOOK.left_out(200_001, 0), WORKBOOK.left_out(1, 32_768)
    assert rows is not None
    assert (rows.format, rows.reason, rows.most) == ("xlsx", "rows", 200_000)
    assert text is not None
    assert (text.reason, text.most) == ("text", 32_767)
    assert COLUMNAR.left_out(10**9, 10**9) is None
