"""Each bound dataset as assets: landing, then lake, then what is released of it.

Bodies call pipelines.steps and say what came of it; what is done stands there.
"""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence

import dagster as dg

from pipelines import automation
from pipelines.automation import Stage
from pipelines.failure import OneLine
from pipelines.lake_events import LakeEvent, checks, closed, committed
from pipelines.metadata import landed_told, released_told
from pipelines.portrait import portrait
from pipelines.resources import OpenDataPortal
from pipelines.steps.land import land
from pipelines.steps.portal import page_address
from pipelines.steps.receipts import latest_receipt
from pipelines.steps.refine import refine
from pipelines.steps.release import release
from pipelines.steps.site import Site
from schemas.errors import GateClosed
from schemas.stages import Window


def site_assets(site: Site) -> Iterator[dg.AssetsDefinition]:
    """The assets of a bound dataset; it is released only where its owner has approved that."""
    yield _landing(site)
    yield _lake(site)
    if site.binding.release is not None:
        yield _released(site)


def _landing(site: Site) -> dg.AssetsDefinition:
    @_asset(site, "landing")
    def landing(context: dg.AssetExecutionContext) -> dg.MaterializeResult[None]:
        days = [dt.date.fromisoformat(day) for day in context.partition_keys]
        with OneLine(site):
            new = land(site, Window(days[0], days[-1]), context.run.run_id)
        return dg.MaterializeResult(metadata=landed_told(new))

    return landing


def _lake(site: Site) -> dg.AssetsDefinition:
    @_asset(site, "lake", checks(site))
    def lake(context: dg.AssetExecutionContext) -> Iterator[LakeEvent]:
        with OneLine(site):
            try:
                receipt = refine(site)
            except GateClosed:
                yield from closed(site, latest_receipt(site), context.partition_keys)
                raise
            yield from committed(site, receipt, context)

    return lake


def _released(site: Site) -> dg.AssetsDefinition:
    @_asset(site, "released")
    def released(portal: OpenDataPortal) -> dg.MaterializeResult[None]:
        with OneLine(site):
            shown = portal.opened()
            newest = release(site, shown, dt.datetime.now(dt.UTC))
        told = released_told(newest, page_address(shown, site))
        return dg.MaterializeResult(metadata=told)

    return released


def _asset(
    site: Site, stage: Stage, check_specs: Sequence[dg.AssetCheckSpec] = ()
) -> Callable[[Callable[..., object]], dg.AssetsDefinition]:
    spec = portrait(site, stage)
    return dg.multi_asset(
        name=spec.key.to_python_identifier(),
        specs=[spec],
        check_specs=check_specs,
        pool=automation.pool_of(site, stage),
        retry_policy=automation.RETRIES,
        backfill_policy=dg.BackfillPolicy.single_run(),
    )
