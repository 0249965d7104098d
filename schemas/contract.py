"""The typed view of a dataset's contract: what every other room reads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

import polars as pl
from pydantic import Field as Spec

from schemas.aggregation import Aggregation
from schemas.mask import TO_TEXT, Mask
from schemas.model import Bilingual, Filled, Keywords, Strict, Word
from schemas.odcs import Channel, Quality, Team
from schemas.source import FieldSource, Profile, Surprises
from schemas.types import KINDS, Kind, TypeWord

SubjectWord = Literal["inhabitant", "employee", "pupil", "patient", "next_of_kin", "visitor"]


class FieldExtras(Strict):
    """What the standard lacks about a field."""

    description_nb: Filled = Spec(examples=["Når tallet ble lest, i UTC."])
    unit: Filled | None = Spec(default=None, examples=["Cel"])
    source: FieldSource = FieldSource()
    mask: Mask | None = None
    purpose: Filled | None = Spec(default=None, examples=["facility management"])
    category: Filled | None = Spec(default=None, examples=["user.contact.email"])
    subject: SubjectWord | None = Spec(default=None, examples=["inhabitant"])
    release: Literal["omit"] | None = None


class Operation(Strict):
    """Who owns the dataset's running, and whom an alarm reaches."""

    owner: Filled = Spec(examples=["park-og-vei"])
    alarm_recipient: Filled = Spec(examples=["vakt-park@example.no"])
    runbook: Filled = Spec(examples=["docs/runbooks/gate-closed.md"])


class Gate(Strict):
    """How much may go wrong in one commit before the gate closes."""

    max_rejected_percent: float = Spec(default=5.0, ge=0, le=100, examples=[5.0])


class Geometry(Strict):
    """Which two number fields say where a row is: a released row then also has a point on the map.

    WGS84 is degrees; the others are metres in a zone of EUREF89 UTM.
    """

    north: Word = Spec(examples=["latitude"])
    east: Word = Spec(examples=["longitude"])
    system: Literal["WGS84", "UTM32", "UTM33", "UTM35"] = Spec(default="WGS84", examples=["UTM32"])


class Publication(Strict):
    """How a released dataset is presented on a portal."""

    title: Bilingual
    description: Bilingual
    theme: tuple[Filled, ...] = Spec(min_length=1, examples=[["TRAN"]])
    los: tuple[Filled, ...] = ()
    keyword: Keywords
    license: Literal["NLOD_2_0", "CC_BY_4_0", "CC0_1_0"] = Spec(examples=["NLOD_2_0"])
    frequency: Filled = Spec(examples=["CONT"])
    high_value: Filled | None = None
    plot: Word | None = Spec(default=None, examples=["free_spaces"])
    geometry: Geometry | None = None
    series: Literal["year"] | None = Spec(
        default=None,
        description="Give the rows of each year as a file of its own as well.",
        examples=["year"],
    )


class ContractExtras(Strict):
    """What the standard lacks about a dataset."""

    surprises: Surprises = Spec(examples=["freeze"])
    operation: Operation
    source: Profile = Profile()
    gate: Gate = Gate()
    aggregate: Aggregation | None = None
    release: Publication | None = None


@dataclass(frozen=True, slots=True)
class Field:
    """One column of the dataset, as the lake and its users know it."""

    name: str
    type: TypeWord
    source_columns: tuple[str, ...]
    classification: str | None
    required: bool
    key_position: int | None
    partition: bool
    minimum: float | None
    maximum: float | None
    pattern: str | None
    min_length: int | None
    max_length: int | None
    description: Bilingual
    unit: str | None
    source: FieldSource
    mask: Mask | None
    purpose: str | None
    category: str | None
    subject: SubjectWord | None
    omitted: bool

    @property
    def kind(self) -> Kind:
        """The forms of the field's type, as the source means it."""
        return KINDS[self.type]

    @property
    def stored_type(self) -> TypeWord:
        """The field's type in the lake: a mask that makes labels or pseudonyms makes text."""
        masked = self.mask is not None and self.mask.use in TO_TEXT
        return "string" if masked else self.type


@dataclass(frozen=True, slots=True)
class ServiceLevels:
    """What the dataset promises: a new reading each `frequency`, here within `latency`."""

    frequency: timedelta
    latency: timedelta
    retention: timedelta | None

    @property
    def freshness(self) -> timedelta:
        """The greatest age that the newest event may have."""
        return self.frequency + self.latency


@dataclass(frozen=True, slots=True)
class Contract:
    """A dataset: what its fields mean, what must hold, what is promised, how it is presented."""

    name: str
    version: str
    sha256: str
    file: str
    status: str
    domain: str
    purpose: str
    limitations: str | None
    granularity: str | None
    team: Team
    support: tuple[Channel, ...]
    fields: tuple[Field, ...]
    quality: tuple[Quality, ...]
    levels: ServiceLevels
    surprises: Surprises
    operation: Operation
    profile: Profile
    gate: Gate
    aggregate: Aggregation | None
    publication: Publication | None

    @property
    def key(self) -> tuple[str, ...]:
        """The names of the fields that identify a row, in their declared order."""
        keyed = sorted((f.key_position, f.name) for f in self.fields if f.key_position is not None)
        return tuple(name for _, name in keyed)

    @property
    def event(self) -> Field:
        """The date or timestamp whose local day is the row's partition."""
        return next(f for f in self.fields if f.partition)

    @property
    def rows_may_move(self) -> bool:
        """Whether a later row of the same key may stand on another day."""
        return self.event.name not in self.key

    @property
    def stored(self) -> tuple[Field, ...]:
        """The fields that reach the lake: all but those whose mask is drop."""
        return tuple(f for f in self.fields if f.mask is None or f.mask.use != "drop")

    @property
    def lake_schema(self) -> pl.Schema:
        """The columns of the lake's table, without the partition's day."""
        return pl.Schema({field.name: KINDS[field.stored_type].dtype for field in self.stored})

    def field(self, name: str) -> Field:
        """The field of that name; KeyError where there is none."""
        for field in self.fields:
            if field.name == name:
                return field
        raise KeyError(name)
