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

from gdpr.disclosure.anonymity import Anonymity
from gdpr.scan.canaries import Canaries
from gdpr.scan.files import scan
from gdpr.scan.findings import Finding, Sought
from gdpr.scan.shape import columns_of
from pipelines.steps.anonymity import anonymity_of, demands_of, quasi_identifiers
from pipelines.steps.counts import counts_site
from pipelines.steps.site import Site, filled
from schemas.counts import PERSONS, ROWS
from schemas.errors import ConfigurationError, LeakFound, Problem
from schemas.stages import DICTIONARY, GEOMETRY

CLOSED = "closed column"
SMALL = "count of a small group"
UNREAD = "not readable"

_Openers = Mapping[str, Callable[[], AbstractContextManager[BinaryIO]]]


@dataclass(frozen=True, slots=True)
class Proof:
    """What was looked for in which files, and was not there.

    `anonymity` is None where no released field is about a person.
    """

    files: tuple[str, ...]
    kinds: tuple[str, ...]
    canaries: int
    quasi_identifiers: tuple[str, ...]
    anonymity: Anonymity | None


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
    _refuse(site, [*_closed(site, draft.files), *_leaks(files, sought)])
    held = anonymity_of(site, draft.rows)
    _refuse(site, list(_shown_small(site, draft.rows, held)))
    pages = {name: partial(io.BytesIO, page) for name, page in draft.pages().items()}
    _refuse(site, list(_leaks(pages, sought)))
    return Proof(
        files=(*files, *pages),
        kinds=tuple(sorted(sought.kinds)),
        canaries=len(canaries.texts),
        quasi_identifiers=quasi_identifiers(site),
        anonymity=held,
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
    """The addresses that are meant to be seen: who answers, the channels', the portal's."""
    channels = (c.url.removeprefix("mailto:") for c in site.contract.support)
    answers = (site.publisher.contact, site.municipality.contact)
    return frozenset(a.lower() for a in (*answers, *channels, *contacts))


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
    # the points of rows, where no field has their name
    allowed |= {GEOMETRY} - {field.name for field in shown.contract.fields}
    for path in files:
        with path.open("rb") as stream:
            try:
                more = _columns(path.name, stream) - allowed
            except ValueError:
                yield Finding(path.name, UNREAD, 1)
                continue
        if more:
            yield Finding(path.name, CLOSED, len(more))


def _columns(file: str, stream: BinaryIO) -> frozenset[str]:
    if file != DICTIONARY:
        return columns_of(file, stream)
    # its rows name the columns of the others
    return frozenset(pl.read_csv(stream, infer_schema=False).to_series())


def _shown_small(site: Site, rows: Path, held: Anonymity | None) -> Iterator[Finding]:
    """Groups of rows that hide nobody, and counts of few that are shown as they are."""
    lacking = held.shortcomings(demands_of(site)) if held else ()
    for line in lacking:
        yield Finding(rows.name, f"persons are not hidden, {line}", held.smallest if held else 0)
    asked = site.contract.aggregate
    if asked and not asked.noise and (small := _counts_below(site, rows)):
        yield Finding(rows.name, SMALL, small)


def _counts_below(site: Site, rows: Path) -> int:
    """How many counts that are shown are of fewer persons, or rows, than the policy lets out."""
    limits = site.policy.release
    least = max(limits.minimum_group, limits.suppress_below)
    table = pl.scan_parquet(rows)
    name = PERSONS if PERSONS in table.collect_schema() else ROWS
    small = pl.col(name).is_between(1, least - 1)
    return int(table.select(small.sum()).collect().item())
