from __future__ import annotations

import contextlib
import socket

import pytest

from connectors.ckan.client import Ckan, Patience
from schemas.errors import PortalError, PortalRejected, PortalUnavailable
from tests.connectors.ckan.answering import (
    CANARY,
    QUICK,
    actions,
    no,
    page,
    quick,
    yes,
)
from tests.connectors.http_site import Answer, HttpSite

pytestmark = pytest.mark.live


def refusal(ckan: Ckan, action: str = "package_show") -> PortalError:
    with pytest.raises(PortalError) as raised:
        ckan.ask(action, {"id": CANARY})
    told = str(raised.value)
    assert told.startswith(f"{ckan.url} {action}: ")
    assert "\n" not in told
    assert CANARY not in told
    assert raised.value.__cause__ is raised.value.__context__ is None
    return raised.value


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (page(429), "overloaded: answered 429"),
        (page(500), "broke: answered 500"),
        (no("Internal Server Error", 500, message=CANARY), "broke: answered 500"),
        (page(502), "answered 502: what stands before it gets no answer"),
        (page(503), "answered 503"),
        (page(504), "answered 504: what stands before it gets no answer from it in time"),
        (no("Search Error", message=CANARY), "search server"),
        (no("Search Index Error", 500, message=CANARY), "search server"),
        (Answer(body=b'{"success": tr'), "answered 200 with a half of JSON"),
        (Answer(body=b"[" * 100_000), "answered 200 with a half of JSON"),
        (Answer(body=b"{}" * 9, cut=5), "hung up before its answer was whole"),
        (Answer(body=b"{}" * 9, cut=0), "hung up before its answer was whole"),
    ],
)
def test_what_may_pass_is_asked_again_and_then_said(
    answer: Answer, said: str, site: HttpSite
) -> None:
    site.answer = lambda _: answer
    told = refusal(quick(site))
    assert isinstance(told, PortalUnavailable)
    assert said in str(told)
    assert len(site.asked) == QUICK.attempts


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (page(200), "answered 200 with a page: a log-in or a proxy stands before CKAN"),
        (page(401), "wants a log-in"),
        (page(403), "answered 403 that is not CKAN's"),
        (page(404), "there is no CKAN at that address"),
        (page(413), "set max_resource_size of the network's file"),
        (no("Validation Error", upload=["File upload too large"]), "set max_resource_size"),
        (no("Validation Error", name=[CANARY]), "refused name"),
        (no("Validation Error", resources=[{}, {"size": [CANARY]}]), "refused resources.size"),
        (Answer({"error": {"__type": "Validation Error", f"{CANARY} said": 1}}), "refused what it"),
        (no("Not Found Error", 404, message=CANARY), "there is no such thing"),
        (no("Integrity Error", 400, message=CANARY), "with JSON that is not CKAN's"),
        (no("Search Query Error", 400, message=CANARY), "does not understand the question"),
        (Answer({"success": False}), "with JSON that is not CKAN's"),
        (Answer({"success": False, "error": None}), "with JSON that is not CKAN's"),
        (Answer({"success": False, "error": CANARY}), "with JSON that is not CKAN's"),
        (Answer({"success": True}), "with JSON that is not CKAN's"),
        (Answer([CANARY]), "with JSON that is not CKAN's"),
        (Answer(CANARY), "with JSON that is not CKAN's"),
        (Answer(body=b""), "answered 200 with a page"),
    ],
)
def test_what_will_not_pass_is_said_at_once(answer: Answer, said: str, site: HttpSite) -> None:
    site.answer = lambda _: answer
    told = refusal(quick(site))
    assert isinstance(told, PortalRejected)
    assert said in str(told)
    assert len(site.asked) == 1


def test_a_storage_that_is_full_is_for_another_day(site: HttpSite) -> None:
    site.in_turn(page(507))
    assert "its storage is full" in str(refusal(quick(site), "package_revise"))
    assert len(site.asked) == 1


def test_a_redirect_to_a_log_in_names_where_it_leads_and_no_more(site: HttpSite) -> None:
    where = {"Location": f"https://login.example.no/{CANARY}?token={CANARY}"}
    site.in_turn(Answer(status=302, headers=where), yes())
    assert "answered 302: it has moved to, or wants a log-in at https://login.example.no" in str(
        refusal(quick(site))
    )


def test_a_result_that_is_no_document_is_said(site: HttpSite) -> None:
    site.in_turn(yes([CANARY]))
    with pytest.raises(PortalRejected, match="JSON that is not CKAN's"):
        quick(site).find("package_show", "a")


@pytest.mark.parametrize(
    ("url", "kind", "said"),
    [
        ("http://127.0.0.1:9", PortalUnavailable, "cannot be reached"),
        ("http://nothing.invalid", PortalUnavailable, "nothing has that name"),
        ("nonsense", PortalRejected, "that is no address"),
    ],
)
def test_an_address_where_nobody_answers_is_said(
    url: str, kind: type[PortalError], said: str
) -> None:
    told = refusal(Ckan(url, "secret", QUICK))
    assert isinstance(told, kind)
    assert said in str(told)


def test_a_server_without_a_certificate_is_said(site: HttpSite) -> None:
    with pytest.raises(PortalRejected, match="no secure connection"):
        Ckan(site.url.replace("http:", "https:"), "secret", QUICK).ask("status_show", {})


def test_a_server_that_takes_no_more_connections_is_said() -> None:
    with contextlib.ExitStack() as opened:
        server = opened.enter_context(socket.create_server(("127.0.0.1", 0), backlog=0))
        for _ in range(3):
            waiting = opened.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(server.getsockname())
        url = f"http://127.0.0.1:{server.getsockname()[1]}"
        told = refusal(Ckan(url, "secret", Patience(timeout=0.2, attempts=2, backoff=0)))
    assert "did not answer in time" in str(told)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (Answer(seconds=60), "did not answer in time"),
        (Answer(body=b"x" * 1000, drip=0.05), "answers too slowly"),
    ],
)
def test_a_slow_answer_is_not_waited_for(answer: Answer, said: str, site: HttpSite) -> None:
    site.in_turn(answer)
    told = refusal(quick(site, Patience(timeout=1, attempts=2, backoff=0)))
    assert isinstance(told, PortalUnavailable)
    assert said in str(told)
    assert len(site.asked) == 2


def test_a_token_that_does_not_count_is_told_from_one_that_may_not(site: HttpSite) -> None:
    site.in_turn(
        no("Authorization Error", 403, message=CANARY), no("Not Found Error", 404, message="")
    )
    said = "the ckan_token of 1103 is wrong, has expired or was revoked"
    assert said in str(refusal(quick(site)))
    site.asked.clear()
    site.in_turn(no("Authorization Error", 403, message=CANARY), yes({"name": CANARY}))
    assert "the ckan_token of 1103 is not permitted to" in str(refusal(quick(site)))
    assert actions(site) == ["package_show", "user_show"]
