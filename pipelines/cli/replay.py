"""`datasjo replay`: what was fetched before, read again under the contracts as they stand now."""

from collections.abc import Callable, Sequence

from rich.table import Table

from pipelines.cli import show
from pipelines.cli.options import Replay
from pipelines.cli.receipts import COLUMNS, receipt_cells
from pipelines.cli.sweep import Outcome, require_all, sweep
from pipelines.cli.watch import watching
from pipelines.steps.replay import batches_of, replay
from pipelines.steps.site import Site, open_network, sites
from schemas.errors import ConfigurationError, Problem
from schemas.records import dump
from schemas.stages import Receipt


def perform(asked: Replay) -> None:
    """Replay the chosen datasets; DatasjoError with a line for each that fails."""

    def work(site: Site, on_rows: Callable[[int], None]) -> tuple[Receipt, ...]:
        return replay(site, asked.batch, on_rows)

    chosen = sites(open_network(asked.network), asked.municipality, asked.dataset)
    with watching(quiet=asked.as_json) as watch:
        outcomes = sweep(_holding(chosen, asked.batch), work, watch)
    if asked.as_json:
        show.as_json({"datasets": [o.told(_told(o.result)) for o in outcomes]})
    else:
        show.console().print(_table(outcomes))
    require_all(outcomes)


def _holding(chosen: Sequence[Site], batch: str | None) -> Sequence[Site]:
    if batch is None:
        return chosen
    holding = [site for site in chosen if batch in batches_of(site)]
    if not holding:
        what = "is neither in landing nor in quarantine"
        raise ConfigurationError([Problem("datasjo replay", batch, what, "20261029T073000000000")])
    return holding


def _told(receipts: Sequence[Receipt] | None) -> dict[str, object]:
    return {} if receipts is None else {"receipts": [dump(receipt) for receipt in receipts]}


def _table(outcomes: Sequence[Outcome[tuple[Receipt, ...]]]) -> Table:
    made = show.table("Replayed", "dataset", *COLUMNS)
    for outcome in outcomes:
        if outcome.result is None:
            made.add_row(outcome.site.name, show.FAILED)
        for receipt in outcome.result or ():
            made.add_row(outcome.site.name, *receipt_cells(receipt))
        if outcome.result == ():
            made.add_row(outcome.site.name, show.NONE)
    return made
