"""`datasjo publishers`: organisations, robot users and tokens on the network's CKAN."""

import dataclasses
from collections.abc import Sequence

import typer
from rich.table import Table

from pipelines.cli import show
from pipelines.cli.options import Publishers as Asked
from pipelines.steps.publishers import Brought, Tokens, open_registration
from pipelines.steps.site import open_network


def perform(asked: Asked) -> None:
    """Bring the publishers; DatasjoError where CKAN or a file refuses. No token is printed."""
    registration = open_registration(open_network(asked.network), asked.token)
    tokens = Tokens(asked.tokens, asked.renew)
    brought: list[Brought] = []
    try:
        brought.extend(registration.bring(tokens, asked.municipality))
    finally:
        # what was made before a failure is told too
        _tell(brought, as_json=asked.as_json)


def _tell(brought: Sequence[Brought], *, as_json: bool) -> None:
    if as_json:
        show.as_json({"publishers": [dataclasses.asdict(each) for each in brought]})
    elif brought:
        show.console().print(_table(brought))
        for each in brought:
            # whole, on a line of its own: a place to copy
            if each.what == "token":
                typer.echo(f"{each.name}: token: {each.note}")


def _table(brought: Sequence[Brought]) -> Table:
    made = show.table("Publishers", "name", "what", "became")
    made.add_column("editor of", overflow="fold")
    for each in brought:
        of = each.note if each.what == "robot" else ""
        made.add_row(each.name, each.what, each.became, of)
    return made
