from __future__ import annotations

import errno

import polars as pl
import pytest
import typer
from typer.testing import CliRunner, Result

from pipelines.cli.boundary import UNFORESEEN, Boundary
from schemas.errors import ConfigurationError, GateClosed, Problem
from tests.pipelines.cli.region import CANARY


def ended_by(error: BaseException) -> Result:
    app = typer.Typer(pretty_exceptions_enable=False)

    @app.command()
    def fail() -> None:
        with Boundary():
            raise error

    return CliRunner().invoke(app, [])


def test_an_error_of_ours_is_its_own_line() -> None:
    result = ended_by(GateClosed("1103 readings: the gate is closed"))
    assert (result.exit_code, result.stderr) == (1, "1103 readings: the gate is closed\n")


def test_every_problem_of_the_files_is_a_line() -> None:
    problems = [Problem("a.yaml", "x", "is missing", "1"), Problem("b.yaml", "y", "is odd")]
    result = ended_by(ConfigurationError(problems))
    assert result.exit_code == 1
    assert result.stderr.splitlines() == [
        "a.yaml: x: is missing (example: 1)",
        "b.yaml: y: is odd",
    ]


def test_the_operating_systems_refusal_is_a_line_with_the_files_name() -> None:
    result = ended_by(OSError(errno.ENOSPC, CANARY, "/var/a"))
    assert (result.exit_code, result.stderr) == (1, "/var/a: No space left on device\n")


def test_what_nobody_foresaw_says_where_it_arose_and_never_what_it_says() -> None:
    result = ended_by(pl.exceptions.ComputeError(f"cannot cast {CANARY}"))
    assert result.exit_code == UNFORESEEN
    assert result.stderr.startswith("unforeseen: ComputeError at tests/pipelines/cli/")
    assert CANARY not in result.output


def test_what_nobody_foresaw_is_no_traceback() -> None:
    assert len(ended_by(ValueError(CANARY)).stderr.splitlines()) == 1


@pytest.mark.parametrize(
    ("error", "code"),
    [(KeyboardInterrupt(), 130), (typer.Exit(3), 3), (typer.BadParameter("no"), 2)],
)
def test_an_interrupt_and_the_command_lines_own_ends_pass(error: BaseException, code: int) -> None:
    assert ended_by(error).exit_code == code
