"""How values look to a person at a terminal, and to a program that reads JSON."""

import datetime as dt
import json
from collections.abc import Iterable

import typer
from rich.console import Console
from rich.table import Table

NONE = "-"
FAILED = "[red]failed[/red]"
_STEPS = ((86_400, "d"), (3_600, "h"), (60, "min"))


def console() -> Console:
    """Where results go: stdout, plain where it is no terminal."""
    return Console(highlight=False)


def as_json(document: object) -> None:
    """The document as the only thing on stdout."""
    typer.echo(json.dumps(document, ensure_ascii=False, indent=1))


def number(count: int) -> str:
    """A count with thin groups, as people read it."""
    return f"{count:,}".replace(",", "\N{NARROW NO-BREAK SPACE}")


def age(span: dt.timedelta | None) -> str:
    """A time span in its greatest fitting unit; NONE for none."""
    if span is None:
        return NONE
    seconds = span.total_seconds()
    for size, unit in _STEPS:
        if seconds >= size:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds:.0f} s"


def table(title: str, *columns: str) -> Table:
    """A table whose columns after the first are numbers or short words, set right."""
    made = Table(title=title, title_justify="left", title_style="bold", box=None, pad_edge=False)
    for at, name in enumerate(columns):
        if at == 0:
            made.add_column(name, overflow="fold")
        else:
            made.add_column(name, justify="right", no_wrap=True)
    return made


def rules(counts: Iterable[tuple[str, int]]) -> str:
    """Rules and how many rows broke each, the most first."""
    ordered = sorted(counts, key=lambda pair: (-pair[1], pair[0]))
    return ", ".join(f"{rule} ({number(count)})" for rule, count in ordered)
