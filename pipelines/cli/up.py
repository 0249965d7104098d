"""`datasjo up`: the Dagster UI on a network."""

from pipelines.cli.options import Up
from pipelines.demo.standing import standing_sources
from pipelines.instance import var_folder
from pipelines.launch import up
from pipelines.steps.network import open_network


def perform(asked: Up) -> None:
    """Show the network until interrupted."""
    catalog = open_network(asked.network)
    with standing_sources(catalog, var_folder(catalog)):
        up(asked.network, asked.port)
