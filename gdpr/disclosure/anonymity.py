"""How far the rows of a release hide a person: k-anonymity, l-diversity and t-closeness.

Rows alike in every quasi-identifier are a group. A null is a value like any other, both there
and in what is sensitive: it makes no group larger.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from schemas.errors import PolicyBreach

Numbers = NDArray[np.float64]
Whole = NDArray[np.int64]

_DIGITS = 12
_ALL = "all rows"
_GROUP = "the group"
_ROWS = "rows in it"
_VALUE = "value"
_RANK = "rank of it"
_N = "rows with it"
_OF_ALL = "rows of all with it"


@dataclass(frozen=True, slots=True)
class Demands:
    """What a policy asks of a release: the least k and l, the greatest t."""

    k: int
    l: int = 1  # noqa: E741 - the model's own name
    t: float = 1.0


@dataclass(frozen=True, slots=True)
class Anonymity:
    """The worst group's figures; l and t over all sensitive columns, none where there are none.

    `k` is the size of the smallest group, and `smallest` how many groups are that small; `l` the
    fewest different sensitive values in a group; `entropy_l` the same weighed by how even they
    are (e to the least entropy); `t` the greatest distance between a group's and all rows'
    distribution: half the sum of differences between shares, or the mean difference of
    cumulated shares where values have an order. An empty release has groups and a k of 0.
    """

    rows: int
    groups: int
    k: int
    smallest: int
    l: int | None = None  # noqa: E741 - the model's own name
    entropy_l: float | None = None
    t: float | None = None

    def shortcomings(self, demands: Demands) -> tuple[str, ...]:
        """One line for each demand that the release does not meet; an empty one meets all."""
        lacks = {
            f"k is {self.k}, less than {demands.k}": self.k < demands.k,
            f"l is {self.l}, less than {demands.l}": self.l is not None and self.l < demands.l,
            f"t is {self.t}, more than {demands.t}": self.t is not None and self.t > demands.t,
        }
        return tuple(line for line, lacking in lacks.items() if lacking and self.rows)


def anonymity(frame: pl.DataFrame, quasi: Sequence[str], sensitive: Sequence[str]) -> Anonymity:
    """The anonymity of all rows of a release; without quasi-identifiers they are one group.

    Raises:
        PolicyBreach: the release lacks a column.
    """
    groups = _groups(frame, [*quasi, *sensitive], quasi)
    sizes = groups[_ROWS].to_numpy()
    if not len(sizes):
        return Anonymity(0, 0, 0, 0)
    k = int(sizes.min())
    counted = len(frame), len(sizes), k, int((sizes == k).sum())
    if not sensitive:
        return Anonymity(*counted)
    grouped = _everyone(frame).join(groups, on=[_ALL, *quasi], nulls_equal=True)
    spreads = [_spread(grouped, name, sizes) for name in sensitive]
    ls, entropies, ts = zip(*spreads, strict=True)
    return Anonymity(*counted, min(ls), min(entropies), max(ts))


def k_distribution(frame: pl.DataFrame, quasi: Sequence[str]) -> pl.DataFrame:
    """How many `groups`, and `rows` in them, there are of each `size`, the smallest first.

    Raises:
        PolicyBreach: the release lacks a column.
    """
    sizes = _groups(frame, quasi, quasi).group_by(pl.col(_ROWS).alias("size"))
    counted = sizes.agg(pl.len().cast(pl.Int64).alias("groups"))
    return counted.with_columns(rows=pl.col("size") * pl.col("groups")).sort("size")


def _everyone(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.with_columns(pl.lit(0, pl.Int8).alias(_ALL))


def _groups(frame: pl.DataFrame, named: Sequence[str], quasi: Sequence[str]) -> pl.DataFrame:
    """Each group's quasi-identifiers, its number and its rows."""
    if missing := [name for name in named if name not in frame.columns]:
        raise PolicyBreach(f"anonymity cannot be judged: no column {', '.join(missing)}")
    rows = pl.len().cast(pl.Int64).alias(_ROWS)
    return _everyone(frame).group_by([_ALL, *quasi]).agg(rows).with_row_index(_GROUP)


def _spread(grouped: pl.DataFrame, name: str, sizes: Whole) -> tuple[int, float, float]:
    """The least l and entropy l, and the greatest t, of one sensitive column."""
    pairs = grouped.group_by(_GROUP, pl.col(name).alias(_VALUE)).agg(pl.len().alias(_N))
    values = pairs.group_by(_VALUE).agg(pl.col(_N).sum().alias(_OF_ALL)).sort(_VALUE)
    ranked = pairs.join(values.with_row_index(_RANK), on=_VALUE, nulls_equal=True)
    held = _Held.of(ranked.sort(_GROUP, _RANK), sizes)
    overall = values[_OF_ALL].to_numpy() / sizes.sum()
    dtype = grouped.schema[name]
    is_ordered = dtype.is_numeric() or dtype.is_temporal()
    farthest = (held.ordered(overall) if is_ordered else held.unordered(overall)).max()
    return int(np.bincount(held.group).min()), held.entropy_l(), round(float(farthest), _DIGITS)


@dataclass(frozen=True, slots=True)
class _Held:
    """Each value that a group holds, by group and then by rank: how often, in a group how large."""

    group: Whole
    rank: Whole
    n: Whole
    sizes: Whole

    @classmethod
    def of(cls, pairs: pl.DataFrame, sizes: Whole) -> _Held:
        """The same as arrays, of groups that are numbered from 0."""
        group, rank, n = (pairs[c].cast(pl.Int64).to_numpy() for c in (_GROUP, _RANK, _N))
        return cls(group, rank, n, sizes)

    @property
    def share(self) -> Numbers:
        """The part of its group that holds each value."""
        share: Numbers = self.n / self.sizes[self.group]
        return share

    def entropy_l(self) -> float:
        """The least even group's e to the entropy: how many even values would be as uncertain."""
        share = self.share
        disorder = np.bincount(self.group, -share * np.log(share)).min()
        return round(float(np.exp(disorder)), _DIGITS)

    def unordered(self, overall: Numbers) -> Numbers:
        """Each group's half sum of |q - p|: all that q has above p, which is where q is not 0."""
        above = np.maximum(self.share - overall[self.rank], 0)
        return np.bincount(self.group, above).astype(np.float64)

    def ordered(self, overall: Numbers) -> Numbers:
        """Each group's mean of |Q - P| over all values but the last.

        Q stands still from one value that the group holds to the next, and P rises: the stretch
        is Q - P until P passes Q, and P - Q from there.
        """
        first = np.cumsum(self.sizes) - self.sizes
        level = (np.cumsum(self.n) - first[self.group]) / self.sizes[self.group]
        begins = np.diff(self.group, prepend=-1) > 0
        until = np.where(np.roll(begins, -1), len(overall), np.roll(self.rank, -1))
        passed = np.cumsum(overall)
        sums = np.concatenate([[0.0], np.cumsum(passed)])
        turn = np.clip(np.searchsorted(passed, level, side="right"), self.rank, until)
        below = level * (turn - self.rank) - (sums[turn] - sums[self.rank])
        above = (sums[until] - sums[turn]) - level * (until - turn)
        before = np.where(begins, sums[self.rank], 0)
        return np.bincount(self.group, before + below + above) / max(1, len(overall) - 1)
