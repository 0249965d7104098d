from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from connectors.readers import csv as module
from connectors.readers.csv import read_csv
from connectors.readers.layout import Layout
from connectors.readers.text import as_utf8
from schemas.errors import ContractBroken
from schemas.source import Profile, Surprises
from schemas.stages import EXCESS, LINE

Read = Callable[..., pl.DataFrame]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def reading(
        content: str | bytes, *columns: str, surprises: Surprises = "freeze", **profile: object
    ) -> pl.DataFrame:
        path = tmp_path / "a.csv"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        layout = Layout(Profile.model_validate(profile), columns or ("a", "b"), surprises)
        chunks = list(read_csv(path, layout))
        schema = dict.fromkeys(layout.columns, pl.String()) | {
            LINE: pl.UInt64(),
            EXCESS: pl.Boolean(),
        }
        return pl.concat([pl.DataFrame(schema=schema), *chunks])

    return reading


def cells(frame: pl.DataFrame) -> list[tuple[Any, ...]]:
    return frame.drop(LINE, EXCESS).rows()


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_the_separator_is_found_in_the_header(read: Read, separator: str) -> None:
    assert cells(read(f"a{separator}b\n1{separator}2\n")) == [("1", "2")]


def test_the_declared_separator_is_used_though_another_is_more_common(read: Read) -> None:
    text = "a;b,c,d\n1;2\n"
    assert cells(read(text, "a", "b,c,d", separator=";")) == [("1", "2")]


def test_tab_separated_values_are_a_format_of_their_own(read: Read) -> None:
    assert cells(read("a\tb,c\n1\t2\n", "a", "b,c", format="tsv")) == [("1", "2")]


def test_everything_stays_text_and_rows_are_numbered(read: Read) -> None:
    frame = read("a,b\n01,1e3\n002, x \n")
    assert frame.rows() == [("01", "1e3", 1, False), ("002", " x ", 2, False)]
    assert frame.schema[LINE] == pl.UInt64()


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_the_last_line_may_end_without_a_line_end(read: Read, end: str) -> None:
    assert cells(read(end.join(["a,b", "1,2", "3,4"]))) == [("1", "2"), ("3", "4")]


def test_lines_that_end_in_cr_alone_are_refused_and_not_read_as_nothing(read: Read) -> None:
    with pytest.raises(ContractBroken, match="CR alone"):
        read("a,b\r1,2\r")


def test_blank_lines_are_no_rows_and_do_not_renumber_others(read: Read) -> None:
    frame = read("a,b\n1,2\n\n3,4\n,\n5,6\n\n")
    assert cells(frame) == [("1", "2"), ("3", "4"), ("5", "6")]
    assert frame[LINE].is_sorted()


def test_only_the_wanted_columns_come_in_the_wanted_order(read: Read) -> None:
    text = "c,b,a\n1,2,3\n"
    assert cells(read(text, "a", "b", surprises="evolve")) == [("3", "2")]


def test_quoted_cells_may_hold_separators_quotes_and_newlines(read: Read) -> None:
    text = 'a,b\n"1,5","say ""hi"""\n"two\nlines",x\n3,4\n'
    frame = read(text)
    assert cells(frame) == [("1,5", 'say "hi"'), ("two\nlines", "x"), ("3", "4")]
    assert frame[LINE].to_list() == [1, 2, 3]


def test_another_quote_is_used_where_it_is_declared(read: Read) -> None:
    assert cells(read("'a','b'\n'1,2','3'\n", quote="'")) == [("1,2", "3")]


def test_a_quoted_header_and_spaces_around_names_are_no_other_names(read: Read) -> None:
    assert cells(read('"a" , b\n1,2\n')) == [("1", "2")]


@pytest.mark.parametrize(
    "content",
    ['a,b\n"1,2\n3,4\n', 'a,b\n12" rør,5\n6,7\n', 'a,b\n1,"2"x\n3,4\n'],
    ids=["never closed", "inside a cell", "text after it"],
)
def test_a_broken_quote_stops_the_file_and_swallows_no_row(read: Read, content: str) -> None:
    with pytest.raises(ContractBroken, match="is not readable CSV"):
        read(content)


@pytest.mark.parametrize("empty", ["", '""'])
def test_an_empty_cell_is_null_quoted_or_not(read: Read, empty: str) -> None:
    assert cells(read(f"a,b\n1,{empty}\n")) == [("1", None)]


def test_declared_marks_are_null(read: Read) -> None:
    frame = read("a,b\n-,..\n1,-1\n..,2\n", null_marks=("", "-", ".."))
    assert cells(frame) == [("1", "-1"), (None, "2")]


def test_rows_above_the_header_are_passed_over(read: Read) -> None:
    text = "Rapport\nlaget, i dag\na,b\n1,2\n"
    assert cells(read(text, skip_rows=2)) == [("1", "2")]


def test_a_declared_footer_is_no_row_wherever_it_stands(read: Read) -> None:
    text = "a;b\n1;2\nData er gyldig per 24.02.2026 (CC BY 4.0), MET\n3;4\nData er;\n"
    frame = read(text, footer_starts_with=("Data er gyldig", "Sum"))
    assert cells(frame) == [("1", "2"), ("3", "4"), ("Data er", None)]


