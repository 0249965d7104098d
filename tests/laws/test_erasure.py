"""What must hold of every erasure, whatever was landed and wherever it is killed."""

from __future__ import annotations

import contextlib
import itertools
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from connectors.lake import LakeTable
from pipelines.steps.replay import replay
from pipelines.steps.rights.listed import LIST
from tests.laws.test_kill import WRITES, Killed, Life
from tests.pipelines.steps.rights.visits import (
    KARI,
    OLA,
    PER,
    Hall,
    Visitor,
    holding,
    row,
    with_short_number,
    without_number,
)

Visit = tuple[int, Visitor | None, str, int]
_who = st.sampled_from(
    [None, OLA, PER, KARI, without_number(KARI), with_short_number(KARI), with_short_number(OLA)]
)
_visits = st.lists(
    st.tuples(st.integers(1, 6), _who, st.sampled_from("ABC"), st.integers(20, 22)), max_size=8
)
OF_KARI = (KARI, without_number(KARI), with_short_number(KARI))


def text(found: list[Visit], batch: int) -> list[str]:
    # a row that somebody has keeps its key: who is erased cannot have had it before
    return [
        row(batch * 100 + 10 * number + _own(who), who, hall, day=day)
        for number, who, hall, day in found
    ]


def _own(who: Visitor | None) -> int:
    return 0 if who is None else [OLA.email, PER.email, KARI.email, ""].index(who.email) + 1


def held(hall: Hall) -> list[tuple[object, ...]]:
    if hall.site.lake.snapshot().version < 0:
        return []
    return hall.site.lake.scan().collect().sort("visit_id").rows()


def rejected(hall: Hall) -> list[tuple[object, ...]]:
    return sorted(line[:6] for line in hall.rejected())


@settings(max_examples=8, phases=[Phase.reuse, Phase.generate])
@given(first=_visits, second=_visits)
def test_an_erasure_and_a_replay_are_sources_that_never_had_the_person(
    first: list[Visit], second: list[Visit]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        hall, other = Hall.at(Path(folder) / "a"), Hall.at(Path(folder) / "b")
        for at, found in enumerate((first, second), 1):
            hall.drops(f"{at}.csv", text(found, at))
            hall.run()
            other.drops(f"{at}.csv", text([v for v in found if v[1] not in OF_KARI], at))
            other.run()
        assert hall.erase(KARI).complete
        assert held(hall) == held(other)
        replay(hall.site)
        assert held(hall) == held(other)
        assert rejected(hall) == rejected(other)
        assert list(holding(hall.files(), KARI.traces)) == []
        assert hall.erase(KARI).outcome.went == ()


@contextlib.contextmanager
def life(left: int, *, after: bool) -> Iterator[Life]:
    lived = Life(left, after)
    with pytest.MonkeyPatch.context() as patch:
        for owner, name in [*WRITES, (LakeTable, "vacuum")]:
            patch.setattr(owner, name, lived.guarded(getattr(owner, name)))
        yield lived


FIRST = [row(1, KARI), row(2, OLA), row(3, without_number(KARI), day=21)]
SECOND = [row(4, with_short_number(KARI)), row(5, with_short_number(OLA)), row(6, KARI, day=22)]


@pytest.mark.parametrize("after", [False, True], ids=["before a write", "after a write"])
def test_an_erasure_that_is_killed_anywhere_and_made_again_is_whole(*, after: bool) -> None:
    for left in itertools.count():
        with tempfile.TemporaryDirectory() as folder:
            hall = Hall.at(Path(folder))
            for at, lines in enumerate((FIRST, SECOND)):
                hall.drops(f"{at}.csv", lines)
                hall.run()
            with life(left, after=after) as lived, contextlib.suppress(Killed):
                hall.erase(KARI)
            assert hall.halls().get("2") == "A"
            assert hall.erase(KARI).complete
            assert hall.halls() == {"2": "A"}
            assert [line[0] for line in hall.rejected()] == ["5"]
            assert list(holding(hall.files(), KARI.traces)) == []
            assert hall.site.store.find(LIST)
            if not lived.dead:
                break
    assert left > 8
