from __future__ import annotations

import ast
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import yaml
from pydantic import TypeAdapter, ValidationError

from gdpr.subject import Subject
from schemas.contract import ContractExtras, FieldExtras
from schemas.documents import parse
from schemas.municipality import Binding
from schemas.network import Organisation
from schemas.odcs import Property, Quality
from schemas.reading import read_contract
from tests.docs.documents import Block, all_blocks

LANGUAGES = {"sh", "text", "yaml", "json", "csv", "python", "diff", ""}


def is_word(entry: Mapping[str, Any]) -> bool:
    """Whether a contract or a field may have that custom property with that value."""
    name, value = entry["property"], json.dumps(entry["value"])
    models = [m for m in (ContractExtras, FieldExtras) if name in m.model_fields]
    return any(_is(model.model_fields[name].annotation, value) for model in models)


def _is(kind: Any, value: str) -> bool:  # noqa: ANN401 - an annotation is of any type
    try:
        TypeAdapter(kind).validate_json(value)
    except ValidationError:
        return False
    return True


READS: Mapping[str, Callable[[Any], object]] = {
    "property": is_word,
    "logicalType": lambda entry: parse(Property, entry, "snippet"),
    "metric": lambda entry: parse(Quality, entry, "snippet"),
    "implementation": lambda entry: parse(Quality, entry, "snippet"),
    "dataset": lambda entry: parse(Binding, entry, "snippet"),
    "organisation": lambda entry: parse(Organisation, entry, "snippet"),
}


@pytest.mark.parametrize("block", all_blocks("yaml"), ids=str)
def test_every_yaml_is_one_that_the_program_reads(block: Block, tmp_path: Path) -> None:
    document = yaml.safe_load(block.text)
    if "apiVersion" in document:
        path = tmp_path / "a.odcs.yaml"
        path.write_text(block.text, encoding="utf-8")
        assert read_contract(path).name == document["name"]
        return
    if "national_id" in document:
        assert len(Subject.of(block.text).identifiers) == len(document)
        return
    entries = document["bindings"] if isinstance(document, dict) else document
    for entry in entries:
        [read] = [read for key, read in READS.items() if key in entry]
        assert read(entry)


@pytest.mark.parametrize(
    ("name", "value"), [("surprises", "ignore"), ("mask", {"use": "hash"}), ("colour", "red")]
)
def test_a_word_that_is_none_is_noticed(name: str, value: object) -> None:
    assert not is_word({"property": name, "value": value})


@pytest.mark.parametrize("block", all_blocks("json"), ids=str)
def test_every_json_is_json(block: Block) -> None:
    assert [json.loads(line) for line in block.text.splitlines()]


@pytest.mark.parametrize("block", all_blocks("csv"), ids=str)
def test_every_csv_has_cells_for_its_header(block: Block) -> None:
    lines = block.text.splitlines()
    separator = next(mark for mark in ";|," if mark in lines[0])
    assert {line.count(separator) for line in lines} == {lines[0].count(separator)}
    assert pl.read_csv(block.text.encode(), separator=separator).height == len(lines) - 1


@pytest.mark.parametrize("block", all_blocks("python"), ids=str)
def test_every_module_is_python(block: Block) -> None:
    assert ast.parse(block.text).body


def test_no_block_is_in_a_language_that_nobody_checks() -> None:
    assert {block.language for block in all_blocks()} <= LANGUAGES
