"""A run that dies at any of its writes, and the run after it."""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, ParamSpec, TypeVar

import pytest

from connectors.lake import LakeTable
from connectors.store import Store
from pipelines.steps.land import land, landed
from pipelines.steps.refine import refine
from pipelines.steps.site import Site
from tests.builders import NOVEMBER
from tests.laws.readings import Row, expected, lake, lenient, rejected, text

P = ParamSpec("P")
T = TypeVar("T")


class Killed(BaseException):
    """The process is gone: nothing after this reaches the disk."""


@dataclass
class Life:
    """Lets `left` writes happen, and no other."""

    left: int
    after: bool
    dead: bool = field(default=False)

    def guarded(self, write: Callable[P, T]) -> Callable[P, T]:
        def writing(*args: P.args, **kwargs: P.kwargs) -> T:
            if self.dead or (self.left == 0 and not self.after):
                self.dead = True
                raise Killed
            self.left -= 1
            result = write(*args, **kwargs)
            if self.after and self.left < 0:
                self.dead = True
                raise Killed
            return result

        return writing


WRITES: list[tuple[Any, str]] = [
    (Store, "_rename"),
    (Store, "_claim"),
    (Store, "remove"),
    (LakeTable, "stage"),
    (LakeTable, "_commit"),
]


@contextlib.contextmanager
def life(left: int, *, after: bool) -> Iterator[Life]:
    lived = Life(left, after)
    with pytest.MonkeyPatch.context() as patch:
        for owner, name in WRITES:
            patch.setattr(owner, name, lived.guarded(getattr(owner, name)))
        yield lived


def run(where: Site) -> None:
    land(where, NOVEMBER, "run")
    refine(where)


def drop(where: Site, name: str, found: list[Row]) -> None:
    path = where.binding.source.url.rpartition("/")[0] + f"/{name}"
    with open(path, "w", encoding="utf-8") as stream:  # noqa: PTH123 - the path is already text
        stream.write(text(found))


FIRST = [Row("a", hour, "1.5") for hour in (1, 25, 49)] + [Row("b", 1, "x")]
SECOND = [Row("a", 1, "7"), Row("c", 26, "0"), Row("", 3, "1.5"), Row("a", 49, "99")]
THIRD = [Row("c", 26, "10"), Row("d", 50, "0")]


@pytest.mark.parametrize("after", [False, True], ids=["before a write", "after a write"])
def test_a_run_that_is_killed_anywhere_and_run_again_loses_and_doubles_nothing(
    *, after: bool
) -> None:
    for left in itertools.count():
        with lenient() as where:
            drop(where, "1.csv", FIRST)
            run(where)
            drop(where, "2.csv", SECOND)
            drop(where, "3.csv", THIRD)
            with life(left, after=after) as lived, contextlib.suppress(Killed):
                run(where)
            before = lake(where)
            assert before in (expected(FIRST), expected([*FIRST, *SECOND, *THIRD]))
            run(where)
            assert lake(where) == expected([*FIRST, *SECOND, *THIRD])
            one, two, _ = (item.batch for item in landed(where))
            assert rejected(where) == [(one, 4), (two, 3), (two, 4)]
            if not lived.dead:
                break
    assert left > 8


def test_a_first_run_that_is_killed_anywhere_leaves_an_empty_lake_or_a_whole_one() -> None:
    for left in itertools.count():
        with lenient() as where:
            drop(where, "1.csv", [*FIRST, *SECOND])
            with life(left, after=False) as lived, contextlib.suppress(Killed):
                run(where)
            assert lake(where) in ({}, expected([*FIRST, *SECOND]))
            run(where)
            assert lake(where) == expected([*FIRST, *SECOND])
            if not lived.dead:
                break
    assert left > 5
