"""JSON documents."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest

from connectors.readers import json as reader
from connectors.readers.json import read_json
from connectors.readers.layout import Layout
from schemas.errors import ContractBroken
from schemas.source import Profile, Surprises

SECRET = "12345678901"


def read(
    tmp_path: Path,
    content: object,
    columns: tuple[str, ...],
    surprises: Surprises = "freeze",
    **profile: object,
) -> pl.DataFrame:
    path = tmp_path / "batch.json"
    path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    layout = Layout(Profile.model_validate({"format": "json", **profile}), columns, surprises)
    frames = list(read_json(path, layout))
    return pl.concat(frames) if frames else pl.DataFrame()


def test_dotted_paths_reach_into_records(tmp_path: Path) -> None:
    document = {
        "meta": {"n": 2},
        "results": [{"a": {"b": "x"}, "@iot.id": 1}, {"a": {}, "@iot.id": 2}],
    }
    found = read(tmp_path, document, ("a.b", "@iot.id"), records="results")
    assert found.rows(named=True) == [
        {"a.b": "x", "@iot.id": 1, "_line": 1},
        {"a.b": None, "@iot.id": 2, "_line": 2},
    ]
    assert found.dtypes == [pl.String, pl.Int64, pl.UInt64]


@pytest.mark.parametrize(
    ("values", "dtype", "expected"),
    [
        ([1, 2, None], pl.Int64, [1, 2, None]),
        ([1, 2.5], pl.Float64, [1.0, 2.5]),
        ([True, None], pl.Boolean, [True, None]),
        (["231", "Fullt", 285, 1.5, True], pl.String, ["231", "Fullt", "285", "1.5", "true"]),
        ([2**63, 1], pl.String, [str(2**63), "1"]),
        ([2**60 + 1, 0.5], pl.String, [str(2**60 + 1), "0.5"]),
        ([[1], {"x": "å"}], pl.String, ["[1]", '{"x": "å"}']),
        (["", "-", 3], pl.Int64, [None, None, 3]),
        ([None], pl.String, [None]),
    ],
)
def test_a_column_is_native_only_where_every_value_is(
    tmp_path: Path, values: list[object], dtype: pl.DataType, expected: list[object]
) -> None:
    found = read(tmp_path, [{"v": value} for value in values], ("v",), null_marks=("", "-"))
    assert found["v"].dtype == dtype
    assert found["v"].to_list() == expected


def test_a_document_without_records_gives_no_frame(tmp_path: Path) -> None:
    assert read(tmp_path, {"results": []}, ("a",), records="results").is_empty()


def test_one_object_is_one_record(tmp_path: Path) -> None:
    assert read(tmp_path, {"a": 1}, ("a",)).rows() == [(1, 1)]


def test_lines_go_on_over_chunks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "CHUNK_ROWS", 2)
    found = read(tmp_path, [{"a": n} for n in range(5)], ("a",))
    assert found["_line"].to_list() == [1, 2, 3, 4, 5]


def test_what_is_no_number_is_null(tmp_path: Path) -> None:
    assert read(tmp_path, b'[{"a": NaN}, {"a": 1.5}]', ("a",))["a"].to_list() == [None, 1.5]


def test_a_byte_order_mark_and_a_declared_code_page_are_read(tmp_path: Path) -> None:
    assert read(tmp_path, b'\xef\xbb\xbf[{"a": "x"}]', ("a",))["a"].to_list() == ["x"]
    content = '[{"a": "Sørås"}]'.encode("cp1252")
    assert read(tmp_path, content, ("a",), encoding="cp1252")["a"].to_list() == ["Sørås"]


@pytest.mark.parametrize(
    ("content", "profile", "says"),
    [
        (b"<html>" + SECRET.encode(), {}, "is not readable JSON: JSONDecodeError"),
        (b'[{"a": "' + SECRET.encode(), {}, "is not readable JSON"),
        ({"error": SECRET}, {"records": "results"}, "has no records at 'results'"),
        ([SECRET], {}, "has records that are no objects"),
        ([{"b": SECRET}], {}, "the header changed: missing 'a'"),
        ([{"a": 1}, {"a": 1, "fnr": SECRET}], {}, "unknown 'fnr'"),
    ],
)
def test_what_breaks_the_contract_is_one_line_without_a_value(
    tmp_path: Path, content: object, profile: dict[str, object], says: str
) -> None:
    with pytest.raises(ContractBroken, match=says) as caught:
        read(tmp_path, content, ("a",), **profile)
    assert SECRET not in str(caught.value)


def test_keys_of_a_map_are_not_told_where_no_field_is_known(tmp_path: Path) -> None:
    with pytest.raises(ContractBroken) as caught:
        read(tmp_path, {SECRET: {"a": 1}}, ("a",))
    assert SECRET not in str(caught.value)


def test_unknown_names_pass_where_they_are_ignored_or_not_frozen_out(tmp_path: Path) -> None:
    record = {"a": {"b": 1}, "c": {"d": 1}, "e": 1}
    assert read(tmp_path, [record], ("a.b",), ignored=("c.d", "e")).height == 1
    assert read(tmp_path, [record], ("a.b",), "evolve").height == 1
