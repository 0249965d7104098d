"""Reading YAML strictly: every fault becomes a Problem with file, field and example."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from schemas.errors import ConfigurationError, Problem
from schemas.examples import example_at, known_keys

Model = TypeVar("Model", bound=BaseModel)
Made = TypeVar("Made")
_PLACEHOLDER = re.compile(r"\$\{([A-Z][A-Z0-9_]*)(?::-([^}]*))?\}")


class _UniqueKeys(yaml.CSafeLoader):
    """Refuses a mapping that names the same key twice."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:  # noqa: FBT001, FBT002 - the signature is PyYAML's
        keys = [key.value for key, _ in node.value]
        for key in keys:
            if keys.count(key) > 1:
                raise yaml.constructor.ConstructorError(
                    None, None, f"the key {key} stands twice", node.start_mark
                )
        return super().construct_mapping(node, deep)


def read_yaml(path: Path) -> dict[str, Any]:
    """The mapping in a YAML file; ConfigurationError where it is unreadable or no mapping."""
    try:
        document = yaml.load(path.read_text(encoding="utf-8"), Loader=_UniqueKeys)  # noqa: S506 - derives from the safe loader
    except yaml.MarkedYAMLError as error:
        raise ConfigurationError([_syntax(path, error)]) from None
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        what = f"cannot be read: {type(error).__name__}"
        problem = Problem(str(path), "file", what, "a YAML file in UTF-8")
        raise ConfigurationError([problem]) from None
    if not isinstance(document, dict):
        raise ConfigurationError([Problem(str(path), "file", "is not a mapping", "name: ...")])
    return document


def parse(model: type[Model], document: Mapping[str, Any], file: str) -> Model:
    """The document as `model`; ConfigurationError with one Problem for each fault."""
    try:
        text = json.dumps(document, default=str)
    except (TypeError, ValueError):
        what = "has a key that is no text, or holds itself"
        raise ConfigurationError([Problem(file, "file", what, "name: ...")]) from None
    try:
        return model.model_validate_json(text)
    except ValidationError as error:
        problems = [_problem(model, file, details) for details in error.errors()]
        raise ConfigurationError(problems) from None


def attempt(problems: list[Problem], make: Callable[[], Made]) -> Made | None:
    """What `make` makes; where it raises ConfigurationError, None, and its lines in `problems`."""
    try:
        return make()
    except ConfigurationError as error:
        problems.extend(error.problems)
        return None


def resolve(text: str, environment: Mapping[str, str] | None = None) -> str:
    """`text` with each ${NAME} or ${NAME:-default} filled in; KeyError names what is not set."""
    names = os.environ if environment is None else environment

    def fill(match: re.Match[str]) -> str:
        name, default = match.groups()
        value = names.get(name, default)
        if value is None:
            raise KeyError(name)
        return value

    return _PLACEHOLDER.sub(fill, text)


def _syntax(path: Path, error: yaml.MarkedYAMLError) -> Problem:
    line = error.problem_mark.line + 1 if error.problem_mark else 1
    return Problem(str(path), f"line {line}", f"is not valid YAML: {error.problem}", "key: value")


def _problem(model: type[BaseModel], file: str, details: ErrorDetails) -> Problem:
    steps = details["loc"]
    if details["type"] == "extra_forbidden":
        return Problem(file, _place(steps), "is not a known key", known_keys(model, steps))
    return Problem(file, _place(steps), _said(details), example_at(model, steps))


def _said(details: ErrorDetails) -> str:
    if details["type"] == "missing":
        return "is missing"
    if details["type"] == "union_tag_invalid":
        return f"{details['ctx']['discriminator']} is not one of {details['ctx']['expected_tags']}"
    return details["msg"][0].lower() + details["msg"][1:]


def _place(steps: tuple[int | str, ...]) -> str:
    return ".".join(str(step) for step in steps) or "file"
