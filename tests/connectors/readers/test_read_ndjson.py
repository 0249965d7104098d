from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from connectors.readers import ndjson as module
from connectors.readers.layout import Layout
from connectors.readers.ndjson import read_ndjson
from schemas.errors import ContractBroken
from schemas.source import Profile, Surprises
from schemas.stages import BROKEN, LINE

Read = Callable[..., pl.DataFrame]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def reading(
        content: str | bytes, *columns: str, surprises: Surprises = "freeze", **profile: object
    ) -> pl.DataFrame:
        path = tmp_path / "it's.ndjson"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        layout = Layout(
            Profile.model_validate({"format": "ndjson", **profile}),
            columns or ("a", "b.c"),
            surprises,
        )
        chunks = list(read_ndjson(path, layout))
        schema = {LINE: pl.UInt64()} | dict.fromkeys((*layout.columns, BROKEN), pl.String())
        return pl.concat([pl.DataFrame(schema=schema), *chunks])

    return reading


def lines(*records: object) -> str:
    return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)


def cells(frame: pl.DataFrame) -> list[tuple[Any, ...]]:
    return frame.drop(LINE, BROKEN).rows()


def test_dotted_paths_reach_into_nested_records(read: Read) -> None:
    text = lines({"a": "x", "b": {"c": "y"}}, {"a": "z"}, {"b": {"c": "w"}})
    assert cells(read(text)) == [("x", "y"), ("z", None), (None, "w")]


def test_names_with_quotes_and_dots_are_only_names(read: Read) -> None:
    assert cells(read(lines({'a"b': "x"}), 'a"b')) == [("x",)]


def test_values_are_text_as_they_were_meant(read: Read) -> None:
    text = lines({"a": 21.5, "b": {"c": True}}, {"a": 12345678901234567890, "b": {"c": None}})
    assert cells(read(text)) == [("21.5", "true"), ("12345678901234567890", None)]


def test_what_is_nested_where_a_value_is_wanted_is_its_text(read: Read) -> None:
    [(found, _)] = cells(read(lines({"a": {"x": [1, 2]}})))
    assert json.loads(found) == {"x": [1, 2]}


def test_declared_marks_and_empty_texts_are_null(read: Read) -> None:
    text = lines({"a": "-", "b": {"c": "1"}}, {"a": "", "b": {"c": "'"}}, {"a": "x"})
    frame = read(text, null_marks=("", "-", "'"))
    assert cells(frame) == [(None, "1"), (None, None), ("x", None)]


def test_where_numbers_are_wanted_texts_come_with_their_quotation_marks(tmp_path: Path) -> None:
    path = tmp_path / "a.ndjson"
    path.write_text('{"a": 1.50}\n{"a": 1E3}\n{"a": "2,5"}\n{"a": null}\n{"a": ""}\n', "utf-8")
    layout = Layout(Profile(format="ndjson"), ("a",), "freeze", frozenset({"a"}))
    [frame] = read_ndjson(path, layout)
    assert frame["a"].to_list() == ["1.5", "1000.0", '"2,5"', None, None]


def test_a_broken_line_keeps_its_text_and_number_and_stops_no_other(read: Read) -> None:
    text = '{"a": "x"}\n{"a": tru\n\n  \n{"a": "y"}\n[1]\n"text"\n{}\n{"a": "z"}'
    frame = read(text)
    assert frame["a"].to_list() == ["x", None, "y", None, None, None, "z"]
    assert frame[BROKEN].to_list() == [None, '{"a": tru', None, "[1]", '"text"', "{}", None]
    assert frame[LINE].to_list() == list(range(1, 8))


def test_two_records_on_one_line_are_a_broken_line_and_not_one_record(read: Read) -> None:
    frame = read('{"a": "x"}{"a": "y"}\n{"a": "z"}\n')
    assert frame[BROKEN].to_list() == ['{"a": "x"}{"a": "y"}', None]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_line_ends_are_not_part_of_a_broken_line(read: Read, end: str) -> None:
    frame = read(end.join(['{"a": "x"}', "{bad", "", '{"a": "y"}', "{worse"]))
    assert frame[BROKEN].to_list() == [None, "{bad", None, "{worse"]


