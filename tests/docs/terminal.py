"""A reader who does what a document says, in a copy of the house."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from typer.testing import CliRunner, Result

from pipelines.cli import app
from tests.docs.documents import HOUSE, Block, Command, arguments, lines_of

# shown in a browser, or tests of their own: their words alone are checked
NOT_RUN = ("make ", "docker ", "datasjo portal", "datasjo up", "datasjo demo", "datasjo real")


def house_copy(folder: Path) -> Path:
    """Every file of the house that git knows or would know, under `folder`."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=HOUSE,
        capture_output=True,
        text=True,
        check=True,
    )
    for name in listed.stdout.splitlines():
        if (HOUSE / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(HOUSE / name, folder / name)
    return folder


@dataclass
class Terminal:
    """A shell in the folder. `names` are what has been exported.

    With `own_code` the commands are those of the folder, each in a process of its own.
    """

    folder: Path
    names: dict[str, str] = field(default_factory=dict)
    own_code: bool = False

    def follow(self, told: Iterable[Block]) -> None:
        """Do what the blocks say, in their order."""
        for block in told:
            if block.language == "sh":
                for command in lines_of(block):
                    self.type(command)
            elif block.language == "diff":
                self._shell("git apply -", block.text)
            elif block.file is not None:
                self._write(block, self.folder / block.file)

    def type(self, command: Command) -> None:
        """Run a line, and expect what the document says of it."""
        line = command.line
        if line.startswith(NOT_RUN):
            return
        if line.startswith("export "):
            name, _, value = line.removeprefix("export ").partition("=")
            self.names[name] = value
        elif line.startswith("datasjo ") and not self.own_code:
            self._ask(command)
        else:
            self._shell(line)

    def said(self, command: Command) -> str:
        """What a command that must fail says."""
        result = self._asked(command)
        assert result.exit_code == 1, result.output
        return result.stderr

    def _ask(self, command: Command) -> None:
        result = self._asked(command)
        assert (result.exit_code != 0) == command.fails, f"{command}: {result.output}"

    def _asked(self, command: Command) -> Result:
        with contextlib.chdir(self.folder):
            return CliRunner().invoke(app, arguments(command, "datasjo"), env=self.names)

    def _shell(self, line: str, said: str = "") -> None:
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        result = subprocess.run(
            ["bash", "-e", "-o", "pipefail", "-c", line],
            cwd=self.folder,
            env={**os.environ, **self.names, "PATH": path, "PYTHONPATH": str(self.folder)},
            input=said,
            capture_output=True,
            text=True,
            check=False,
        )
        assert result.returncode == 0, f"{line}: {result.stdout}{result.stderr}"

    def _write(self, block: Block, path: Path) -> None:
        before = path.read_text(encoding="utf-8") if path.exists() else ""
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(_changed(block, before), encoding="utf-8")


def _changed(block: Block, before: str) -> str:
    if "at the end of" in block.above:
        return before + block.text
    if "in the place of" in block.above:
        replaced = block.above.rpartition("in the place of")[2].split("`")[1]
        assert f"{replaced}\n" in before
        return before.replace(f"{replaced}\n", block.text, 1)
    return block.text
