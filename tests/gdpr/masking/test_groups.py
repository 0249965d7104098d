from __future__ import annotations

import polars as pl
import pytest

from gdpr.masking.masks import Groups, generalise
from schemas.errors import PolicyBreach

TOWNS = Groups({"Stavanger": ("4006", "4021"), "Sandnes": ("4306",)})


def test_a_postcode_becomes_its_municipality() -> None:
    got = generalise(pl.Series("field", ["4006", "4306", " 4021\n", None]), TOWNS)
    assert got.to_list() == ["Stavanger", "Sandnes", "Stavanger", None]
    assert (got.name, got.dtype) == ("field", pl.String())


def test_what_stands_in_no_group_never_passes_through() -> None:
    got = generalise(pl.Series(["0001", "", "Stavanger", "40061", "other"]), TOWNS)
    assert got.to_list() == ["other"] * 5


def test_a_column_without_values_has_no_groups() -> None:
    assert generalise(pl.Series([None], dtype=pl.String), TOWNS).to_list() == [None]
    assert generalise(pl.Series([], dtype=pl.String), TOWNS).to_list() == []


@pytest.mark.parametrize("members", [{}, {"a": ()}, {"a": ("1",), "b": ("1",)}, {"a": ("1", "1")}])
def test_groups_that_overlap_or_hold_nothing_are_refused(
    members: dict[str, tuple[str, ...]],
) -> None:
    with pytest.raises(PolicyBreach, match="groups need members"):
        Groups(members)


def test_groups_are_of_text() -> None:
    with pytest.raises(PolicyBreach, match=r"^field: groups are of text"):
        generalise(pl.Series("field", [4006]), TOWNS)
