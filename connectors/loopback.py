"""Servers on this machine's own address, for people who look and for the demo's sources."""

from __future__ import annotations

import socket
import sys
from http.server import ThreadingHTTPServer

_Request = socket.socket | tuple[bytes, socket.socket]


class LoopbackServer(ThreadingHTTPServer):
    """Answers each caller in a thread, and says nothing of one that hung up."""

    daemon_threads = True

    def handle_error(self, request: _Request, client_address: object) -> None:
        """Tell of what went wrong on this side alone."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)
