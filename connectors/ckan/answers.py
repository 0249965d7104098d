"""An answer of the portal's, read within its time, and told apart from one that is not CKAN's."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import urlsplit

import requests
from ckanapi import errors
from ckanapi.common import reverse_apicontroller_action
from urllib3.exceptions import InvalidHeader
from urllib3.util.retry import Retry

Held = Literal["json", "half", "page", "file"]

_BLOCK = 1 << 16
# an answer that comes slower than this, in bytes a second, does not come
_SLOWEST = 10_000


class TooSlow(Exception):
    """Bytes come, but so few that waiting for the last one has no end."""


@dataclass(slots=True, eq=False)
class Unusable(Exception):
    """An answer that no CKAN gives: its status, what it wants, and how long it asks to wait.

    `held` is what it was: JSON, half of it, a page, or anything where a file was asked for.
    """

    status: int
    held: Held
    moved_to: str = ""
    wait: float = 0


def blocks(answer: requests.Response, timeout: float) -> Iterator[bytes]:
    """The answer's bytes as they come; TooSlow where they take for ever."""
    began, received = time.monotonic(), 0
    while block := answer.raw.read1(_BLOCK, decode_content=True):
        received += len(block)
        if time.monotonic() - began > timeout + received / _SLOWEST:
            raise TooSlow
        yield block


def told(answer: requests.Response, timeout: float) -> Any:  # noqa: ANN401 - CKAN's own shapes
    """What CKAN says; one of ckanapi's errors where it says no, Unusable where it is not CKAN."""
    text = b"".join(blocks(answer, timeout)).decode(errors="replace")
    try:
        return reverse_apicontroller_action(answer.url, answer.status_code, text)
    except errors.CKANAPIError as error:
        if type(error) is not errors.CKANAPIError:
            raise
    except (errors.ServerIncompatibleError, KeyError, RecursionError):
        pass
    raise unusable(answer, _held(text))


def unusable(answer: requests.Response, held: Held) -> Unusable:
    """The answer as an error, without a word of its body."""
    return Unusable(answer.status_code, held, _origin(answer), _asked_to_wait(answer))


def _held(text: str) -> Held:
    if not text.lstrip().startswith(("{", "[", '"')):
        return "page"
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return "half"
    return "json"


def _origin(answer: requests.Response) -> str:
    parts = urlsplit(answer.headers.get("Location", ""))
    return f"{parts.scheme}://{parts.hostname}" if answer.is_redirect and parts.hostname else ""


def _asked_to_wait(answer: requests.Response) -> float:
    try:
        return Retry.parse_retry_after(Retry(), answer.headers.get("Retry-After", "0"))
    except InvalidHeader:
        return 0
