"""What a run tells a person in the Dagster UI: counts and verdicts, never a value of a row."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import dagster as dg

from connectors.static_portal.formats import size, span
from pipelines.markdown import table
from pipelines.sketch import sketch
from pipelines.steps.counts import Groups
from pipelines.steps.shape import Shape
from pipelines.steps.site import Site
from pipelines.steps.standing import Standing
from schemas.stages import Check, Landed, Receipt, Release

Told = dict[str, dg.MetadataValue]
_MOST_FILES = 12


def landed_told(new: Sequence[Landed]) -> Told:
    """What has landed anew."""
    told: Told = {
        "files landed": dg.MetadataValue.int(len(new)),
        "bytes landed": dg.MetadataValue.int(sum(item.sidecar.size for item in new)),
    }
    if not new:
        return told | {"note": dg.MetadataValue.text("the source had nothing new")}
    return told | {"files": dg.MetadataValue.md(_batches(new))}


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a day stands in: the whole lake, and of an aggregate the groups that are counted."""

    stands: Standing
    groups: Groups | None


def day_told(around: Surroundings, day: str, shape: Shape | None) -> Told:
    """How a day stands in the lake, beside the lake as a whole."""
    stands = around.stands
    rows = stands.rows.get(day, 0)
    told: Told = {
        "rows in the day": dg.MetadataValue.int(rows),
        "bytes in the day": dg.MetadataValue.int(stands.bytes.get(day, 0)),
    }
    if not rows:
        told["note"] = dg.MetadataValue.text("no rows landed for this day")
    if shape is not None:
        told["shape of the day"] = dg.MetadataValue.md(sketch(shape))
    told |= _whole(sum(stands.rows.values()), around.groups)
    if stands.newest_event is not None:
        told["newest event"] = dg.MetadataValue.timestamp(stands.newest_event)
    return told


def commit_told(receipt: Receipt | None) -> Told:
    """What became of the rows of a commit, all of its days together.

    In words and tables: a number would be drawn as if it were each day's own.
    """
    if receipt is None:
        return {
            "commit": dg.MetadataValue.text("nothing new had landed; the lake stands as it was")
        }
    told: Told = {"commit": dg.MetadataValue.md(_counts(receipt))}
    if receipt.counts.rejected_by_rule:
        rules = [(rule, f"{rows:,}") for rule, rows in receipt.counts.rejected_by_rule.items()]
        told["rejected by rule"] = dg.MetadataValue.md(table(("Rule", "Rows"), rules))
    return told | {
        "contract": dg.MetadataValue.text(f"{receipt.dataset} {receipt.contract_version}"),
        "policy": dg.MetadataValue.text(receipt.policy_version),
        "receipt": dg.MetadataValue.text(receipt.id),
    }


def gate_told(receipt: Receipt | None) -> Told:
    """The gate's verdict on a commit: what was asked, and what did not hold."""
    if receipt is None:
        return {"verdict": dg.MetadataValue.text("nothing new to judge")}
    failed = [check for check in receipt.checks if not check.passed]
    held = [(check.name,) for check in receipt.checks if check.passed]
    told: Told = {
        "verdict": dg.MetadataValue.text("open" if receipt.open else "closed: nothing was written"),
        "checks held": dg.MetadataValue.int(len(held)),
        "checks failed": dg.MetadataValue.int(len(failed)),
        "rows landed": dg.MetadataValue.int(receipt.counts.landed),
        "rows rejected": dg.MetadataValue.int(receipt.counts.rejected),
        "rejected by rule": dg.MetadataValue.text(_by_rule(receipt) or "none"),
        "receipt": dg.MetadataValue.text(receipt.id),
    }
    if held:
        told["which held"] = dg.MetadataValue.md(table(("Check",), held))
    if failed:
        told["which failed"] = dg.MetadataValue.text("; ".join(map(_failed, failed)))
    return told


