"""Groups: values under the names of what they belong to, as postcodes under a municipality."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from schemas.errors import PolicyBreach

OTHER = "other"
"""What a value is that stands in no group."""


@dataclass(frozen=True, slots=True)
class Groups:
    """Values by the name of their group.

    Raises:
        PolicyBreach: there is no group, or a value stands in two.
    """

    members: Mapping[str, tuple[str, ...]]

    def __post_init__(self) -> None:
        counted = Counter(value for values in self.members.values() for value in values)
        if not counted or max(counted.values()) > 1:
            raise PolicyBreach("groups need members, and no member stands in two places")


def group_label(values: pl.Series, groups: Groups) -> pl.Series:
    """The name of the group that each text stands in, white space around it aside.

    A text that stands in none is `other`, an empty one too: no text passes as it is.

    Raises:
        PolicyBreach: the values are no text.
    """
    if values.dtype != pl.String:
        raise PolicyBreach(f"{values.name}: groups are of text, not {values.dtype}")
    names = {member: name for name, members in groups.members.items() for member in members}
    label = pl.col("value").replace_strict(names, default=OTHER, return_dtype=pl.String)
    stripped = values.str.strip_chars().to_frame("value")
    known = stripped.select(pl.when(pl.col("value").is_not_null()).then(label))
    return known.to_series().alias(values.name)
