"""What Dagster loads: the network that DATASJO_NETWORK names, or the demo network, as assets."""

import os
from pathlib import Path

import dagster as dg

from pipelines.assets import site_assets
from pipelines.automation import automation
from pipelines.resources import OpenDataPortal
from pipelines.steps.site import DEMO, open_network, sites
from pipelines.upkeep import upkeep


@dg.definitions
def definitions() -> dg.Definitions:
    """The network's definitions; ConfigurationError names every fault of its files."""
    return network_definitions(Path(os.environ.get("DATASJO_NETWORK", DEMO)))


def network_definitions(network_file: Path) -> dg.Definitions:
    """Every bound dataset of the network in the file as assets, with what runs them."""
    catalog = open_network(network_file)
    owners = [owner for owner in catalog.municipalities.values() if owner.bindings]
    return dg.Definitions(
        assets=[asset for site in sites(catalog) for asset in site_assets(site)],
        resources={"portal": OpenDataPortal(network_file=str(network_file))},
        sensors=[automation(owner) for owner in owners],
        schedules=[upkeep(list(sites(catalog, owner.number))) for owner in owners],
        executor=dg.in_process_executor,
    )
