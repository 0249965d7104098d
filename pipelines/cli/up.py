"""`datasjo up`: the Dagster UI on a network."""

from pipelines.cli.options import Up
from pipelines.launch import up


def perform(asked: Up) -> None:
    """Show the network until interrupted."""
    up(asked.network, asked.port)
