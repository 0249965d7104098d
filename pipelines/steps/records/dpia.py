"""Gathers what a risk report is made of, and measures groups of rows where they rest."""

from collections.abc import Sequence

import polars as pl

from gdpr.disclosure.anonymity import anonymity, k_distribution
from gdpr.records.dpia import Dpia, Measured, dpia, quasi_identifiers, sensitive
from pipelines.steps.records.ropa import held_of
from pipelines.steps.site import Site, sites
from schemas.catalog import Catalog


def dpias(
    catalog: Catalog, municipality: str | None = None, dataset: str | None = None
) -> tuple[Dpia, ...]:
    """The reports of the chosen datasets that tell of persons; of one that is named in any case."""
    chosen = sites(catalog, municipality, dataset)
    reports = (_report(catalog, site) for site in chosen)
    return tuple(report for report in reports if report.personal or dataset)


def measure(site: Site) -> Measured | None:
    """The groups in the dataset's rows; None without rows, or without a quasi-identifier."""
    quasi = [field.name for field in quasi_identifiers(site.contract, site.policy)]
    table = site.lake.snapshot()
    if not quasi or not table.files:
        return None
    told = [field.name for field in sensitive(site.contract)]
    rows = site.lake.read(table.files, site.contract.lake_schema).select(*quasi, *told).collect()
    return _measured(rows, quasi, told, site.policy.minimum_group)


def _report(catalog: Catalog, site: Site) -> Dpia:
    beside: Sequence[Site] = sites(catalog, site.municipality.number)
    held = [held_of(other) for other in beside]
    [own] = [one for one in held if one.contract.name == site.contract.name]
    return dpia(own, held, site.policy, measure(site))


def _measured(
    rows: pl.DataFrame, quasi: Sequence[str], told: Sequence[str], least: int
) -> Measured:
    found = anonymity(rows, quasi, told)
    small = k_distribution(rows, quasi).filter(pl.col("size") < least)
    return Measured(
        rows=found.rows,
        groups=found.groups,
        k=found.k,
        small_groups=int(small["groups"].sum()),
        small_rows=int(small["rows"].sum()),
        diversity=found.l,
    )
