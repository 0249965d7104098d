"""The demo network's sources, for commands that read them apart from the demo itself."""

import contextlib
import errno
from collections.abc import Iterator
from pathlib import Path

from pipelines.demo.booking_server import booking_server
from pipelines.demo.sources import make_sources
from schemas.catalog import Catalog

FOLDER = Path("deploy/demo")
PORT = 8799


@contextlib.contextmanager
def standing_sources(catalog: Catalog, var: Path) -> Iterator[None]:
    """On the demo network: its drops and keys, made where there are none, and its booking server.

    A port that is taken means that another command serves the bookings already. Other networks
    have sources of their own, and nothing is done for them.
    """
    if catalog.folder.resolve() != FOLDER.resolve():
        yield
        return
    if not (var / "keys").exists():
        make_sources(var, 2)
    with contextlib.ExitStack() as stack:
        try:
            stack.enter_context(booking_server(2, PORT))
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise
        yield
