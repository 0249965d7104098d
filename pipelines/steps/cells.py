"""The cells of one period, counted from restricted rows and made fit to leave them."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import polars as pl

from connectors.lake import DataFile
from gdpr.disclosure.differences import hold_back
from gdpr.disclosure.suppression import Rule, suppress
from gdpr.disclosure.tables import Layout, cross_table
from pipelines.steps.noisy import Noisy
from pipelines.steps.site import Site
from schemas.aggregation import Aggregation
from schemas.counts import PERIOD, counts_of

UNKNOWN = "unknown"
_DECIMALS = 6


@dataclass(frozen=True, slots=True)
class Counting:
    """How a site's rows are counted: the groups, and the policy's rule for small ones."""

    site: Site
    asked: Aggregation
    rule: Rule

    @classmethod
    def of(cls, site: Site, asked: Aggregation) -> Self:
        """The counting that the contract asks for, under the policy's limits."""
        limits = site.policy.release
        return cls(site, asked, Rule(limits.minimum_group, limits.suppress_below))

    @property
    def schema(self) -> pl.Schema:
        """The columns of the counts."""
        return counts_of(self.site.contract, "").lake_schema

    def cells(self, period: str, files: Sequence[DataFile], before: pl.DataFrame) -> pl.DataFrame:
        """The period's groups as they may be seen after `before`, with totals; none without rows.

        Raises:
            PolicyBreach: a value is called as the totals are, or the budget of noise is spent.
        """
        if self.asked.noise:
            noisy = Noisy(self.site, self.asked, self.asked.noise)
            return self._of(period, noisy.cells(period, self._rows(files).collect()))
        table = cross_table(self._rows(files), self._layout)
        if before.is_empty():
            shown = suppress(table, self.rule)
        else:
            shown = hold_back(table, before, self.rule)
        return self._of(period, shown.frame)

    def _of(self, period: str, cells: pl.DataFrame) -> pl.DataFrame:
        start = pl.lit(dt.date.fromisoformat(period)).alias(PERIOD)
        columns = cells.select(start, *list(self.schema)[1:])
        # the order in which floats are added differs from run to run
        return columns.with_columns(pl.selectors.float().round(_DECIMALS))

    @property
    def _layout(self) -> Layout:
        return Layout(self.asked.by, self.asked.persons, self.asked.sums)

    def _rows(self, files: Sequence[DataFile]) -> pl.LazyFrame:
        lake, asked = self.site.contract.lake_schema, self.asked
        persons = (asked.persons,) if asked.persons else ()
        own = self.site.contract.key if asked.noise else ()
        named = dict.fromkeys([*asked.by, *asked.sums, *persons, *own])
        rows = self.site.lake.read(files, pl.Schema({name: lake[name] for name in named}))
        return rows.with_columns(pl.col(asked.by).cast(pl.String).fill_null(UNKNOWN))
