from __future__ import annotations

from typing import Any, get_args

import polars as pl
import pytest

from gdpr.masking.coarsening import COARSENERS
from schemas.errors import PolicyBreach
from schemas.mask import PSEUDONYMS, Mask, MaskWord

OSLO = "Europe/Oslo"


def masked(values: pl.Series, **words: Any) -> list[object]:  # noqa: ANN401 - the words of any mask
    mask = Mask(**words)
    return COARSENERS[mask.use](values, mask, OSLO).to_list()


def test_every_mask_word_without_a_key_has_its_function() -> None:
    assert set(COARSENERS) == set(get_args(MaskWord)) - {*PSEUDONYMS, "drop"}


def test_each_mask_takes_its_own_words() -> None:
    numbers = pl.Series("a", [14, 96])
    assert masked(numbers, use="round", width=10) == [10, 100]
    assert masked(numbers, use="bucket", width=10) == [10, 90]
    assert masked(numbers, use="top_code", top=90, bottom=18) == [18, 90]
    assert masked(numbers, use="generalise", bands=(18,)) == ["<18", "18+"]
    assert masked(numbers, use="aggregate") == [14, 96]
    towns = {"Stavanger": ("4006",)}
    codes = pl.Series("a", ["4006", "4306"])
    assert masked(codes, use="generalise", groups=towns) == ["Stavanger", "other"]
    assert masked(codes, use="truncate", length=1) == ["4", "4"]
    assert masked(pl.Series(["Ring 49220001"]), use="redact") == ["Ring [telefon]"]


def test_a_grid_takes_both_coordinates() -> None:
    both = pl.Series("east", [{"east": 262_345, "north": 6_649_999}])
    assert masked(both, use="grid", beside="north", width=1000) == ["22620006649000"]


@pytest.mark.parametrize(
    ("words", "line"),
    [
        ({"use": "round"}, "a: round has no width"),
        ({"use": "bucket"}, "a: bucket has no width"),
        ({"use": "truncate"}, "a: truncate has no length"),
        ({"use": "grid"}, "a: grid has no northing beside it"),
        ({"use": "top_code"}, "a top above a bottom"),
        ({"use": "generalise"}, "bands need lower edges"),
    ],
)
def test_a_mask_without_its_word_is_refused(words: dict[str, Any], line: str) -> None:
    with pytest.raises(PolicyBreach, match=f"^{line}"):
        masked(pl.Series("a", [1]), **words)
