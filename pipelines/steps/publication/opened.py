"""What of a dataset is in the open: its columns, their order, and which name row and day."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Self

import polars as pl

from gdpr.disclosure.tables import TOTAL
from pipelines.steps.counts import counts_site
from pipelines.steps.publication.formats.form import Shape
from pipelines.steps.publication.formats.place import Place
from pipelines.steps.site import Site
from schemas.contract import Contract, Field
from schemas.released import stem_of


@dataclass(frozen=True, slots=True)
class Opened:
    """A dataset as the public sees it: the fields that may stand in the open as they are.

    Of counts, `groups` are the fields that name a group. `generation` is that of its files' names.
    """

    contract: Contract
    zone: str
    fields: tuple[Field, ...]
    groups: tuple[str, ...] = ()
    generation: int = 1

    @classmethod
    def of(cls, site: Site) -> Self:
        """What the site's policy opens of its contract; of an aggregate, of its counts."""
        shown = counts_site(site)
        fields = shown.policy.released(shown.contract)
        asked = site.contract.aggregate
        return cls(shown.contract, site.municipality.time_zone, fields, asked.by if asked else ())

    def narrowed(self, columns: Collection[str]) -> Self:
        """The same with only those of its columns."""
        return replace(self, fields=tuple(f for f in self.fields if f.name in columns))

    def drawn(self, rows: pl.LazyFrame) -> pl.LazyFrame:
        """The rows that a plot shows: of counts, the groups of one field over all others."""
        if not self.groups:
            return rows
        first, *others = self.groups
        whole = [pl.col(name) == TOTAL for name in others]
        return rows.filter(pl.col(first) != TOTAL, *whole)

    @property
    def schema(self) -> pl.Schema:
        """The released columns as the lake holds them, in the contract's order."""
        lake = self.contract.lake_schema
        return pl.Schema({field.name: lake[field.name] for field in self.fields})

    @property
    def shape(self) -> Shape:
        """What the files of a release hold."""
        return Shape(stem_of(self.contract.name, self.generation), self.schema, self.place)

    @property
    def types(self) -> dict[str, str]:
        """Each released field's type, with its unit where it has one."""
        return {f.name: " ".join(filter(None, (f.stored_type, f.unit))) for f in self.fields}

    @property
    def place(self) -> Place | None:
        """Where a row is; None where the contract does not say, or a coordinate is not released."""
        publication = self.contract.publication
        if publication is None or publication.geometry is None:
            return None
        place = Place(publication.geometry)
        return place if place.columns <= set(self.schema) else None

    @property
    def key(self) -> list[str]:
        """The fields that identify a row; none where one of them is not released."""
        key = list(self.contract.key)
        return key if set(key) <= set(self.schema) else []

    @property
    def has_event(self) -> bool:
        """Whether the field that gives a row its day is released."""
        return self.contract.event in self.fields

    @property
    def day(self) -> pl.Expr:
        """The row's local day; null where it is not released."""
        event = self.contract.event
        if not self.has_event:
            return pl.lit(None, pl.Date)
        if event.type == "date":
            return pl.col(event.name)
        return pl.col(event.name).dt.convert_time_zone(self.zone).dt.date()

    @property
    def order(self) -> list[pl.Expr]:
        """By what released rows are sorted, so that equal rows give equal files."""
        return [self.day, *(pl.col(name) for name in self.key or self.schema)]

    def span(self, frame: pl.DataFrame) -> tuple[dt.datetime, dt.datetime] | None:
        """The oldest and the newest event of the rows, UTC; a date counts as its midnight."""
        if not self.has_event:
            return None
        events = frame[self.contract.event.name]
        ends = [at for end in (events.min(), events.max()) if (at := _instant(end)) is not None]
        return (ends[0], ends[-1]) if ends else None


def _instant(event: object) -> dt.datetime | None:
    match event:
        case dt.datetime():
            return event
        case dt.date():
            return dt.datetime.combine(event, dt.time(), dt.UTC)
        case _:
            return None
