from __future__ import annotations

import io
import json

import pyarrow as pa
import pytest

from gdpr.scan.shape import columns_of
from tests.gdpr.scan.files import parquet, workbook


def columns(file: str, content: bytes) -> set[str]:
    return set(columns_of(file, io.BytesIO(content)))


def test_each_form_names_its_columns() -> None:
    table = pa.table({"a": [1], "b": [{"c": "x"}], "d": [["y"]]})
    feature = {"type": "Feature", "properties": {"a": 1, "b": 2}}
    package = {"resources": [{"schema": {"fields": [{"name": "a"}]}}, {"schema": 1}]}
    assert columns("x.csv", b"\xef\xbb\xbfa,b\r\n1,2\r\n") == {"a", "b"}
    assert columns("x.parquet", parquet(table)) == {"a", "b", "c", "d"}
    assert columns("x.xlsx", workbook("a", "1")) == {"a"}
    assert columns("x.geojson", json.dumps({"features": [feature, {}, 1]}).encode()) == {"a", "b"}
    assert columns("datapackage.json", json.dumps(package).encode()) == {"a"}
    croissant = {"recordSet": [{"field": [{"name": "a"}, {"name": "b"}]}, {}]}
    assert columns("croissant.json", json.dumps(croissant).encode()) == {"a", "b"}
    assert columns("x.json", json.dumps([{"a": 1}, {"b": {"c": 2}}, 3]).encode()) == {"a", "b"}


@pytest.mark.parametrize(
    ("file", "content"), [("x.csv", b""), ("x.json", b"[]"), ("x.html", b"<p>")]
)
def test_what_names_none_has_none(file: str, content: bytes) -> None:
    assert columns(file, content) == set()


@pytest.mark.parametrize("file", ["x.parquet", "x.xlsx", "x.json"])
def test_what_is_not_what_its_name_says_is_refused(file: str) -> None:
    with pytest.raises(ValueError, match="cannot be read"):
        columns(file, b"no such thing")
