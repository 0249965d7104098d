"""REST sources, on a real server."""

from __future__ import annotations

import datetime as dt
import json
import logging
import time
from collections.abc import Iterator
from typing import Any

import pytest

from connectors.http_json import HttpJsonSource
from schemas import source as spec
from schemas.errors import SourceError, SourceRejected, SourceUnavailable
from schemas.stages import Batch, Window
from tests.connectors.http_site import Answer, Asked, HttpSite, http_site
from tests.fakes import RememberedBatches

pytestmark = pytest.mark.live
DAYS = Window(dt.date(2026, 11, 19), dt.date(2026, 11, 20))
QUICK = {"attempts": 3, "backoff_seconds": 0, "longest_wait_seconds": 1}
SECRET = "hemmelig-nøkkel"


@pytest.fixture
def site() -> Iterator[HttpSite]:
    with http_site() as running:
        yield running


def fetched(url: str, memory: RememberedBatches | None = None, **words: object) -> list[Batch]:
    document = {"engine": "http_json", "url": url, "retries": QUICK, **words}
    binding = spec.HttpSource.model_validate_json(json.dumps(document))
    return list(HttpJsonSource(binding, memory or RememberedBatches()).fetch(DAYS))


def documents(batches: list[Batch]) -> list[Any]:
    return [json.loads(batch.open().read()) for batch in batches]


def paged(site: HttpSite, count: int, cap: int) -> None:
    """Serve `count` records by offset, never more than `cap` at once."""

    def answer(asked: Asked) -> Answer:
        start, size = int(asked.params.get("start", 0)), int(asked.params.get("results", cap))
        ids = list(range(count))[start : start + min(size, cap)]
        return Answer({"total_records": count, "results": [{"id": at} for at in ids]})

    site.answer = answer


def test_a_snapshot_lands_as_received_with_harmless_headers(site: HttpSite) -> None:
    body = b'[ {"Sted": "Jorenholmen",  "ledig": "231"} ]'
    site.answer = lambda _: Answer(body=body, headers={"ETag": '"1"', "Set-Cookie": "session=1"})
    [batch] = fetched(f"{site.url}/p")
    assert batch.open().read() == body
    assert batch.open().read() == body
    assert batch.format == "json"
    assert batch.source_url == f"{site.url}/p"
    assert set(batch.headers) == {"etag", "date", "content-type"}


def test_a_snapshot_that_has_not_changed_is_not_sent_again(site: HttpSite) -> None:
    def answer(asked: Asked) -> Answer:
        known = asked.headers.get("if-none-match") == '"1"'
        return Answer(status=304) if known else Answer([1], headers={"ETag": '"1"'})

    site.answer = answer
    memory = RememberedBatches()
    [batch] = fetched(site.url, memory)
    memory.land(batch)
    assert fetched(site.url, memory) == []
    assert len(site.asked) == 2


def test_the_same_bytes_are_not_handed_over_twice_whatever_the_headers_say(site: HttpSite) -> None:
    memory = RememberedBatches()
    for stamp in ("1", "2"):
        site.in_turn(Answer([{"ledig": 3}], headers={"ETag": stamp, "Last-Modified": stamp}))
        for batch in fetched(site.url, memory):
            memory.land(batch)
    assert len(list(memory.all())) == 1


def test_no_content_is_nothing_new(site: HttpSite) -> None:
    site.in_turn(Answer(status=204, body=b""))
    assert fetched(site.url) == []


