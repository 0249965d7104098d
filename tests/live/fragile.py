"""A CKAN and its DataStore whose calls are counted, and of which one can be made to fail."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, BinaryIO

import pytest

from connectors.ckan.client import Ckan, Patience
from connectors.ckan.database import Database
from connectors.portal import Page


@dataclass
class Fuse:
    """Raises `error` once: before the call of that place, or after it was carried out."""

    error: BaseException
    at: int | None = None
    after: bool = False
    calls: list[str] = field(default_factory=list)
    turn: threading.Lock = field(default_factory=threading.Lock)

    def through(self, name: str, call: Callable[[], Any]) -> Any:  # noqa: ANN401 - whatever it gives
        with self.around(name):
            return call()

    @contextlib.contextmanager
    def around(self, name: str) -> Iterator[None]:
        with self.turn:
            self.calls.append(name)
            blows = len(self.calls) - 1 == self.at
        if blows and not self.after:
            raise self.error
        try:
            yield
        finally:
            if blows:
                raise self.error


class Fragile(Ckan):
    """A CKAN whose calls go through a fuse."""

    def __init__(self, url: str, token: str, fuse: Fuse) -> None:
        super().__init__(url, token, Patience(attempts=1))
        self._fuse = fuse

    def ask(self, action: str, data: Any) -> Any:  # noqa: ANN401 - as the class above
        return self._fuse.through(action, lambda: super(Fragile, self).ask(action, data))

    def send(self, action: str, data: Any, files: Any) -> Any:  # noqa: ANN401 - as the class above
        return self._fuse.through(action, lambda: super(Fragile, self).send(action, data, files))

    def digest(self, url: str, into: BinaryIO | None = None) -> str:
        said = self._fuse.through("download", lambda: super(Fragile, self).digest(url, into))
        return str(said)


def fragile_database(fuse: Fuse, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the DataStore's transactions go through the fuse as well."""
    real = Database.transaction

    @contextlib.contextmanager
    def transaction(self: Database) -> Iterator[Any]:
        with fuse.around("transaction"), real(self) as cursor:
            yield cursor

    monkeypatch.setattr(Database, "transaction", transaction)


@dataclass(frozen=True, slots=True)
class Nowhere:
    """A portal that shows nothing, for releases whose pages are shown later."""

    contacts: tuple[str, ...] = ()

    def pages(self, _page: Page) -> Mapping[str, bytes]:
        return {}

    def together(self) -> contextlib.AbstractContextManager[Nowhere]:
        return contextlib.nullcontext(self)

    def publish(self, page: Page) -> None:
        pass

    def withdraw(self, municipality: str, dataset: str) -> None:
        pass
