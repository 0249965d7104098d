"""Arrow streams, as the sql engine lands them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import polars as pl
import pyarrow as pa
import pytest

from connectors.readers.arrow import read_arrow
from connectors.readers.layout import Layout
from schemas.errors import ContractBroken
from schemas.source import Profile, Surprises

NOON = dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC)


def read(
    path: Path, columns: tuple[str, ...], surprises: Surprises = "freeze", **profile: object
) -> list[pl.DataFrame]:
    layout = Layout(Profile.model_validate({"format": "arrow", **profile}), columns, surprises)
    return list(read_arrow(path, layout))


def written(tmp_path: Path, *tables: pa.Table) -> Path:
    path = tmp_path / "batch.arrow"
    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_stream(sink, tables[0].schema) as writer:
        for table in tables:
            writer.write_table(table)
    return path


EVERY_TYPE = pa.table(
    {
        "small": pa.array([1], pa.int16()),
        "huge": pa.array([2**64 - 1], pa.uint64()),
        "real": pa.array([1.5], pa.float32()),
        "sum": pa.array([Decimal("1.50")], pa.decimal128(9, 2)),
        "yes": [True],
        "day": [dt.date(2026, 11, 20)],
        "at": pa.array([NOON], pa.timestamp("ms", "UTC")),
        "bytes": [b"\x01\xff"],
        "word": pa.array(["x"]).dictionary_encode(),
        "none": pa.nulls(1),
    }
)


def test_columns_keep_their_types_and_the_rest_is_text(tmp_path: Path) -> None:
    [found] = read(written(tmp_path, EVERY_TYPE), tuple(EVERY_TYPE.column_names))
    assert found.row(0) == (
        1,
        str(2**64 - 1),
        1.5,
        "1.50",
        True,
        dt.date(2026, 11, 20),
        NOON,
        "01ff",
        "x",
        None,
        1,
    )
    assert found.dtypes == [
        pl.Int64,
        pl.String,
        pl.Float64,
        pl.String,
        pl.Boolean,
        pl.Date,
        pl.Datetime("us", "UTC"),
        pl.String,
        pl.String,
        pl.String,
        pl.UInt64,
    ]


def test_lines_go_on_over_batches_and_null_marks_are_null(tmp_path: Path) -> None:
    table = pa.table({"a": ["x", "-", None]})
    frames = read(written(tmp_path, table, table), ("a",), null_marks=("-",))
    assert pl.concat(frames).rows() == [
        ("x", 1),
        (None, 2),
        (None, 3),
        ("x", 4),
        (None, 5),
        (None, 6),
    ]


def test_unchanged_rows_are_left_out_and_vanished_ones_are_marked(tmp_path: Path) -> None:
    table = pa.table(
        {
            "id": [1, 2, 3],
            "word": ["a", "b", None],
            "_unchanged": [True, False, False],
            "_deleted": [False, False, True],
        }
    )
    [found] = read(written(tmp_path, table), ("word", "id"))
    assert found.rows(named=True) == [
        {"word": "b", "id": 2, "_line": 2, "_deleted": False},
        {"word": None, "id": 3, "_line": 3, "_deleted": True},
    ]


@pytest.mark.parametrize(
    ("columns", "says"),
    [
        (("a", "c"), "missing 'c'"),
        (("a",), "unknown 'b'"),
        (("a", "b"), "the column 'b' is nested"),
    ],
)
def test_a_changed_header_is_named(tmp_path: Path, columns: tuple[str, ...], says: str) -> None:
    with pytest.raises(ContractBroken, match=says):
        read(written(tmp_path, pa.table({"a": [1], "b": [[1]]})), columns)


def test_unknown_columns_pass_where_they_are_ignored_or_not_frozen_out(tmp_path: Path) -> None:
    path = written(tmp_path, pa.table({"a": [1], "b": [1]}))
    assert read(path, ("a",), ignored=("b",))[0].columns == ["a", "_line"]
    assert read(path, ("a",), "evolve")[0].columns == ["a", "_line"]


@pytest.mark.parametrize("keep", [0, 5, -300])
def test_a_truncated_stream_is_not_readable(tmp_path: Path, keep: int) -> None:
    path = written(tmp_path, pa.table({"a": ["12345678901"] * 1000}))
    path.write_bytes(path.read_bytes()[:keep])
    with pytest.raises(ContractBroken, match="is not a readable Arrow stream") as caught:
        read(path, ("a",))
    assert "12345678901" not in str(caught.value)
