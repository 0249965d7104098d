"""What has been kept as long as it may be: as received by the policy, in tables by the contract.

A batch whose bytes go keeps its sidecar, so that the same bytes do not land again. What is read
anew after that, under a changed contract or in a replay, is what landing still holds.
"""

import dataclasses
import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from connectors.lake import CommitConflict, LakeTable
from pipelines.steps.aggregate import count
from pipelines.steps.audit import event, record
from pipelines.steps.land import landed, note, remembered
from pipelines.steps.quarantine import quarantined_batches
from pipelines.steps.refine import pending
from pipelines.steps.rights.places import share_tables
from pipelines.steps.site import Site
from schemas.stages import Landed

_ATTEMPTS = 5
_HALF_WRITTEN = dt.timedelta(days=1)
_REPLACED_HOURS = 168
_SWEPT = ("landing", "quarantine", "receipts", "open", "erasure")
_STAMP = "%Y%m%dT%H%M%S%f"


@dataclass(frozen=True, slots=True)
class Expired:
    """What of one place has been kept long enough: batches, or local days, and their rows or bytes.

    `rows` counts where a table tells, `bytes` where a file does.
    """

    place: str
    parts: tuple[str, ...]
    rows: int = 0
    bytes: int = 0


@dataclass(frozen=True, slots=True)
class Retained:
    """What went from a dataset, or would."""

    dataset: str
    expired: tuple[Expired, ...]


def retention(site: Site, now: dt.datetime, *, dry_run: bool = False) -> Retained:
    """Remove what the dataset has kept long enough, and what killed runs left half-written.

    A batch stays while it is not in the lake, and the newest of a database that is read by its
    difference: the next one is made from it. With `dry_run` it is only said what would go.

    Raises:
        CommitConflict: other writers committed first, time and again.
    """
    expired = tuple(found for found in _expired(site, now) if found.parts)
    if not dry_run:
        _sweep(site)
        for found in expired:
            _remove(site, found, now)
        if expired:
            parts = sum(len(found.parts) for found in expired)
            told = dataclasses.replace(event("retention", site.contract.name), at=now)
            rows = sum(found.rows for found in expired)
            record(site, dataclasses.replace(told, rows=rows, note=f"{parts} batches or days"))
    return Retained(site.contract.name, expired)


def _expired(site: Site, now: dt.datetime) -> Iterator[Expired]:
    limit = now - dt.timedelta(days=site.policy.landing_retention_days)
    batches = [item for item in _removable(site) if item.sidecar.fetched_at < limit]
    size = sum((item.sidecar.rewritten or item.sidecar).size for item in batches)
    yield Expired("landing", tuple(item.batch for item in batches), bytes=size)
    stamp = f"{limit.astimezone(dt.UTC):{_STAMP}}"
    old = tuple(batch for batch in quarantined_batches(site) if batch < stamp)
    yield Expired("quarantine", old)
    for table in (site.lake, *share_tables(site)):
        yield _expired_days(site, table, now)


def _expired_days(site: Site, table: LakeTable, now: dt.datetime) -> Expired:
    kept = site.contract.levels.retention
    if kept is None:
        return Expired(table.zone, ())
    today = now.astimezone(ZoneInfo(site.municipality.time_zone)).date()
    first = (today - kept).isoformat()
    files = [file for file in table.snapshot().files if file.day < first]
    days = tuple(sorted({file.day for file in files}))
    return Expired(table.zone, days, rows=sum(file.rows for file in files))


def _removable(site: Site) -> list[Landed]:
    waiting = {item.batch for item in pending(site)}
    done = [item for item in landed(site) if item.batch not in waiting]
    return [item for item in done if item.batch != _base(site)]


def _base(site: Site) -> str | None:
    """The batch that the next difference is made from."""
    source = site.binding.source
    if source.engine != "sql" or not source.key:
        return None
    return max((item.batch for item in landed(site)), default=None)


def _remove(site: Site, found: Expired, now: dt.datetime) -> None:
    match found.place:
        case "landing":
            _remove_batches(site, set(found.parts), now.date())
        case "quarantine":
            for batch in found.parts:
                site.store.remove(f"quarantine/{site.contract.name}/{batch}")
        case zone:
            _drop(LakeTable(site.store, site.contract.name, zone), found.parts)
            count(site, now)


def _remove_batches(site: Site, batches: set[str], day: dt.date) -> None:
    for item in remembered(site):
        if item.batch in batches and item.sidecar.removed_on is None:
            note(site, item, dataclasses.replace(item.sidecar, removed_on=day))
            site.store.remove(item.url)


def _drop(table: LakeTable, days: tuple[str, ...]) -> None:
    for _ in range(_ATTEMPTS):
        try:
            table.drop(table.snapshot(), days, {"operation_reason": "retention"})
        except CommitConflict:
            continue
        table.vacuum(0, strays=False)
        return
    raise CommitConflict(f"{table.dataset}: another writer committed first, {_ATTEMPTS} times")


def _sweep(site: Site) -> None:
    for item in remembered(site):
        if item.sidecar.removed_on is not None:
            site.store.remove(item.url)
    for folder in _SWEPT:
        site.store.sweep(f"{folder}/{site.contract.name}", _HALF_WRITTEN)
    for table in (site.lake, *share_tables(site)):
        table.vacuum(_REPLACED_HOURS)
