"""`datasjo run`: what the sources have, brought into the lake."""

import datetime as dt
import uuid
from collections.abc import Callable, Sequence

import typer
from rich.table import Table

from pipelines.cli import show
from pipelines.cli.options import Run
from pipelines.cli.receipts import COLUMNS, receipt_cells
from pipelines.cli.sweep import Outcome, require_all, sweep
from pipelines.cli.watch import watching
from pipelines.demo.standing import standing_sources
from pipelines.instance import var_folder
from pipelines.steps.bring import Brought, Errand, bring
from pipelines.steps.site import Site, open_network, sites
from schemas.records import dump
from schemas.stages import Window

_WEEK = dt.timedelta(days=7)


def perform(asked: Run) -> None:
    """Bring the window of each dataset into the lake; DatasjoError with a line for each failure."""
    errand = Errand(_window(asked), uuid.uuid4().hex)

    def work(site: Site, on_rows: Callable[[int], None]) -> Brought:
        return bring(site, errand, on_rows)

    catalog = open_network(asked.network)
    chosen = sites(catalog, asked.municipality, asked.dataset)
    sources = standing_sources(catalog, var_folder(catalog))
    with sources, watching(quiet=asked.as_json) as watch:
        outcomes = sweep(chosen, work, watch)
    if asked.as_json:
        show.as_json(_document(errand, outcomes))
    else:
        show.console().print(_table(outcomes))
    require_all(outcomes)


def _window(asked: Run) -> Window:
    end = asked.end.date() if asked.end else dt.datetime.now(dt.UTC).astimezone().date()
    start = asked.start.date() if asked.start else end - _WEEK
    if start > end:
        raise typer.BadParameter(f"{start} is after {end}", param_hint="--from")
    return Window(start, end)


def _document(errand: Errand, outcomes: Sequence[Outcome[Brought]]) -> dict[str, object]:
    return {
        "run": errand.run_id,
        **dump(errand.window),
        "datasets": [outcome.told(_told(outcome.result)) for outcome in outcomes],
    }


def _told(brought: Brought | None) -> dict[str, object]:
    if brought is None:
        return {}
    receipt = dump(brought.receipt) if brought.receipt else None
    return {"batches": brought.batches, "receipt": receipt}


def _table(outcomes: Sequence[Outcome[Brought]]) -> Table:
    made = show.table("Into the lake", "dataset", "batches", *COLUMNS)
    for outcome in outcomes:
        made.add_row(outcome.site.name, *_cells(outcome.result))
    return made


def _cells(brought: Brought | None) -> tuple[str, ...]:
    if brought is None:
        return (show.FAILED,)
    return (show.number(brought.batches), *receipt_cells(brought.receipt))
