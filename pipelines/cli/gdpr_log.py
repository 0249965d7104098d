"""`datasjo gdpr log`: what a municipality's logs say, once nothing is found to be missing."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from zoneinfo import ZoneInfo

import typer

from gdpr.chain import LOGS, Entry, Log
from pipelines.cli import show
from pipelines.cli.options_gdpr import Log as Asked
from pipelines.steps.audit import Logbook
from pipelines.steps.network import open_network, owner_of
from pipelines.steps.rights.whole import accept, compare, kept_elsewhere, said
from pipelines.steps.site import Site, sites
from schemas.errors import RecordBroken
from schemas.records import dump

Logs = Mapping[Log, Sequence[Entry]]


def perform(asked: Asked) -> None:
    """Show both logs, oldest first.

    RecordBroken where one is not what was written, or older than a receipt tells.
    """
    catalog = open_network(asked.network)
    owner = owner_of(catalog, asked.municipality)
    book = Logbook.of_owner(catalog, owner)
    _read(book)
    # who binds nothing has neither releases nor erasures
    receipts = _held(sites(catalog, owner.number)[0], asked) if owner.bindings else 0
    _say(asked, _read(book), receipts, ZoneInfo(owner.time_zone))


def _read(book: Logbook) -> Logs:
    return {log: book.entries(log) for log in LOGS}


def _held(site: Site, asked: Asked) -> int:
    """How many receipts the records were held against."""
    more = [kept_elsewhere(site, asked.receipt)] if asked.receipt else []
    compared = compare(site, more)
    if asked.restored:
        accept(site, compared, asked.restored, erasures_lost=asked.erasures_lost)
    elif compared.lost:
        raise RecordBroken(said(site, compared.lost))
    return compared.receipts


def _say(asked: Asked, found: Logs, receipts: int, zone: ZoneInfo) -> None:
    number = asked.municipality
    shown = {log: list(_since(entries, asked.since, zone)) for log, entries in found.items()}
    if asked.as_json:
        told = {str(log): [dump(entry) for entry in entries] for log, entries in shown.items()}
        show.as_json({"municipality": number, "receipts": receipts, **told})
        return
    for log, entries in shown.items():
        typer.echo(f"{number} {log}: {len(entries)} entries, nothing is missing")
        for entry in entries:
            typer.echo(_line(entry, zone))
    typer.echo(f"{number}: held against {receipts} receipts")


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
