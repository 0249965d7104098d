"""Everything that a root holds of the erased, taken out: also from a copy that was restored."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

import polars as pl

from connectors.lake import LakeTable
from pipelines.steps.aggregate import count
from pipelines.steps.land import landed
from pipelines.steps.rights.announced import announce
from pipelines.steps.rights.kept_back import scrub_quarantine
from pipelines.steps.rights.landing import Finds, cut_out, find_in_landing
from pipelines.steps.rights.places import share_tables, unexplained
from pipelines.steps.rights.recognition import Recognition
from pipelines.steps.rights.reissue import OpenPortal, reissue
from pipelines.steps.rights.rows import Sought, clear_strays, take_out
from pipelines.steps.rights.traced import keys_in_tables
from pipelines.steps.site import Site
from schemas.errors import DatasjoError


@dataclass(frozen=True, slots=True)
class Went:
    """Rows that went from one place of a dataset, and from how many batches or days of it."""

    dataset: str
    place: str
    rows: int
    parts: int


@dataclass(frozen=True, slots=True)
class Cleaned:
    """What went, which released versions were retired, and what stands in the way of all.

    `left` has a line for everything that could not be searched, rewritten or released anew.
    """

    went: tuple[Went, ...] = ()
    retired: tuple[str, ...] = ()
    left: tuple[str, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether nothing of the erased can be left."""
        return not self.left


@dataclass(slots=True)
class _Cleaning:
    known: Recognition
    went: list[Went] = field(default_factory=list)
    retired: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)

    def clean(self, site: Site) -> None:
        # landing after the tables: it alone tells the keys of rows that bear no pseudonym
        batches = landed(site)
        finds = find_in_landing(site, batches, self.known)
        self._clean_tables(site, keys_in_tables(site, batches, finds, self.known))
        self._clean_landing(site, finds)
        gone = scrub_quarantine(site, self.known)
        self._note(site, "quarantine", sum(gone.values()), len(gone))
        count(site)

    def _clean_tables(self, site: Site, keys: pl.DataFrame | None) -> None:
        for table in (site.lake, *share_tables(site)):
            sought = Sought.of(site, table, self.known, keys)
            self._require_known(site, table, sought)
            gone = take_out(table, sought, lambda: announce(site))
            clear_strays(table, sought)
            self._note(site, table.zone, gone.rows, len(gone.days))

    def _clean_landing(self, site: Site, finds: Finds) -> None:
        for hit in finds.hits:
            cut_out(site, hit, self.known)
        self._note(site, "landing", finds.rows, len(finds.hits))
        self.left += (f"{site.name}: {item.url} cannot be read" for item in finds.unread)

    def _require_known(self, site: Site, table: LakeTable, sought: Sought) -> None:
        for column in sought.columns:
            if not column.is_known:
                what = f"{column.column} was made with a key that is not the municipality's"
                self.left.append(f"{site.name}: {table.folder}: {what}")

    def _note(self, site: Site, place: str, rows: int, parts: int) -> None:
        if rows:
            self.went.append(Went(site.contract.name, place, rows, parts))


def clean(
    sites: Sequence[Site], known: Recognition, portal: OpenPortal, now: dt.datetime
) -> Cleaned:
    """Take everybody on the list out of the municipality's root; the same again changes nothing.

    `sites` are all of the municipality's. What goes wrong with one dataset does not spare others.
    """
    work = _Cleaning(known)
    for site in sites:
        try:
            work.clean(site)
            work.retired += (f"{site.name} {v}" for v in reissue(site, portal, now))
        except DatasjoError as error:
            said = str(error)
            work.left.append(said if site.name in said else f"{site.name}: {said}")
    work.left += (f"{folder}: no binding explains it" for folder in unexplained(sites))
    return Cleaned(tuple(work.went), tuple(work.retired), tuple(work.left))


def clean_rows(site: Site, known: Recognition) -> Cleaned:
    """The same for one dataset's rows; its releases are noted, to be made anew by the next one."""
    work = _Cleaning(known)
    work.clean(site)
    return Cleaned(tuple(work.went), (), tuple(work.left))
