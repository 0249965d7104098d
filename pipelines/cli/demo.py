"""`datasjo demo`: the main job on sources of the project's own, and what became of all of it."""

import datetime as dt
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import typer

from pipelines.cli import show
from pipelines.cli.demo_summary import Story, summary
from pipelines.cli.fresh import environment, fresh_folder
from pipelines.cli.options import DEMO, Demo
from pipelines.cli.release_all import release_all
from pipelines.cli.sweep import require_all, sweep
from pipelines.cli.watch import Watch, watching
from pipelines.demo.booking_server import booking_server
from pipelines.demo.outcome import became, differences
from pipelines.demo.planted import Planted
from pipelines.demo.sources import make_sources
from pipelines.demo.week import DAYS, LATE_DAY, Wave
from pipelines.steps.bring import Brought, Errand, bring
from pipelines.steps.portal import open_portal
from pipelines.steps.site import Site, open_network, sites
from schemas.catalog import Catalog
from schemas.errors import DatasjoError
from schemas.stages import Window

_WAVES: Mapping[Wave, str] = {
    1: "a week of readings, bookings and work orders",
    2: "the day after: late readings, corrections, changed and deleted rows",
}
_LAST_DAY: Mapping[Wave, dt.date] = {1: DAYS[-1], 2: LATE_DAY}


def perform(_: Demo) -> None:
    """Run both waves from an empty folder and show what became of everything that was planted.

    Raises:
        DatasjoError: something became another thing than what was planted; a line for each.
    """
    started = time.perf_counter()
    catalog = open_network(DEMO)
    folder = fresh_folder(catalog)
    port = 0
    with watching() as watch:
        for wave, what in _WAVES.items():
            typer.echo(f"Wave {wave}: {what}")
            planted, port = _wave(_Stage(catalog, folder, watch), wave, port)
    stories = [_story(site, planted) for site in sites(catalog)]
    console = show.console()
    for part in summary(stories):
        console.print(part)
    _say_where(catalog, folder, time.perf_counter() - started)
    _require_planted(stories)


@dataclass(frozen=True, slots=True)
class _Stage:
    catalog: Catalog
    folder: Path
    watch: Watch


def _wave(stage: _Stage, wave: Wave, port: int) -> tuple[Planted, int]:
    """What was planted up to the wave, and the port of its booking server: both waves share one."""
    with stage.watch.part("making the sources"):
        planted = make_sources(stage.folder, wave)
    with booking_server(wave, port) as address, environment(AKTIV_KOMMUNE_URL=address):
        _refine(stage, Errand(Window(DAYS[0], _LAST_DAY[wave]), f"demo-{wave}"))
        _release(stage)
        return planted, urlsplit(address).port or 0


def _refine(stage: _Stage, errand: Errand) -> None:
    def work(site: Site, on_rows: Callable[[int], None]) -> Brought:
        return bring(site, errand, on_rows)

    outcomes = sweep(sites(stage.catalog), work, stage.watch)
    require_all(outcomes)
    receipts = [o.result.receipt for o in outcomes if o.result and o.result.receipt]
    landed = show.number(sum(receipt.counts.landed for receipt in receipts))
    rejected = show.number(sum(receipt.counts.rejected for receipt in receipts))
    typer.echo(f"  {landed} rows through {len(receipts)} gates, {rejected} into quarantine")


def _release(stage: _Stage) -> None:
    approved = [site for site in sites(stage.catalog) if site.binding.release]
    released = release_all(approved, open_portal(stage.catalog), stage.watch)
    require_all(released.outcomes, released.error)
    typer.echo(f"  {len(approved)} datasets released to the portal")


def _story(site: Site, planted: Planted) -> Story:
    return Story(site, planted.of(site.municipality.number, site.contract.name), became(site))


def _say_where(catalog: Catalog, folder: Path, seconds: float) -> None:
    portal = open_portal(catalog).store.uri("index.html")
    typer.echo(
        f"\nDone in {seconds:.0f} s\n"
        f"Lakes     {_short(folder)}/roots/*/lake        one Delta table a dataset\n"
        f"Receipts  {_short(folder)}/roots/*/receipts    the gate's word on each commit\n"
        f"Portal    {_short(Path(portal))}\n"
        "Next      make portal               the open datasets in a browser\n"
        "          make up                   the same network in the Dagster UI\n"
        "          .venv/bin/datasjo status  how each dataset stands"
    )


def _short(path: Path) -> Path:
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path


def _require_planted(stories: list[Story]) -> None:
    lines = [
        f"{story.site.name}: {line}"
        for story in stories
        for line in differences(story.planted, story.became)
    ]
    if lines:
        raise DatasjoError("\n".join(lines))
