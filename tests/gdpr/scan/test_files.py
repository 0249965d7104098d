from __future__ import annotations

import bz2
import gzip
import io
import lzma
import re
import zipfile

import pyarrow as pa
import pytest

from gdpr.scan import files
from gdpr.scan.canaries import Canaries
from gdpr.scan.files import scan, scan_name
from gdpr.scan.findings import Finding, Sought
from tests.gdpr.scan.files import HIDING, PERSON, database, kinds, parquet, workbook, zipped


@pytest.mark.parametrize("where", HIDING)
def test_a_number_is_found_wherever_it_hides(where: str) -> None:
    file, content = HIDING[where](PERSON)
    assert set(kinds(content, file)) == {"person number"}


@pytest.mark.parametrize("where", HIDING)
def test_what_is_no_persons_number_is_found_nowhere(where: str) -> None:
    file, content = HIDING[where]("12825423955")
    assert kinds(content, file) == {}


def test_a_finding_names_the_file_and_never_the_number() -> None:
    found = scan(f"open/{PERSON}.csv", io.BytesIO(f"{PERSON}\n".encode()), Sought())
    assert found == (Finding("open/***.csv", "person number", 2),)
    assert scan_name(PERSON, Sought()) == (Finding("***", "person number", 1),)
    [member] = scan("a.zip", io.BytesIO(zipped({f"{PERSON}.txt": b"x"})), Sought())[1:]
    assert member == Finding("a.zip/***.txt", "person number", 1)


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress])
def test_compressed_bytes_are_unpacked(pack: object) -> None:
    assert callable(pack)
    assert kinds(pack(PERSON.encode()), "a.csv.packed") == {"person number": 1}


def test_zstandard_is_unpacked() -> None:
    packed = pa.compress(PERSON.encode() * 1, codec="zstd", asbytes=True)
    assert kinds(packed, "a.zst") == {"person number": 1}


BROKEN = {
    "no Parquet": ("a.parquet", b"a,b\n1,2\n"),
    "cut Parquet": ("a.parquet", parquet(pa.table({"a": [1]}))[:-9]),
    "Parquet without its end": ("a.parquet", b"PAR1" + bytes(40)),
    "Parquet of no length": ("a.parquet", b"PAR1"),
    "an empty promise": ("a.parquet", b""),
    "a cut archive": ("a.zip", zipped({"a": b"x" * 999})[:-30]),
    "a cut gzip": ("a.gz", gzip.compress(b"x" * 999)[:-9]),
    "no gzip": ("a.gz", b"text"),
    "no workbook": ("a.xlsx", b"text"),
    "a cut database": ("a.sqlite", database("x")[:4096]),
    "a PDF": ("a.pdf", b"%PDF-1.7 ..."),
    "Parquet under lock": ("a.bin", b"PARE" + bytes(20) + b"PARE"),
}


@pytest.mark.parametrize("what", BROKEN)
def test_what_cannot_be_read_is_a_finding(what: str) -> None:
    file, content = BROKEN[what]
    assert kinds(content, file) == {"not readable": 1}


def test_the_bytes_of_what_cannot_be_read_are_scanned_as_they_are() -> None:
    broken = b"PAR1 " + PERSON.encode() + b" ..."
    assert kinds(broken, "a.parquet") == {"not readable": 1, "person number": 1}


def test_an_archive_under_lock_is_not_readable() -> None:
    content = bytearray(zipped({"a": b"x"}))
    for place in (6, content.index(b"PK\x01\x02") + 8):
        content[place] |= 1
    assert kinds(bytes(content), "a.zip") == {"not readable": 1}


def test_a_bomb_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "_SPARE", 1 << 16)
    monkeypatch.setattr(files, "_RATIO", 2)
    bomb = gzip.compress(bytes(1 << 20))
    assert kinds(bomb, "a.gz") == {"not readable": 1}
    inside = zipped({"a.gz": bomb, "b.csv": PERSON.encode()})
    assert kinds(inside, "a.zip")["not readable"] == 1


def test_files_are_packed_only_so_deep() -> None:
    content = PERSON.encode()
    for _ in range(4):
        content = zipped({"a": content})
    assert kinds(content, "a.zip") == {"person number": 1}
    assert kinds(zipped({"a": zipped({"a": content})}), "a.zip") == {"not readable": 1}


def test_what_an_archive_says_of_a_member_is_scanned() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        member = zipfile.ZipInfo("a.csv")
        member.comment = PERSON.encode()
        archive.writestr(member, b"x")
        archive.mkdir("folder")
    assert kinds(buffer.getvalue(), "a.zip")["person number"] >= 1


def test_a_database_too_large_is_not_readable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gdpr.scan.databases.LARGEST", 100)
    assert kinds(database(PERSON), "a.sqlite") == {"not readable": 1, "person number": 1}


def test_a_text_cut_into_runs_of_a_workbook_is_put_together() -> None:
    runs = f"<r><t>{PERSON[:5]}</t></r><r><t>{PERSON[5:]}</t></r>"
    shared = f"<?xml version='1.0'?><sst><si>{runs}</si></sst>"
    assert kinds(zipped({"xl/sharedStrings.xml": shared.encode()}), "a.xlsx") == {
        "person number": 1
    }


def test_cells_of_a_workbook_do_not_run_together() -> None:
    assert kinds(workbook("128254", "23956", 128254, 23956), "a.xlsx") == {}


def test_a_whole_workbook_of_open_values_has_no_findings() -> None:
    assert kinds(workbook("Posten", 58.97, 5.73, 1_700_000_000, "2026-11-21"), "a.xlsx") == {}


OF_TEXT = [
    where for where in HIDING if not re.search("number|integer|float|Arrow|two|break", where)
]


@pytest.mark.parametrize("where", OF_TEXT)
def test_a_canary_is_found_in_every_kind_of_file(where: str) -> None:
    file, content = HIDING[where]("kari-kanarifugl")
    assert set(kinds(content, file, Sought(canaries=Canaries(("Kari-Kanarifugl",))))) == {"canary"}
