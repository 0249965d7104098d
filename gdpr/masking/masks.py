"""The masks, from column to column: each pure, each refusing a column that it would not mask.

`drop` is the absence of a column and has no function. `pseudonym`, `generalise`, `truncate`,
`grid_cell` and `redact` give text; `bucket`, `round_to` and `top_code` give values of the
column's own kind. Null stays null throughout. How each works stands in a module of its own.

Of the value itself nothing is left by `pseudonym`, and nothing but which band, period, group,
square or multiple it belongs to by `generalise`, `grid_cell`, `bucket` and `round_to`. `truncate`
leaves the beginning, `top_code` whatever lies between its ends, and `redact` all that no rule of
it takes for telling: a single name that no list knows and that begins a sentence stays.
"""

from __future__ import annotations

import polars as pl

from gdpr.masking.grid import Places, grid_cell
from gdpr.masking.groups import Groups, group_label
from gdpr.masking.numbers import Bands, Ends, band_label, number_bucket, round_to, top_code
from gdpr.masking.periods import Grain, GrainWord, period_label, period_start
from gdpr.pseudonyms.pseudonym import pseudonym
from schemas.errors import PolicyBreach

__all__ = [
    "Bands",
    "Ends",
    "Grain",
    "GrainWord",
    "Groups",
    "Places",
    "bucket",
    "generalise",
    "grid_cell",
    "pseudonym",
    "round_to",
    "top_code",
    "truncate",
]


def generalise(values: pl.Series, to: Bands | Grain | Groups) -> pl.Series:
    """The name of the band, the period or the group that each value lies in.

    What is no number lies in no band: null. A text that stands in no group is `other`.

    Raises:
        PolicyBreach: bands for what is no number, a grain for what is no time or no finer, groups
            for what is no text.
    """
    if isinstance(to, Bands):
        return band_label(values, to)
    return group_label(values, to) if isinstance(to, Groups) else period_label(values, to)


def truncate(values: pl.Series, length: int) -> pl.Series:
    """The first characters of each text; a text that is no longer than that stays whole.

    Raises:
        PolicyBreach: the values are no text, or no character would be kept.
    """
    if values.dtype != pl.String or length < 1:
        raise PolicyBreach(f"{values.name}: truncate keeps 1 or more characters of text")
    return values.str.slice(0, length)


def bucket(values: pl.Series, width: float | Grain) -> pl.Series:
    """The lower edge of each value's bucket: bucket <= value < bucket + width.

    Whole numbers come as Int64, and other numbers as Float64, where infinities become null.

    Raises:
        PolicyBreach: the width does not fit what the column holds, or would change nothing.
    """
    if isinstance(width, Grain):
        return period_start(values, width)
    return number_bucket(values, width)
