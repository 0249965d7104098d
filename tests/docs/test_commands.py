from __future__ import annotations

import re
from types import SimpleNamespace

import pytest
from typer.testing import CliRunner

from pipelines.cli import commands as cli
from tests.docs.documents import (
    HOUSE,
    Command,
    all_blocks,
    arguments,
    commands,
    documents,
    parts,
    prose,
)

PROGRAMS = {
    *("datasjo", "make", "pytest", "python", "export", "docker", "."),
    *("cp", "mv", "mkdir", "ls", "tail", "du", "find", "grep", "umask", "echo", "date"),
}
MAKEFILE = (HOUSE / "Makefile").read_text(encoding="utf-8")
VERBS = set(re.findall(r"^([a-z-]+):.*##", MAKEFILE, re.MULTILINE))
NAMES = set(re.findall(r"^([A-Z]+) \?=|\$\(([A-Z]+)\)", MAKEFILE, re.MULTILINE))


def calls(program: str) -> list[Command]:
    return [c for c in commands() if program in [part[0] for part in parts(c.line) if part]]


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """What the command line understood; the work itself is left out."""
    asked: list[object] = []
    idle = SimpleNamespace(import_module=lambda _: SimpleNamespace(perform=asked.append))
    monkeypatch.setattr(cli, "importlib", idle)
    return asked


@pytest.mark.parametrize("command", calls("datasjo"), ids=str)
def test_the_command_line_understands_what_is_printed(
    command: Command, parsed: list[object]
) -> None:
    told = arguments(command, "datasjo")
    if " ".join(told) in names():
        # in prose a command may be named without what it needs
        told = [*told, "--help"]
    result = CliRunner().invoke(cli.app, told)
    assert result.exit_code == 0, result.output
    assert parsed or told[-1] == "--help"


def test_a_command_that_is_not_there_is_noticed(parsed: list[object]) -> None:
    for line in ("datasjo rune", "datasjo status --city 1103", "datasjo new dataset water"):
        assert CliRunner().invoke(cli.app, arguments(Command("", line), "datasjo")).exit_code == 2
    assert parsed == []


@pytest.mark.parametrize("command", calls("make"), ids=str)
def test_make_knows_the_verbs_and_names_that_are_printed(command: Command) -> None:
    verb, *given = arguments(command, "make")
    assert verb in VERBS
    assert {word.partition("=")[0] for word in given} <= {n for pair in NAMES for n in pair}


@pytest.mark.parametrize("command", calls("pytest"), ids=str)
def test_the_tests_that_are_named_are_there(command: Command) -> None:
    written = {block.file for block in all_blocks("python")}
    paths = [word for word in arguments(command, "pytest") if word.startswith("tests/")]
    assert paths
    assert [p for p in paths if p not in written and not (HOUSE / p).exists()] == []


def test_every_program_that_a_reader_is_told_to_run_is_known_here() -> None:
    strange = [
        str(command)
        for command in commands()
        for part in parts(command.line)
        if part and part[0] not in PROGRAMS
    ]
    assert strange == []


def test_every_command_and_every_verb_is_explained_in_the_readme() -> None:
    readme = prose("README.md")
    assert {verb for verb in VERBS if f"`make {verb}`" not in readme} == set()
    assert {name for name in names() if f"`datasjo {name}`" not in readme} == set()


def names() -> set[str]:
    told = CliRunner().invoke(cli.app, ["--help"]).output
    assert "new" in told
    single = {info.name for info in cli.app.registered_commands}
    grouped = {
        f"{group.name} {info.name}"
        for group in cli.app.registered_groups
        if group.typer_instance is not None
        for info in group.typer_instance.registered_commands
    }
    return {*(str(name) for name in single), *grouped}


def test_the_documents_are_those_that_are_meant() -> None:
    assert {"README.md", "CONTRIBUTING.md", "CHANGELOG.md", "docs/contracts.md"} <= set(documents())
    assert len(calls("datasjo")) > 40
