"""From one page of a REST source to where the next is asked for, without going astray."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx

from connectors.json_path import NOWHERE, find
from schemas.errors import SourceRejected
from schemas.source import Paging


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page is asked for: its URL, its name for people, and how much came before it."""

    url: httpx.URL = field(repr=False)
    shown: str
    number: int = 0
    before: int = 0


@dataclass(frozen=True, slots=True)
class Page:
    """A page as it came, and how many records it holds."""

    place: Place
    content: bytes = field(repr=False)
    document: Any = field(repr=False)
    held: int


@dataclass(slots=True)
class Trail:
    """The pages of one fetch, from the first to the last."""

    paging: Paging
    shown: str
    _seen: set[httpx.URL] = field(default_factory=set, repr=False)
    _last: bytes = field(default=b"", repr=False)

    def first(self, url: httpx.URL) -> Place:
        """The first page: at the source's own URL, with the words that ask for a page."""
        words: dict[str, str | int] = {}
        if self.paging.kind in ("offset", "page"):
            words[self.paging.start] = self.paging.first
        if self.paging.kind != "none" and self.paging.size:
            words[self.paging.size] = self.paging.page_size
        return Place(url.copy_merge_params(words), self.shown)

    def next(self, page: Page) -> Place | None:
        """The page after, or None at the end.

        Raises:
            SourceRejected: the pages repeat themselves, or lead to another host.
        """
        url = _NEXT[self.paging.kind](self.paging, page)
        if url is None:
            return None
        number = page.place.number + 1
        self._seen.add(page.place.url)
        if url in self._seen or (page.held and page.content == self._last):
            raise SourceRejected(f"{self.shown}: its pages repeat after page {number}")
        if _host(url) != _host(page.place.url):
            raise SourceRejected(f"{self.shown}: page {number} leads to another host")
        self._last = page.content
        return Place(url, f"{self.shown}#{number + 1}", number, page.place.before + page.held)


def _no_next(paging: Paging, page: Page) -> httpx.URL | None:
    del paging, page
    return None


def _by_offset(paging: Paging, page: Page) -> httpx.URL | None:
    came = page.place.before + page.held
    return None if _is_last(paging, page) else _with(page, paging.start, paging.first + came)


def _by_number(paging: Paging, page: Page) -> httpx.URL | None:
    number = paging.first + page.place.number + 1
    return None if _is_last(paging, page) else _with(page, paging.start, number)


def _by_link(paging: Paging, page: Page) -> httpx.URL | None:
    link = find(page.document, paging.next or "next")
    if link is NOWHERE or not link:
        return None
    try:
        return page.place.url.join(str(link))
    except httpx.InvalidURL:
        raise SourceRejected(f"{page.place.shown}: its link to the next page is no URL") from None


def _by_cursor(paging: Paging, page: Page) -> httpx.URL | None:
    token = find(page.document, paging.next or "next")
    return None if token is NOWHERE or not token else _with(page, paging.start, str(token))


_NEXT: Mapping[str, Callable[[Paging, Page], httpx.URL | None]] = {
    "none": _no_next,
    "offset": _by_offset,
    "page": _by_number,
    "next_link": _by_link,
    "cursor": _by_cursor,
}


def _is_last(paging: Paging, page: Page) -> bool:
    # a short page proves nothing: servers cap the size that they were asked for
    if page.held == 0:
        return True
    total = find(page.document, paging.total) if paging.total else NOWHERE
    return str(total).isdecimal() and page.place.before + page.held >= int(str(total))


def _with(page: Page, word: str, value: str | int) -> httpx.URL:
    return page.place.url.copy_set_param(word, value)


def _host(url: httpx.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port
