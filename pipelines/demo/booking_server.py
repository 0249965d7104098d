"""The booking system's REST server on loopback: paged, forgetful at first, at times too busy."""

import contextlib
import datetime as dt
import itertools
import json
import threading
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from urllib.parse import parse_qs, urlsplit

from connectors.loopback import LoopbackServer
from pipelines.demo.bookings import POSTCODES, Booking, bookings
from pipelines.demo.week import Wave

PATH = "/bookingfrontend/schedule"
_BUSY_EVERY = 9
_RETRY_AFTER_SECONDS = "1"
_PAGE = 100


@contextlib.contextmanager
def booking_server(wave: Wave, port: int = 0) -> Iterator[str]:
    """The address of a server that shows the wave's bookings, for as long as the block runs.

    The first request that it gets fails with 500, and every ninth is told to come back in a
    second (429). Port 0 lets the operating system choose.
    """
    shelf = {municipality: bookings(municipality, wave) for municipality in POSTCODES}
    server = _Server(shelf, port)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Server(LoopbackServer):
    def __init__(self, shelf: Mapping[str, tuple[Booking, ...]], port: int) -> None:
        self.shelf = shelf
        self.count = itertools.count(1)
        super().__init__(("127.0.0.1", port), _Handler)


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        number = next(self.server.count)
        address = urlsplit(self.path)
        if number == 1:
            self._answer(HTTPStatus.INTERNAL_SERVER_ERROR, {"error": "starting up"})
        elif number % _BUSY_EVERY == 0:
            self._answer(HTTPStatus.TOO_MANY_REQUESTS, {"error": "too many requests"})
        elif address.path != PATH:
            self._answer(HTTPStatus.NOT_FOUND, {"error": "no such page"})
        else:
            query = {name: values[-1] for name, values in parse_qs(address.query).items()}
            self._show(query)

    def log_message(self, *_: object) -> None:
        """Keep quiet: the demo's own lines are what a person reads."""

    def _show(self, query: Mapping[str, str]) -> None:
        try:
            page = _page(self.server.shelf, query)
        except (KeyError, ValueError):
            self._answer(HTTPStatus.BAD_REQUEST, {"error": "a parameter is missing or malformed"})
        else:
            self._answer(HTTPStatus.OK, page)

    def _answer(self, status: HTTPStatus, body: Mapping[str, object]) -> None:
        content = json.dumps(body, ensure_ascii=False).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        if status is HTTPStatus.TOO_MANY_REQUESTS:
            self.send_header("Retry-After", _RETRY_AFTER_SECONDS)
        self.end_headers()
        self.wfile.write(content)


def _page(shelf: Mapping[str, tuple[Booking, ...]], query: Mapping[str, str]) -> dict[str, object]:
    first = dt.date.fromisoformat(query["start_date"])
    last = dt.date.fromisoformat(query["end_date"])
    start, size = int(query.get("start", "0")), int(query.get("results", _PAGE))
    found = [b.record for b in shelf[query["municipality"]] if first <= b.seed.day <= last]
    return {
        "total_records": len(found),
        "start": start,
        "sort": "id",
        "dir": "asc",
        "results": found[start : start + size],
    }
