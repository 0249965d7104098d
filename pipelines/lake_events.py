"""What a run of a lake tells Dagster: day by day, for its range and for late days it touched."""

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

import dagster as dg

from pipelines.automation import days_of
from pipelines.metadata import (
    Surroundings,
    Told,
    commit_told,
    counts_told,
    day_told,
    gate_told,
    newest_told,
)
from pipelines.portrait import key_of
from pipelines.steps.counts import groups, smallest_told
from pipelines.steps.shape import Shape, shapes
from pipelines.steps.site import Site
from pipelines.steps.standing import Standing, standing
from schemas.stages import Receipt

GATE, NEWEST, COUNTS = "gate", "newest_event", "counts"
LakeEvent = (
    dg.AssetCheckEvaluation | dg.AssetMaterialization | dg.Output[None] | dg.MaterializeResult[None]
)


def checks(site: Site) -> tuple[dg.AssetCheckSpec, ...]:
    """The gate's verdict on each day, and whether the newest event is as new as promised.

    Of an aggregate also whether its counts tell of no small group.
    """
    key, promised = key_of(site, "lake"), "as new as its contract promises"
    return (
        dg.AssetCheckSpec(
            GATE,
            asset=key,
            partitions_def=days_of(site),
            blocking=True,
            description="Was the commit fit for the lake? Closed, the gate lets nothing through.",
        ),
        dg.AssetCheckSpec(
            NEWEST,
            asset=key,
            description=f"Is the newest event, by the time inside the data, {promised}?",
        ),
        *_of_counts(site, key),
    )


def _of_counts(site: Site, key: dg.AssetKey) -> Iterator[dg.AssetCheckSpec]:
    if site.contract.aggregate:
        asked = "Is every group that the lake tells of as large as the policy demands?"
        yield dg.AssetCheckSpec(COUNTS, asset=key, description=asked)


def closed(site: Site, receipt: Receipt | None, asked: Sequence[str]) -> Iterator[LakeEvent]:
    """A failed verdict for each day that was asked for; nothing was materialized."""
    view = LakeView.of(site, ())
    for day in asked:
        yield view.verdict(receipt, day)
    yield view.newest()


def committed(
    site: Site, receipt: Receipt | None, context: dg.AssetExecutionContext
) -> Iterator[LakeEvent]:
    """Each day that was asked for, and each other day of the commit, as the lake now has it."""
    asked = context.partition_keys
    late = _late(site, receipt, set(asked))
    view = LakeView.of(site, [*asked, *late])
    for day in asked:
        context.add_asset_metadata(view.told(receipt, day), partition_key=day)
        yield view.verdict(receipt, day)
    for day in late:
        yield view.materialization(receipt, day)
        yield view.verdict(receipt, day)
    yield view.newest()
    yield from view.counts()
    # the events above say how the checks went; their outputs say that they ran
    for name in (spec.name for spec in checks(site)):
        yield dg.Output(None, f"{view.key.to_python_identifier()}_{name}")
    yield dg.MaterializeResult()


@dataclass(frozen=True, slots=True)
class LakeView:
    """A site's lake as it stands, in Dagster's terms."""

    site: Site
    around: Surroundings
    drawn: Mapping[str, Shape]

    @classmethod
    def of(cls, site: Site, days: Collection[str]) -> Self:
        """The lake now, with the shapes of those days."""
        return cls(site, Surroundings(standing(site), groups(site)), shapes(site, days))

    @property
    def stands(self) -> Standing:
        """What stands in the site's lake."""
        return self.around.stands

    @property
    def key(self) -> dg.AssetKey:
        """The lake's asset."""
        return key_of(self.site, "lake")

    def told(self, receipt: Receipt | None, day: str) -> Told:
        """A day as it stands, and the commit that it was looked at after."""
        return day_told(self.around, day, self.drawn.get(day)) | commit_told(receipt)

    def materialization(self, receipt: Receipt | None, day: str) -> dg.AssetMaterialization:
        """The day as an event of its own, for a day outside a run's range."""
        return dg.AssetMaterialization(self.key, partition=day, metadata=self.told(receipt, day))

    def verdict(self, receipt: Receipt | None, day: str) -> dg.AssetCheckEvaluation:
        """The gate's word on the commit, for one of its days; a warning alone does not close it."""
        is_open = receipt is None or receipt.open
        holds = receipt is None or all(check.passed for check in receipt.checks)
        return dg.AssetCheckEvaluation(
            self.key,
            GATE,
            passed=holds,
            severity=dg.AssetCheckSeverity.WARN if is_open else dg.AssetCheckSeverity.ERROR,
            metadata=gate_told(receipt),
            blocking=True,
            partition=day,
        )

    def newest(self) -> dg.AssetCheckEvaluation:
        """Whether the newest event is as new as promised."""
        now = dt.datetime.now(dt.UTC)
        age = self.stands.age(now)
        return dg.AssetCheckEvaluation(
            self.key,
            NEWEST,
            passed=age is not None and age <= self.site.contract.levels.freshness,
            severity=dg.AssetCheckSeverity.WARN,
            metadata=newest_told(self.site, self.stands, now),
        )

    def counts(self) -> Iterator[dg.AssetCheckEvaluation]:
        """Of an aggregate: whether every group that is told is as large as the policy demands."""
        if self.around.groups is not None:
            release, least = self.site.policy.release, smallest_told(self.site)
            demanded = max(release.suppress_below, release.minimum_group)
            yield dg.AssetCheckEvaluation(
                self.key,
                COUNTS,
                passed=least is None or least >= demanded,
                severity=dg.AssetCheckSeverity.ERROR,
                metadata=counts_told(self.around.groups, least, demanded),
            )


def _late(site: Site, receipt: Receipt | None, asked: Collection[str]) -> list[str]:
    days, touched = days_of(site), receipt.days if receipt else ()
    return [day for day in touched if day not in asked and days.has_partition_key(day)]
