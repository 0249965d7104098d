"""The static portal on this machine's own address, for those who want to look at it."""

from __future__ import annotations

import io
import re
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler
from os import PathLike
from pathlib import Path
from typing import BinaryIO

from connectors.loopback import LoopbackServer
from schemas.errors import PortalRejected, PortalUnavailable
from schemas.media import MEDIA

_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".json": "application/json; charset=utf-8",
    ".atom": "application/atom+xml; charset=utf-8",
    ".csv": "text/csv; charset=utf-8",
    ".ttl": "text/turtle; charset=utf-8",
    ".rdf": "application/rdf+xml",
    ".jsonld": "application/ld+json",
    ".parquet": MEDIA["parquet"],
    ".xlsx": MEDIA["xlsx"],
    ".geojson": MEDIA["geojson"],
}
_PART = re.compile(r"bytes=(\d*)-(\d*)")


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


def portal_server(folder: Path, port: int) -> LoopbackServer:
    """A server bound to the port, any free one for 0, that serves the folder's files."""
    if not (folder / "index.html").is_file():
        raise PortalRejected(f"{folder}: nothing has been released here yet")
    try:
        return LoopbackServer(("127.0.0.1", port), partial(_Files, directory=str(folder)))
    except OSError:
        raise PortalUnavailable(f"port {port} is taken; choose another") from None


class _Files(SimpleHTTPRequestHandler):
    extensions_map = _TYPES

    def end_headers(self) -> None:
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Cache-Control", "no-cache")
        self.send_header("Accept-Ranges", "bytes")
        super().end_headers()

    def send_head(self) -> BinaryIO | None:
        """Answer with the part of a file that is asked for; with all of it where none is."""
        asked = _PART.fullmatch(self.headers.get("Range", ""))
        path = Path(self.translate_path(self.path))
        if asked is None or not any(asked.groups()) or not path.is_file():
            return super().send_head()
        size = path.stat().st_size
        first, end = _span(asked[1], asked[2], size)
        if first >= end:
            self.send_error(HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE, explain=None)
            return None
        self.send_response(HTTPStatus.PARTIAL_CONTENT)
        self.send_header("Content-Type", self.guess_type(path))
        self.send_header("Content-Range", f"bytes {first}-{end - 1}/{size}")
        self.send_header("Content-Length", str(end - first))
        self.end_headers()
        with path.open("rb") as stream:
            stream.seek(first)
            return io.BytesIO(stream.read(end - first))

    def list_directory(self, path: str | PathLike[str]) -> None:  # noqa: ARG002 - the base class names it
        self.send_error(404, explain=None)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it
        """Nothing is noted of who reads what."""


def _span(first: str, last: str, size: int) -> tuple[int, int]:
    """The first byte that is asked for, and the one after the last; a lone `last` counts back."""
    if not first:
        return max(size - int(last), 0), size
    return int(first), min(int(last) + 1, size) if last else size
