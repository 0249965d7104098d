from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from schemas.documents import parse, read_yaml, resolve
from schemas.errors import ConfigurationError, Problem
from schemas.municipality import Municipality
from tests.builders import binding_document, owner_document
from tests.schemas.networks import FILES


def said(document: dict[str, Any]) -> list[Problem]:
    with pytest.raises(ConfigurationError) as caught:
        parse(Municipality, document, "1103.yaml")
    return caught.value.problems


def read(tmp_path: Path, text: str) -> dict[str, Any]:
    path = tmp_path / "1103.yaml"
    path.write_text(text, encoding="utf-8")
    return read_yaml(path)


def refused(tmp_path: Path, text: str) -> str:
    with pytest.raises(ConfigurationError) as caught:
        read(tmp_path, text)
    return str(caught.value)


def test_an_unknown_key_is_refused_with_the_one_that_was_meant() -> None:
    [problem] = said(owner_document(contakt="a@example.no"))
    assert (problem.field, problem.what) == ("contakt", "is not a known key")
    assert problem.example == "contact"


def test_an_unknown_key_deep_in_a_source_is_compared_with_that_engines_keys() -> None:
    source = {"engine": "sql", "url": "x", "query": "select 1", "curser": "id"}
    [problem] = said(owner_document(bindings=[binding_document("a", source)]))
    assert problem.field == "bindings.0.source.sql.curser"
    assert problem.example == "cursor"


def test_an_unquoted_no_is_refused_where_a_word_is_wanted(tmp_path: Path) -> None:
    document = read(tmp_path, "land: NO")
    [problem] = said(owner_document(contact=document["land"]))
    assert problem.what == "input should be a valid string"


def test_an_unquoted_time_is_refused_where_a_text_is_wanted(tmp_path: Path) -> None:
    document = read(tmp_path, "at: 12:30")
    [problem] = said(owner_document(contact=document["at"]))
    assert problem.what == "input should be a valid string"


def test_an_unquoted_number_is_no_kommunenummer(tmp_path: Path) -> None:
    document = read(tmp_path, "number: 1103")
    [problem] = said(owner_document(number=document["number"]))
    assert (problem.field, problem.example) == ("number", '"1103"')


@pytest.mark.parametrize("text", ["a: 1\na: 2\n", "a: {b: 1, b: 1}", "- a: 1\n  a: 1\n"])
def test_a_key_that_stands_twice_is_refused(tmp_path: Path, text: str) -> None:
    assert "stands twice" in refused(tmp_path, text)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("a: [1", "line 2: is not valid YAML"),
        ("a: !!python/object:os.system {}", "line 1: is not valid YAML"),
        ("just words", "is not a mapping"),
        ("", "is not a mapping"),
    ],
)
def test_what_is_no_plain_yaml_is_refused_with_its_place(
    tmp_path: Path, text: str, what: str
) -> None:
    assert what in refused(tmp_path, text)


def test_a_file_in_another_encoding_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "1103.yaml"
    path.write_bytes("name: Målselv".encode("cp1252"))
    with pytest.raises(ConfigurationError, match="cannot be read: UnicodeDecodeError"):
        read_yaml(path)


def test_a_file_that_is_missing_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="cannot be read: FileNotFoundError"):
        read_yaml(tmp_path / "none.yaml")


@pytest.mark.parametrize("text", ["a: &x [*x]", "? 2020-01-01\n: 1", "? [1]\n: 1"])
def test_a_document_that_is_no_tree_of_words_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(ConfigurationError):
        parse(Municipality, read(tmp_path, text), "1103.yaml")


def test_a_number_without_an_end_is_refused(tmp_path: Path) -> None:
    source = {**FILES, "settle_seconds": read(tmp_path, "a: .inf")["a"]}
    [problem] = said(owner_document(bindings=[binding_document("a", source)]))
    assert problem.what == "input should be a finite number"


def test_every_fault_is_said_at_once() -> None:
    wrong = owner_document(number="11", contact="", organisation_number=None)
    assert [problem.field for problem in said(wrong)] == [
        "contact",
        "number",
        "organisation_number",
    ]


def test_no_value_of_the_input_is_repeated() -> None:
    secret = "kari.nordmann"
    wrong = owner_document(number=secret, valid_from=secret, organisation_number=[secret])
    wrong["bindings"] = [
        binding_document("a", {"engine": "files", "url": {"x": secret}}),
        binding_document("b", {"engine": secret}),
        binding_document("c", {**FILES, "settle_seconds": -1}, schedule=secret),
    ]
    assert secret not in "\n".join(map(str, said(wrong)))


def test_names_are_filled_in_from_the_environment() -> None:
    assert resolve("${ROOT}/${FOLDER:-lake}", {"ROOT": "s3://a"}) == "s3://a/lake"
    assert resolve("${ROOT:-}x", {}) == "x"
    with pytest.raises(KeyError, match="ROOT"):
        resolve("${ROOT}", {})