def test_a_short_row_lacks_its_last_cells(read: Read) -> None:
    frame = read("a,b\n1\n2,3\n")
    assert frame.rows() == [("1", None, 1, False), ("2", "3", 2, False)]


def test_a_row_with_more_cells_than_the_header_is_marked(read: Read) -> None:
    frame = read("a,b\n1,2,3\n1,2,\n1,2,,,,6\n1,2,3,4,5\n1,2\n")
    assert frame[EXCESS].to_list() == [True, False, False, True, False]


def test_a_declared_excess_is_no_fault_but_any_other_is(read: Read) -> None:
    frame = read("a,b\nx,0,00\nx,0,01\nx,0,00,1\n", excess_marks=("00",))
    assert frame[EXCESS].to_list() == [False, True, True]


def test_a_missing_column_is_named(read: Read) -> None:
    with pytest.raises(ContractBroken, match=r"^the header changed: missing 'b', 'c'$"):
        read("a\n1\n", "a", "b", "c")


def test_an_unknown_column_is_refused_where_the_contract_freezes(read: Read) -> None:
    with pytest.raises(ContractBroken, match="the header changed: unknown 'c', 'd'"):
        read("a,b,d,c\n1,2,3,4\n")


def test_a_declared_unknown_column_is_no_surprise(read: Read) -> None:
    assert cells(read("a,b,c\n1,2,3\n", ignored=("c",))) == [("1", "2")]


@pytest.mark.parametrize("surprises", ["evolve", "discard_value"])
def test_an_unknown_column_is_passed_over(read: Read, surprises: Surprises) -> None:
    assert read("a,b,c\n1,2,3\n", surprises=surprises).rows() == [("1", "2", 1, False)]


def test_a_row_with_an_unknown_value_is_marked_where_the_contract_discards_rows(
    read: Read,
) -> None:
    frame = read("a,b,c,d\n1,2,3,\n1,2,,\n1,2,,x\n", surprises="discard_row", ignored=("d",))
    assert frame[EXCESS].to_list() == [True, False, False]


def test_a_header_that_names_a_column_twice_is_read_by_the_first(read: Read) -> None:
    assert cells(read("a,b,b\n1,2,3\n")) == [("1", "2")]


def test_a_header_alone_is_no_row(read: Read) -> None:
    assert read("a,b\n").is_empty()


@pytest.mark.parametrize("content", ["", "\n", "\n1,2\n"])
def test_a_file_without_a_header_is_refused(read: Read, content: str) -> None:
    with pytest.raises(ContractBroken, match="there is no header"):
        read(content)


NAMES = "a,b\nBjørn,Målselv\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_the_encoding_is_found(read: Read, encoding: str) -> None:
    assert cells(read(NAMES.encode(encoding))) == [("Bjørn", "Målselv")]


def test_windows_letters_far_behind_are_found_as_well(
    read: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("connectors.readers.text._BLOCK", 7)
    text = "a,b\n" + "x,y\n" * 50 + "ø,å\n"
    assert cells(read(text.encode("cp1252")))[-1] == ("ø", "å")
    assert cells(read(text.encode()))[-1] == ("ø", "å")


def test_a_mark_counts_more_than_the_declared_encoding(read: Read) -> None:
    assert cells(read(NAMES.encode("utf-8-sig"), encoding="cp1252")) == [("Bjørn", "Målselv")]


def test_bytes_that_are_not_in_the_declared_encoding_are_refused(read: Read) -> None:
    with pytest.raises(ContractBroken, match="is not UTF-8"):
        read(NAMES.encode("cp1252"), encoding="utf-8")
    with pytest.raises(ContractBroken, match="is not cp1252"):
        read(b"a,b\n\x81,2\n", encoding="cp1252")


def test_a_copy_in_another_encoding_is_gone_when_the_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(NAMES.encode("cp1252"))
    with as_utf8(path, Profile(), guess=True) as copy:
        assert copy != path
        assert copy.read_text(encoding="utf-8") == NAMES
    assert not copy.exists()


def test_no_value_of_a_row_is_in_what_a_broken_file_says(read: Read) -> None:
    with pytest.raises(ContractBroken) as caught:
        read('a,b\n15877600065,"Tuva\n')
    assert str(caught.value) == "is not readable CSV: ComputeError"
    assert caught.value.__suppress_context__


def test_a_long_file_comes_in_chunks_numbered_through(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "CHUNK_ROWS", 1_000)
    path = tmp_path / "a.csv"
    path.write_text("a,b\n" + "".join(f"{n},x\n" for n in range(5_000)), encoding="utf-8")
    chunks = list(read_csv(path, Layout(Profile(), ("a",), "evolve")))
    assert len(chunks) > 1
    whole = pl.concat(chunks)
    assert whole["a"].cast(pl.Int64).to_list() == list(range(5_000))
    assert whole[LINE].to_list() == list(range(1, 5_001))
