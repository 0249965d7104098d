"""`datasjo gdpr erase`: a person erased from all that a municipality holds."""

import datetime as dt

import typer

from pipelines.cli import show
from pipelines.cli.cleaned import cleaned_table
from pipelines.cli.options_gdpr import Erase
from pipelines.cli.subject import read_subjects
from pipelines.steps.portal import open_portal
from pipelines.steps.rights.erase import erase
from pipelines.steps.site import open_network, sites
from schemas.errors import ConfigurationError, DatasjoError, Problem
from schemas.records import dump


def perform(asked: Erase) -> None:
    """Erase the person; DatasjoError with a line for all that may still hold them."""
    catalog = open_network(asked.network)
    chosen = sites(catalog, asked.municipality)
    if not asked.yes:
        what = "erases for ever; `datasjo gdpr access` shows what is held"
        raise ConfigurationError([Problem(asked.municipality, "gdpr erase", what, "--yes")])
    subjects = read_subjects(asked.subject)
    receipt = erase(chosen, subjects, lambda: open_portal(catalog), dt.datetime.now(dt.UTC))
    if asked.as_json:
        show.as_json(dump(receipt))
    else:
        show.console().print(cleaned_table("Erased", receipt.outcome))
        typer.echo(f"Receipt: {chosen[0].store.uri(receipt.path)}")
    if not receipt.complete:
        raise DatasjoError("\n".join(["not complete:", *receipt.outcome.left]))
