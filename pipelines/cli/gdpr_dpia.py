"""`datasjo gdpr dpia`: the risks that datasets hold for persons."""

import typer

from gdpr.records.dpia_text import dpia_text
from pipelines.cli import show
from pipelines.cli.options_gdpr import Dpia as Asked
from pipelines.steps.network import open_network
from pipelines.steps.records.dpia import dpias
from schemas.records import dump


def perform(asked: Asked) -> None:
    """Print the reports, as Markdown in Norwegian or as one JSON document."""
    reports = dpias(open_network(asked.network), asked.municipality, asked.dataset)
    if asked.as_json:
        show.as_json({"datasets": [{**dump(r), "required": r.required} for r in reports]})
    else:
        typer.echo(dpia_text(reports), nl=False)
