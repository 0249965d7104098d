"""Logs whose entries hang together: each holds the one before it, and all are sealed with a key.

An entry that was edited, taken out, moved or cut off the end is found by whoever has the key.
Where entries rest is the caller's; nothing here does I/O.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Literal, get_args

from gdpr.keys import Keyring
from schemas.errors import RecordBroken

Log = Literal["access", "actions"]
LOGS: tuple[Log, ...] = get_args(Log)
Action = Literal[
    "read",
    "refused",
    "access",
    "erase",
    "retention",
    "release",
    "withdraw",
    "rotation",
    "wrap",
    "destroy",
    "policy",
    "restored",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """What is put down: who did what, when, with which dataset, for what, and to how much of it.

    `days` is an ISO 8601 interval of local days; `rows` counts; `subject` is a keyed pseudonym of
    a person, and `note` a word or a count. `erasures` is the head of the list of erasures; where it
    is None, that of the entry before still holds. Never a value of a row.
    """

    at: dt.datetime
    who: str
    action: Action
    dataset: str | None = None
    purpose: str | None = None
    days: str | None = None
    rows: int | None = None
    subject: str | None = None
    note: str | None = None
    erasures: str | None = None

    @property
    def log(self) -> Log:
        """The log that it belongs to: of reading, or of all other actions."""
        return "access" if self.action in ("read", "refused") else "actions"


@dataclass(frozen=True, slots=True)
class Entry:
    """An event in its place: its number from 1 on, the policy that held, and what seals it.

    `hash` is the SHA-256 of all but itself and `seal`; `generation` is that of the key in `seal`.
    """

    number: int
    event: Event
    policy: str
    previous: str
    generation: int
    hash: str = ""
    seal: str = ""


@dataclass(frozen=True, slots=True)
class Head:
    """How far a log has come: its last entry's number, hash, policy and `erasures`, sealed."""

    number: int
    hash: str
    policy: str
    generation: int
    seal: str = ""
    erasures: str | None = None


@dataclass(frozen=True, slots=True)
class Chain:
    """One log of one municipality, named as messages name it."""

    name: str
    log: Log
    keyring: Keyring

    def begin(self, policy: str) -> Head:
        """The head of a log that has no entry yet."""
        return self._headed(Head(0, "", policy, self.keyring.current))

    def append(self, head: Head, event: Event, policy: str) -> Entry:
        """The entry that follows the head; RecordBroken where the head is not sealed so."""
        self.require(head)
        generation = self.keyring.current
        known = head.erasures if event.erasures is None else event.erasures
        told = replace(event, erasures=known)
        drawn = Entry(head.number + 1, told, policy, head.hash, generation)
        hashed = replace(drawn, hash=_hash(drawn))
        return replace(hashed, seal=self._seal("entry", generation, hashed.hash))

    def advance(self, head: Head, entry: Entry) -> Head:
        """The head after the entry; RecordBroken where either is not what was sealed."""
        self.require(head)
        self._require_entry(entry, head.number + 1, head.hash)
        moved = Head(entry.number, entry.hash, entry.policy, self.keyring.current)
        return self._headed(replace(moved, erasures=entry.event.erasures))

    def require(self, head: Head) -> None:
        """Raise RecordBroken where the head is not what the municipality's key sealed."""
        if not _same(head.seal, self._headed(head).seal):
            what = "the head is not what the municipality's key sealed"
            raise RecordBroken(f"{self.name}: {what}: it was edited, or the key is another")

    def verify(self, entries: Sequence[Entry], head: Head) -> None:
        """All entries, in order, are those that were written, and none is missing.

        Entries after the head are those of a writer that was killed before it moved the head.

        Raises:
            RecordBroken: naming the first entry that was edited, removed or moved.
        """
        self.require(head)
        previous = ""
        for number, entry in enumerate(entries, 1):
            self._require_entry(entry, number, previous)
            previous = entry.hash
        if len(entries) < head.number:
            told = f"its last {head.number - len(entries)} entries of {head.number} are missing"
            raise RecordBroken(f"{self.name}: {told}")
        if head.number and entries[head.number - 1].hash != head.hash:
            raise RecordBroken(f"{self.name}: its head belongs to another entry {head.number}")

    def wrote(self, entry: Entry) -> bool:
        """Whether the entry is one that the municipality's key sealed in this log."""
        sealed = self._seal("entry", entry.generation, entry.hash)
        return entry.hash == _hash(entry) and _same(entry.seal, sealed)

    def _require_entry(self, entry: Entry, number: int, previous: str) -> None:
        place = f"{self.name}: entry {number}"
        if entry.number != number or entry.previous != previous:
            raise RecordBroken(f"{place} does not follow the one before it")
        if not self.wrote(entry):
            raise RecordBroken(f"{place} is not what was written")

    def _headed(self, head: Head) -> Head:
        told = [head.number, head.hash, head.policy]
        # logs of before lists had heads are sealed without
        more = [] if head.erasures is None else [head.erasures]
        return replace(head, seal=self._seal("head", head.generation, json.dumps([*told, *more])))

    def _seal(self, kind: str, generation: int, text: str) -> str:
        key = self.keyring.derive("audit", f"{self.log} {kind}", generation)
        return hmac.digest(key.material(), ascii(text).encode(), "sha256").hex()


def _same(told: str, sealed: str) -> bool:
    return hmac.compare_digest(ascii(told), ascii(sealed))


def _hash(entry: Entry) -> str:
    told = asdict(replace(entry, hash="", seal=""))
    event = told.pop("event")
    event["at"] = entry.event.at.astimezone(dt.UTC).isoformat()
    if entry.event.erasures is None:
        # as entries were before lists had heads
        del event["erasures"]
    text = json.dumps({**told, **event}, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
