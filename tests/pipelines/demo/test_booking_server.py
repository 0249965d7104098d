from __future__ import annotations

import json
import socket
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest

from pipelines.demo.booking_server import PATH, booking_server
from pipelines.demo.bookings import bookings

pytestmark = pytest.mark.live
WEEK = {"municipality": "1103", "start_date": "2026-10-22", "end_date": "2026-10-28"}


@dataclass(frozen=True)
class Answer:
    status: int
    retry_after: str | None
    body: dict[str, Any]


def ask(url: str, path: str = PATH, **query: str) -> Answer:
    connection = HTTPConnection(urlsplit(url).netloc, timeout=60)
    try:
        connection.request("GET", f"{path}?{urlencode(query)}")
        response = connection.getresponse()
        return Answer(response.status, response.headers["Retry-After"], json.load(response))
    finally:
        connection.close()


@pytest.fixture
def awake() -> Iterator[str]:
    with booking_server(1) as url:
        assert ask(url, **WEEK).status == 500
        yield url


def test_the_first_request_fails_and_the_next_does_not() -> None:
    with booking_server(1) as url:
        assert [ask(url, **WEEK).status for _ in range(2)] == [500, 200]


def test_every_ninth_request_is_asked_to_wait(awake: str) -> None:
    answers = [ask(awake, **WEEK) for _ in range(2, 11)]
    assert [a.status for a in answers] == [200] * 7 + [429, 200]
    assert answers[7].retry_after == "1"


def test_pages_hold_every_booking_once(awake: str) -> None:
    found: list[int] = []
    while answer := ask(awake, **WEEK, start=str(len(found)), results="300").body.get("results"):
        found.extend(record["id"] for record in answer)
    assert found == [booking.record["id"] for booking in bookings("1103", 1)]


def test_a_day_is_a_page_of_its_own(awake: str) -> None:
    day = WEEK | {"start_date": "2026-10-25", "end_date": "2026-10-25"}
    body = ask(awake, **day, results="500").body
    assert body["total_records"] == len(body["results"]) > 0
    assert {record["from_"][:10] for record in body["results"]} == {"2026-10-25"}


def test_the_second_wave_shows_other_rows() -> None:
    with booking_server(2) as url:
        ask(url, **WEEK)
        shown = ask(url, **WEEK, results="2000").body["results"]
    assert shown == [booking.record for booking in bookings("1103", 2)]


@pytest.mark.parametrize(
    ("path", "change", "status"),
    [
        ("/elsewhere", {}, 404),
        (PATH, {"start_date": "yesterday"}, 400),
        (PATH, {"municipality": "9999"}, 400),
    ],
)
def test_a_wrong_question_gets_its_answer(
    awake: str, path: str, change: dict[str, str], status: int
) -> None:
    assert ask(awake, path, **(WEEK | change)).status == status


def test_a_caller_that_hangs_up_makes_no_noise(capfd: pytest.CaptureFixture[str]) -> None:
    with booking_server(1) as url:
        caller = socket.create_connection(("127.0.0.1", urlsplit(url).port or 0))
        caller.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        caller.sendall(b"GET / HT")
        caller.close()
        assert ask(url, **WEEK).status == 500
    assert capfd.readouterr().err == ""


def test_the_port_is_free_again_afterwards() -> None:
    with booking_server(1) as url:
        port = urlsplit(url).port or 0
    with booking_server(1, port) as again:
        assert urlsplit(again).port == port
