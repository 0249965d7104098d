"""`datasjo release`: datasets brought from the lake into the open."""

from collections.abc import Sequence

import typer
from rich.table import Table

from pipelines.cli import show
from pipelines.cli.options import Release as Asked
from pipelines.cli.release_all import release_all
from pipelines.cli.sweep import Outcome, require_all
from pipelines.cli.watch import watching
from pipelines.steps.portal import NetworkPortal, open_portal, page_address
from pipelines.steps.publication.permission import held_since
from pipelines.steps.site import Site, open_network, sites
from schemas.records import dump
from schemas.stages import Release


def perform(asked: Asked) -> None:
    """Release the chosen datasets that are approved; DatasjoError with a line for each failure."""
    catalog = open_network(asked.network)
    portal = open_portal(catalog)
    chosen = _approved(sites(catalog, asked.municipality, asked.dataset))
    with watching(quiet=asked.as_json) as watch:
        released = release_all(chosen, portal, watch)
    outcomes = released.outcomes
    if asked.as_json:
        show.as_json({"datasets": [_document(outcome, portal) for outcome in outcomes]})
    else:
        show.console().print(_table(outcomes))
        typer.echo(f"Portal: {portal.store.uri('index.html')}")
    require_all(outcomes, released.error)


def _approved(chosen: Sequence[Site]) -> Sequence[Site]:
    """Those whose release was approved, also since; all where none was, so that each can say so."""
    return [site for site in chosen if _stands(site)] or chosen


def _stands(site: Site) -> bool:
    return site.binding.release is not None and held_since(site) is None


def _document(outcome: Outcome[Release], portal: NetworkPortal) -> dict[str, object]:
    if outcome.result is None:
        return outcome.told({})
    told: dict[str, object] = {
        "page": page_address(portal, outcome.site),
        "release": dump(outcome.result),
    }
    return outcome.told(told)


def _table(outcomes: Sequence[Outcome[Release]]) -> Table:
    made = show.table("Released", "dataset", "version", "rows", "added", "changed", "removed")
    for outcome in outcomes:
        made.add_row(outcome.site.name, *_cells(outcome.result))
    return made


def _cells(newest: Release | None) -> tuple[str, ...]:
    if newest is None:
        return (show.FAILED,)
    change = newest.changes[-1]
    counts = (newest.rows, change.added, change.changed, change.removed)
    return (newest.version, *map(show.number, counts))