def test_the_window_and_secrets_go_out_and_the_secrets_stay_out_of_the_name(
    site: HttpSite, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    monkeypatch.setenv("NOBIL_KEY", SECRET)
    [batch] = fetched(
        f"{site.url.replace('//', '//bruker:passord@')}/v1/{{from}}?inline={SECRET}",
        params={"apikey": "${NOBIL_KEY}", "to": "{to}"},
    )
    [asked] = site.asked
    assert asked.path == "/v1/2026-11-19"
    assert asked.params == {"inline": SECRET, "apikey": SECRET, "to": "2026-11-20"}
    assert asked.headers["authorization"].startswith("Basic ")
    assert batch.source_url == f"{site.url}/v1/2026-11-19?apikey=${{NOBIL_KEY}}&to=2026-11-20"
    assert "hemmelig" not in caplog.text


def test_a_header_takes_its_value_from_the_environment(
    site: HttpSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NVE_KEY", "n")
    fetched(site.url, headers={"X-API-Key": "${NVE_KEY}"})
    assert site.asked[0].headers["x-api-key"] == "n"
    with pytest.raises(SourceRejected, match="NOT_SET_KEY is not set"):
        fetched(site.url, headers={"X-API-Key": "${NOT_SET_KEY}"})


@pytest.mark.parametrize("total", [None, "total_records"])
@pytest.mark.parametrize("cap", [100, 2])
def test_every_record_comes_however_the_server_caps_its_pages(
    site: HttpSite, total: str | None, cap: int
) -> None:
    paged(site, count=7, cap=cap)
    paging = {"kind": "offset", "size": "results", "page_size": 3, "total": total}
    batches = fetched(site.url, paging=paging, profile={"records": "results"})
    ids = [record["id"] for page in documents(batches) for record in page["results"]]
    assert ids == list(range(7))
    assert batches[1].source_url == f"{site.url}#2"
    assert all(document["results"] for document in documents(batches))


def test_an_empty_first_page_is_handed_over(site: HttpSite) -> None:
    paged(site, count=0, cap=10)
    [batch] = fetched(site.url, paging={"kind": "offset"}, profile={"records": "results"})
    assert documents([batch]) == [{"total_records": 0, "results": []}]


def test_numbered_pages_end_with_an_empty_one(site: HttpSite) -> None:
    site.answer = lambda asked: Answer(
        [int(asked.params["page"])] if asked.params["page"] < "4" else []
    )
    paging = {"kind": "page", "start": "page", "first": 1}
    assert documents(fetched(site.url, paging=paging)) == [[1], [2], [3]]


def test_links_are_followed_on_the_same_host(site: HttpSite) -> None:
    site.in_turn(
        Answer({"value": [1], "@iot.nextLink": f"{site.url}/Things?$skip=1"}),
        Answer({"value": [2], "@iot.nextLink": "/Things?$skip=2"}),
        Answer({"value": [3]}),
    )
    paging = {"kind": "next_link", "next": "@iot.nextLink"}
    batches = fetched(f"{site.url}/Things", paging=paging, profile={"records": "value"})
    assert [document["value"] for document in documents(batches)] == [[1], [2], [3]]
    assert [asked.params.get("$skip") for asked in site.asked] == [None, "1", "2"]


def test_tokens_are_handed_back(site: HttpSite) -> None:
    site.in_turn(
        Answer({"data": [1], "meta": {"cursor": "abc"}}),
        Answer({"data": [2], "meta": {"cursor": None}}),
    )
    paging = {"kind": "cursor", "start": "after", "next": "meta.cursor"}
    assert len(fetched(site.url, paging=paging, profile={"records": "data"})) == 2
    assert site.asked[1].params == {"after": "abc"}


@pytest.mark.parametrize(
    ("link", "says"),
    [("http://elsewhere.invalid/x", "leads to another host"), ("/", "its pages repeat")],
)
def test_links_that_go_astray_are_not_followed(site: HttpSite, link: str, says: str) -> None:
    site.answer = lambda asked: Answer({"data": [len(asked.path)], "next": link})
    with pytest.raises(SourceRejected, match=says):
        fetched(f"{site.url}/", paging={"kind": "next_link"}, profile={"records": "data"})


def test_a_server_that_ignores_the_offset_is_found_out(site: HttpSite) -> None:
    site.answer = lambda _: Answer([{"id": 1}])
    with pytest.raises(SourceRejected, match="its pages repeat"):
        fetched(site.url, paging={"kind": "offset"})


def test_retry_after_is_honoured_within_the_bound(
    site: HttpSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    waited: list[float] = []
    monkeypatch.setattr(time, "sleep", waited.append)
    site.in_turn(Answer(status=429, headers={"Retry-After": "1"}), Answer([1]))
    assert documents(fetched(site.url)) == [[1]]
    assert waited == [1]


def test_a_long_retry_after_does_not_hold_the_run(site: HttpSite) -> None:
    site.in_turn(Answer(status=503, headers={"Retry-After": "3600"}))
    retries = {"attempts": 2, "backoff_seconds": 0, "longest_wait_seconds": 0.1}
    with pytest.raises(SourceUnavailable, match="answered 503"):
        fetched(site.url, retries=retries)
    assert len(site.asked) == 2


@pytest.mark.parametrize("status", [429, 500, 502, 503])
def test_overload_and_failure_are_unavailable_after_the_retries(
    site: HttpSite, status: int
) -> None:
    site.in_turn(Answer(status=status, body=SECRET.encode()))
    with pytest.raises(SourceUnavailable, match=f"answered {status}") as caught:
        fetched(site.url)
    assert len(site.asked) == 3
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410])
def test_a_refusal_is_rejected_at_once(site: HttpSite, status: int) -> None:
    site.in_turn(Answer(status=status, body=SECRET.encode()))
    with pytest.raises(SourceRejected, match=f"answered {status}") as caught:
        fetched(site.url)
    assert len(site.asked) == 1
    assert SECRET not in str(caught.value)


def test_a_redirect_does_not_carry_the_bindings_headers_away(site: HttpSite) -> None:
    site.answer = lambda asked: (
        Answer(status=302, headers={"Location": "/b"}) if asked.path == "/a" else Answer([1])
    )
    assert documents(fetched(f"{site.url}/a")) == [[1]]
    with pytest.raises(SourceRejected, match="answered 302: it has moved"):
        fetched(f"{site.url}/a", headers={"X-API-Key": "n"})


def test_a_slow_answer_is_unavailable(site: HttpSite) -> None:
    site.in_turn(Answer([1], seconds=60))
    with pytest.raises(SourceUnavailable, match="did not answer in time"):
        fetched(site.url, timeout_seconds=0.5, retries=QUICK | {"attempts": 1})


def test_an_answer_that_breaks_off_is_asked_again(site: HttpSite) -> None:
    site.in_turn(Answer(body=b"[1]", cut=2), Answer([1]))
    assert documents(fetched(site.url)) == [[1]]


def test_a_host_that_does_not_listen_is_unavailable() -> None:
    with pytest.raises(SourceUnavailable, match="cannot be reached"):
        fetched("http://127.0.0.1:1/x", retries=QUICK | {"attempts": 1})


def test_a_page_for_people_is_no_data(site: HttpSite) -> None:
    page = f"<html>{SECRET}</html>".encode()
    site.in_turn(Answer(body=page, headers={"Content-Type": "text/html; charset=utf-8"}))
    with pytest.raises(SourceRejected, match=r"answered no JSON \(text/html\)") as caught:
        fetched(site.url)
    assert SECRET not in str(caught.value)


def test_an_error_with_status_200_is_rejected(site: HttpSite) -> None:
    site.in_turn(Answer({"error": SECRET}))
    with pytest.raises(SourceRejected, match="answered without 'chargerstations'") as caught:
        fetched(site.url, profile={"records": "chargerstations"})
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize("url", ["ftp://example.no/x", "not a url", "http://"])
def test_an_address_that_is_none_is_rejected(url: str) -> None:
    with pytest.raises(SourceRejected):
        fetched(url)


def test_errors_carry_no_cause_that_holds_the_url(site: HttpSite) -> None:
    site.in_turn(Answer(status=500))
    with pytest.raises(SourceError) as caught:
        fetched(f"{site.url}/x?apikey={SECRET}", timeout_seconds=1)
    assert SECRET not in f"{caught.value} {caught.value.__cause__}"
