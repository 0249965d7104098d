from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from schemas.editor_schemas import editor_schemas

HOUSE = Path(__file__).parents[2]
EDITOR = HOUSE / "schemas" / "editor"
MADE = editor_schemas()
FILES = {
    "dataset": sorted((HOUSE / "schemas" / "datasets").glob("*.yaml")),
    "municipality": sorted((HOUSE / "deploy").glob("*/municipalities/*.yaml")),
    "network": sorted((HOUSE / "deploy").glob("*/network.yaml")),
    "policy": sorted((HOUSE / "gdpr" / "policies").glob("*.yaml")),
}
PAIRS = [
    pytest.param(word, path, id=f"{word} {path.stem}")
    for word, paths in FILES.items()
    for path in paths
]


def validator(word: str) -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator(MADE[f"{word}.schema.json"])


def read(path: Path) -> Any:  # noqa: ANN401 - a document
    return json.loads(json.dumps(yaml.safe_load(path.read_text(encoding="utf-8")), default=str))


def test_the_files_are_what_the_models_say() -> None:
    written = {path.name: json.loads(path.read_text()) for path in EDITOR.glob("*.json")}
    assert written == MADE, "run: datasjo schemas"


@pytest.mark.parametrize("word", FILES)
def test_each_is_a_json_schema(word: str) -> None:
    jsonschema.Draft202012Validator.check_schema(MADE[f"{word}.schema.json"])


@pytest.mark.parametrize(("word", "path"), PAIRS)
def test_every_file_of_the_project_satisfies_its_schema(word: str, path: Path) -> None:
    assert [error.message for error in validator(word).iter_errors(read(path))] == []


def test_a_wrong_word_inside_custom_properties_is_shown() -> None:
    document = read(FILES["dataset"][0])
    document["customProperties"].append({"property": "surprices", "value": "freeze"})
    assert len(list(validator("dataset").iter_errors(document))) == 1


def test_a_wrong_value_inside_a_fields_custom_properties_is_shown() -> None:
    document = read(FILES["dataset"][0])
    field = document["schema"][0]["properties"][0]
    field["customProperties"].append({"property": "mask", "value": {"use": "encrypt"}})
    assert len(list(validator("dataset").iter_errors(document))) == 1


@pytest.mark.parametrize("word", FILES)
def test_every_file_names_the_schema_that_it_satisfies(word: str) -> None:
    for path in FILES[word]:
        first = path.read_text(encoding="utf-8").splitlines()[0]
        if first.startswith("# yaml-language-server:"):
            named = path.parent / first.partition("$schema=")[2]
            assert named.resolve() == EDITOR / f"{word}.schema.json"
