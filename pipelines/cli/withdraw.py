"""`datasjo withdraw`: a dataset taken off every portal."""

import typer

from pipelines.cli import show
from pipelines.cli.options import Withdraw
from pipelines.steps.portal import open_portal
from pipelines.steps.publication.history import History
from pipelines.steps.release import withdraw
from pipelines.steps.site import open_network, sites
from schemas.errors import ConfigurationError, Problem
from schemas.records import dump


def perform(asked: Withdraw) -> None:
    """Withdraw the dataset; ConfigurationError where none of it was ever released."""
    catalog = open_network(asked.network)
    [site] = sites(catalog, asked.municipality, asked.dataset)
    history = History(site.store, asked.dataset)
    if not history.releases():
        raise ConfigurationError(
            [Problem(asked.municipality, asked.dataset, "was never released", "datasjo status")]
        )
    withdraw(site, open_portal(catalog), held=True)
    if asked.as_json:
        show.as_json({"dataset": site.name, "record": dump(history.record())})
        return
    typer.echo(f"{site.name} is shown no more. Its versions stay with their owner, and")
    typer.echo(f"{history.address} tells what was public when.")
    typer.echo("It is released again once its file holds another approval, of today or later.")
