"""Proof before release: the bytes of every file, looked at as anyone will be able to."""

import io
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import BinaryIO

import polars as pl

from gdpr.scan.canaries import Canaries
from gdpr.scan.files import scan
from gdpr.scan.findings import Finding, Sought
from gdpr.scan.shape import columns_of
from pipelines.steps.counts import counts_site
from pipelines.steps.site import Site, filled
from schemas.counts import PERSONS, ROWS
from schemas.errors import ConfigurationError, LeakFound, Problem

CLOSED = "closed column"
SMALL = "row in a small group"
UNREAD = "not readable"

_Openers = Mapping[str, Callable[[], AbstractContextManager[BinaryIO]]]


@dataclass(frozen=True, slots=True)
class Proof:
    """What was looked for in which files, and was not there.

    `smallest_group` is the least number of rows that agree on all quasi-identifiers; None where
    none of them is released, or there are no rows.
    """

    files: tuple[str, ...]
    kinds: tuple[str, ...]
    canaries: int
    quasi_identifiers: tuple[str, ...]
    smallest_group: int | None


@dataclass(frozen=True, slots=True)
class Draft:
    """What is about to be released: files of rows with their description, and a portal's pages.

    The pages are made once the files have passed. `contacts` are addresses that the portal shows
    of its own.
    """

    files: Sequence[Path]
    rows: Path
    pages: Callable[[], Mapping[str, bytes]]
    contacts: Sequence[str] = ()


def prove(site: Site, draft: Draft) -> Proof:
    """The proof that a draft holds what the policy opens, and nothing that tells of a person.

    Raises:
        LeakFound: it does not; the line names files, kinds and counts.
        ConfigurationError: the municipality's planted texts cannot be read.
    """
    canaries = canaries_of(site)
    sought = Sought(permitted=_public(site, draft.contacts), canaries=canaries)
    files = {path.name: partial(_open, path) for path in draft.files}
    _refuse(site, [*_closed(site, draft.files), *_small(site, draft.rows), *_leaks(files, sought)])
    pages = {name: partial(io.BytesIO, page) for name, page in draft.pages().items()}
    _refuse(site, list(_leaks(pages, sought)))
    names = _quasi_identifiers(site)
    return Proof(
        files=(*files, *pages),
        kinds=tuple(sorted(sought.kinds)),
        canaries=len(canaries.texts),
        quasi_identifiers=names,
        smallest_group=_smallest_group(draft.rows, names),
    )


def canaries_of(site: Site, names: Mapping[str, str] = os.environ) -> Canaries:
    """The texts that the municipality has planted; ConfigurationError where they cannot be read."""
    owner = site.municipality
    if owner.canaries is None:
        return Canaries()
    place = Path(filled(owner.canaries, owner.number, "canaries", names))
    try:
        return Canaries.read(place.read_text(encoding="utf-8").splitlines())
    except OSError:
        what = "the file of planted texts cannot be read"
    except ValueError as error:
        what = "is not UTF-8" if isinstance(error, UnicodeDecodeError) else str(error)
    raise ConfigurationError([Problem(owner.number, "canaries", what, "one text a line")])


def _public(site: Site, contacts: Sequence[str]) -> frozenset[str]:
    """The addresses that are meant to be seen: the owner's, its channels', the portal's."""
    channels = (c.url.removeprefix("mailto:") for c in site.contract.support)
    return frozenset(a.lower() for a in (site.municipality.contact, *channels, *contacts))


def _refuse(site: Site, found: Sequence[Finding]) -> None:
    if found:
        told = ", ".join(f"{finding.file}: {finding.kind} ({finding.count})" for finding in found)
        raise LeakFound(f"{site.name}: nothing was released: {told}")


def _open(path: Path) -> BinaryIO:
    return path.open("rb")


def _leaks(openers: _Openers, sought: Sought) -> Iterator[Finding]:
    for name, open_ in openers.items():
        with open_() as stream:
            yield from scan(name, stream, sought)


def _closed(site: Site, files: Iterable[Path]) -> Iterator[Finding]:
    shown = counts_site(site)
    allowed = {field.name for field in shown.policy.released(shown.contract)}
    for path in files:
        with path.open("rb") as stream:
            try:
                more = columns_of(path.name, stream) - allowed
            except ValueError:
                yield Finding(path.name, UNREAD, 1)
                continue
        if more:
            yield Finding(path.name, CLOSED, len(more))


def _small(site: Site, rows: Path) -> Iterator[Finding]:
    least, names = site.policy.minimum_group, _quasi_identifiers(site)
    small = (
        _counts_below(site, rows) if site.contract.aggregate else _rows_below(rows, names, least)
    )
    if small:
        yield Finding(rows.name, SMALL, small)


def _quasi_identifiers(site: Site) -> tuple[str, ...]:
    shown = counts_site(site)
    return tuple(field.name for field in shown.policy.quasi_identifiers(shown.contract))


def _rows_below(rows: Path, names: Sequence[str], least: int) -> int:
    if not names:
        return 0
    small = _groups(rows, names).filter(pl.col("len") < least).select(pl.col("len").sum())
    return int(small.collect(engine="streaming").item())


def _smallest_group(rows: Path, names: Sequence[str]) -> int | None:
    if not names:
        return None
    least: int | None = _groups(rows, names).select(pl.col("len").min()).collect().item()
    return least


def _groups(rows: Path, names: Sequence[str]) -> pl.LazyFrame:
    return pl.scan_parquet(rows).group_by(names).len()


def _counts_below(site: Site, rows: Path) -> int:
    """How many counts that are shown are of fewer persons, or rows, than the policy lets out."""
    table = pl.scan_parquet(rows)
    name = PERSONS if PERSONS in table.collect_schema() else ROWS
    small = pl.col(name).is_between(1, site.policy.release.suppress_below - 1)
    return int(table.select(small.sum()).collect().item())
