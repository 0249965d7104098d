from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import polars as pl
import pyarrow as pa
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from connectors.readers.layout import Layout
from connectors.readers.registry import read_chunks
from connectors.rewriting import lines as module
from connectors.rewriting.gone import Gone
from connectors.rewriting.registry import rewrite
from schemas.errors import ContractBroken
from schemas.source import Profile
from schemas.stages import LINE

Rewrite = Callable[..., bytes]


@pytest.fixture
def without(tmp_path: Path) -> Rewrite:
    def rewriting(content: bytes, *gone: int, **profile: object) -> bytes:
        path, made = tmp_path / "before", io.BytesIO()
        path.write_bytes(content)
        rewrite(path, made, Gone(frozenset(gone), Profile.model_validate(profile)))
        return made.getvalue()

    return rewriting


def read(content: bytes, folder: Path, **profile: object) -> list[tuple[object, ...]]:
    path = folder / "after"
    path.write_bytes(content)
    layout = Layout(Profile.model_validate(profile), ("a", "b"), "evolve")
    return [row for chunk in read_chunks(path, layout) for row in chunk.select("a", "b").rows()]


def test_a_row_goes_with_its_line_and_no_other_byte_changes(without: Rewrite) -> None:
    content = b'a;b\r\n1;"x;\r\ny"\r\n\r\n2;\xf8\r\n3;z'
    assert without(content, 1) == b"a;b\r\n\r\n2;\xf8\r\n3;z"
    assert without(content, 3) == b'a;b\r\n1;"x;\r\ny"\r\n\r\n3;z'
    assert without(content, 4) == b'a;b\r\n1;"x;\r\ny"\r\n\r\n2;\xf8\r\n'
    assert without(content, 1, 2, 3, 4) == b"a;b\r\n"


def test_what_stands_above_the_header_stays_and_counts_as_no_row(without: Rewrite) -> None:
    content = b'Eksport "1\n\na,b\n1,2\n3,4\n'
    assert without(content, 1, skip_rows=2) == b'Eksport "1\n\na,b\n3,4\n'


