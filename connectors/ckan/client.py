"""One call of CKAN's action API, made again where that may help."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO

import requests
from ckanapi.common import prepare_action
from requests.adapters import HTTPAdapter

from connectors.ckan.answers import blocks, told, unusable
from connectors.ckan.failures import (
    FAILURES,
    Failure,
    NotPermitted,
    NotThere,
    Refused,
    failure_of,
)
from connectors.ckan.form import Form, Upload
from connectors.ckan.patience import DOWNLOAD, Attempts, Patience, Target, takes_away
from schemas.errors import PortalError, PortalRejected

__all__ = ["Ckan", "Patience", "Upload"]

# several datasets are under way at once, and of each several files
_CONNECTIONS = 32


@dataclass(frozen=True, slots=True)
class _Asked:
    action: str
    what: str
    data: Mapping[str, object]
    make: Callable[[], Any]


class Ckan:
    """A CKAN at an address, as the user whose token is given sees it.

    `whose` names the token in an error. Every call raises PortalUnavailable where CKAN is down,
    slow or overloaded after all attempts, and PortalRejected where it says no; neither says what
    was sent, nor what came.
    """

    def __init__(
        self,
        url: str,
        token: str,
        patience: Patience | None = None,
        *,
        whose: str = "the token",
    ) -> None:
        self._patience = patience or Patience()
        self._session = _session()
        self._token = token
        self._whose = whose
        self.url = url.rstrip("/")

    def ask(self, action: str, data: Mapping[str, object]) -> Any:  # noqa: ANN401 - CKAN's own shapes
        """What the action answers."""
        what = f"{self.url} {action}"
        return self._patiently(_Asked(action, what, data, lambda: self._call(action, data)))

    def find(self, action: str, name: str) -> Any | None:  # noqa: ANN401 - CKAN's own shapes
        """What there is under that name or id; None where there is nothing."""
        try:
            found = self.ask(action, {"id": name})
        except NotThere:
            return None
        if not isinstance(found, dict):
            raise PortalRejected(f"{self.url} {action}: answered JSON that is not CKAN's")
        return found

    def send(self, action: str, data: Mapping[str, str], files: Mapping[str, Upload]) -> Any:  # noqa: ANN401 - CKAN's own shapes
        """What the action answers to those texts and files, which are read as they are sent."""
        what = f"{self.url} {action}"
        return self._patiently(_Asked(action, what, data, lambda: self._call(action, data, files)))

    def digest(self, url: str, into: BinaryIO | None = None) -> str:
        """The SHA-256 of what a download address gives, which is written to `into`.

        The token goes along where the address is CKAN's own, and to nobody else.
        """
        what = url.split("?", 1)[0]
        made = self._patiently(_Asked(DOWNLOAD, what, {}, lambda: self._digest(url, into)))
        return str(made)

    def _digest(self, url: str, into: BinaryIO | None) -> str:
        digest = hashlib.sha256()
        if into is not None:
            # an attempt before this one may have left half of it
            into.seek(0)
            into.truncate()
        # a dataset that is not public yet gives its files to its own editors alone
        own = {"Authorization": self._token} if url.startswith(f"{self.url}/") else {}
        with self._session.get(
            url, headers=own, timeout=self._patience.timeouts, stream=True
        ) as answer:
            if not answer.ok:
                raise unusable(answer, "file")
            for block in blocks(answer, self._patience.timeout):
                digest.update(block)
                if into is not None:
                    into.write(block)
        return digest.hexdigest()

    def _call(
        self, action: str, data: Mapping[str, object], files: Mapping[str, Upload] | None = None
    ) -> Any:  # noqa: ANN401 - CKAN's own shapes
        path, body, headers = prepare_action(action, dict(data), self._token, files)
        if files:
            body = Form(body, files)
            headers["Content-Type"] = body.content_type
        with self._session.post(
            f"{self.url}/{path}",
            data=body,
            headers={**headers, "User-Agent": "datasjo"},
            timeout=self._patience.timeouts,
            # a redirected POST arrives without its data
            allow_redirects=False,
            stream=True,
        ) as answer:
            return told(answer, self._patience.timeout)

    def _patiently(self, asked: _Asked) -> Any:  # noqa: ANN401 - CKAN's own shapes
        attempts = Attempts(self._patience, asked.action, asked.data)
        while True:
            try:
                return asked.make()
            except FAILURES as error:
                failure = failure_of(error, asked.what)
            if attempts.lost and isinstance(failure.error, (Refused, NotThere)):
                return self._carried_out(asked, failure)
            wait = attempts.wait_after(failure)
            if wait is None:
                raise self._explained(failure)
            time.sleep(wait)

    def _carried_out(self, asked: _Asked, failure: Failure) -> Any:  # noqa: ANN401 - CKAN's own shapes
        """What an attempt brought about although its answer never came; or the failure."""
        if takes_away(asked.action) and isinstance(failure.error, NotThere):
            return None
        target = Target.of(asked.action, asked.data)
        found = self.find("package_show", target.name) if target else None
        if target is None or found is None or not target.is_met_by(found):
            raise failure.error
        return {"package": found} if asked.action == "package_revise" else found

    def _explained(self, failure: Failure) -> PortalError:
        """Whether the token counts at all is told by asking whose it is."""
        if not isinstance(failure.error, NotPermitted):
            return failure.error
        try:
            self._call("user_show", {})
        except FAILURES:
            said = f"{self._whose} is wrong, has expired or was revoked: make a new one"
        else:
            said = f"{self._whose} is not permitted to: its user is no editor there"
        return NotPermitted(f"{failure.error}: {said}")


def _session() -> requests.Session:
    session = requests.Session()
    for scheme in ("http://", "https://"):
        session.mount(scheme, HTTPAdapter(pool_maxsize=_CONNECTIONS))
    return session
