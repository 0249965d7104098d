from __future__ import annotations

import threading
from http.client import HTTPConnection, RemoteDisconnected
from http.server import BaseHTTPRequestHandler

import pytest

from connectors.loopback import LoopbackServer

pytestmark = pytest.mark.live


class Failing(BaseHTTPRequestHandler):
    failure: Exception

    def do_GET(self) -> None:
        raise self.failure


def told_of(failure: Exception, capfd: pytest.CaptureFixture[str]) -> str:
    handler = type("Handler", (Failing,), {"failure": failure})
    with LoopbackServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        connection = HTTPConnection("127.0.0.1", server.server_address[1], timeout=60)
        connection.request("GET", "/")
        # the connection ends when the failure has been told
        with pytest.raises(RemoteDisconnected):
            connection.getresponse()
        connection.close()
        server.shutdown()
        thread.join()
    return capfd.readouterr().err


@pytest.mark.parametrize("failure", [BrokenPipeError(), ConnectionResetError()])
def test_nothing_is_told_of_a_client_that_hung_up(
    failure: Exception, capfd: pytest.CaptureFixture[str]
) -> None:
    assert told_of(failure, capfd) == ""


def test_what_else_goes_wrong_is_told(capfd: pytest.CaptureFixture[str]) -> None:
    assert "ValueError" in told_of(ValueError(), capfd)
