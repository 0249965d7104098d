"""The rules of the house that no linter knows."""

from __future__ import annotations

import ast
import re
import statistics
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

HOUSE = Path(__file__).resolve().parents[1]
ROOMS = ("schemas", "gdpr", "connectors", "pipelines")
Function = ast.FunctionDef | ast.AsyncFunctionDef

LONGEST_FILE = 300
LONGEST_BODY = 40
USUAL_BODY = 30
MEDIAN_BODY = 6
MOST_PARAMETERS = 4
VAGUE = {"utils", "util", "helpers", "helper", "common", "manager", "base", "misc"}
TEXTS = (".py", ".md", ".yaml", ".yml", ".toml", ".txt", ".json", ".jinja", ".css", ".js", ".cfg")


@cache
def tracked() -> tuple[Path, ...]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=HOUSE,
        capture_output=True,
        text=True,
        check=True,
    )
    paths = (HOUSE / line for line in listed.stdout.splitlines())
    return tuple(path for path in paths if path.is_file())


def named(path: Path) -> str:
    return path.relative_to(HOUSE).as_posix()


@cache
def parsed() -> dict[str, ast.Module]:
    paths = (path for path in tracked() if path.suffix == ".py")
    return {named(path): ast.parse(path.read_text(encoding="utf-8")) for path in paths}


def python(*folders: str) -> Iterator[tuple[str, ast.Module]]:
    for name, module in parsed().items():
        if not folders or name.split("/")[0] in folders:
            yield name, module


def functions(*folders: str) -> Iterator[tuple[str, Function]]:
    for name, module in python(*folders):
        for node in ast.walk(module):
            if isinstance(node, Function):
                yield f"{name}:{node.lineno} {node.name}", node


def body_lines(function: Function) -> int:
    first = function.body[0]
    is_docstring = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
    body = function.body[1:] if is_docstring else function.body
    return (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0


def parameters(function: Function) -> int:
    given = function.args
    every = [*given.posonlyargs, *given.args, *given.kwonlyargs]
    return len([argument for argument in every if argument.arg not in ("self", "cls")])


def lines_with(pattern: re.Pattern[str]) -> list[str]:
    return [
        f"{named(path)}:{number}"
        for path in tracked()
        if path.suffix in TEXTS or path.name in ("Makefile", "run", "Containerfile")
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if pattern.search(line)
    ]


def test_the_rooms_are_there_to_be_held_to_the_rules() -> None:
    assert {name.split("/")[0] for name, _ in python(*ROOMS)} == set(ROOMS)
    assert len(list(functions(*ROOMS))) > 300


def test_no_file_is_longer_than_can_be_read_in_one_go() -> None:
    long = [
        named(path)
        for path in tracked()
        if path.suffix == ".py" and len(path.read_text("utf-8").splitlines()) > LONGEST_FILE
    ]
    assert long == []


def test_no_body_is_longer_than_a_page() -> None:
    assert [where for where, f in functions() if body_lines(f) > LONGEST_BODY] == []


def test_most_bodies_are_small() -> None:
    bodies = sorted(body_lines(function) for _, function in functions(*ROOMS))
    assert statistics.median(bodies) <= MEDIAN_BODY
    assert bodies[int(len(bodies) * 0.95)] <= USUAL_BODY


def test_no_function_takes_more_than_four_things() -> None:
    assert [where for where, f in functions() if parameters(f) > MOST_PARAMETERS] == []


def test_no_module_has_a_name_that_says_nothing() -> None:
    vague = [
        named(path)
        for path in tracked()
        if path.suffix == ".py"
        and VAGUE.intersection(path.relative_to(HOUSE).with_suffix("").parts)
    ]
    assert vague == []


def test_every_module_of_the_rooms_says_what_belongs_there() -> None:
    silent = [name for name, module in python(*ROOMS) if not ast.get_docstring(module)]
    assert silent == []


def test_nothing_catches_every_error() -> None:
    broad = [
        f"{name}:{node.lineno}"
        for name, module in python()
        for node in ast.walk(module)
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or {"Exception", "BaseException"} & _names(node.type))
    ]
    assert broad == []


def _names(node: ast.expr) -> set[str]:
    return {name.id for name in ast.walk(node) if isinstance(name, ast.Name)}


def test_masked_is_built_in_one_place() -> None:
    built = {
        name
        for name, module in python(*ROOMS)
        for node in ast.walk(module)
        if isinstance(node, ast.Call) and "Masked" in _names(node.func)
    }
    assert built == {"gdpr/apply.py"}


def test_the_pipelines_keep_their_annotations_for_dagster_to_read() -> None:
    postponed = [
        name
        for name, module in python("pipelines")
        for node in ast.walk(module)
        if isinstance(node, ast.ImportFrom) and node.module == "__future__"
    ]
    assert postponed == []


def test_every_exception_to_a_linter_has_its_reason() -> None:
    bare = re.compile(r"#\s*(noqa(?!: [A-Z0-9, ]+ - \w)|type: ignore(?!\[[\w, -]+\]  # \w))")
    own = [where for where in lines_with(bare) if not where.startswith("tests/test_house.py")]
    assert own == []


def test_nothing_is_left_to_be_done_in_a_comment() -> None:
    words = re.compile(r"\b(" + "|".join(["TO" + "DO", "FIX" + "ME", "X" * 3]) + r")\b")
    assert lines_with(words) == []


def test_no_file_knows_the_machine_or_the_index_that_it_was_made_with() -> None:
    folders = "|".join(f"/{name}/" for name in ("work", "root", "home", "Users"))
    hosts = "|".join(rf"\b{name}\.(org|io|com)\b" for name in ("pypi", "pythonhosted", "npmjs"))
    machine = re.compile(rf"(?<![\w.$}}\])/-])({folders})|({hosts})")
    assert lines_with(machine) == []


def test_imports_go_down_only() -> None:
    linter = Path(sys.executable).with_name("lint-imports")
    result = subprocess.run([linter], cwd=HOUSE, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize("room", ROOMS)
def test_every_test_folder_is_named_for_a_room_or_a_kind_of_test(room: str) -> None:
    kinds = {*ROOMS, "laws", "story", "contracts", "live", "real", "benchmarks", "docs", "deploy"}
    folders = {
        named(path).split("/")[1]
        for path in tracked()
        if named(path).startswith("tests/") and named(path).count("/") > 1
    }
    assert room in folders
    assert folders <= kinds
