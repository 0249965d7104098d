"""The one place where an error becomes what a person reads: lines on stderr and an exit code."""

import errno
import os
import traceback
from pathlib import Path
from types import TracebackType

import typer

from schemas.errors import DatasjoError

WRONG = 1
UNFORESEEN = 70
_HERE = Path(__file__).parents[2]
_NOT_OURS = (KeyboardInterrupt, SystemExit, typer.Exit, typer.Abort, typer.TyperException)


class Boundary:
    """A block whose errors end the command: a clear line for each, never a value of a row.

    A DatasjoError, or a refusal of the operating system, ends it with 1. What nobody foresaw ends
    it with 70 and says where it arose, but not what it says: that may hold a value.
    """

    def __enter__(self) -> None:
        return

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        if error is None or isinstance(error, _NOT_OURS) or _is_closed_pipe(error):
            return
        lines, code = _said(error)
        for line in lines:
            typer.echo(line, err=True)
        raise typer.Exit(code) from None


def _said(error: BaseException) -> tuple[list[str], int]:
    if isinstance(error, DatasjoError):
        return str(error).splitlines(), WRONG
    if isinstance(error, OSError) and error.errno:
        place = f"{error.filename}: " if isinstance(error.filename, str) else ""
        return [f"{place}{os.strerror(error.errno)}"], WRONG
    return [f"unforeseen: {type(error).__name__} at {_place(error)}"], UNFORESEEN


def _is_closed_pipe(error: BaseException) -> bool:
    return isinstance(error, OSError) and error.errno == errno.EPIPE


def _place(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if _is_ours(Path(frame.filename))]
    frame = (own or frames)[-1]
    path = Path(frame.filename)
    shown = path.relative_to(_HERE) if _is_ours(path) else path.name
    return f"{shown}:{frame.lineno} in {frame.name}"


def _is_ours(path: Path) -> bool:
    return path.is_relative_to(_HERE) and "site-packages" not in path.parts
