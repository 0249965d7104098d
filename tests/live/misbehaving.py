"""Stands before a real CKAN and misbehaves at the calls that a test names."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from urllib.parse import urlencode

import requests

from tests.connectors.http_site import Answer, Asked, http_site

CANARY = "Kari-Kanarifugl"
Forward = Callable[[], Answer]
Fault = Callable[[Forward], Answer]
_PAGE = f"<html><p>{CANARY}</p></html>".encode()
_OF_THE_LINE = ("content-length", "transfer-encoding", "connection", "host", "accept-encoding")


def broken(_: Forward) -> Answer:
    """It never reaches CKAN."""
    return Answer(body=_PAGE, status=500)


def lost(forward: Forward) -> Answer:
    """CKAN does it, and nobody is told."""
    forward()
    return Answer(body=_PAGE, status=504)


def cut(forward: Forward) -> Answer:
    """CKAN does it, and the line breaks in the middle of its answer."""
    told = forward()
    return Answer(body=told.content(), status=told.status, cut=len(told.content()) // 2)


def page(_: Forward) -> Answer:
    """A log-in has come before it."""
    return Answer(body=_PAGE)


def too_large(_: Forward) -> Answer:
    """What stands before CKAN takes no such upload."""
    return Answer(body=_PAGE, status=413)


@dataclass
class Misbehaving:
    """A CKAN behind a server that has a fault: at the first, or at all calls of a name."""

    real: str
    url: str = ""
    calls: list[str] = field(default_factory=list)
    first: dict[str, Fault] = field(default_factory=dict)
    always: dict[str, Fault] = field(default_factory=dict)
    each_first: Fault | None = None

    def behave(self) -> None:
        """Have no fault from now on."""
        self.first, self.always, self.each_first = {}, {}, None

    def answer(self, asked: Asked) -> Answer:
        """What CKAN answers, or worse."""
        name = "download" if "/download/" in asked.path else asked.path.rsplit("/", 1)[1]
        once = self.each_first if name not in self.calls else None
        self.calls.append(name)
        fault = self.always.get(name) or self.first.pop(name, None) or once
        return fault(lambda: self._forward(asked)) if fault else self._forward(asked)

    def _forward(self, asked: Asked) -> Answer:
        headers = {k: v for k, v in asked.headers.items() if k not in _OF_THE_LINE}
        url = f"{self.real}{asked.path}?{urlencode(asked.params)}"
        told = requests.request(asked.method, url, headers=headers, data=asked.body, timeout=300)
        body = told.content.replace(self.real.encode(), self.url.encode())
        return Answer(body=body, status=told.status_code)


@contextlib.contextmanager
def misbehaving(real: str) -> Iterator[Misbehaving]:
    """Serve until the block ends."""
    with http_site() as site:
        server = Misbehaving(real, site.url)
        site.answer = server.answer
        yield server
