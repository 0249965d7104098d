"""The municipality's logs, of reading and of other actions, in its own root: audit/<log>/.

One file an entry, created once and never again, so that two writers cannot fork a log; and the
head, so that appending reads no older entry. A writer killed between the two is caught up with.
"""

import datetime as dt
import getpass
import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

from connectors.store import Store
from gdpr.anchors import Mark
from gdpr.chain import Action, Chain, Entry, Event, Head, Log
from gdpr.keys import Keyring
from pipelines.steps.keys import key_place, keyring_of
from pipelines.steps.network import policy_of
from pipelines.steps.site import Site, filled
from schemas.catalog import Catalog
from schemas.errors import RecordBroken, StoreRejected
from schemas.municipality import Municipality
from schemas.records import dump, load

T = TypeVar("T", Entry, Head)
_HEAD = "head.json"
_DIGITS = 9


def actor(names: Mapping[str, str] = os.environ) -> str:
    """Who acts, as logs name it: DATASJO_ACTOR, or the account that runs this."""
    if told := names.get("DATASJO_ACTOR"):
        return told
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        # a container may run as a number that no account has
        return f"uid {os.getuid()}"


@dataclass(frozen=True, slots=True)
class Logbook:
    """Both logs of one municipality, under the policy that holds for it."""

    number: str
    store: Store
    keyring: Keyring
    policy: str

    @classmethod
    def of(cls, site: Site) -> "Logbook":
        """The logbook of the site's municipality; KeyUnavailable where its key is missing."""
        number = site.municipality.number
        return cls(number, site.store, keyring_of(site), site.policy.version)

    @classmethod
    def of_owner(cls, catalog: Catalog, owner: Municipality) -> "Logbook":
        """The logbook of a municipality; KeyUnavailable where its key is missing."""
        store = Store.at(filled(owner.root, owner.number, "root"))
        keyring = key_place(owner, catalog.network.root_key).keyring()
        return cls(owner.number, store, keyring, policy_of(catalog, owner).version)

    def record(self, told: Event) -> Entry:
        """Put the event down in its log; on disk when this returns.

        Where another policy holds than at the entry before, that is put down first.

        Raises:
            RecordBroken: the log's head, or an entry after it, is not what was written.
        """
        pages = _Pages(self, told.log)
        head = pages.head()
        if head.number and head.policy != self.policy:
            changed = f"{head.policy} → {self.policy}"
            _, head = pages.append(
                head, Event(at=told.at, who=told.who, action="policy", note=changed)
            )
        entry, _ = pages.append(head, told)
        return entry

    def entries(self, log: Log) -> tuple[Entry, ...]:
        """All of a log, in order.

        Raises:
            RecordBroken: an entry was edited, removed, moved or cut off the end.
        """
        return _Pages(self, log).all()

    def head(self, log: Log) -> Head | None:
        """How far a log has come, as its last entry tells; None where nobody began it.

        Raises:
            RecordBroken: the head, or an entry after it, is missing or not what was written.
        """
        pages = _Pages(self, log)
        return pages.head() if pages.begun else None

    def mark(self, log: Log) -> Mark:
        """How far a log has come; raises as `head`."""
        head = self.head(log)
        return Mark(head.number, head.hash) if head else Mark()

    def entry(self, log: Log, number: int) -> Entry | None:
        """One entry of a log; None where there is none, or not one that was written there."""
        return _Pages(self, log).at(number)

    def hash_at(self, log: Log, number: int) -> str | None:
        """The hash of one entry of a log; None as `entry`."""
        found = self.entry(log, number)
        return found.hash if found else None


def record(site: Site, told: Event) -> Entry:
    """Put an event down in the log of the site's municipality; see Logbook.record."""
    return Logbook.of(site).record(told)


def event(action: Action, dataset: str | None = None) -> Event:
    """An event of now, by whoever runs this."""
    return Event(at=dt.datetime.now(dt.UTC), who=actor(), action=action, dataset=dataset)


@dataclass(frozen=True, slots=True)
class _Pages:
    """The files of one log."""

    book: Logbook
    log: Log

    @property
    def folder(self) -> str:
        return f"audit/{self.log}"

    @property
    def chain(self) -> Chain:
        return Chain(f"{self.book.number} {self.folder}", self.log, self.book.keyring)

    @property
    def begun(self) -> bool:
        return any(map(self.book.store.exists, (f"{self.folder}/{_HEAD}", self._page(1))))

    def head(self) -> Head:
        path = f"{self.folder}/{_HEAD}"
        if not self.book.store.exists(path):
            self._begin(path)
        return self._caught_up(self._read(Head, path))

    def append(self, head: Head, told: Event) -> tuple[Entry, Head]:
        while True:
            entry = self.chain.append(head, told, self.book.policy)
            created = self.book.store.create(self._page(entry.number), dump(entry))
            head = self._caught_up(head)
            if created:
                return entry, head

    def all(self) -> tuple[Entry, ...]:
        found = self.book.store.find(self.folder)
        if not found:
            return ()
        pages = [path for path in found if not path.endswith(f"/{_HEAD}")]
        if len(pages) == len(found):
            raise RecordBroken(f"{self.chain.name}: the head is missing")
        entries = [self._read(Entry, path) for path in pages]
        self.chain.verify(entries, self._read(Head, f"{self.folder}/{_HEAD}"))
        return tuple(entries)

    def at(self, number: int) -> Entry | None:
        path = self._page(number)
        entry = self._read(Entry, path) if self.book.store.exists(path) else None
        return entry if entry and entry.number == number and self.chain.wrote(entry) else None

    def _begin(self, path: str) -> None:
        # another writer may have begun it since: the head first, then the entry
        if self.book.store.exists(self._page(1)) and not self.book.store.exists(path):
            raise RecordBroken(f"{self.chain.name}: the head is missing")
        self.book.store.create(path, dump(self.chain.begin(self.book.policy)))

    def _caught_up(self, head: Head) -> Head:
        """The head after the newest entry there is, also one whose writer did not move it."""
        while self.book.store.exists(self._page(head.number + 1)):
            entry = self._read(Entry, self._page(head.number + 1))
            head = self.chain.advance(head, entry)
            self.book.store.write_json(f"{self.folder}/{_HEAD}", dump(head))
        return head

    def _read(self, kind: type[T], path: str) -> T:
        try:
            return load(kind, self.book.store.read_json(path))
        except StoreRejected:
            name = path.rsplit("/", 1)[-1]
            raise RecordBroken(f"{self.chain.name}: {name} is no {kind.__name__.lower()}") from None

    def _page(self, number: int) -> str:
        return f"{self.folder}/{number:0{_DIGITS}d}.json"
