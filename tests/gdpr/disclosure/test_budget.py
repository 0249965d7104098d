from __future__ import annotations

import math

import pytest

from gdpr.disclosure.budget import Ledger, Spent, spend
from schemas.errors import PolicyBreach

JANUARY = Spent("alarms", "2026-01", 0.5, "sha256:1")


def test_answers_add_up_over_the_periods_of_a_dataset() -> None:
    ledger = spend(spend(Ledger(1.0), JANUARY), Spent("alarms", "2026-02", 0.25, "sha256:2"))
    assert ledger.used("alarms") == 0.75
    assert ledger.used("doors") == 0.0


def test_ten_tenths_are_one() -> None:
    ledger = Ledger(1.0)
    for month in range(10):
        ledger = spend(ledger, Spent("alarms", f"{month}", 0.1, ""))
    assert len(ledger.spent) == 10


def test_the_same_answer_is_given_again_for_nothing() -> None:
    ledger = spend(Ledger(0.5), JANUARY)
    assert ledger.answered("alarms", "2026-01", "sha256:1") == JANUARY
    assert spend(ledger, JANUARY) == ledger


def test_an_answer_from_other_rows_costs_again() -> None:
    again = Spent("alarms", "2026-01", 0.5, "sha256:9")
    ledger = spend(Ledger(2.0), JANUARY)
    assert ledger.answered("alarms", "2026-01", "sha256:9") is None
    ledger = spend(ledger, again)
    assert ledger.used("alarms") == 1.0
    assert ledger.answered("alarms", "2026-01", "sha256:1") is None
    assert ledger.answered("doors", "2026-01", "sha256:1") is None


def test_more_than_is_left_is_refused() -> None:
    ledger = spend(Ledger(0.75), JANUARY)
    with pytest.raises(
        PolicyBreach,
        match=r"^alarms: 2026-02 costs 0.5 of the privacy budget, and 0.25 of 0.75 is left$",
    ):
        spend(ledger, Spent("alarms", "2026-02", 0.5, ""))


@pytest.mark.parametrize("epsilon", [0.0, -1.0, math.inf, math.nan])
def test_an_answer_without_a_cost_is_refused(epsilon: float) -> None:
    with pytest.raises(PolicyBreach, match=r"^alarms: noise needs an epsilon above 0$"):
        spend(Ledger(1.0), Spent("alarms", "2026-01", epsilon, ""))
