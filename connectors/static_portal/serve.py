"""The static portal on this machine's own address, for those who want to look at it."""

from __future__ import annotations

from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from os import PathLike
from pathlib import Path

from schemas.errors import PortalRejected, PortalUnavailable

_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".json": "application/json; charset=utf-8",
    ".csv": "text/csv; charset=utf-8",
    ".ttl": "text/turtle; charset=utf-8",
    ".rdf": "application/rdf+xml",
    ".jsonld": "application/ld+json",
    ".parquet": "application/vnd.apache.parquet",
}


def serve(folder: Path, port: int) -> None:
    """Serve the portal's folder on 127.0.0.1 until interrupted.

    Raises:
        PortalRejected: the folder holds no portal.
        PortalUnavailable: the port is taken.
    """
    with portal_server(folder, port) as server:
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            return


def portal_server(folder: Path, port: int) -> ThreadingHTTPServer:
    """A server bound to the port, any free one for 0, that serves the folder's files."""
    if not (folder / "index.html").is_file():
        raise PortalRejected(f"{folder}: nothing has been released here yet")
    try:
        return ThreadingHTTPServer(("127.0.0.1", port), partial(_Files, directory=str(folder)))
    except OSError:
        raise PortalUnavailable(f"port {port} is taken; choose another") from None


class _Files(SimpleHTTPRequestHandler):
    extensions_map = _TYPES

    def end_headers(self) -> None:
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Cache-Control", "no-cache")
        super().end_headers()

    def list_directory(self, path: str | PathLike[str]) -> None:  # noqa: ARG002 - the base class names it
        self.send_error(404, explain=None)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it
        """Nothing is noted of who reads what."""
