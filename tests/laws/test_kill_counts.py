"""A counting that dies at any of its writes, and the one after it."""

from __future__ import annotations

import contextlib
import itertools
from pathlib import Path

import pytest

from pipelines.steps.aggregate import count
from pipelines.steps.counts import counted
from pipelines.steps.noisy import Answers
from pipelines.steps.refine import refine
from tests.builders import landed
from tests.laws.test_aggregate import ENDED, office, stand, told
from tests.laws.test_kill import Killed, life
from tests.pipelines.steps.absences import absence_site, counts
from tests.pipelines.steps.test_noisy import HEADER, letter, letters

UNITS = ["north"] * 7 + ["south"] * 2 + ["west"] * 9
FIRST = [(f"a{n}", "2999-08-03", n, unit, 1.0) for n, unit in enumerate(UNITS)]
SECOND = [(f"b{n}", "2999-09-14", n, unit, 2.0) for n, unit in enumerate(UNITS)]
AFTER = pytest.mark.parametrize("after", [False, True], ids=["before a write", "after a write"])


@AFTER
def test_a_counting_that_is_killed_anywhere_and_done_again_counts_once(*, after: bool) -> None:
    with office() as where:
        stand(where, [*FIRST, *SECOND])
        whole = told(where)
    for left in itertools.count():
        with office() as where:
            stand(where, FIRST)
            august = told(where)
            stand(where, [*FIRST, *SECOND])
            with life(left, after=after) as lived, contextlib.suppress(Killed):
                count(where, ENDED)
            assert counts(where).equals(august) or counts(where).equals(whole)
            assert told(where).equals(whole)
            assert count(where, ENDED) is None
            if not lived.dead:
                break
    assert left > 1


@AFTER
def test_an_answer_that_is_killed_anywhere_is_paid_once_and_told_as_paid(
    tmp_path: Path, *, after: bool
) -> None:
    for left in itertools.count():
        where = absence_site(tmp_path / str(left), letters())
        landed(where, HEADER + "".join(letter(n) for n in range(40)))
        with life(left, after=after) as lived, contextlib.suppress(Killed):
            refine(where)
        refine(where)
        answers = Answers.of(where, 1)
        [spent] = answers.ledger.spent
        assert spent.epsilon == 0.5
        assert counts(where)["rows"].to_list()[:2] == answers.counts["2026-09-01"]
        assert counted(where).snapshot().version == 0
        if not lived.dead:
            break
    assert left > 5
