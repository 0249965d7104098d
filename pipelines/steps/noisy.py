"""Counts with noise: each period is answered once, and the answer kept with what it cost."""

import hashlib
import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Self

import polars as pl

from gdpr.disclosure.budget import Ledger, Spent, spend
from gdpr.disclosure.noise import COUNT, Noise, noisy_counts
from gdpr.disclosure.tables import TOTAL
from pipelines.steps.site import Site
from schemas import aggregation
from schemas.aggregation import Aggregation
from schemas.counts import ROWS, SUPPRESSED, declared_values
from schemas.records import dump, load


@dataclass(frozen=True, slots=True)
class Answers:
    """What a dataset's answers have cost, and the last answer of each period, group by group."""

    ledger: Ledger
    counts: dict[str, list[int]] = field(default_factory=dict)

    @classmethod
    def of(cls, site: Site, budget: float) -> Self:
        """What the site's dataset has answered, under the budget that it has now."""
        if not site.store.exists(_place(site)):
            return cls(Ledger(budget))
        known = load(cls, site.store.read_json(_place(site)))
        return replace(known, ledger=replace(known.ledger, budget=budget))

    def keep(self, site: Site) -> None:
        """Write the answers down."""
        site.store.write_json(_place(site), dump(self))


@dataclass(frozen=True, slots=True)
class Noisy:
    """The noisy counting of a site's rows, in the groups that its contract declares."""

    site: Site
    asked: Aggregation
    noise: aggregation.Noise

    def cells(self, period: str, rows: pl.DataFrame) -> pl.DataFrame:
        """The groups and their totals, with noisy `rows`; totals add up, nothing is suppressed.

        The same rows get the answer that they got before, at no cost. What an answer costs is
        written down before it is told.

        Raises:
            PolicyBreach: what is left of the budget is less than the answer costs.
        """
        groups = self._groups()
        source = _digest(groups, rows, self.noise)
        answers = Answers.of(self.site, self.noise.budget)
        name = self.site.contract.name
        if not answers.ledger.answered(name, period, source):
            ledger = spend(answers.ledger, Spent(name, period, self.noise.epsilon, source))
            told = noisy_counts(rows, groups, self._noise)[COUNT].to_list()
            answers = Answers(ledger, {**answers.counts, period: told})
            answers.keep(self.site)
        return _with_totals(groups.with_columns(pl.Series(ROWS, answers.counts[period])))

    @property
    def _noise(self) -> Noise:
        return Noise(self.noise.epsilon, self.noise.contributes, self.asked.persons)

    def _groups(self) -> pl.DataFrame:
        values = [declared_values(self.site.contract, name) for name in self.asked.by]
        schema = dict.fromkeys(self.asked.by, pl.String)
        return pl.DataFrame(list(itertools.product(*values)), schema, orient="row")


def _place(site: Site) -> str:
    return f"audit/budget/{site.contract.name}.json"


def _digest(groups: pl.DataFrame, rows: pl.DataFrame, noise: aggregation.Noise) -> str:
    told = f"{noise.epsilon} {noise.contributes}\n{groups.write_csv()}"
    counted = rows.sort(rows.columns).write_csv()
    return hashlib.sha256(f"{told}\n{counted}".encode()).hexdigest()


def _with_totals(cells: pl.DataFrame) -> pl.DataFrame:
    names = [name for name in cells.columns if name != ROWS]
    totals = pl.concat(_margin(cells, names, kept) for kept in _subsets(names))
    order = [key for name in names for key in (pl.col(name) == TOTAL, name)]
    return totals.sort(order).with_columns(pl.lit(value=False).alias(SUPPRESSED))


def _margin(cells: pl.DataFrame, names: list[str], kept: tuple[str, ...]) -> pl.DataFrame:
    over = [pl.lit(TOTAL).alias(name) for name in names if name not in kept]
    return cells.with_columns(over).group_by(names).agg(pl.col(ROWS).sum())


def _subsets(names: list[str]) -> Iterator[tuple[str, ...]]:
    for size in range(len(names) + 1):
        yield from itertools.combinations(names, size)
