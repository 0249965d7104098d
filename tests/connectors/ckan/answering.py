"""A CKAN of a few words, on loopback: each answer is what a test says."""

from __future__ import annotations

import email
import email.policy
from typing import Any

from connectors.ckan.client import Ckan, Patience
from tests.connectors.http_site import Answer, Asked, HttpSite

CANARY = "Kari-Kanarifugl"
QUICK = Patience(timeout=60, attempts=3, backoff=0)


def quick(site: HttpSite, patience: Patience = QUICK) -> Ckan:
    return Ckan(site.url, "secret", patience, whose="the ckan_token of 1103")


def yes(result: Any = None) -> Answer:  # noqa: ANN401 - as CKAN's own
    return Answer({"success": True, "result": result})


def no(kind: str, status: int = 409, **said: object) -> Answer:
    return Answer({"success": False, "error": {"__type": kind, **said}}, status)


def page(status: int) -> Answer:
    body = f"<html><p>{CANARY}</p></html>".encode()
    return Answer(body=body, status=status, headers={"Content-Type": "text/html"})


def actions(site: HttpSite) -> list[str]:
    return [asked.path.rsplit("/", 1)[1] for asked in site.asked]


def parts_of(asked: Asked) -> dict[str, bytes]:
    head = f"Content-Type: {asked.headers['content-type']}\r\n\r\n".encode()
    form = email.message_from_bytes(head + asked.body, policy=email.policy.HTTP)
    parts = {}
    for part in form.iter_parts():
        content = part.get_payload(decode=True)
        assert isinstance(content, bytes)
        parts[str(part.get_param("name", header="content-disposition"))] = content
    return parts