@given(st.lists(st.text('a"\nø,', max_size=6), min_size=1, max_size=8), st.data())
def test_rows_are_numbered_as_their_reader_numbers_them(
    tmp_path_factory: pytest.TempPathFactory, cells: list[str], data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("rows")
    rows = [f'{at},"{cell.replace(chr(34), chr(34) * 2)}"\n' for at, cell in enumerate(cells)]
    path, made = folder / "before", io.BytesIO()
    path.write_text("a,b\n" + "".join(rows), encoding="utf-8", newline="")
    gone = data.draw(st.sets(st.integers(1, len(cells))))
    block = data.draw(st.sampled_from([1, 3, 7, module._BLOCK]))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_BLOCK", block)
        rewrite(path, made, Gone(frozenset(gone), Profile()))
    kept = [str(at) for at in range(len(cells)) if at + 1 not in gone]
    assert [row[0] for row in read(made.getvalue(), folder)] == kept


def test_a_record_of_json_lines_goes_and_blank_lines_are_none(without: Rewrite) -> None:
    content = b'{"a":1}\n\n  \r\n{"a": 2}\n{"a":3}'
    assert without(content, 2, format="ndjson") == b'{"a":1}\n\n  \r\n{"a":3}'
    assert without(content, 3, format="ndjson") == b'{"a":1}\n\n  \r\n{"a": 2}\n'


PAGE = b'{"n": 0.10, "results": [\n {"a": 1, "b": "x"},\n {"a": 2},\n {"a": 3}\n], "z": []}'


def test_a_page_keeps_its_other_records_as_they_were_written(without: Rewrite) -> None:
    told = {"format": "json", "records": "results"}
    assert without(PAGE, 1, **told) == (
        b'{"n": 0.10, "results": [\n {"a": 2},\n {"a": 3}\n], "z": []}'
    )
    assert without(PAGE, 3, **told) == (
        b'{"n": 0.10, "results": [\n {"a": 1, "b": "x"},\n {"a": 2}\n], "z": []}'
    )
    assert without(PAGE, 1, 2, 3, **told) == b'{"n": 0.10, "results": [\n], "z": []}'


def test_records_are_found_wherever_the_profile_says(without: Rewrite) -> None:
    assert without(b"[1, 2]", 1, format="json") == b"[ 2]"
    assert without(b"[]", 1, format="json") == b"[]"
    assert without(b'{"a": 1}', 1, format="json") == b"null"
    nested = b'{"x": {"y": [ {"a": "]\\"" } ]}}'
    assert without(nested, 1, format="json", records="x.y") == b'{"x": {"y": [ ]}}'
    dotted = b'{"x.y": [{"a": "\xf8"}, {"a": 2}], "x": {"y": 1}}'
    told = {"format": "json", "records": "x.y", "encoding": "cp1252"}
    assert without(dotted, 2, **told) == b'{"x.y": [{"a": "\xf8"}], "x": {"y": 1}}'
    assert without(b"\xef\xbb\xbf[1]", 1, format="json") == b"\xef\xbb\xbf[]"


@pytest.mark.parametrize("content", [b"{", b'{"results" 1}', b'{"other": []}', b"[1]", b"\xff"])
def test_what_is_no_such_document_is_refused_without_its_text(
    content: bytes, without: Rewrite
) -> None:
    with pytest.raises(ContractBroken) as refused:
        without(content, 1, format="json", records="results")
    assert "other" not in str(refused.value)


def stream(*frames: pl.DataFrame) -> bytes:
    made = io.BytesIO()
    options = pa.ipc.IpcWriteOptions(compression="zstd")
    with pa.ipc.new_stream(made, frames[0].to_arrow().schema, options=options) as writer:
        for frame in frames:
            for batch in frame.to_arrow().to_batches():
                writer.write_batch(batch)
    return made.getvalue()


def test_rows_of_an_arrow_stream_are_numbered_through_its_batches(
    without: Rewrite, tmp_path: Path
) -> None:
    frames = (pl.DataFrame({"a": [1, 2], "b": ["x", "y"]}), pl.DataFrame({"a": [3], "b": ["z"]}))
    made = without(stream(*frames), 2, 3, format="arrow")
    assert read(made, tmp_path, format="arrow") == [(1, "x")]
    whole = without(stream(*frames), format="arrow")
    assert whole == stream(*frames)


def book(folder: Path, below: int = 0) -> bytes:
    path = folder / "book.xlsx"
    with xlsxwriter.Workbook(path) as made:
        other, sheet = made.add_worksheet("Annet"), made.add_worksheet("Låns & sånt")
        rows = [("a", "b"), ("Kari", "kari@example.no"), ("Ola", "8"), ("Kari", "9")]
        for at, (name, value) in enumerate(rows):
            sheet.write_string(at + below, 1, name)
            sheet.write_string(at + below, 2, value)
        sheet.write_url(1 + below, 3, "mailto:kari@example.no", string="skriv")
        sheet.write_comment(1 + below, 1, "ring 49010001")
        other.write_string(0, 0, "8")
    return path.read_bytes()


def parts(content: bytes) -> Iterator[bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as made:
        yield from (made.read(name) for name in made.namelist())


@pytest.mark.parametrize("below", [0, 3])
def test_a_row_of_a_sheet_goes_with_all_that_hangs_on_it(
    below: int, without: Rewrite, tmp_path: Path
) -> None:
    told = {"format": "xlsx", "sheet": "Låns & sånt"}
    before = book(tmp_path, below)
    made = without(before, 1, **told)
    assert read(made, tmp_path, **told) == [("Ola", "8"), ("Kari", "9")]
    assert any(b"kari@example.no" in part for part in parts(before))
    assert not any(b"kari@example.no" in p or b"49010001" in p for p in parts(made))
    later = without(made, 2, **told)
    assert read(later, tmp_path, **told) == [("Kari", "9")]


def test_what_is_no_workbook_or_lacks_the_sheet_is_refused(
    without: Rewrite, tmp_path: Path
) -> None:
    with pytest.raises(ContractBroken, match="XLSX"):
        without(b"nothing", 1, format="xlsx")
    with pytest.raises(ContractBroken, match="XLSX"):
        without(book(tmp_path), 1, format="xlsx", sheet="Tredje")


def test_what_is_no_arrow_stream_is_refused(without: Rewrite) -> None:
    with pytest.raises(ContractBroken, match="Arrow"):
        without(b"nothing of it", 1, format="arrow")


def test_every_reader_numbers_a_record_so_that_it_can_go(tmp_path: Path, without: Rewrite) -> None:
    content = b"a\tb\n1\t2\n3\t4\n"
    path = tmp_path / "x"
    path.write_bytes(content)
    layout = Layout(Profile(format="tsv"), ("a", "b"), "evolve")
    [chunk] = read_chunks(path, layout)
    assert chunk[LINE].to_list() == [1, 2]
    assert without(content, 2, format="tsv") == b"a\tb\n1\t2\n"
