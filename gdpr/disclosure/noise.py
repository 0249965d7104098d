"""Differentially private counts: noise of OpenDP's discrete Laplace, over bounded contributions.

Only what needs noise imports this module: OpenDP is heavy.
"""

from __future__ import annotations

from dataclasses import dataclass

import opendp.prelude as dp
import polars as pl

from schemas.errors import PolicyBreach

COUNT = "count"
_HAIR = 1e-12


@dataclass(frozen=True, slots=True)
class Noise:
    """How much of one period's counts may depend on one person.

    At most `contributes` of a person's rows are counted, and the counts together tell of no
    person more than `epsilon`.
    """

    epsilon: float
    contributes: int
    persons: str | None = None

    @property
    def scale(self) -> float:
        """The scale of the noise that each count gets: its mean size, or nearly."""
        # a hair more than the quotient, which may have been rounded down
        return self.contributes / self.epsilon * (1 + _HAIR)


def bounded(rows: pl.DataFrame, noise: Noise) -> pl.DataFrame:
    """The first rows of each person, in the order of all columns, and no more than may count.

    Without a column of persons each row is a person's own.

    Raises:
        PolicyBreach: the rows have no such column.
    """
    if noise.persons is None:
        return rows
    if noise.persons not in rows.columns:
        raise PolicyBreach(f"contributions cannot be bounded: no column {noise.persons}")
    return (
        rows.sort(rows.columns).group_by(noise.persons, maintain_order=True).head(noise.contributes)
    )


def noisy_counts(rows: pl.DataFrame, cells: pl.DataFrame, noise: Noise) -> pl.DataFrame:
    """The cells, and of each a noisy `count` of the rows in it, never below zero.

    Which cells there are must be known without the rows: it is told as it stands. Rows outside
    them are not counted.

    Raises:
        PolicyBreach: no such noise can be made, or a column is missing.
    """
    if not (noise.epsilon > 0 and noise.contributes >= 1):
        raise PolicyBreach("noise needs an epsilon above 0 and a contribution of at least 1 row")
    if missing := [name for name in cells.columns if name not in rows.columns]:
        raise PolicyBreach(f"noisy counts cannot be made: no column {missing[0]}")
    counted = bounded(rows, noise).group_by(cells.columns).agg(pl.len().cast(pl.Int64).alias(COUNT))
    exact = cells.join(
        counted, on=cells.columns, how="left", nulls_equal=True, maintain_order="left"
    )
    noisy = _laplace(exact[COUNT].fill_null(0).to_list(), noise)
    return exact.with_columns(pl.Series(COUNT, noisy, dtype=pl.Int64).clip(lower_bound=0))


def _laplace(counts: list[int], noise: Noise) -> list[int]:
    dp.enable_features("contrib")
    domain = dp.vector_domain(dp.atom_domain(T="i64"))
    noisy = dp.m.make_laplace(domain, dp.l1_distance(T="i64"), scale=noise.scale)
    answer: list[int] = noisy(counts)
    return answer
