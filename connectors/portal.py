"""The seam to open-data portals: what is told of a dataset, whatever software shows it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import BinaryIO, Literal, Protocol

import polars as pl

from schemas.contract import Contract, Field, Publication
from schemas.municipality import Approval, LegalBasis, Municipality
from schemas.network import Organisation
from schemas.publishers import publisher_of
from schemas.released import Withdrawal, former
from schemas.stages import Release

UNRELEASED = "unreleased"
Bin = Literal["hour", "day", "week", "month"]


@dataclass(frozen=True, slots=True)
class Line:
    """A value over time: mean, least and greatest of each bin, by the bin's beginning."""

    name: str
    at: Sequence[dt.datetime]
    mean: Sequence[float]
    low: Sequence[float]
    high: Sequence[float]


@dataclass(frozen=True, slots=True)
class OverTime:
    """A field in bins of local time; the number of rows where `field` is None.

    One unnamed line, or one for each value of the field `by`.
    """

    field: Field | None
    bin: Bin
    by: Field | None
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Distribution:
    """How many of a field's values lie between each two neighbouring edges."""

    field: Field
    edges: Sequence[float]
    counts: Sequence[int]


Plot = OverTime | Distribution


@dataclass(frozen=True, slots=True)
class Mark:
    """A place in degrees of WGS 84, or the middle of `count` neighbours.

    One place has a name where its dataset names it, and the newest value of a field.
    """

    longitude: float
    latitude: float
    count: int
    name: str
    value: float | None


@dataclass(frozen=True, slots=True)
class Places:
    """Where a dataset's rows are, at least one mark; `field` is what the marks have values of."""

    marks: tuple[Mark, ...]
    field: Field | None

    @property
    def total(self) -> int:
        """How many places there are."""
        return sum(mark.count for mark in self.marks)


@dataclass(frozen=True, slots=True)
class Quality:
    """What the gate said of the newest delivery.

    Rules on fields that are not released are counted together under UNRELEASED; a count too small
    to be told is None.
    """

    judged_at: dt.datetime
    landed: int
    rejected_by_rule: Mapping[str, int | None]
    passed: Sequence[str]
    warned: Sequence[str]


@dataclass(frozen=True, slots=True)
class Freshness:
    """The greatest age that was promised, and the newest event's age when it was released.

    Events may lie ahead, as bookings do; their age is nought.
    """

    promised: dt.timedelta
    kept: dt.timedelta | None
    as_of: dt.datetime

    @property
    def holds(self) -> bool:
        """Whether the promise was kept at that time."""
        return self.kept is not None and self.kept <= self.promised


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signs a municipality's receipts: the public key, in hexadecimal, and its short name."""

    public_key: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Page:
    """One released dataset of one municipality, with all that a portal may show of it.

    `releases` are all versions, oldest first, at least one. `open` gives the bytes of a version's
    file; one that is retired has none, and is shown as retired. Only `fields` are in the open; no
    other field of the contract is shown. `partner` is the network's publisher that the approval
    names, where there is one. In `withdrawals` nothing of the dataset was shown.
    """

    municipality: Municipality
    contract: Contract
    publication: Publication
    approval: Approval
    legal_basis: LegalBasis | None
    fields: tuple[Field, ...]
    releases: tuple[Release, ...]
    first_rows: pl.DataFrame
    plot: Plot | None
    quality: Quality
    open: Callable[[Release, str], BinaryIO]
    signer: Signer | None = None
    places: Places | None = None
    withdrawals: tuple[Withdrawal, ...] = ()
    partner: Organisation | None = None

    @property
    def slug(self) -> str:
        """The dataset's name on every portal."""
        return slug_of(self.municipality.number, self.contract.name)

    @property
    def publisher(self) -> Organisation:
        """Who publishes the dataset, with the contact that answers for it.

        The municipality releases it: for itself, or for a partner.
        """
        return publisher_of(self.municipality, self.approval, self.partner)

    @property
    def is_partners(self) -> bool:
        """Whether another than the municipality publishes the dataset."""
        return self.publisher.organisation_number != self.municipality.organisation_number

    @property
    def newest(self) -> Release:
        """The version that the stable addresses give."""
        return self.releases[-1]

    @property
    def former(self) -> tuple[Release, ...]:
        """The last version of each earlier generation that still stands, oldest first."""
        return former(self.releases)

    @property
    def freshness(self) -> Freshness:
        """Promised and kept freshness at the newest release."""
        newest = self.newest
        age = newest.released_at - newest.newest_event if newest.newest_event else None
        kept = None if age is None else max(age, dt.timedelta())
        return Freshness(self.contract.levels.freshness, kept, newest.released_at)


def slug_of(municipality: str, dataset: str) -> str:
    """The name on every portal of a municipality's dataset."""
    return f"{municipality}-{dataset}"


class Portal(Protocol):
    """Where the public finds released datasets."""

    @property
    def contacts(self) -> tuple[str, ...]:
        """The addresses that the portal shows of its own."""

    def pages(self, page: Page) -> Mapping[str, bytes]:
        """All that the portal would make of the dataset by itself, by name; nothing is written."""

    def together(self) -> AbstractContextManager[Portal]:
        """The portal for many datasets in a row.

        What concerns all of them is read and written once, at the end, also where a dataset failed
        on the way.
        """

    def publish(self, page: Page) -> None:
        """Show the dataset as `page` tells it; the same page twice changes nothing.

        Raises:
            PortalError: the portal is down, or refuses.
            StoreError: the portal's storage cannot be written.
        """

    def withdraw(self, municipality: str, dataset: str) -> None:
        """Show the dataset no more; nothing happens where it is not shown."""
