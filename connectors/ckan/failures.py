"""What a failed attempt means: one clear line, and whether another attempt may help."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import requests
from ckanapi import errors
from urllib3.exceptions import HTTPError, NameResolutionError, ReadTimeoutError

from connectors.ckan.answers import TooSlow, Unusable
from schemas.errors import PortalError, PortalRejected, PortalUnavailable

# the last are urllib3's own, of a body that breaks off
FAILURES = (errors.CKANAPIError, Unusable, TooSlow, requests.RequestException, HTTPError)
_UNSEEN = frozenset({429, 503})
_AGAIN = _UNSEEN | {408, 425, 500, 502, 504}
_FULL = 507
_TOO_LARGE = (
    "a file is larger than it takes: set max_resource_size of the network's file to its limit,"
    " and larger files are linked"
)
_SAID = {
    401: "wants a log-in before CKAN's own: what stands before it must let the interface through",
    403: "answered 403 that is not CKAN's: what stands before it refuses, or a quota is reached",
    404: "answered 404: there is no CKAN at that address",
    429: "is overloaded: answered 429",
    500: "broke: answered 500; its own log says why",
    502: "answered 502: what stands before it gets no answer from it",
    503: "is overloaded or closed for a time: answered 503",
    504: "answered 504: what stands before it gets no answer from it in time",
    413: _TOO_LARGE,
    _FULL: "its storage is full: answered 507",
}
_NAME = re.compile(r"\w[\w.-]{0,63}")


class NotThere(PortalRejected):
    """CKAN has nothing of that name."""


class Refused(PortalRejected):
    """CKAN does not take what it was told: wrong in itself, or no longer so."""


class NotPermitted(PortalRejected):
    """The token does not count, or its user may not."""


@dataclass(frozen=True, slots=True)
class Failure:
    """One failed attempt: `unseen` where CKAN has certainly done nothing of it.

    `again` tells whether another attempt may help, `wait` how many seconds it was asked to wait.
    """

    error: PortalError
    again: bool = False
    unseen: bool = False
    wait: float = 0


def failure_of(error: Exception, what: str) -> Failure:
    """What one of FAILURES means; `what` says who was asked what."""
    if isinstance(error, Unusable):
        return _of_answer(error, what)
    if isinstance(error, errors.CKANAPIError):
        return _of_ckan(error, what)
    if isinstance(error, requests.exceptions.SSLError):
        said = "no secure connection: its certificate or its protocol is not accepted"
        return Failure(PortalRejected(f"{what}: {said}"))
    if isinstance(error, (requests.exceptions.InvalidURL, requests.exceptions.MissingSchema)):
        return Failure(PortalRejected(f"{what}: that is no address"))
    unseen = isinstance(error, requests.ConnectTimeout) or _refused(error)
    return Failure(PortalUnavailable(f"{what}: {_cause(error)}"), again=True, unseen=unseen)


def _of_answer(error: Unusable, what: str) -> Failure:
    status, asked = error.status, ""
    if status in _AGAIN and error.wait:
        asked = f", and asks to wait {error.wait:.0f} s"
    said = f"{what}: {_worded(error)}{asked}"
    if status in _AGAIN or error.held == "half":
        unseen = status in _UNSEEN
        return Failure(PortalUnavailable(said), again=True, unseen=unseen, wait=error.wait)
    return Failure(PortalUnavailable(said) if status == _FULL else PortalRejected(said))


def _worded(error: Unusable) -> str:
    if error.held == "file":
        return f"answered {error.status}"
    if error.status in _SAID:
        return _SAID[error.status]
    if error.moved_to:
        return f"answered {error.status}: it has moved to, or wants a log-in at {error.moved_to}"
    if error.held == "json":
        return f"answered {error.status} with JSON that is not CKAN's"
    if error.held == "half":
        return f"answered {error.status} with a half of JSON"
    return f"answered {error.status} with a page: a log-in or a proxy stands before CKAN"


def _of_ckan(error: errors.CKANAPIError, what: str) -> Failure:
    if isinstance(error, errors.NotFound):
        return Failure(NotThere(f"{what}: there is no such thing"))
    if isinstance(error, errors.NotAuthorized):
        return Failure(NotPermitted(what))
    if isinstance(error, errors.ValidationError):
        return Failure(_refusal(error.error_dict, what))
    if isinstance(error, (errors.SearchError, errors.SearchIndexError)):
        said = "its search server does not answer, or was changed meanwhile"
        return Failure(PortalUnavailable(f"{what}: {said}"), again=True)
    return Failure(PortalRejected(f"{what}: does not understand the question"))


def _refusal(document: object, what: str) -> PortalRejected:
    named = sorted(set(_named(document if isinstance(document, dict) else {})))
    # no other field is told of a file but that it is too large
    if named == ["upload"]:
        return PortalRejected(f"{what}: {_TOO_LARGE}")
    return Refused(f"{what}: refused {', '.join(named) or 'what it was told'}")


def _named(document: Mapping[object, object], before: str = "") -> Iterator[str]:
    # names alone: the words beside them may hold what was sent
    for name, found in document.items():
        if not _NAME.fullmatch(str(name)) or str(name).startswith("__"):
            continue
        parts = [found] if isinstance(found, dict) else found
        within = [p for p in parts if isinstance(p, dict)] if isinstance(parts, list) else []
        nested = [path for part in within for path in _named(part, f"{before}{name}.")]
        yield from nested or [f"{before}{name}"]


def _refused(error: Exception) -> bool:
    return isinstance(error, requests.ConnectionError) and "Failed to establish" in str(error)


def _cause(error: Exception) -> str:
    if isinstance(error, TooSlow):
        return "answers too slowly"
    if isinstance(error, (requests.Timeout, ReadTimeoutError)):
        return "did not answer in time"
    reason = getattr(error.args[0] if error.args else None, "reason", None)
    if isinstance(reason, NameResolutionError):
        return "cannot be reached: nothing has that name"
    return "cannot be reached" if _refused(error) else "hung up before its answer was whole"