def test_a_carriage_return_inside_a_record_ends_no_line(read: Read) -> None:
    frame = read('{"a": "x",\r"b": {"c": "y"}}\n{bad\n')
    assert cells(frame)[0] == ("x", "y")
    assert frame[BROKEN].to_list() == [None, "{bad"]


def test_an_empty_file_is_no_record(read: Read) -> None:
    assert read("").is_empty()
    assert read("\n\n").is_empty()


def test_bytes_that_are_no_text_break_their_line_alone(read: Read) -> None:
    frame = read(b'{"a": "\xe6"}\n{"a": "x"}\n')
    assert frame["a"].to_list() == [None, "x"]
    assert frame[BROKEN].is_not_null().to_list() == [True, False]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252"])
def test_a_mark_and_a_declared_encoding_are_heeded(read: Read, encoding: str) -> None:
    text = lines({"a": "Bjørn"}).encode(encoding)
    declared = {"encoding": "cp1252"} if encoding == "cp1252" else {}
    assert read(text, **declared)["a"].to_list() == ["Bjørn"]


@pytest.mark.parametrize(
    ("records", "unknown"),
    [
        ([{"a": 1, "z": 2}], "'z'"),
        ([{"a": 1, "b": {"c": 1, "d": {"e": 1}}}], "'b.d.e'"),
        ([{"a": 1}, [1], {"a": 1, "y": []}], "'y'"),
        ([{"a": 1, "b": 5}], "'b'"),
        ([{"a": 1, "b": [{"c": 1}]}], "'b'"),
    ],
    ids=["new", "new and nested", "beside a line that is no object", "no object", "a list"],
)
def test_a_changed_shape_is_refused_where_the_contract_freezes(
    read: Read, records: list[object], unknown: str
) -> None:
    with pytest.raises(ContractBroken, match=f"the header changed: unknown {unknown}"):
        read(lines(*records))


def test_a_parent_that_is_null_is_no_changed_shape(read: Read) -> None:
    assert cells(read(lines({"a": 1, "b": None}))) == [("1", None)]


def test_declared_unknown_names_and_all_below_them_are_no_surprise(read: Read) -> None:
    records = lines({"a": 1, "meta": {"x": {"y": 1}}, "b": {"d": 1}})
    assert cells(read(records, ignored=("meta", "b.d"))) == [("1", None)]


@pytest.mark.parametrize("surprises", ["evolve", "discard_value"])
def test_unknown_names_are_passed_over(read: Read, surprises: Surprises) -> None:
    assert cells(read(lines({"a": 1, "z": 2}), surprises=surprises)) == [("1", None)]


def test_a_long_file_comes_in_chunks_with_every_broken_line_in_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "CHUNK_ROWS", 1_000)
    broken = {7, 2_048, 5_000, 9_999}
    made = [f"{{bad {n}" if n in broken else lines({"a": n}).strip() for n in range(1, 10_001)]
    path = tmp_path / "a.ndjson"
    path.write_text("\n\n".join(made), encoding="utf-8")
    chunks = list(read_ndjson(path, Layout(Profile(format="ndjson"), ("a",), "freeze")))
    assert len(chunks) > 1
    whole = pl.concat(chunks)
    assert whole[LINE].to_list() == list(range(1, 10_001))
    found = whole.filter(pl.col(BROKEN).is_not_null())
    assert found.select(LINE, BROKEN).rows() == [(n, f"{{bad {n}") for n in sorted(broken)]
    assert whole.filter(pl.col(BROKEN).is_null())["a"].cast(pl.Int64).to_list() == [
        n for n in range(1, 10_001) if n not in broken
    ]
