"""A real HTTP server on loopback that answers as a test says."""

from __future__ import annotations

import contextlib
import json
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit


@dataclass(frozen=True)
class Asked:
    path: str
    params: Mapping[str, str]
    headers: Mapping[str, str]


@dataclass(frozen=True)
class Answer:
    document: Any = None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None
    seconds: float = 0

    def content(self) -> bytes:
        return json.dumps(self.document).encode() if self.body is None else self.body


@dataclass
class HttpSite:
    url: str = ""
    answer: Callable[[Asked], Answer] = lambda _: Answer([])
    asked: list[Asked] = field(default_factory=list)

    def in_turn(self, *answers: Answer) -> None:
        """Give the answers one after another, the last for ever."""
        self.answer = lambda _: answers[min(len(self.asked), len(answers)) - 1]


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        # a client that hung up is what some tests are about, and would be told on stderr
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


@contextlib.contextmanager
def http_site() -> Iterator[HttpSite]:
    """Serve until the block ends."""
    site = HttpSite()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            headers = {name.lower(): value for name, value in self.headers.items()}
            asked = Asked(parts.path, dict(parse_qsl(parts.query)), headers)
            site.asked.append(asked)
            answer = site.answer(asked)
            time.sleep(answer.seconds)
            content = answer.content()
            sent = {"Content-Type": "application/json", "Content-Length": str(len(content))}
            with contextlib.suppress(OSError):
                self.send_response(answer.status)
                for name, value in (sent | dict(answer.headers)).items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            return

    server = _Server(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    site.url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)
