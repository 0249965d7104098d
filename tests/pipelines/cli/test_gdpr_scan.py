from __future__ import annotations

import gzip
import json
import os
from pathlib import Path

import pytest

from tests.gdpr.scan.files import PERSON
from tests.pipelines.cli.region import invoke


def found(path: Path, *words: str) -> list[dict[str, object]]:
    result = invoke("gdpr", "scan", str(path), "--json", *words)
    findings: list[dict[str, object]] = json.loads(result.stdout)["findings"]
    assert result.exit_code == (1 if findings else 0)
    return findings


def test_a_file_without_persons_is_passed(tmp_path: Path) -> None:
    file = tmp_path / "open.csv"
    file.write_text("a,b\n1,2.5\n")
    assert found(file) == []
    result = invoke("gdpr", "scan", str(tmp_path))
    assert (result.exit_code, result.stdout) == (0, "Nothing found in 1 files.\n")


def test_every_file_of_a_folder_is_told_with_kind_and_count(tmp_path: Path) -> None:
    (tmp_path / "in" / "deep").mkdir(parents=True)
    (tmp_path / "in" / "deep" / "a.csv").write_text(f"id\n{PERSON}\n{PERSON}\n")
    (tmp_path / "in" / "b.gz").write_bytes(gzip.compress(b"ring +47 22 33 44 55"))
    (tmp_path / "in" / "c.csv").write_text("1,2\n")
    expected = [
        {"file": "b.gz/b", "kind": "phone number", "count": 1},
        {"file": "deep/a.csv", "kind": "person number", "count": 2},
    ]
    assert found(tmp_path / "in") == expected
    result = invoke("gdpr", "scan", str(tmp_path / "in"))
    assert result.exit_code == 1
    assert "deep/a.csv" in result.stdout
    assert PERSON not in result.stdout + result.stderr


def test_names_of_files_and_folders_are_scanned_and_not_told(tmp_path: Path) -> None:
    folder = tmp_path / "in" / f"sak-{PERSON}"
    folder.mkdir(parents=True)
    (folder / f"{PERSON}.csv").write_text("1\n")
    (tmp_path / "in" / "empty_15108695088").mkdir()
    assert found(tmp_path / "in") == [
        {"file": "***", "kind": "person number", "count": 2},
        {"file": "***/***.csv", "kind": "person number", "count": 1},
    ]


def test_names_of_persons_are_looked_for_where_that_is_asked(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text("Møte med Kari Nordmann i dag.\n")
    assert found(file) == []
    assert found(file, "--names") == [{"file": "a.txt", "kind": "name", "count": 1}]


def test_a_contact_that_the_package_declares_is_meant_to_be_public(tmp_path: Path) -> None:
    package = {"contributors": [{"title": "Kommunen", "email": "Data@example.no"}, "x", {}]}
    (tmp_path / "datapackage.json").write_text(json.dumps(package))
    (tmp_path / "page.html").write_text("<html>data@example.no")
    (tmp_path / "other.html").write_text("<html>kari@example.no")
    assert found(tmp_path) == [{"file": "other.html", "kind": "e-mail address", "count": 1}]
    assert found(tmp_path / "page.html") == []


@pytest.mark.parametrize("document", ["{", "[]", '{"contributors": 1}'])
def test_a_package_that_says_nothing_permits_nothing(tmp_path: Path, document: str) -> None:
    (tmp_path / "datapackage.json").write_text(document)
    (tmp_path / "page.html").write_text("<html>data@example.no")
    assert [finding["file"] for finding in found(tmp_path)] == ["page.html"]


def test_the_contacts_of_a_portal_are_known_below_it(tmp_path: Path) -> None:
    (tmp_path / "signing-keys.json").write_text('{"contacts": [{"email": "data@example.no"}]}')
    page = tmp_path / "datasets" / "a" / "index.html"
    page.parent.mkdir(parents=True)
    page.write_text("<html>data@example.no")
    assert found(page) == []


def test_a_file_that_cannot_be_opened_is_a_finding(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("1\n")
    file.chmod(0)
    expected = (
        [] if os.access(file, os.R_OK) else [{"file": "a.csv", "kind": "not readable", "count": 1}]
    )
    assert found(tmp_path) == expected


def test_a_path_with_nothing_is_one_clear_line(tmp_path: Path) -> None:
    result = invoke("gdpr", "scan", str(tmp_path / "none"))
    assert result.exit_code == 1
    assert result.stderr.endswith("none: there is no such file or folder\n")
