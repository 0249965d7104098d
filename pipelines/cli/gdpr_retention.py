"""`datasjo gdpr retention`: what was kept as long as it may be, and what a copy brought back."""

import datetime as dt
import itertools
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from rich.table import Table

from pipelines.cli import show
from pipelines.cli.cleaned import cleaned_table
from pipelines.cli.options_gdpr import Retention
from pipelines.cli.sweep import Outcome, require_all, sweep
from pipelines.cli.watch import watching
from pipelines.steps.portal import open_portal
from pipelines.steps.rights.clean import Cleaned, clean
from pipelines.steps.rights.erasures import include, recognition_of
from pipelines.steps.rights.retention import Retained, retention
from pipelines.steps.site import Site, open_network, sites
from schemas.catalog import Catalog
from schemas.errors import ConfigurationError, DatasjoError, Problem, RecordBroken
from schemas.records import dump


def perform(asked: Retention) -> None:
    """Sweep the chosen datasets; DatasjoError with a line for each that fails."""
    catalog, now = open_network(asked.network), dt.datetime.now(dt.UTC)
    chosen = sites(catalog, asked.municipality, asked.dataset)
    if asked.tombstones:
        _include(asked, asked.tombstones, chosen)

    def work(site: Site, _: Callable[[int], None]) -> Retained:
        return retention(site, now, dry_run=asked.dry_run)

    with watching(quiet=asked.as_json) as watch:
        outcomes = sweep(chosen, work, watch)
    cleaned = {} if asked.dry_run else dict(_cleaned(catalog, chosen, now))
    _say(asked, outcomes, cleaned)
    require_all(outcomes)
    left = [line for outcome in cleaned.values() for line in outcome.left]
    if left:
        raise DatasjoError("\n".join(["not complete:", *left]))


def _include(asked: Retention, path: Path, chosen: Sequence[Site]) -> None:
    if asked.municipality is None:
        what = "is one municipality's"
        raise ConfigurationError([Problem(str(path), "--tombstones", what, "--municipality 1103")])
    try:
        document = json.loads(path.read_bytes())
    except ValueError:
        raise RecordBroken(f"{path}: the list of erasures cannot be read") from None
    include(chosen[0], document)


def _cleaned(
    catalog: Catalog, chosen: Sequence[Site], now: dt.datetime
) -> Iterator[tuple[str, Cleaned]]:
    for number, _ in itertools.groupby(chosen, lambda site: site.municipality.number):
        owned = sites(catalog, number)
        known = recognition_of(owned[0])
        if known is not None:
            yield number, clean(owned, known, lambda: open_portal(catalog), now)


def _say(
    asked: Retention, outcomes: Sequence[Outcome[Retained]], cleaned: Mapping[str, Cleaned]
) -> None:
    if asked.as_json:
        datasets = [o.told({} if o.result is None else dump(o.result)) for o in outcomes]
        erased = {number: dump(outcome) for number, outcome in cleaned.items()}
        show.as_json({"dry_run": asked.dry_run, "datasets": datasets, "erased": erased})
        return
    console = show.console()
    console.print(_table("Would go" if asked.dry_run else "Removed", outcomes))
    for number, outcome in cleaned.items():
        if outcome.went or outcome.retired:
            console.print(cleaned_table(f"{number}: erased persons, taken out again", outcome))


def _table(title: str, outcomes: Sequence[Outcome[Retained]]) -> Table:
    made = show.table(title, "dataset", "place", "batches or days", "rows")
    for outcome in outcomes:
        if outcome.result is None:
            made.add_row(outcome.site.name, show.FAILED)
            continue
        for found in outcome.result.expired:
            parts, rows = show.number(len(found.parts)), show.number(found.rows)
            made.add_row(outcome.site.name, found.place, parts, rows if found.rows else show.NONE)
    if not made.row_count:
        made.add_row(show.NONE, show.NONE, "0", "0")
    return made
