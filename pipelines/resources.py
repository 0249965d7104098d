"""What runs are given besides their site: the one portal that a network's datasets go to.

Roots and keys are each municipality's own: a site opens them itself, and no configuration of
Dagster's ever holds a secret.
"""

from pathlib import Path

import dagster as dg

from pipelines.steps.portal import NetworkPortal, open_portal
from pipelines.steps.site import open_network


class OpenDataPortal(dg.ConfigurableResource[NetworkPortal]):
    """The open-data portal of the network in a file."""

    network_file: str

    def opened(self) -> NetworkPortal:
        """The portal, at the root that the network's file names."""
        return open_portal(open_network(Path(self.network_file)))
