from __future__ import annotations

import math
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from connectors.lake import LakeTable
from connectors.numbered import Numbered
from pipelines.steps import refine as refining
from pipelines.steps.aggregate import count
from pipelines.steps.counts import Groups, groups, may_be_open
from pipelines.steps.noisy import Answers, Noisy
from pipelines.steps.refine import refine
from pipelines.steps.replay import replay
from pipelines.steps.site import Site
from schemas.contract import Contract
from schemas.errors import PolicyBreach
from tests.builders import contract, event, field, key, landed
from tests.pipelines.steps.absences import absence_site, counts

NOISE = {"epsilon": 0.5, "budget": 1.0, "contributes": 1}
UNITS = ["a", "b"]
HEADER = "letter_id,sent_on,unit_code\n"


def letters(**noise: object) -> Contract:
    unit = field("unit_code", "string")
    known: dict[str, Any] = {"name": "known", "metric": "invalidValues", "mustBe": 0}
    known |= {"arguments": {"validValues": UNITS}, "severity": "warning"}
    asked = {"by": ["unit_code"], "every": "month", "noise": {**NOISE, **noise}}
    return contract(
        key("letter_id"),
        event("sent_on", "date"),
        {**unit, "quality": [known]},
        name="letters",
        aggregate=asked,
    )


def letter(number: int, unit: str = "a", day: str = "2026-09-02") -> str:
    return f"{number},{day},{unit}\n"


def sent(where: Site, name: str, lines: Sequence[str]) -> Site:
    landed(where, HEADER + "".join(lines), name)
    refine(where)
    return where


def told(where: Site) -> dict[str, int]:
    return dict(counts(where).select("unit_code", "rows").iter_rows())


def spent(where: Site) -> float:
    return math.fsum(entry.epsilon for entry in Answers.of(where, 1).ledger.spent)


@pytest.fixture
def post(tmp_path: Path) -> Site:
    return sent(absence_site(tmp_path, letters()), "a.csv", [letter(n) for n in range(400)])


def test_every_declared_group_is_told_with_noise_and_totals_add_up(post: Site) -> None:
    found = told(post)
    assert set(found) == {"a", "b", "total"}
    assert abs(found["a"] - 400) < 60
    assert found["total"] == found["a"] + found["b"]
    assert groups(post) == Groups(3, 0)


def test_the_same_rows_are_told_the_same_and_cost_nothing_more(post: Site) -> None:
    before = counts(post)
    replay(post)
    sent(post, "b.csv", [letter(1)])
    assert counts(post).equals(before)
    assert spent(post) == 0.5


def test_other_rows_are_answered_anew_until_the_budget_is_spent(post: Site) -> None:
    sent(post, "b.csv", [letter(n, "b") for n in range(1000, 1300)])
    assert abs(told(post)["b"] - 300) < 60
    assert spent(post) == 1.0
    before = counts(post)
    with pytest.raises(PolicyBreach, match=r"letters: 2026-09-01 costs 0\.5"):
        sent(post, "c.csv", [letter(2000)])
    assert counts(post).equals(before)


def test_an_answer_that_was_paid_and_never_told_is_told_by_the_next_run(
    post: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: object) -> int:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(refining, "count", lambda _: None)
        sent(post, "b.csv", [letter(n, day="2026-08-02") for n in range(500, 600)])
        patch.setattr(LakeTable, "replace", killed)
        with pytest.raises(KeyboardInterrupt):
            count(post)
    paid = Answers.of(post, 1).counts["2026-08-01"]
    assert count(post) == 1
    august = counts(post).filter(pl.col("period").dt.month() == 8)
    assert august["rows"].to_list()[:2] == paid
    assert spent(post) == 1.0


def test_two_that_answer_at_once_are_paid_once_and_tell_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = answered_together(tmp_path, monkeypatch, [["a"] * 40, ["a"] * 40])
    where = absence_site(tmp_path, letters())
    assert first == second
    assert spent(where) == 0.5


def test_two_that_ask_for_more_than_is_left_do_not_both_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    both = answered_together(tmp_path, monkeypatch, [["a"] * 40, ["b"] * 40], budget=0.5)
    where = absence_site(tmp_path, letters())
    assert sum(isinstance(told, list) for told in both) == 1
    assert "0 of 0.5 is left" in next(told for told in both if isinstance(told, str))
    assert spent(where) == 0.5


def answered_together(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    asked: Sequence[Sequence[str]],
    **noise: float,
) -> list[list[int] | str]:
    where, start = absence_site(tmp_path, letters(**noise)), threading.Barrier(2, timeout=30)
    follow, waited = Numbered.follow, threading.local()

    def following(kept: Numbered, number: int, document: object) -> bool:
        if not getattr(waited, "did", False):
            waited.did = True
            start.wait()
        return follow(kept, number, document)

    def told(units: Sequence[str]) -> list[int] | str:
        rows = pl.DataFrame({"unit_code": units})
        aggregate = where.contract.aggregate
        assert aggregate is not None
        assert aggregate.noise is not None
        try:
            cells = Noisy(where, aggregate, aggregate.noise).cells("2026-09-01", rows)
        except PolicyBreach as error:
            return str(error)
        return cells["rows"].to_list()

    monkeypatch.setattr(Numbered, "follow", following)
    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(told, asked))


def test_what_was_answered_before_there_were_numbers_is_told_the_same(post: Site) -> None:
    before = counts(post)
    kept = post.store.read_json("audit/budget/letters/00000001.json")
    post.store.remove("audit/budget/letters")
    post.store.write_json("audit/budget/letters.json", kept)
    replay(post)
    assert counts(post).equals(before)
    assert spent(post) == 0.5
    sent(post, "b.csv", [letter(n, "b") for n in range(1000, 1300)])
    assert spent(post) == 1.0


def test_a_row_of_an_undeclared_group_is_not_told_of(tmp_path: Path) -> None:
    where = sent(absence_site(tmp_path, letters()), "a.csv", [letter(n, "zz") for n in range(50)])
    assert set(told(where)) == {"a", "b", "total"}


def test_counts_of_open_fields_may_be_open(post: Site) -> None:
    assert may_be_open(post)
    assert not may_be_open(absence_site(Path(post.store.uri("other"))))
