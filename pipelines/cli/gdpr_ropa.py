"""`datasjo gdpr ropa`: a municipality's record of processing activities."""

import typer

from gdpr.records.ropa_text import ropa_text
from pipelines.cli import show
from pipelines.cli.options_gdpr import Ropa as Asked
from pipelines.steps.network import open_network, owner_of
from pipelines.steps.records.ropa import ropa_of
from schemas.records import dump


def perform(asked: Asked) -> None:
    """Print the record, as Markdown in Norwegian or as one JSON document."""
    catalog = open_network(asked.network)
    record = ropa_of(catalog, owner_of(catalog, asked.municipality))
    if asked.as_json:
        show.as_json(dump(record))
    else:
        typer.echo(ropa_text(record), nl=False)
