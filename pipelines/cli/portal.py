"""`datasjo portal`: the released datasets, served on this machine alone."""

import contextlib
from pathlib import Path

import typer

from connectors.static_portal.serve import portal_server
from pipelines.cli.options import Portal
from pipelines.steps.portal import open_portal
from pipelines.steps.site import open_network
from schemas.errors import PortalRejected


def perform(asked: Portal) -> None:
    """Serve the network's portal until interrupted; PortalError where there is none to serve."""
    shown = open_portal(open_network(asked.network))
    if not shown.store.is_local:
        raise PortalRejected(f"{shown.store.url} is no folder here; serve it where it lies")
    folder = Path(shown.store.uri("index.html")).parent
    with portal_server(folder, asked.port) as server, contextlib.suppress(KeyboardInterrupt):
        typer.echo(f"http://127.0.0.1:{server.server_address[1]}/  (Ctrl-C stops it)")
        server.serve_forever()
