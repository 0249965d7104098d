"""`datasjo gdpr rotate`: a new key, and the pseudonyms made anew as far as that is possible."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import typer
from rich.table import Table

from pipelines.cli import show
from pipelines.cli.options_gdpr import Rotate
from pipelines.cli.sweep import Outcome, require_all, sweep
from pipelines.cli.watch import watching
from pipelines.steps.audit import event, record
from pipelines.steps.key_life import Kept, begin_rotation, end_rotation, place_of
from pipelines.steps.renew import Renewed, renew
from pipelines.steps.site import Site, open_network, sites
from schemas.records import dump


def perform(asked: Rotate) -> None:
    """Rotate the municipality's key; DatasjoError with a line for each table that fails.

    The rotation ends when no table fails: until then the command goes on with it.
    """
    catalog = open_network(asked.network)
    place = place_of(catalog, asked.municipality)
    chosen = sites(catalog, asked.municipality)
    kept = begin_rotation(place)

    def work(site: Site, on_rows: Callable[[int], None]) -> Renewed:
        renewed = renew(site, on_rows)
        if renewed.columns:
            note = f"generation {kept.generation}"
            told = event("rotation", site.contract.name)
            record(site, replace(told, rows=renewed.rows, note=note))
        return renewed

    with watching(quiet=asked.as_json) as watch:
        outcomes = sweep(chosen, work, watch)
    if all(outcome.error is None for outcome in outcomes):
        end_rotation(place)
    _say(asked, kept, outcomes)
    require_all(outcomes)


def _say(asked: Rotate, kept: Kept, outcomes: Sequence[Outcome[Renewed]]) -> None:
    if asked.as_json:
        datasets = [o.told({} if o.result is None else dump(o.result)) for o in outcomes]
        show.as_json({**dump(kept), "datasets": datasets})
        return
    what = "a new one" if kept.changed else "begun before"
    typer.echo(f"{kept.municipality}: the key's generation is {kept.generation}, {what}.")
    show.console().print(_table(outcomes))


def _table(outcomes: Sequence[Outcome[Renewed]]) -> Table:
    made = show.table("Pseudonyms", "dataset", "column", "from", "to", "how")
    for outcome in outcomes:
        if outcome.result is None:
            made.add_row(outcome.site.name, show.FAILED)
            continue
        for column in outcome.result.columns:
            how = f"{column.way}: {column.reason}" if column.reason else column.way
            versions = (str(column.before), str(column.after))
            made.add_row(outcome.site.name, column.field, *versions, how)
    return made
