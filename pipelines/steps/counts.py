"""The counts that leave an aggregate-only dataset, seen as a dataset of its own in the lake."""

from dataclasses import dataclass, replace

import polars as pl

from connectors.lake import LakeTable
from pipelines.steps.site import Site
from schemas.counts import PERSONS, ROWS, SUPPRESSED, counts_of

_OPEN, _KEPT = "open", "internal"


@dataclass(frozen=True, slots=True)
class Groups:
    """How many groups the lake counts, over all periods, and how many of them are hidden."""

    counted: int
    suppressed: int


def counts_site(site: Site) -> Site:
    """The site of the dataset's counts; the site itself where its rows are in the lake."""
    if site.contract.aggregate is None:
        return site
    classification = _OPEN if may_be_open(site) else _KEPT
    return replace(site, contract=counts_of(site.contract, classification))


def counted(site: Site) -> LakeTable:
    """The dataset's table in the lake: counts of groups where its rows are restricted."""
    return LakeTable(site.store, site.contract.name)


def may_be_open(site: Site) -> bool:
    """Whether the policy lets the counts out: each class in them opens values, or their counts.

    One special field anywhere in the contract keeps all of it in the lake.
    """
    asked = site.contract.aggregate
    if asked is None:
        return False
    told = [site.contract.field(name) for name in (*asked.by, *asked.sums)]
    opens = all(
        any(site.policy.permits(field, "open", way) for way in ("keep", "aggregate"))
        for field in told
    )
    return opens and not any(
        _is_refused(site, field.classification) for field in site.contract.fields
    )


def groups(site: Site) -> Groups | None:
    """The groups of the dataset's counts; None where its rows are in the lake themselves."""
    if site.contract.aggregate is None:
        return None
    table = counted(site)
    flags = table.read(table.snapshot().files, pl.Schema({SUPPRESSED: pl.Boolean()}))
    total, hidden = flags.select(pl.len(), pl.col(SUPPRESSED).sum()).collect().row(0)
    return Groups(total, hidden)


def smallest_told(site: Site) -> int | None:
    """The least size above nought that a told group has; None where none is told, or with noise."""
    asked = site.contract.aggregate
    if asked is None or asked.noise:
        return None
    size = PERSONS if asked.persons else ROWS
    table = counted(site)
    sizes = table.read(table.snapshot().files, pl.Schema({size: pl.Int64()}))
    least: int | None = sizes.filter(pl.col(size) > 0).select(pl.col(size).min()).collect().item()
    return least


def _is_refused(site: Site, classification: str | None) -> bool:
    rule = site.policy.classes.get(classification or "")
    return rule is None or rule.open == "refuse"
