"""What a portal is told of a release: first rows, plot, and the gate's word in public form."""

from collections import Counter
from dataclasses import replace
from pathlib import Path

import polars as pl

from connectors.portal import UNRELEASED, Page, Quality, Signer
from gdpr.seal import signer_of
from pipelines.steps.keys import keyring_of
from pipelines.steps.publication.history import History
from pipelines.steps.publication.map_places import places_of
from pipelines.steps.publication.opened import Opened
from pipelines.steps.publication.permission import Permission
from pipelines.steps.publication.plot import plot_of
from pipelines.steps.site import Site
from schemas.released import Releases, rows_file
from schemas.stages import Receipt, Release

_FIRST_ROWS = 10


def page_of(site: Site, permitted: Permission) -> Page:
    """The dataset's page, from its newest release and the receipt that stands for the lake."""
    history = History(site.store, site.contract.name)
    record = history.record()
    newest = record.releases[-1]
    with history.local(newest, rows_file(newest, "parquet").name) as path:
        return _page(site, permitted, record, path)


def page_with(site: Site, permitted: Permission, drafted: Release, rows: Path) -> Page:
    """The dataset's page as it will be with that version, whose rows are in a local file."""
    known = History(site.store, site.contract.name).record()
    others = tuple(release for release in known.releases if release.version != drafted.version)
    return _page(site, permitted, replace(known, releases=(*others, drafted)), rows)


def _page(site: Site, permitted: Permission, record: Releases, path: Path) -> Page:
    opened, rows = Opened.of(site), pl.scan_parquet(path)
    signer = signer_of(keyring_of(site).signing_key())
    return Page(
        municipality=site.municipality,
        contract=opened.contract,
        publication=permitted.publication,
        approval=permitted.approval,
        partner=site.partner,
        legal_basis=site.binding.legal_basis,
        fields=opened.fields,
        releases=record.releases,
        first_rows=rows.head(_FIRST_ROWS).collect(),
        plot=plot_of(opened, opened.drawn(rows)),
        quality=quality_of(site, permitted.receipt),
        open=History(site.store, site.contract.name).open,
        signer=Signer(signer.public_key, signer.fingerprint),
        places=places_of(opened, rows),
        withdrawals=record.withdrawals,
    )


def quality_of(site: Site, receipt: Receipt) -> Quality:
    """The receipt as the public may see it: rules and checks on released fields by name.

    Where the dataset holds personal fields, a count below the policy's least group is None.
    """
    rejected: Counter[str] = Counter()
    for rule, count in receipt.counts.rejected_by_rule.items():
        rejected[rule if _is_public(site, rule.split(":")[0]) else UNRELEASED] += count
    public = [c for c in receipt.checks if all(_is_public(site, name) for name in c.fields)]
    return Quality(
        judged_at=receipt.judged_at,
        landed=receipt.counts.landed,
        rejected_by_rule={rule: _told(site, count) for rule, count in rejected.items()},
        passed=tuple(check.name for check in public if check.passed),
        warned=tuple(check.name for check in public if not check.passed),
    )


def _is_public(site: Site, name: str) -> bool:
    held_back = {f.name for f in site.contract.fields} - {f.name for f in Opened.of(site).fields}
    return name not in held_back


def _told(site: Site, count: int) -> int | None:
    return None if _has_persons(site) and 0 < count < site.policy.minimum_group else count


def _has_persons(site: Site) -> bool:
    return any(site.policy.is_personal(field) for field in site.contract.fields)
