"""Excel workbooks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

import polars as pl
import pytest
import xlsxwriter

from connectors.readers import xlsx as reader
from connectors.readers.layout import Layout
from connectors.readers.xlsx import read_xlsx
from schemas.errors import ContractBroken
from schemas.source import Profile, Surprises

SECRET = "12345678901"
DAY = dt.datetime.fromisoformat("2026-11-20")


def written(tmp_path: Path, *rows: Sequence[object], sheet: str = "Ark1") -> Path:
    path = tmp_path / "batch.xlsx"
    with xlsxwriter.Workbook(path, {"default_date_format": "dd.mm.yyyy"}) as book:
        page = book.add_worksheet(sheet)
        for at, row in enumerate(rows):
            page.write_row(at, 0, row)
    return path


def read(
    path: Path, columns: tuple[str, ...], surprises: Surprises = "freeze", **profile: object
) -> pl.DataFrame:
    layout = Layout(Profile.model_validate({"format": "xlsx", **profile}), columns, surprises)
    frames = list(read_xlsx(path, layout))
    return pl.concat(frames) if frames else pl.DataFrame()


def test_cells_keep_the_types_that_excel_gave_them(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        ["\ufeffkommune ", "nr", "kwh", "dag", "ja", "tom"],
        ["0301", 1103, 1.5, DAY, True, None],
        ["1103", 1108, 2, DAY, False, None],
    )
    found = read(path, ("kommune", "nr", "kwh", "dag", "ja", "tom"))
    assert found.rows() == [
        ("0301", 1103, 1.5, DAY, True, None, 1),
        ("1103", 1108, 2.0, DAY, False, None, 2),
    ]
    assert found.dtypes == [
        pl.String,
        pl.Int64,
        pl.Float64,
        pl.Datetime("us"),
        pl.Boolean,
        pl.String,
        pl.UInt64,
    ]


def test_a_word_far_down_makes_the_column_text_and_is_not_lost(tmp_path: Path) -> None:
    path = written(tmp_path, ["ledig"], *([n] for n in range(2000)), ["Fullt"], ["-"])
    found = read(path, ("ledig",), null_marks=("-",))
    assert found["ledig"][[0, 1999, 2000]].to_list() == ["0", "1999", "Fullt"]
    assert found["ledig"][2001] is None


def test_title_blank_and_footer_rows_are_no_rows(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        ["Rapport"],
        [],
        ["måler", "kwh"],
        ["a", 1],
        [],
        ["Sum", 3],
        ["b", 2],
        ["Data er gyldig per 20.11.2026"],
    )
    found = read(path, ("kwh", "måler"), skip_rows=2, footer_starts_with=("Data er", "Sum"))
    assert found.rows() == [(1, "a", 1), (2, "b", 4)]
    assert found.dtypes[0] == pl.Int64


def test_a_sheet_is_chosen_by_name(tmp_path: Path) -> None:
    path = written(tmp_path, ["a"], [1], sheet="Data")
    assert read(path, ("a",), sheet="Data").height == 1
    with pytest.raises(ContractBroken, match="has no sheet 'Ark9'"):
        read(path, ("a",), sheet="Ark9")


def test_frames_are_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "CHUNK_ROWS", 2)
    path = written(tmp_path, ["a"], [1], [2], [3])
    layout = Layout(Profile(format="xlsx"), ("a",), "freeze")
    assert [frame.height for frame in read_xlsx(path, layout)] == [2, 1]


@pytest.mark.parametrize(
    ("columns", "says"),
    [(("a", "c"), "missing 'c'"), (("a",), "unknown 'b'")],
)
def test_a_changed_header_is_named(tmp_path: Path, columns: tuple[str, ...], says: str) -> None:
    with pytest.raises(ContractBroken, match=says) as caught:
        read(written(tmp_path, ["a", "b"], [SECRET, SECRET]), columns)
    assert SECRET not in str(caught.value)


def test_a_missing_header_does_not_tell_the_row_in_its_place(tmp_path: Path) -> None:
    with pytest.raises(ContractBroken, match="missing 'fnr'") as caught:
        read(written(tmp_path, [SECRET, "Kari"], [SECRET, "Ola"]), ("fnr", "navn"))
    assert SECRET not in str(caught.value)


def test_unknown_columns_pass_where_they_are_ignored_or_not_frozen_out(tmp_path: Path) -> None:
    path = written(tmp_path, ["a", "b"], [1, 2])
    assert read(path, ("a",), ignored=("b",)).columns == ["a", "_line"]
    assert read(path, ("a",), "evolve").columns == ["a", "_line"]


@pytest.mark.parametrize("keep", [0, 100, -200])
def test_a_truncated_workbook_is_not_readable(tmp_path: Path, keep: int) -> None:
    path = written(tmp_path, ["a"], *([SECRET] for _ in range(100)))
    path.write_bytes(path.read_bytes()[:keep])
    with pytest.raises(ContractBroken, match="is not a readable XLSX: CalamineError") as caught:
        read(path, ("a",))
    assert SECRET not in str(caught.value)


def test_what_is_no_workbook_and_what_is_empty_is_said(tmp_path: Path) -> None:
    path = tmp_path / "batch.xlsx"
    path.write_text(SECRET)
    with pytest.raises(ContractBroken, match="is not a readable XLSX"):
        read(path, ("a",))
    with pytest.raises(ContractBroken, match="missing 'a'"):
        read(written(tmp_path), ("a",))
    with pytest.raises(ContractBroken):
        read(written(tmp_path, ["a"], [1]), ("a",), skip_rows=9)
