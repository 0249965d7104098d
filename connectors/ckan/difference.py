"""What tells two states of a table apart, row by row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl


@dataclass(frozen=True, slots=True)
class Difference:
    """Rows that are new, rows that have other values than before, and rows of before that go."""

    added: pl.DataFrame
    changed: pl.DataFrame
    gone: pl.DataFrame

    @classmethod
    def between(
        cls, held: pl.DataFrame, fresh: pl.DataFrame, identity: Sequence[str]
    ) -> Difference:
        """What brings the one to the other; rows of the same `identity` are the same row."""
        columns, same = fresh.columns, list(identity)
        differing = fresh.join(held, on=columns, how="anti", nulls_equal=True)
        return cls(
            added=differing.join(held, on=same, how="anti", nulls_equal=True),
            changed=differing.join(held, on=same, how="semi", nulls_equal=True),
            gone=held.join(fresh, on=same, how="anti", nulls_equal=True),
        )
