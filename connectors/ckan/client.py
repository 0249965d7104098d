"""One call of CKAN's action API, asked again where that may help, and what its failure means."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO

import requests
from ckanapi import RemoteCKAN, errors
from requests.adapters import HTTPAdapter
from urllib3.util.retry import Retry

from schemas.errors import PortalRejected, PortalUnavailable

_ASK_AGAIN = (429, 500, 502, 503, 504)
_TOO_LARGE = 413
_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class Patience:
    """How long one answer may take, in seconds, and how often a call is made."""

    timeout: float = 60
    attempts: int = 4
    backoff: float = 0.5


class Ckan:
    """A CKAN at an address, as the user whose token is given sees it.

    Every call raises PortalUnavailable where it is down, slow or overloaded after all attempts,
    and PortalRejected where it says no; neither says what was sent.
    """

    def __init__(self, url: str, token: str, patience: Patience | None = None) -> None:
        self._patience = patience or Patience()
        self._session = requests.Session()
        self._session.mount(url, HTTPAdapter(max_retries=_retry(self._patience)))
        self._remote = RemoteCKAN(url, apikey=token, user_agent="datasjo", session=self._session)
        self.url = url.rstrip("/")

    def ask(self, action: str, data: Mapping[str, object]) -> Any:  # noqa: ANN401 - CKAN's own shapes
        """What the action answers."""
        with self._translated(action):
            return self._call(action, data)

    def find(self, action: str, name: str) -> Any | None:  # noqa: ANN401 - CKAN's own shapes
        """What there is under that name or id; None where there is nothing."""
        with self._translated(action):
            try:
                return self._call(action, {"id": name})
            except errors.NotFound:
                return None

    def send(self, action: str, data: Mapping[str, str], files: Mapping[str, Upload]) -> Any:  # noqa: ANN401 - CKAN's own shapes
        """What the action answers to those texts and files."""
        told = {name: (file.name, file.stream) for name, file in files.items()}
        with self._translated(action):
            return self._call(action, data, told)

    def digest(self, url: str, into: BinaryIO | None = None) -> str:
        """The SHA-256 of what a download address gives, which is written to `into`."""
        with (
            self._translated("download"),
            self._session.get(url, timeout=self._patience.timeout, stream=True) as answer,
        ):
            answer.raise_for_status()
            digest = hashlib.sha256()
            for block in answer.iter_content(_BLOCK):
                digest.update(block)
                if into is not None:
                    into.write(block)
            return digest.hexdigest()

    def _call(
        self, action: str, data: Mapping[str, object], files: Mapping[str, object] | None = None
    ) -> Any:  # noqa: ANN401 - CKAN's own shapes
        told = {"timeout": self._patience.timeout}
        return self._remote.call_action(action, dict(data), files=files, requests_kwargs=told)

    @contextlib.contextmanager
    def _translated(self, action: str) -> Iterator[None]:
        what = f"{self.url} {action}"
        try:
            yield
        except errors.NotAuthorized:
            raise PortalRejected(f"{what}: the token is not permitted to, or has expired") from None
        except errors.ValidationError as error:
            raise PortalRejected(f"{what}: refused {_fields(error)}") from None
        except errors.NotFound:
            raise PortalRejected(f"{what}: there is no such thing") from None
        except (errors.SearchError, errors.SearchIndexError):
            raise PortalUnavailable(f"{what}: its search server does not answer") from None
        except errors.CKANAPIError as error:
            raise _of(error, what) from None
        except requests.HTTPError as error:
            raise PortalRejected(f"{what}: answered {_code(error)}") from None
        except requests.Timeout:
            raise PortalUnavailable(f"{what}: did not answer in time") from None
        except requests.RequestException as error:
            raise PortalUnavailable(f"{what}: {_cause(error)}") from None


@dataclass(frozen=True, slots=True)
class Upload:
    """A file to be sent, under the name that its download keeps."""

    name: str
    stream: BinaryIO


def _retry(patience: Patience) -> Retry:
    return Retry(
        total=patience.attempts - 1,
        status_forcelist=_ASK_AGAIN,
        allowed_methods=None,
        backoff_factor=patience.backoff,
        raise_on_status=False,
    )


def _code(error: requests.HTTPError) -> int:
    return error.response.status_code if error.response is not None else 0


def _fields(error: errors.ValidationError) -> str:
    told: Mapping[str, object] = error.error_dict if isinstance(error.error_dict, dict) else {}
    named = sorted(str(name) for name in told if not str(name).startswith("__"))
    return ", ".join(named) or "what it was told"


def _of(error: errors.CKANAPIError, what: str) -> PortalRejected | PortalUnavailable:
    """The answer was no JSON of CKAN's: a proxy, a login page, or a server that broke."""
    status = _status(error)
    if status == _TOO_LARGE:
        return PortalRejected(f"{what}: the file is larger than the portal takes")
    if status in _ASK_AGAIN:
        return PortalUnavailable(f"{what}: answered {status}")
    return PortalRejected(f"{what}: answered {status or 'something'} that is not CKAN's")


def _status(error: errors.CKANAPIError) -> int | None:
    # the library tells it as the second item of a list in its words
    parts = str(error).split(", ", 2)
    found = parts[1] if len(parts) > 1 else ""
    return int(found) if found.isdigit() else None


def _cause(error: requests.RequestException) -> str:
    if isinstance(error, requests.exceptions.RetryError):
        return "answered with an error each time"
    return "cannot be reached"
