"""`datasjo gdpr log`: what a municipality's logs say, once nothing is found to be missing."""

import datetime as dt
from collections.abc import Iterator, Sequence
from zoneinfo import ZoneInfo

import typer

from gdpr.chain import LOGS, Entry, Log
from pipelines.cli import show
from pipelines.cli.options_gdpr import Log as Asked
from pipelines.steps.audit import Logbook
from pipelines.steps.network import open_network, owner_of
from schemas.records import dump


def perform(asked: Asked) -> None:
    """Show both logs, oldest first; RecordBroken where one is not what was written."""
    catalog = open_network(asked.network)
    owner = owner_of(catalog, asked.municipality)
    zone = ZoneInfo(owner.time_zone)
    book = Logbook.of_owner(catalog, owner)
    found: dict[Log, list[Entry]] = {
        log: list(_since(book.entries(log), asked.since, zone)) for log in LOGS
    }
    if asked.as_json:
        told = {str(log): [dump(entry) for entry in entries] for log, entries in found.items()}
        show.as_json({"municipality": owner.number, **told})
        return
    for log, entries in found.items():
        typer.echo(f"{owner.number} {log}: {len(entries)} entries, nothing is missing")
        for entry in entries:
            typer.echo(_line(entry, zone))


def _since(entries: Sequence[Entry], since: dt.datetime | None, zone: ZoneInfo) -> Iterator[Entry]:
    first = since.replace(tzinfo=zone) if since else None
    return (entry for entry in entries if first is None or entry.event.at >= first)


def _line(entry: Entry, zone: ZoneInfo) -> str:
    event = entry.event
    words = [f"{event.at.astimezone(zone):%Y-%m-%d %H:%M:%S}", event.who, event.action]
    words += [event.dataset or ""]
    words += [f'for "{event.purpose}"' if event.purpose else "", event.days or ""]
    words += [f"{show.number(event.rows)} rows" if event.rows is not None else ""]
    words += [f"person {event.subject[:8]}" if event.subject else "", event.note or ""]
    return "  ".join(filter(None, words))
