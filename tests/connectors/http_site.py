"""A real HTTP server on loopback that answers as a test says."""

from __future__ import annotations

import contextlib
import json
import socket
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

Connection = socket.socket | tuple[bytes, socket.socket]


@dataclass(frozen=True)
class Asked:
    path: str
    params: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes = b""
    method: str = "GET"


@dataclass(frozen=True)
class Answer:
    document: Any = None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None
    seconds: float = 0
    # hang up after so many bytes of it
    cut: int | None = None
    # so many seconds from byte to byte
    drip: float = 0

    def content(self) -> bytes:
        return json.dumps(self.document).encode() if self.body is None else self.body


@dataclass
class HttpSite:
    url: str = ""
    answer: Callable[[Asked], Answer] = lambda _: Answer([])
    asked: list[Asked] = field(default_factory=list)
    # whoever waits to answer does so until the site is left, and not as a test's clock runs
    left: threading.Event = field(default_factory=threading.Event)

    def in_turn(self, *answers: Answer) -> None:
        """Give the answers one after another, the last for ever."""
        self.answer = lambda _: answers[min(len(self.asked), len(answers)) - 1]


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, site: HttpSite) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.site = site

    def handle_error(self, request: Connection, client_address: object) -> None:
        # a client that hung up is what some tests are about, and would be told on stderr
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        headers = {name.lower(): value for name, value in self.headers.items()}
        body = self.rfile.read(int(headers.get("content-length", 0)))
        query = dict(parse_qsl(parts.query))
        asked = Asked(parts.path, query, headers, body, self.command)
        self.server.site.asked.append(asked)
        answer = self.server.site.answer(asked)
        self.server.site.left.wait(answer.seconds)
        with contextlib.suppress(OSError):
            self._send(answer, answer.content())

    def do_POST(self) -> None:
        self.do_GET()

    def _send(self, answer: Answer, content: bytes) -> None:
        sent = {"Content-Type": "application/json", "Content-Length": str(len(content))}
        self.send_response(answer.status)
        for name, value in (sent | dict(answer.headers)).items():
            self.send_header(name, value)
        self.end_headers()
        # nobody waits for the rest of what is cut
        self.close_connection = answer.cut is not None
        if not answer.drip:
            self.wfile.write(content[: answer.cut])
            return
        for byte in content:
            self.wfile.write(bytes([byte]))
            if self.server.site.left.wait(answer.drip):
                return

    def log_message(self, *_: object) -> None:
        return


@contextlib.contextmanager
def http_site() -> Iterator[HttpSite]:
    """Serve until the block ends."""
    site = HttpSite()
    server = _Server(site)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    site.url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield site
    finally:
        site.left.set()
        server.shutdown()
        server.server_close()
        thread.join()
