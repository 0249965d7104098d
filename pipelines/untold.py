"""What was brought into a lake without Dagster, told to it afterwards: the UI shows it as well."""

import datetime as dt
from collections.abc import Iterator, Mapping

import dagster as dg

from pipelines.automation import days_of
from pipelines.lake_events import LakeView
from pipelines.metadata import released_told
from pipelines.portrait import key_of
from pipelines.steps.portal import open_portal, page_address
from pipelines.steps.publication.history import History
from pipelines.steps.receipts import read_receipts
from pipelines.steps.site import Site, sites
from pipelines.steps.standing import standing
from schemas.catalog import Catalog
from schemas.stages import Receipt

_Untold = Mapping[str, Receipt | None]


def tell(instance: dg.DagsterInstance, catalog: Catalog) -> int:
    """Tell Dagster of each day that the command line brought into a lake; how many days.

    What Dagster has heard of is not told again.
    """
    portal, days = open_portal(catalog), 0
    for site in sites(catalog):
        untold = _untold(instance, site)
        page = page_address(portal, site)
        for event in (*_brought(site, untold), *_released(site, untold, page)):
            instance.report_runless_asset_event(event)
        days += len(untold)
    return days


def _untold(instance: dg.DagsterInstance, site: Site) -> _Untold:
    """Day → the receipt that it was last committed under, where that is known."""
    key, days = key_of(site, "lake"), days_of(site)
    known, latest = instance.get_materialized_partitions(key), None
    if event := instance.get_latest_materialization_event(key):
        latest = dt.datetime.fromtimestamp(event.timestamp, dt.UTC)
    untold: dict[str, Receipt | None] = dict.fromkeys(standing(site).rows.keys() - known)
    for receipt in read_receipts(site, latest):
        untold |= dict.fromkeys(receipt.days if receipt.open else (), receipt)
    return {day: untold[day] for day in sorted(untold) if days.has_partition_key(day)}


def _brought(
    site: Site, untold: _Untold
) -> Iterator[dg.AssetMaterialization | dg.AssetCheckEvaluation]:
    if not untold:
        return
    view, note = LakeView.of(site, list(untold)), {"note": "brought here without Dagster"}
    for day in untold:
        yield dg.AssetMaterialization(key_of(site, "landing"), partition=day, metadata=note)
    for day, receipt in untold.items():
        yield view.materialization(receipt, day)
        yield view.verdict(receipt, day)
    yield view.newest()
    yield from view.counts()


def _released(site: Site, untold: _Untold, page: str) -> Iterator[dg.AssetMaterialization]:
    if site.binding.release is None or not untold:
        return
    if releases := History(site.store, site.contract.name).releases():
        told = released_told(releases[-1], page)
        for day in untold:
            yield dg.AssetMaterialization(key_of(site, "released"), partition=day, metadata=told)
