"""What a run of a lake tells Dagster: day by day, for its range and for late days it touched."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import dagster as dg

from pipelines.automation import days_of
from pipelines.metadata import Told, commit_told, day_told, gate_told, newest_told
from pipelines.portrait import key_of
from pipelines.steps.shape import shapes
from pipelines.steps.site import Site
from pipelines.steps.standing import Standing, standing
from schemas.stages import Receipt

GATE, NEWEST = "gate", "newest_event"
_ByDay = dict[str, Told]
LakeEvent = (
    dg.AssetCheckEvaluation | dg.AssetMaterialization | dg.Output[None] | dg.MaterializeResult[None]
)


def checks(site: Site) -> tuple[dg.AssetCheckSpec, ...]:
    """The gate's verdict on each day, and whether the newest event is as new as promised."""
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
    )


@dataclass(frozen=True, slots=True)
class LakeEvents:
    """The events of one run of a site's lake."""

    site: Site
    context: dg.AssetExecutionContext

    def closed(self, receipt: Receipt | None) -> Iterator[LakeEvent]:
        """A failed verdict for each day that was asked for; nothing was materialized."""
        for day in self.context.partition_keys:
            yield self._verdict(receipt, day)
        yield self._newest(standing(self.site))

    def committed(self, receipt: Receipt | None) -> Iterator[LakeEvent]:
        """Each day that was asked for, and each other day of the commit, as the lake now has it."""
        asked, stands = self.context.partition_keys, standing(self.site)
        late = self._late(receipt, asked)
        told = self._told(receipt, stands, [*asked, *late])
        for day in asked:
            self.context.add_asset_metadata(told[day], partition_key=day)
            yield self._verdict(receipt, day)
        for day in late:
            yield dg.AssetMaterialization(self._key, partition=day, metadata=told[day])
            yield self._verdict(receipt, day)
        yield self._newest(stands)
        # the events above say how the checks went; their outputs say that they ran
        for name in (GATE, NEWEST):
            yield dg.Output(None, f"{self._key.to_python_identifier()}_{name}")
        yield dg.MaterializeResult()

    @property
    def _key(self) -> dg.AssetKey:
        return key_of(self.site, "lake")

    def _late(self, receipt: Receipt | None, asked: Sequence[str]) -> list[str]:
        days, known = days_of(self.site), set(asked)
        touched = receipt.days if receipt else ()
        return [day for day in touched if day not in known and days.has_partition_key(day)]

    def _told(self, receipt: Receipt | None, stands: Standing, days: Sequence[str]) -> _ByDay:
        commit, drawn = commit_told(receipt), shapes(self.site, days)
        return {day: day_told(stands, day, drawn.get(day)) | commit for day in days}

    def _verdict(self, receipt: Receipt | None, day: str) -> dg.AssetCheckEvaluation:
        is_open = receipt is None or receipt.open
        warned = is_open and receipt is not None and not all(c.passed for c in receipt.checks)
        return dg.AssetCheckEvaluation(
            self._key,
            GATE,
            passed=is_open and not warned,
            severity=dg.AssetCheckSeverity.WARN if warned else dg.AssetCheckSeverity.ERROR,
            metadata=gate_told(receipt),
            blocking=True,
            partition=day,
        )

    def _newest(self, stands: Standing) -> dg.AssetCheckEvaluation:
        now = dt.datetime.now(dt.UTC)
        age = stands.age(now)
        return dg.AssetCheckEvaluation(
            self._key,
            NEWEST,
            passed=age is not None and age <= self.site.contract.levels.freshness,
            severity=dg.AssetCheckSeverity.WARN,
            metadata=newest_told(self.site, stands, now),
        )
