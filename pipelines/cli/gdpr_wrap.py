"""`datasjo gdpr wrap`: a municipality's secret put under the network's root key."""

import typer

from pipelines.cli import show
from pipelines.cli.options_gdpr import Wrap
from pipelines.steps.audit import Logbook, event
from pipelines.steps.key_life import place_of, wrap
from pipelines.steps.site import open_network
from schemas.records import dump


def perform(asked: Wrap) -> None:
    """Wrap the key, or make one; KeyUnavailable where there is no root key to wrap it with."""
    catalog = open_network(asked.network)
    kept = wrap(place_of(catalog, asked.municipality))
    if kept.changed:
        owner = catalog.municipalities[asked.municipality]
        Logbook.of_owner(catalog, owner).record(event("wrap"))
    if asked.as_json:
        show.as_json(dump(kept))
        return
    what = "is wrapped now" if kept.changed else "was wrapped before"
    typer.echo(f"{kept.municipality}: the key at {kept.place} {what}, with root key {kept.root}.")
