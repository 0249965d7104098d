"""`datasjo gdpr destroy`: a municipality's key destroyed, when it leaves."""

import typer

from pipelines.cli import show
from pipelines.cli.options_gdpr import Destroy
from pipelines.steps.audit import Logbook, event
from pipelines.steps.key_life import destroy, place_of
from pipelines.steps.site import open_network
from schemas.errors import ConfigurationError, Problem


def perform(asked: Destroy) -> None:
    """Destroy the key; ConfigurationError where nobody said that it shall be done."""
    catalog = open_network(asked.network)
    place = place_of(catalog, asked.municipality)
    if not asked.yes:
        what = "destroys the key for ever: no pseudonym can be made or undone again"
        raise ConfigurationError([Problem(asked.municipality, "gdpr destroy", what, "--yes")])
    # the log is sealed with the key: what is done to it is put down while it is there
    owner = catalog.municipalities[asked.municipality]
    Logbook.of_owner(catalog, owner).record(event("destroy"))
    record = destroy(place)
    day = f"{record.destroyed:%Y-%m-%d}"
    if asked.as_json:
        told = {"municipality": place.number, "place": place.reference, "destroyed": day}
        show.as_json(told)
        return
    typer.echo(f"{place.number}: the key at {place.reference} was destroyed on {day}.")
    typer.echo("Copies of it elsewhere, in backups too, are their keepers' to destroy.")