def newest_told(site: Site, stands: Standing, now: dt.datetime) -> Told:
    """The age of the newest event beside the promised one."""
    promised = dg.MetadataValue.text(span(site.contract.levels.freshness, "en"))
    age = stands.age(now)
    if age is None or stands.newest_event is None:
        return {"promised": promised, "note": dg.MetadataValue.text("the lake is empty")}
    return {
        "newest event": dg.MetadataValue.timestamp(stands.newest_event),
        "age": dg.MetadataValue.text(span(age, "en")),
        "promised": promised,
    }


def counts_told(groups: Groups, least: int | None, demanded: int) -> Told:
    """The groups that the lake counts, and the least of those that it tells of."""
    told: Told = {
        "groups in the lake": dg.MetadataValue.int(groups.counted),
        "groups suppressed": dg.MetadataValue.int(groups.suppressed),
        "least size demanded": dg.MetadataValue.int(demanded),
    }
    if least is not None:
        told["least size told"] = dg.MetadataValue.int(least)
    return told


def released_told(release: Release, page: str) -> Told:
    """The version that is in the open, what it changed, and its page on the portal."""
    change = release.changes[-1]
    told: Told = {
        "version": dg.MetadataValue.text(release.version),
        "portal page": dg.MetadataValue.path(page),
        "dagster/row_count": dg.MetadataValue.int(release.rows),
        "rows added": dg.MetadataValue.int(change.added),
        "rows changed": dg.MetadataValue.int(change.changed),
        "rows removed": dg.MetadataValue.int(change.removed),
        "days restated": dg.MetadataValue.int(len(change.days)),
        "files": dg.MetadataValue.md(_resources(release)),
        "contract": dg.MetadataValue.text(f"{release.dataset} {release.contract_version}"),
        "receipt": dg.MetadataValue.text(release.receipt),
    }
    if release.newest_event is not None:
        told["newest event"] = dg.MetadataValue.timestamp(release.newest_event)
    return told


def _whole(rows: int, groups: Groups | None) -> Told:
    if groups is None:
        return {"rows in the lake": dg.MetadataValue.int(rows)}
    return {
        "rows in the restricted zone": dg.MetadataValue.int(rows),
        "groups in the lake": dg.MetadataValue.int(groups.counted),
        "groups suppressed": dg.MetadataValue.int(groups.suppressed),
    }


def _counts(receipt: Receipt) -> str:
    counts = receipt.counts
    rows = [
        ("landed", counts.landed),
        ("rejected", counts.rejected),
        ("duplicates of a later row", counts.duplicate),
        ("kept", counts.kept),
        ("of the lake: restated", counts.restated),
        ("of the lake: removed", counts.removed),
        ("written", counts.written),
    ]
    lines = [(name, f"{count:,}") for name, count in rows]
    took = f"{size(receipt.bytes_written, 'en')} in {receipt.seconds:.2g} s"
    return table((f"{_days(receipt)}, {took}", "Rows"), lines)


def _days(receipt: Receipt) -> str:
    return f"{len(receipt.days)} {'day' if len(receipt.days) == 1 else 'days'}"


def _by_rule(receipt: Receipt) -> str:
    rules = receipt.counts.rejected_by_rule.items()
    return "; ".join(f"{rule} ({rows:,})" for rule, rows in rules)


def _failed(check: Check) -> str:
    warning = "a warning: " if check.severity == "warning" else ""
    return f"{warning}{check.name} ({check.unexpected:,} of {check.rows:,} rows)"


def _batches(new: Sequence[Landed]) -> str:
    rows = [
        (_origin(item), size(item.sidecar.size, "en"), item.sidecar.sha256[:8])
        for item in new[:_MOST_FILES]
    ]
    more = f"\n\nand {len(new) - _MOST_FILES} more" if len(new) > _MOST_FILES else ""
    return table(("File", "Size", "SHA-256"), rows) + more


def _origin(item: Landed) -> str:
    return item.sidecar.source_url.split("?")[0].rsplit("/", 1)[-1]


def _resources(release: Release) -> str:
    rows = [(r.name, size(r.size, "en"), r.sha256[:8]) for r in release.resources]
    return table(("File", "Size", "SHA-256"), rows)
