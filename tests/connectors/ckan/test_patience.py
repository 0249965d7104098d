from __future__ import annotations

import datetime as dt
import hashlib
import io
import time
from email.utils import format_datetime

import pytest

from connectors.ckan.client import Ckan, Patience, Upload
from connectors.ckan.form import Form
from schemas.errors import PortalRejected, PortalUnavailable
from tests.connectors.ckan.answering import actions, no, page, parts_of, quick, yes
from tests.connectors.http_site import Answer, HttpSite, http_site

pytestmark = pytest.mark.live
MINE = {"id": "b1", "name": "1103-a", "owner_org": "it"}
REVISED = {"match": {"id": "b1", "metadata_modified": "1"}, "update": {"version": "2", "tags": []}}
IN_USE = no("Validation Error", name=["That URL is already in use."])
NOT_THERE = no("Not Found Error", 404, message="")
MOVED_ON = no("Validation Error", match=["metadata_modified"])


@pytest.fixture
def slept(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    seconds: list[float] = []
    monkeypatch.setattr(time, "sleep", seconds.append)
    return seconds


def test_waiting_doubles_from_one_attempt_to_the_next(site: HttpSite, slept: list[float]) -> None:
    site.in_turn(page(502))
    with pytest.raises(PortalUnavailable):
        quick(site, Patience(backoff=1)).ask("package_show", {})
    assert [each for each in slept if each] == [1, 2, 4]


def test_a_portal_that_asks_to_wait_is_waited_for(site: HttpSite, slept: list[float]) -> None:
    site.in_turn(Answer(status=503, headers={"Retry-After": "7"}), yes("done"))
    assert quick(site).ask("package_show", {}) == "done"
    assert max(slept) == 7
    soon = format_datetime(dt.datetime.now(dt.UTC) + dt.timedelta(seconds=20))
    site.asked.clear()
    site.in_turn(Answer(status=429, headers={"Retry-After": soon}), yes("done"))
    assert quick(site).ask("package_show", {}) == "done"
    assert 15 < max(slept) <= 20


@pytest.mark.parametrize("wait", ["40", "3600", "Fri, 31 Dec 2599 23:59:59 GMT"])
def test_one_that_asks_to_wait_for_long_is_left_alone(
    wait: str, site: HttpSite, slept: list[float]
) -> None:
    site.in_turn(Answer(status=503, headers={"Retry-After": wait}), yes())
    with pytest.raises(PortalUnavailable, match=r"asks to wait \d+ s"):
        quick(site).ask("package_show", {})
    assert len(site.asked) == 1
    assert not any(slept)


def test_a_wish_that_nobody_can_read_is_none(site: HttpSite) -> None:
    site.in_turn(Answer(status=503, headers={"Retry-After": "soon"}), yes("done"))
    assert quick(site).ask("package_show", {}) == "done"


def test_no_attempt_is_begun_when_the_time_is_over(site: HttpSite) -> None:
    site.in_turn(page(502))
    with pytest.raises(PortalUnavailable):
        quick(site, Patience(backoff=0, total=0)).ask("package_show", {})
    assert len(site.asked) == 1


@pytest.mark.parametrize(
    "first", [page(503), page(504), Answer(status=200, cut=0), Answer(body=b"{}", cut=1)]
)
def test_an_upload_that_is_made_again_sends_the_same_bytes(first: Answer, site: HttpSite) -> None:
    site.in_turn(first, first, yes({"package": {}}))
    content = bytes(range(256)) * 1000
    with io.BytesIO(content) as stream:
        stream.seek(77)
        files = {"update__resources__0__upload": Upload("å.bin", stream)}
        quick(site).send("package_revise", {"update": '{"title": "Vær"}'}, files)
    assert len(site.asked) == 3
    for asked in site.asked:
        assert parts_of(asked) == {
            "update": '{"title": "Vær"}'.encode(),
            "update__resources__0__upload": content,
        }


def test_a_form_is_sent_in_blocks_however_large_its_files_are() -> None:
    stream = io.BytesIO(bytes(10_000_000))
    form = Form({b"a": b"1"}, {"file": Upload("a.csv", stream)})
    sizes = [len(block) for block in form]
    assert sum(sizes) == len(form)
    assert max(sizes) <= 1 << 16


def test_a_download_that_breaks_off_is_made_again_from_its_beginning(site: HttpSite) -> None:
    content = b"released" * 5000
    site.in_turn(Answer(body=content, cut=777), page(502), Answer(body=content))
    with io.BytesIO(b"left by another" * 9000) as kept:
        digest = quick(site).digest(f"{site.url}/download/a.csv", kept)
        assert kept.getvalue() == content
    assert digest == hashlib.sha256(content).hexdigest()


def test_a_download_that_is_not_there_is_said_by_its_address(site: HttpSite) -> None:
    site.in_turn(page(404))
    with pytest.raises(PortalRejected, match=r"/download/a.csv: answered 404$"):
        quick(site).digest(f"{site.url}/download/a.csv?token=hemmelig")


def test_the_token_goes_to_ckan_alone(site: HttpSite) -> None:
    with http_site() as bucket:
        bucket.answer = lambda _: Answer(body=b"a")
        site.in_turn(Answer(status=302, headers={"Location": f"{bucket.url}/a.csv"}))
        ckan = quick(site)
        ckan.digest(f"{site.url}/download/a.csv")
        ckan.digest(f"{bucket.url}/a.csv")
        assert site.asked[0].headers["authorization"] == "secret"
        assert [asked.headers.get("authorization") for asked in bucket.asked] == [None, None]


def test_a_download_that_trickles_is_given_up_long_before_its_end(site: HttpSite) -> None:
    site.in_turn(Answer(body=b"x" * 10_000, drip=0.05))
    began = time.monotonic()
    with pytest.raises(PortalUnavailable, match="too slowly"):
        quick(site, Patience(timeout=1, attempts=1)).digest(f"{site.url}/a.csv")
    assert time.monotonic() - began < 120


@pytest.mark.parametrize("first", [page(504), Answer(cut=0), Answer(seconds=60)])
def test_what_may_not_be_done_twice_is_not(first: Answer, site: HttpSite) -> None:
    site.in_turn(first, yes())
    with pytest.raises(PortalUnavailable):
        quick(site, Patience(timeout=1, backoff=0)).ask("resource_view_create", {})
    assert len(site.asked) == 1


def test_rows_that_are_known_by_their_key_may_be_sent_twice(site: HttpSite) -> None:
    site.in_turn(page(504), yes("brought"), page(504), yes())
    ckan = quick(site)
    assert ckan.ask("datastore_upsert", {"method": "upsert"}) == "brought"
    with pytest.raises(PortalUnavailable):
        ckan.ask("datastore_upsert", {"method": "insert"})
    assert len(site.asked) == 3


def test_what_was_certainly_not_done_is_done_then(site: HttpSite) -> None:
    site.in_turn(page(503), page(429), yes("made"))
    assert quick(site).ask("resource_view_create", {}) == "made"


def test_what_never_left_is_sent_again(slept: list[float]) -> None:
    patience = Patience(attempts=3, backoff=1)
    with pytest.raises(PortalUnavailable, match="cannot be reached"):
        Ckan("http://127.0.0.1:9", "secret", patience).ask("resource_view_create", {})
    assert slept == [1, 2]


def test_a_dataset_that_was_made_without_a_word_is_found(site: HttpSite) -> None:
    site.in_turn(page(504), IN_USE, yes(MINE))
    assert quick(site).ask("package_create", MINE) == MINE
    assert actions(site) == ["package_create", "package_create", "package_show"]


def test_a_name_that_is_anothers_is_refused_after_a_lost_answer_as_well(site: HttpSite) -> None:
    site.in_turn(page(504), IN_USE, NOT_THERE)
    with pytest.raises(PortalRejected, match="package_create: refused name"):
        quick(site).ask("package_create", MINE)


def test_a_name_in_use_is_refused_where_no_answer_was_lost(site: HttpSite) -> None:
    site.in_turn(page(503), IN_USE, yes(MINE))
    with pytest.raises(PortalRejected, match="package_create: refused name"):
        quick(site).ask("package_create", MINE)
    assert len(site.asked) == 2


def test_a_dataset_that_was_revised_without_a_word_is_gone_on_with(site: HttpSite) -> None:
    as_told = {**MINE, "metadata_modified": "2", "version": "2"}
    site.in_turn(page(504), MOVED_ON, yes(as_told))
    assert quick(site).ask("package_revise", REVISED) == {"package": as_told}


def test_a_dataset_that_another_revised_meanwhile_is_not(site: HttpSite) -> None:
    site.in_turn(page(504), MOVED_ON, yes({**MINE, "version": "3"}))
    with pytest.raises(PortalRejected, match="package_revise: refused match"):
        quick(site).ask("package_revise", REVISED)


@pytest.mark.parametrize("action", ["dataset_purge", "datastore_delete", "api_token_revoke"])
def test_what_was_taken_away_without_a_word_is_gone(action: str, site: HttpSite) -> None:
    site.in_turn(page(504), NOT_THERE)
    assert quick(site).ask(action, {"id": "b1"}) is None
    site.asked.clear()
    site.in_turn(NOT_THERE)
    with pytest.raises(PortalRejected, match="no such thing"):
        quick(site).ask(action, {"id": "b1"})
