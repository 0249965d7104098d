"""A document that several may change at once: each state is a file, and the newest counts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from connectors.store import Store

# more than one, so that whoever has just seen which state is the newest can still read it
_KEPT = 3


@dataclass(frozen=True, slots=True)
class State:
    """A document as it stood under its number; None, under 0, before there was any."""

    number: int
    document: Any


@dataclass(frozen=True, slots=True)
class Numbered:
    """A document in a folder of numbered files, which are whole, never changed and never locked.

    Where there is none yet, a single file with the folder's name and .json is state 0.
    """

    store: Store
    folder: str

    def newest(self) -> State:
        """The document as it stands; StoreRejected where its file is not JSON."""
        number = self._newest()
        there = number or self.store.exists(self._path(0))
        return State(number, self.store.read_json(self._path(number)) if there else None)

    def follow(self, number: int, document: object) -> bool:
        """Put the document in the place of the state of that number; whether it was.

        It is not where another has taken that place: nothing of the other's is lost.
        """
        mine = number + 1
        if not self.store.create(self._path(mine), document):
            return False
        if mine <= self._newest() - _KEPT:
            # the place was free because the state that had taken it is pruned by now
            self.store.remove(self._path(mine))
            return False
        self.prune()
        return True

    def prune(self) -> None:
        """Remove the states of long before."""
        last = self._newest() - _KEPT
        for number in (0, *self._numbers()):
            if number <= last:
                self.store.remove(self._path(number))

    def uri(self) -> str:
        """The full address of the newest state's file."""
        return self.store.uri(self._path(self._newest()))

    def _newest(self) -> int:
        return max(self._numbers(), default=0)

    def _numbers(self) -> list[int]:
        names = (path.rpartition("/")[2] for path in self.store.find(self.folder))
        stems = (name.removesuffix(".json") for name in names if name.endswith(".json"))
        return [int(stem) for stem in stems if stem.isdecimal()]

    def _path(self, number: int) -> str:
        return f"{self.folder}/{number:08}.json" if number else f"{self.folder}.json"
