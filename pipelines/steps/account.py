"""What became of a dataset since its first batch, in figures that a program can compare."""

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from pipelines.steps.receipts import read_receipts
from pipelines.steps.site import Site
from pipelines.steps.standing import standing


@dataclass(frozen=True, slots=True)
class Account:
    """A dataset's rows: landed, given up as duplicates, rejected by rule, and those in the lake.

    Events are UTC. `rows_per_local_day` is the lake's, days ISO 8601. `true` maps each boolean
    field to the rows of the lake in which it is true. Where only counts leave the restricted zone,
    the rows are those in it.
    """

    rows_landed: int
    rows_in_lake: int
    rejected_by_rule: Mapping[str, int]
    duplicates: int
    first_event: dt.datetime | None
    last_event: dt.datetime | None
    rows_per_local_day: Mapping[str, int]
    true: Mapping[str, int]


def account(site: Site) -> Account:
    """The site's account; StoreError where its root cannot be read."""
    counts = [receipt.counts for receipt in read_receipts(site) if receipt.open]
    rules: Counter[str] = Counter()
    for count in counts:
        rules.update(count.rejected_by_rule)
    stands = standing(site)
    first, *true = _figures(site)
    return Account(
        rows_landed=sum(count.landed for count in counts),
        rows_in_lake=sum(stands.rows.values()),
        rejected_by_rule=dict(sorted(rules.items())),
        duplicates=sum(count.duplicate for count in counts),
        first_event=first,
        last_event=stands.newest_event,
        rows_per_local_day=dict(sorted(stands.rows.items())),
        true=dict(zip(_truths(site), true, strict=True)),
    )


def _figures(site: Site) -> tuple[dt.datetime | None, *tuple[int, ...]]:
    files, schema = site.lake.snapshot().files, site.contract.lake_schema
    first = pl.col(site.contract.event.name).cast(pl.Datetime("us", "UTC")).min()
    asked = [first, *(pl.col(name).sum().alias(name) for name in _truths(site))]
    row: tuple[dt.datetime | None, *tuple[int, ...]]
    row = site.lake.read(files, schema).select(asked).collect(engine="streaming").row(0)
    return row


def _truths(site: Site) -> list[str]:
    return [field.name for field in site.contract.stored if field.stored_type == "boolean"]
