"""`datasjo status`: how each dataset stands."""

import datetime as dt
import itertools
from collections.abc import Callable, Iterator, Sequence
from zoneinfo import ZoneInfo

from rich.table import Table

from connectors.dcat.points import MAXIMUM
from connectors.store import Store
from pipelines.cli import show
from pipelines.cli.options import Status as Asked
from pipelines.cli.sweep import Outcome, require_all, sweep
from pipelines.cli.watch import watching
from pipelines.steps.site import Site, filled, open_network, sites
from pipelines.steps.status import Freshness, Status, status
from schemas.catalog import Catalog
from schemas.errors import ConfigurationError, StoreError
from schemas.municipality import Municipality
from schemas.records import dump

_GATES = {"open": "[green]open[/green]", "closed": "[red]closed[/red]", "not judged": show.NONE}
_COLUMNS = ("newest", "age/promised", "rows", "rejected", "gate", "metadata", "released")
_ROOMY = 102


def perform(asked: Asked) -> None:
    """Show the chosen datasets; DatasjoError with a line for each that cannot be read."""
    now = dt.datetime.now(dt.UTC)
    catalog = open_network(asked.network)
    portal = _portal(catalog)

    def work(site: Site, _: Callable[[int], None]) -> Status:
        return status(site, now, portal)

    chosen = sites(catalog, asked.municipality, asked.dataset)
    with watching(quiet=asked.as_json) as watch:
        outcomes = sweep(chosen, work, watch)
    if asked.as_json:
        show.as_json({"at": now.isoformat(), "datasets": [_document(o) for o in outcomes]})
    else:
        _print(outcomes)
    require_all(outcomes)


def _portal(catalog: Catalog) -> Store | None:
    """The portal's root; None where whoever asks has not been told where it is."""
    try:
        return Store.at(filled(catalog.network.portal.root, "network", "portal.root"))
    except (ConfigurationError, StoreError):
        return None


def _document(outcome: Outcome[Status]) -> dict[str, object]:
    if outcome.result is None:
        return outcome.told({})
    return outcome.told({**dump(outcome.result), "fresh": outcome.result.freshness.holds})


def _print(outcomes: Sequence[Outcome[Status]]) -> None:
    console = show.console()
    for owner, group in itertools.groupby(outcomes, lambda o: o.site.municipality):
        theirs = list(group)
        console.print(_table(owner, theirs, narrow=console.width < _ROOMY))
        for line in _restricted(theirs):
            console.print(f"[dim]{line}[/dim]")
        console.print()
    console.print("[dim]rejected: by the newest commit / in quarantine now[/dim]")


def _table(owner: Municipality, outcomes: Sequence[Outcome[Status]], *, narrow: bool) -> Table:
    title = f"{owner.number} {owner.name.nb}"
    # a terminal of 80 columns has no room for the version
    shown = _COLUMNS[:-1] if narrow else _COLUMNS
    made = show.table(title, "dataset", *shown)
    for outcome in outcomes:
        stands = outcome.result
        cells = (show.FAILED,) if stands is None else _cells(stands, ZoneInfo(owner.time_zone))
        made.add_row(outcome.site.contract.name, *cells[: len(shown)])
    return made


def _restricted(outcomes: Sequence[Outcome[Status]]) -> Iterator[str]:
    """A line for each dataset of which only counts are in the lake."""
    for outcome in outcomes:
        asked = outcome.site.contract.aggregate
        if asked and outcome.result and (counted := outcome.result.groups):
            hidden = f"{show.number(counted.suppressed)} of them suppressed"
            told = (
                f"{show.number(counted.counted)} counts, {'with noise' if asked.noise else hidden}"
            )
            yield f"{outcome.site.contract.name}: rows restricted; in the lake {told}"


def _cells(stands: Status, zone: ZoneInfo) -> tuple[str, ...]:
    rejected = stands.rejected
    return (
        _moment(stands, zone),
        _age(stands.freshness),
        show.number(stands.rows),
        f"{show.number(rejected.last_commit)}/{show.number(rejected.quarantined)}",
        _GATES[stands.gate],
        f"{stands.points}/{MAXIMUM}" if stands.points is not None else show.NONE,
        stands.released or show.NONE,
    )


def _moment(stands: Status, zone: ZoneInfo) -> str:
    if stands.newest_event is None:
        return stands.last_day or show.NONE
    newest = stands.newest_event.astimezone(zone)
    this_year = newest.year == dt.datetime.now(zone).year
    return f"{newest:%m-%d %H:%M}" if this_year else f"{newest:%Y-%m-%d}"


def _age(freshness: Freshness) -> str:
    colour = "green" if freshness.holds else "red"
    return f"[{colour}]{show.age(freshness.kept)}[/{colour}]/{show.age(freshness.promised)}"
