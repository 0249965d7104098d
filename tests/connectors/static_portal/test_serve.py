from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path

import pytest

from connectors.static_portal.serve import portal_server
from schemas.errors import PortalRejected, PortalUnavailable


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shown = tmp_path / "portal"
    (shown / "latest").mkdir(parents=True)
    (shown / "index.html").write_text("<p>start</p>")
    (shown / "latest" / "rows.csv").write_text("x")
    (tmp_path / "secret.txt").write_text("not for the public")
    return shown


@contextmanager
def served(folder: Path) -> Iterator[int]:
    with portal_server(folder, 0) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()
            thread.join()


def got(port: int, path: str) -> HTTPResponse:
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", path)
    response = connection.getresponse()
    response.read()
    connection.close()
    return response


KINDS = {
    "rows.csv": "text/csv; charset=utf-8",
    "rows.parquet": "application/vnd.apache.parquet",
    "rows.geo.parquet": "application/vnd.apache.parquet",
    "rows.json": "application/json; charset=utf-8",
    "rows.geojson": "application/geo+json",
    "rows.xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "dataset.ttl": "text/turtle; charset=utf-8",
    "dataset.rdf": "application/rdf+xml",
    "dataset.jsonld": "application/ld+json",
    "changes.en.atom": "application/atom+xml; charset=utf-8",
    "search.js": "text/javascript; charset=utf-8",
    "style.css": "text/css; charset=utf-8",
    "icon.svg": "image/svg+xml",
}


@pytest.mark.live
def test_files_are_served_as_what_they_are(folder: Path) -> None:
    for name in KINDS:
        (folder / "latest" / name).write_text("x")
    with served(folder) as port:
        found = {name: got(port, f"/latest/{name}").getheader("Content-Type") for name in KINDS}
        assert got(port, "/").getheader("Content-Type") == "text/html; charset=utf-8"
    assert found == KINDS


def part(port: int, asked: str) -> tuple[int, str | None, bytes]:
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", "/latest/digits.csv", headers={"Range": asked})
    response = connection.getresponse()
    told = response.status, response.getheader("Content-Range"), response.read()
    connection.close()
    return told


@pytest.mark.live
def test_a_part_of_a_file_is_served_to_readers_that_skip(folder: Path) -> None:
    (folder / "latest" / "digits.csv").write_text("0123456789")
    with served(folder) as port:
        assert part(port, "bytes=2-4") == (206, "bytes 2-4/10", b"234")
        assert part(port, "bytes=7-99") == (206, "bytes 7-9/10", b"789")
        assert part(port, "bytes=8-") == (206, "bytes 8-9/10", b"89")
        assert part(port, "bytes=-3") == (206, "bytes 7-9/10", b"789")
        assert part(port, "bytes=10-")[0] == 416
        assert part(port, "bytes=-")[2] == part(port, "lines=1-2")[2] == b"0123456789"


@pytest.mark.live
def test_no_folder_is_listed_and_nothing_outside_is_served(folder: Path) -> None:
    with served(folder) as port:
        assert got(port, "/latest/").status == 404
        assert got(port, "/../secret.txt").status == 404
        assert got(port, "/%2e%2e/secret.txt").status == 404


@pytest.mark.live
def test_a_taken_port_is_one_clear_line(folder: Path) -> None:
    with served(folder) as port, pytest.raises(PortalUnavailable, match=f"port {port} is taken"):
        portal_server(folder, port)


def test_a_folder_without_a_portal_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PortalRejected, match="nothing has been released here yet"):
        portal_server(tmp_path, 0)
