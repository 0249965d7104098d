"""The http_json engine: a REST source's JSON, page by page, each page landed as it was received."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Iterator
from functools import partial
from typing import Any

import httpx

from connectors.address import Address, filled
from connectors.http_client import Call, ask, patient_client
from connectors.json_path import records
from connectors.paging import Page, Place, Trail
from connectors.source import Memory
from schemas.errors import SourceRejected
from schemas.source import HttpSource, Profile
from schemas.stages import Batch, Window

_HARMLESS = ("etag", "last-modified", "date", "content-type")


class HttpJsonSource:
    """A REST source that answers JSON; `{from}` and `{to}` become the window's first and last day.

    A source without pages is asked only for what changed since it landed last; a page whose bytes
    are those that landed last is not handed over. Secrets belong in headers, params and the URL's
    user: a batch is named by the URL without query, the params as the binding writes them, and the
    page's number.
    """

    def __init__(self, source: HttpSource, memory: Memory) -> None:
        self._source = source
        self._memory = memory
        self._records = Profile.model_validate(source.profile, strict=False).records

    def fetch(self, window: Window) -> Iterator[Batch]:
        """One batch a page.

        Raises:
            SourceUnavailable: no answer, or one that asks for patience, also after the retries.
            SourceRejected: a refusal, no JSON, or JSON without the records that the profile names.
        """
        trail = Trail(self._source.paging, self._name(window))
        place: Place | None = trail.first(self._url(window))
        with patient_client(self._source) as client:
            while place is not None:
                answer = ask(client, Call(place.url, place.shown, self._conditions(place.shown)))
                if answer is None:
                    return
                page = self._page(answer, place)
                if self._is_new(page):
                    yield _batch(answer, place.shown)
                place = trail.next(page)

    def _name(self, window: Window) -> str:
        params = "&".join(f"{key}={value}" for key, value in self._source.params.items())
        shown = Address.of(self._source.url).shown + (f"?{params}" if params else "")
        return _on(window, shown)

    def _url(self, window: Window) -> httpx.URL:
        params = {key: _on(window, filled(value)) for key, value in self._source.params.items()}
        full = _on(window, Address.of(self._source.url).full)
        try:
            return httpx.URL(full).copy_merge_params(params)
        except httpx.InvalidURL:
            raise SourceRejected("the address is not a URL") from None

    def _conditions(self, shown: str) -> dict[str, str]:
        landed = self._memory.latest(shown) if self._source.paging.kind == "none" else None
        known = {} if landed is None else landed.headers
        pairs = (("If-None-Match", "etag"), ("If-Modified-Since", "last-modified"))
        return {ask_for: known[header] for ask_for, header in pairs if header in known}

    def _page(self, answer: httpx.Response, place: Place) -> Page:
        document = _document(answer, place.shown)
        try:
            held = len(records(document, self._records))
        except LookupError:
            raise SourceRejected(f"{place.shown} answered without '{self._records}'") from None
        return Page(place, answer.content, document, held)

    def _is_new(self, page: Page) -> bool:
        if page.place.number and not page.held:
            return False
        landed = self._memory.latest(page.place.shown)
        return landed is None or landed.sha256 != hashlib.sha256(page.content).hexdigest()


def _on(window: Window, text: str) -> str:
    dated = text.replace("{from}", window.start.isoformat())
    return dated.replace("{to}", window.end.isoformat())


def _document(answer: httpx.Response, shown: str) -> Any:  # noqa: ANN401 - a source's JSON has no shape yet
    try:
        return json.loads(answer.content)
    except (ValueError, RecursionError):
        kind = answer.headers.get("content-type", "no content type").partition(";")[0]
        raise SourceRejected(f"{shown} answered no JSON ({kind})") from None


def _batch(answer: httpx.Response, shown: str) -> Batch:
    return Batch(
        source_url=shown,
        format="json",
        open=partial(io.BytesIO, answer.content),
        headers={key: answer.headers[key] for key in _HARMLESS if key in answer.headers},
    )
