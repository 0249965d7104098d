"""When assets run by themselves, how fresh they must be, and how often a failure is tried again."""

import datetime as dt
from typing import Literal

import dagster as dg

from pipelines.steps.site import Site
from schemas.municipality import Municipality

Stage = Literal["landing", "lake", "released"]

MOST_YEARS = 10
PORTAL_POOL = "portal"
RETRIES = dg.RetryPolicy(
    max_retries=3, delay=30, backoff=dg.Backoff.EXPONENTIAL, jitter=dg.Jitter.PLUS_MINUS
)
_EVALUATED_SECONDS = 60


def days_of(site: Site) -> dg.DailyPartitionsDefinition:
    """The local days that may run: from the municipality's first to today.

    Its first is the one that its file names, or the day it came to be, ten years back at most.
    A municipality's assets share them; today's partition is there from midnight.
    """
    owner = site.municipality
    earliest = dt.date(dt.datetime.now(dt.UTC).year - MOST_YEARS, 1, 1)
    first = owner.first_day or max(owner.valid_from, earliest)
    return dg.DailyPartitionsDefinition(
        start_date=first.isoformat(), timezone=owner.time_zone, end_offset=1
    )


def condition(site: Site, stage: Stage) -> dg.AutomationCondition[dg.AssetKey | dg.AssetCheckKey]:
    """When the asset runs by itself.

    Landing follows the binding's schedule, in local time. What stands after it follows it day by
    day, however late the day is.
    """
    if stage == "landing":
        return dg.AutomationCondition.on_cron(site.binding.schedule, site.municipality.time_zone)
    latest = dg.AutomationCondition.in_latest_time_window()
    return dg.AutomationCondition.eager().without(latest).with_label("eager, for late days too")


def freshness(site: Site) -> dg.FreshnessPolicy:
    """The asset is stale when it has not run for as long as its contract lets events age."""
    return dg.FreshnessPolicy.time_window(fail_window=site.contract.levels.freshness)


def pool_of(site: Site, stage: Stage) -> str | None:
    """What runs of the asset share: an engine's sources, or the portal."""
    pools = {"landing": f"source_{site.binding.source.engine}", "released": PORTAL_POOL}
    return pools.get(stage)


def automation(owner: Municipality) -> dg.AutomationConditionSensorDefinition:
    """What starts a municipality's runs, apart from every other's; on unless it is turned off.

    Runs of two municipalities never share a process, and so never see each other's keys.
    """
    return dg.AutomationConditionSensorDefinition(
        name=f"automation_{owner.number}",
        target=dg.AssetSelection.key_prefixes([owner.number]),
        default_status=dg.DefaultSensorStatus.RUNNING,
        minimum_interval_seconds=_EVALUATED_SECONDS,
        description=f"{owner.name.nb}: lands on each binding's schedule; lake and release follow.",
    )
