"""Counts with noise: each period is answered once, and the answer kept with what it cost."""

import hashlib
import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Self

import polars as pl

from connectors.numbered import Numbered, State
from gdpr.disclosure.budget import Ledger, Spent, spend
from gdpr.disclosure.noise import COUNT, Noise, noisy_counts
from gdpr.disclosure.tables import TOTAL
from pipelines.steps.site import Site
from schemas import aggregation
from schemas.aggregation import Aggregation
from schemas.counts import ROWS, SUPPRESSED, declared_values
from schemas.errors import StoreRejected
from schemas.records import dump, load

_TRIES = 5


@dataclass(frozen=True, slots=True)
class Answers:
    """What a dataset's answers have cost, and the last answer of each period, group by group."""

    ledger: Ledger
    counts: dict[str, list[int]] = field(default_factory=dict)

    @classmethod
    def of(cls, site: Site, budget: float) -> Self:
        """What the site's dataset has answered, under the budget that it has now."""
        return cls.after(_kept(site).newest(), budget)

    @classmethod
    def after(cls, state: State, budget: float) -> Self:
        """What it had answered when that was written down."""
        if state.document is None:
            return cls(Ledger(budget))
        known = load(cls, state.document)
        return replace(known, ledger=replace(known.ledger, budget=budget))

    def answered(self, asked: Spent) -> list[int] | None:
        """What was answered, if that was the last of its period and counted from the same."""
        known = self.ledger.answered(asked.dataset, asked.period, asked.source)
        return self.counts[asked.period] if known else None

    def answering(self, asked: Spent, told: list[int]) -> Self:
        """With an answer more; PolicyBreach where it costs more than is left."""
        counts = {**self.counts, asked.period: told}
        return replace(self, ledger=spend(self.ledger, asked), counts=counts)


@dataclass(frozen=True, slots=True)
class Noisy:
    """The noisy counting of a site's rows, in the groups that its contract declares."""

    site: Site
    asked: Aggregation
    noise: aggregation.Noise

    def cells(self, period: str, rows: pl.DataFrame) -> pl.DataFrame:
        """The groups and their totals, with noisy `rows`; totals add up, nothing is suppressed.

        The same rows get the answer that they got before, at no cost. What an answer costs is
        written down before it is told; one that another process was quicker than is never told.

        Raises:
            PolicyBreach: what is left of the budget is less than the answer costs.
            StoreRejected: others answered again and again meanwhile.
        """
        groups = self._groups()
        source = _digest(groups, rows, self.noise)
        asked = Spent(self.site.contract.name, period, self.noise.epsilon, source)
        told = self._told(asked, rows, groups)
        return _with_totals(groups.with_columns(pl.Series(ROWS, told)))

    def _told(self, asked: Spent, rows: pl.DataFrame, groups: pl.DataFrame) -> list[int]:
        kept = _kept(self.site)
        for _ in range(_TRIES):
            state = kept.newest()
            answers = Answers.after(state, self.noise.budget)
            if (known := answers.answered(asked)) is not None:
                return known
            told = noisy_counts(rows, groups, self._noise)[COUNT].to_list()
            if kept.follow(state.number, dump(answers.answering(asked, told))):
                return told
        what = "others count it again and again meanwhile"
        raise StoreRejected(f"{self.site.name}: {what}; run it again")

    @property
    def _noise(self) -> Noise:
        return Noise(self.noise.epsilon, self.noise.contributes, self.asked.persons)

    def _groups(self) -> pl.DataFrame:
        values = [declared_values(self.site.contract, name) for name in self.asked.by]
        schema = dict.fromkeys(self.asked.by, pl.String)
        return pl.DataFrame(list(itertools.product(*values)), schema, orient="row")


def _kept(site: Site) -> Numbered:
    return Numbered(site.store, f"audit/budget/{site.contract.name}")


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
