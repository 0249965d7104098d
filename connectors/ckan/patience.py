"""How long CKAN is waited for, which calls are made anew, and what a lost one was to bring."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from connectors.ckan.failures import Failure

DOWNLOAD = "download"
_CONNECT = 10
_READS = ("_show", "_list", "_search", "_info", DOWNLOAD)
# these end the same however often they are made: each names what it is about by an id or a name
# of ours, and CKAN refuses a second one of the same; what is not here is made a second time only
# where CKAN has certainly not seen the first
_REPEATED = frozenset(
    {
        "package_create",
        "package_revise",
        "package_patch",
        "package_delete",
        "dataset_purge",
        "resource_patch",
        "resource_view_update",
        "datastore_create",
        "datastore_delete",
        "datastore_records_delete",
        "organization_create",
        "organization_patch",
        "organization_member_create",
        "organization_member_delete",
        "user_create",
        "user_patch",
        "api_token_revoke",
    }
)
_TAKES_AWAY = ("_delete", "_purge", "_revoke")


@dataclass(frozen=True, slots=True)
class Patience:
    """How long an answer may take, in seconds, and how often and how long a call is made anew.

    After `attempts`, or `total` seconds, none is begun; `backoff` doubles from one to the next. A
    portal that asks to wait is waited for up to `longest_wait`.
    """

    timeout: float = 60
    attempts: int = 4
    backoff: float = 0.5
    longest_wait: float = 30
    total: float = 300

    @property
    def timeouts(self) -> tuple[float, float]:
        """For the connection, and for whatever comes next of an answer."""
        return min(_CONNECT, self.timeout), self.timeout


@dataclass(slots=True)
class Attempts:
    """Those made of one call; `lost` where CKAN may have carried one out and not said so."""

    patience: Patience
    action: str
    data: Mapping[str, object]
    lost: bool = False
    _made: int = 0
    _began: float = field(default_factory=time.monotonic)

    def wait_after(self, failure: Failure) -> float | None:
        """How many seconds to wait before the next one; None where none is made."""
        self._made += 1
        self.lost = self.lost or not failure.unseen
        wait = max(self.patience.backoff * 2 ** (self._made - 1), failure.wait)
        harmless = failure.unseen or self._is_harmless
        return wait if failure.again and harmless and self._is_left(failure, wait) else None

    @property
    def _is_harmless(self) -> bool:
        by_key = self.action == "datastore_upsert" and self.data.get("method") == "upsert"
        return self.action.endswith(_READS) or self.action in _REPEATED or by_key

    def _is_left(self, failure: Failure, wait: float) -> bool:
        patience = self.patience
        soon = failure.wait <= patience.longest_wait
        in_time = time.monotonic() - self._began + wait < patience.total
        return self._made < patience.attempts and soon and in_time


@dataclass(frozen=True, slots=True)
class Target:
    """The dataset that a write was about, and the texts that it was to have after it."""

    name: str
    texts: Mapping[str, str]

    @classmethod
    def of(cls, action: str, data: Mapping[str, object]) -> Target | None:
        """That of a write which creates or revises one; None for another."""
        if action == "package_create":
            return cls(str(data.get("id") or data["name"]), {})
        if action != "package_revise":
            return None
        match, update = (_document(data.get(part)) for part in ("match", "update"))
        texts = {name: text for name, text in update.items() if isinstance(text, str)}
        return cls(str(match.get("id") or match.get("name")), texts)

    def is_met_by(self, found: Mapping[str, Any]) -> bool:
        """Whether the dataset is as it was to be."""
        return all(found.get(name) == text for name, text in self.texts.items())


def takes_away(action: str) -> bool:
    """Whether the action is done where what it names is not there."""
    return action.endswith(_TAKES_AWAY)


def _document(told: object) -> dict[str, Any]:
    found = json.loads(told) if isinstance(told, str) else told
    return found if isinstance(found, dict) else {}
