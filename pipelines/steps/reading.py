"""Reading a dataset as somebody, for a purpose: what a grant permits and nothing else, logged."""

import dataclasses
import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import polars as pl

from pipelines.steps.audit import event, record
from pipelines.steps.counts import counted, counts_site
from pipelines.steps.site import Site
from schemas.errors import AccessDenied, StoreRejected
from schemas.municipality import Grant


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads, by kommunenummer, what for, and which local days; all where none is named."""

    number: str
    purpose: str
    days: Collection[str] | None = None


def read(site: Site, reader: Reader, now: dt.datetime) -> pl.LazyFrame:
    """The rows and columns that the reader may see: of the lake, never of the restricted zone.

    The owner sees the lake as it is, for the purpose of its legal basis; for any purpose where the
    dataset tells of no person. A neighbour sees what a grant gives it, as far as the policy's share
    zone permits, for the grant's purpose. Both what was read and what was refused are put down.

    Raises:
        AccessDenied: nobody granted that.
        RecordBroken: the log cannot be continued, so nothing is read.
        StoreRejected: nothing has been committed yet.
    """
    told = dataclasses.replace(
        event("read", site.contract.name), at=now, who=reader.number, purpose=reader.purpose
    )
    try:
        view = _view(site, reader, now)
        rows = view.rows()
    except AccessDenied as refusal:
        reason = str(refusal).partition(": ")[-1]
        record(site, dataclasses.replace(told, action="refused", note=reason))
        raise
    record(site, dataclasses.replace(told, days=view.interval, rows=rows))
    return view.frame


@dataclass(frozen=True, slots=True)
class _View:
    """What one reader is given: rows of those days."""

    name: str
    days: tuple[str, ...]
    frame: pl.LazyFrame

    @property
    def interval(self) -> str | None:
        return f"{self.days[0]}/{self.days[-1]}" if self.days else None

    def rows(self) -> int:
        try:
            return int(self.frame.select(pl.len()).collect().item())
        except pl.exceptions.PolarsError:
            what = "the grant's rows cannot be judged on what is in the lake"
            raise AccessDenied(f"{self.name}: {what}") from None


def _view(site: Site, reader: Reader, now: dt.datetime) -> _View:
    bound = counts_site(site)
    if reader.number == site.municipality.number:
        _require_own_purpose(site, reader)
        return _opened(bound, reader, pl.all())
    grant = _grant(site, reader, now)
    columns = _columns(site, bound, grant)
    if not columns:
        raise _denied(site, reader, f"has a grant of nothing that {site.policy.version} shares")
    condition = pl.sql_expr(grant.rows) if grant.rows else pl.lit(value=True)
    return _opened(bound, reader, pl.col(columns), condition)


def _columns(site: Site, bound: Site, grant: Grant) -> list[str]:
    counts = site.contract.aggregate is not None
    if counts and any(site.policy.refuses(field, "share") for field in site.contract.fields):
        return []
    own = {field.name for field in site.contract.fields}
    # counts have columns of their own, which no grant needs to name
    return [
        field.name
        for field in site.policy.shared(bound.contract)
        if field.name in grant.columns or field.name not in own
    ]


def _opened(
    bound: Site, reader: Reader, columns: pl.Expr, condition: pl.Expr | None = None
) -> _View:
    table = counted(bound)
    snapshot = table.snapshot()
    if snapshot.version < 0:
        raise StoreRejected(f"{bound.name}: nothing has been committed yet")
    files = [f for f in snapshot.files if reader.days is None or f.day in reader.days]
    rows = table.read(files, bound.contract.lake_schema)
    kept = rows if condition is None else rows.filter(condition)
    days = tuple(sorted({file.day for file in files}))
    return _View(bound.name, days, kept.select(columns))


def _require_own_purpose(site: Site, reader: Reader) -> None:
    basis = site.binding.legal_basis
    personal = any(site.policy.is_personal(field) for field in site.contract.stored)
    if (basis or personal) and (basis is None or basis.purpose != reader.purpose):
        known = basis.purpose if basis else "none"
        raise _denied(site, reader, f"may read it for its legal basis only: {known}")


def _grant(site: Site, reader: Reader, now: dt.datetime) -> Grant:
    today = now.astimezone(ZoneInfo(site.municipality.time_zone)).date()
    given = [
        grant
        for grant in site.municipality.grants
        if (grant.recipient, grant.dataset) == (reader.number, site.contract.name)
    ]
    if not given:
        raise _denied(site, reader, "has no grant of it")
    meant = [grant for grant in given if grant.purpose == reader.purpose]
    if not meant:
        known = ", ".join(sorted({grant.purpose for grant in given}))
        raise _denied(site, reader, f"has a grant of it for another purpose: {known}")
    standing = [grant for grant in meant if grant.expires >= today]
    if not standing:
        raise _denied(site, reader, f"had a grant of it, which expired on {meant[0].expires}")
    return standing[0]


def _denied(site: Site, reader: Reader, why: str) -> AccessDenied:
    return AccessDenied(f"{site.name}: {reader.number} {why}")
