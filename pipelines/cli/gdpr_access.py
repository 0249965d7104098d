"""`datasjo gdpr access`: all that a municipality holds of a person."""

import datetime as dt

import typer
from rich.table import Table

from pipelines.cli import show
from pipelines.cli.options_gdpr import Access as Asked
from pipelines.cli.subject import read_subjects
from pipelines.steps.rights.access import Access, Processing, access
from pipelines.steps.site import open_network, sites
from schemas.errors import ConfigurationError, DatasjoError, Problem
from schemas.records import dump

_PARTS = {"landing": "batches", "quarantine": "batches", "open": "versions"}
_DAY = 10


def perform(asked: Asked) -> None:
    """Show what is held; DatasjoError with a line for all that could not be searched."""
    subject, *others = read_subjects(asked.subject)
    if others:
        what = "names several persons; each has a right to their own answer"
        raise ConfigurationError([Problem("subject", "request", what, "one at a time")])
    chosen = sites(open_network(asked.network), asked.municipality)
    answer = access(chosen, subject, dt.datetime.now(dt.UTC))
    if asked.as_json:
        show.as_json(dump(answer))
    else:
        _print(answer)
    if answer.left:
        raise DatasjoError("\n".join(answer.left))


def _print(answer: Access) -> None:
    console = show.console()
    if not answer.held:
        typer.echo(f"{answer.municipality}: nothing is held of that person.")
        return
    console.print(_held(answer))
    for reason in answer.processing:
        console.print(_why(reason))
    console.print(_readings(answer))
    console.print("[dim]--json shows the rows themselves[/dim]")


def _held(answer: Access) -> Table:
    made = show.table("Held", "dataset", "place", "rows", "in", "from", "to")
    for held in answer.held:
        ends = (_day(part) for part in (held.parts[0], held.parts[-1]))
        counts = show.number(held.rows), f"{len(held.parts)} {_PARTS.get(held.place, 'days')}"
        made.add_row(held.dataset, held.place, *counts, *ends)
    return made


def _day(part: str) -> str:
    """The day that a batch came, that rows stand on, or that a version was made."""
    return part[:_DAY] if "-" in part else f"{part[:4]}-{part[4:6]}-{part[6:8]}"


def _why(reason: Processing) -> str:
    basis = reason.legal_basis
    law = f"article 6 {basis.article_6}, {basis.law or basis.purpose}" if basis else show.NONE
    kept = f"{reason.retention_days} days" if reason.retention_days else "no limit"
    lines = [
        f"[bold]{reason.dataset}[/bold]: {reason.purpose}",
        f"  purposes: {', '.join(reason.purposes)}; legal basis: {law}",
        f"  from {reason.source}; kept {kept}, as received {reason.landing_retention_days} days",
        f"  recipients: {'; '.join(reason.recipients) or 'none'}",
    ]
    return "\n".join(lines)


def _readings(answer: Access) -> Table:
    made = show.table("Read by", "dataset", "at", "who", "purpose")
    for reading in answer.readings:
        at = f"{reading.at:%Y-%m-%d %H:%M}"
        made.add_row(reading.dataset, at, reading.who, reading.purpose or show.NONE)
    if not answer.readings:
        made.add_row(show.NONE, show.NONE, show.NONE, show.NONE)
    return made
