"""A numbered document whose writers are overtaken, or die, before anything that they do to it."""

from __future__ import annotations

import contextlib
import itertools
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field

from hypothesis import given
from hypothesis import strategies as st

from connectors.numbered import Numbered
from connectors.store import Store
from tests.laws.test_kill import Killed

OVERTAKEN = {"by nobody": 0, "by one": 1, "by so many that its number is pruned": 5}


@dataclass(frozen=True)
class Crowded(Store):
    """A store where something may happen before each look and each change."""

    meanwhile: Callable[[], None] = field(default=lambda: None)

    def find(self, folder: str) -> list[str]:
        self.meanwhile()
        return super().find(folder)

    def create(self, path: str, document: object) -> bool:
        self.meanwhile()
        return super().create(path, document)

    def remove(self, path: str) -> None:
        self.meanwhile()
        super().remove(path)


@dataclass
class Names:
    """A list of names; everybody adds one to the list that they saw, and hears whether it is in."""

    told: list[int] = field(default_factory=list)
    numbers: itertools.count[int] = field(default_factory=itertools.count)

    def add(self, kept: Numbered) -> None:
        state, name = kept.newest(), next(self.numbers)
        if kept.follow(state.number, [*(state.document or []), name]):
            self.told.append(name)


@given(st.lists(st.sampled_from([*OVERTAKEN, "dies"]), max_size=24))
def test_what_was_told_to_be_in_stays_in_and_whoever_died_stands_in_nobodys_way(
    moments: list[str],
) -> None:
    plain, names, waiting = Store.at(f"memory://{uuid.uuid4().hex}"), Names(), iter(moments)
    kept = Numbered(plain, "names")

    def meanwhile() -> None:
        moment = next(waiting, "by nobody")
        if moment == "dies":
            raise Killed
        for _ in range(OVERTAKEN[moment]):
            names.add(kept)

    crowded = Crowded(plain.url, plain._fs, plain._root, meanwhile)
    for _ in range(6):
        with contextlib.suppress(Killed):
            names.add(Numbered(crowded, "names"))
    stands = kept.newest().document or []
    assert set(names.told) <= set(stands)
    assert len(stands) == len(set(stands))
    names.add(kept)
    assert kept.newest().document == [*stands, names.told[-1]]
