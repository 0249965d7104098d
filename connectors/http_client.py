"""One GET, asked as often as the binding allows, and what its failure means."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import httpx
from httpx_retries import Retry, RetryTransport

from connectors.address import filled
from schemas.errors import SourceRejected, SourceUnavailable
from schemas.source import HttpSource

_ASK_AGAIN = (429, 500, 502, 503, 504)
_WAITING_MAY_HELP = frozenset({408, 425, 429})
_NOTHING_NEW = frozenset({204, 304})
# they log whole URLs, and a key may stand in a query
_TALKATIVE = ("httpx", "httpcore", "httpx_retries")


@dataclass(frozen=True, slots=True)
class Call:
    """A request: its URL for the wire, its name for people, and what makes it conditional."""

    url: httpx.URL = field(repr=False)
    shown: str
    conditions: Mapping[str, str] = field(default_factory=dict)


def patient_client(source: HttpSource) -> httpx.Client:
    """A client with the binding's headers, timeout and retries.

    A redirect is followed only where no header of the binding's could be carried elsewhere.
    """
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)
    headers = {name: filled(value) for name, value in source.headers.items()}
    return httpx.Client(
        transport=RetryTransport(retry=_retry(source)),
        headers={"User-Agent": "datasjo", "Accept": "application/json", **headers},
        timeout=source.timeout_seconds,
        follow_redirects=not headers,
    )


def ask(client: httpx.Client, call: Call) -> httpx.Response | None:
    """The whole answer, or None where the server says that there is nothing new.

    Raises:
        SourceUnavailable: overloaded, slow or down, also after the retries.
        SourceRejected: any other answer than success.
    """
    with _translated(call.shown):
        answer = client.get(call.url, headers=dict(call.conditions))
    status = answer.status_code
    if status in _NOTHING_NEW:
        return None
    if answer.is_success:
        return answer
    what = f"{call.shown} answered {status}"
    if status in _WAITING_MAY_HELP or answer.is_server_error:
        raise SourceUnavailable(what)
    raise SourceRejected(f"{what}: it has moved" if answer.is_redirect else what)


def _retry(source: HttpSource) -> Retry:
    retries = source.retries
    return Retry(
        total=retries.attempts - 1,
        status_forcelist=_ASK_AGAIN,
        backoff_factor=retries.backoff_seconds,
        # the library takes no zero
        max_backoff_wait=max(retries.longest_wait_seconds, 0.001),
        # a line that breaks in the body is asked again as well
        validate_response=_read_whole,
    )


def _read_whole(answer: httpx.Response) -> None:
    answer.read()


@contextlib.contextmanager
def _translated(shown: str) -> Iterator[None]:
    try:
        yield
    except httpx.TimeoutException:
        raise SourceUnavailable(f"{shown} did not answer in time") from None
    except httpx.ConnectError as error:
        if "CERTIFICATE_VERIFY_FAILED" in str(error):
            raise SourceRejected(f"{shown}: its certificate is not trusted") from None
        raise SourceUnavailable(f"{shown} cannot be reached") from None
    except (httpx.NetworkError, httpx.ProtocolError, httpx.ProxyError) as error:
        raise SourceUnavailable(f"{shown} broke off: {type(error).__name__}") from None
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise SourceRejected(f"{shown} cannot be asked: {type(error).__name__}") from None
