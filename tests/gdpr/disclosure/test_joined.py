from __future__ import annotations

import polars as pl
import pytest

from gdpr.disclosure.joined import Beside, Released, joined_anonymity
from schemas.errors import PolicyBreach

ABSENCE = pl.DataFrame(
    {"who": ["p1", "p2", "p3", "p4"], "unit": ["a"] * 4, "cause": ["x", "y", "x", "y"]}
)
SALARIES = pl.DataFrame({"who": ["p1", "p2", "p3"], "band": [1, 1, 2], "other": [7, 7, 7]})
RELEASE = Released(ABSENCE, ("unit",), ("cause",))


def test_a_release_alone_is_judged_by_itself() -> None:
    found = joined_anonymity(RELEASE, [])
    assert (found.rows, found.groups, found.k, found.l) == (4, 1, 4, 2)


def test_joined_releases_tell_apart_what_neither_does() -> None:
    found = joined_anonymity(RELEASE, [Beside(SALARIES, ("who",), ("band",))])
    assert (found.rows, found.groups, found.k, found.smallest, found.l) == (4, 3, 1, 2, 1)


def test_being_in_another_release_tells_too() -> None:
    found = joined_anonymity(RELEASE, [Beside(SALARIES, ("who",), ())])
    assert (found.groups, found.k) == (2, 1)


def test_a_key_can_be_a_quasi_identifier() -> None:
    found = joined_anonymity(RELEASE, [Beside(SALARIES, ("who",), ("who",))])
    assert (found.groups, found.k) == (4, 1)


def test_several_matches_count_in_each_group_and_once_there() -> None:
    twice = pl.concat([SALARIES, SALARIES.with_columns(band=pl.lit(3, pl.Int64)), SALARIES])
    found = joined_anonymity(RELEASE, [Beside(twice, ("who",), ("band",))])
    assert (found.rows, found.groups, found.k) == (7, 4, 1)


def test_columns_of_one_name_in_two_releases_are_two_columns() -> None:
    others = [Beside(SALARIES, ("who",), ("band",)), Beside(SALARIES, ("who",), ("band", "other"))]
    assert joined_anonymity(RELEASE, others).groups == 3


@pytest.mark.parametrize(
    ("other", "message"),
    [
        (Beside(SALARIES, ("unit",), ("band",)), "releases cannot be joined: no column unit"),
        (Beside(SALARIES, ("name",), ("band",)), "releases cannot be joined: no column name"),
        (Beside(SALARIES, (), ("band",)), "releases are joined on columns that both have"),
        (
            Beside(SALARIES.with_columns(who=1), ("who",), ("band",)),
            "releases are joined on columns that both have, of one type",
        ),
    ],
)
def test_releases_that_share_no_key_are_refused(other: Beside, message: str) -> None:
    with pytest.raises(PolicyBreach, match=f"^{message}"):
        joined_anonymity(RELEASE, [other])
