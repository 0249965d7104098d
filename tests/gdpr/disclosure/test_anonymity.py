from __future__ import annotations

import datetime as dt
import math

import polars as pl
import pytest

from gdpr.disclosure.anonymity import Anonymity, Demands, anonymity, k_distribution
from schemas.errors import PolicyBreach

# the example of Li, Li and Venkatasubramanian (2007), "t-closeness"
SALARIES = pl.DataFrame(
    {
        "postcode": ["476**"] * 3 + ["4790*"] * 3 + ["4760*"] * 3,
        "age": ["2*"] * 3 + [">=40"] * 3 + ["3*"] * 3,
        "salary": [3, 4, 5, 6, 11, 8, 7, 9, 10],
        "disease": [
            "gastric ulcer",
            "gastritis",
            "stomach cancer",
            "gastritis",
            "flu",
            "bronchitis",
            "bronchitis",
            "pneumonia",
            "stomach cancer",
        ],
    }
)
QUASI = ["postcode", "age"]


def test_the_salaries_of_the_paper_are_as_far_apart_as_it_says() -> None:
    found = anonymity(SALARIES, QUASI, ["salary"])
    assert (found.k, found.l, found.t) == (3, 3, 0.375)


def test_values_without_an_order_are_as_far_apart_as_their_shares() -> None:
    found = anonymity(SALARIES, QUASI, ["disease"])
    assert found.l == 3
    assert found.t == pytest.approx(4 / 9)
    assert found.entropy_l == pytest.approx(3)


def test_the_worst_column_and_the_worst_group_count() -> None:
    both = anonymity(SALARIES, QUASI, ["salary", "disease"])
    assert both == Anonymity(9, 3, 3, 3, 3, both.entropy_l, both.t)
    assert both.t == anonymity(SALARIES, QUASI, ["disease"]).t


def test_a_null_is_a_value() -> None:
    frame = pl.DataFrame({"age": [None, None, "30-39"], "ill": [None, "flu", "flu"]})
    found = anonymity(frame, ["age"], ["ill"])
    assert (found.groups, found.k, found.smallest, found.l) == (2, 1, 1, 1)
    assert k_distribution(frame, ["age"]).rows() == [(1, 1, 1), (2, 1, 2)]


def test_days_have_an_order_and_truth_has_two_values() -> None:
    days = [dt.date(2026, 1, day) for day in (1, 2, 3, 3)]
    frame = pl.DataFrame(
        {"unit": ["a", "a", "b", "b"], "on": days, "ill": [True, True, False, True]}
    )
    assert anonymity(frame, ["unit"], ["on"]).t == pytest.approx((0.25 + 0.5) / 2)
    assert anonymity(frame, ["unit"], ["ill"]).t == pytest.approx(0.25)


def test_one_value_alone_is_no_distance_away() -> None:
    frame = pl.DataFrame({"unit": ["a", "b"], "ill": [1, 1]})
    found = anonymity(frame, ["unit"], ["ill"])
    assert (found.l, found.t, found.entropy_l) == (1, 0.0, 1.0)


def test_what_is_no_number_is_a_value_that_all_share() -> None:
    frame = pl.DataFrame({"unit": ["a", "a", "b", "b"], "dose": [math.nan, 1.0, math.nan, 1.0]})
    assert anonymity(frame, ["unit"], ["dose"]).t == 0.0


def test_without_quasi_identifiers_all_rows_are_one_group() -> None:
    assert anonymity(SALARIES, [], []) == Anonymity(9, 1, 9, 1)


def test_no_rows_are_no_groups_and_break_no_demand() -> None:
    found = anonymity(SALARIES.clear(), QUASI, ["salary"])
    assert found == Anonymity(0, 0, 0, 0)
    assert found.shortcomings(Demands(5)) == ()
    assert k_distribution(SALARIES.clear(), QUASI).rows() == []


def test_each_demand_that_is_not_met_has_its_line() -> None:
    found = anonymity(SALARIES, QUASI, ["salary"])
    assert found.shortcomings(Demands(3, 3, 0.375)) == ()
    assert found.shortcomings(Demands(5, 4, 0.3)) == (
        "k is 3, less than 5",
        "l is 3, less than 4",
        "t is 0.375, more than 0.3",
    )
    assert anonymity(SALARIES, QUASI, []).shortcomings(Demands(3, 9, 0.1)) == ()


def test_a_column_that_is_not_there_is_refused() -> None:
    with pytest.raises(PolicyBreach, match=r"^anonymity cannot be judged: no column sex, illness$"):
        anonymity(SALARIES, ["age", "sex"], ["illness"])
