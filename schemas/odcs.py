"""An Open Data Contract Standard v3.1 document: the part of the standard that Datasjø reads.

Source: https://bitol-io.github.io/open-data-contract-standard/v3.1.0/
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from schemas.model import Camel, Filled, Word
from schemas.types import TypeWord

Plain = str | int | float | bool
Metric = Literal["rowCount", "nullValues", "missingValues", "invalidValues", "duplicateValues"]
Dimension = Literal[
    "accuracy", "completeness", "conformity", "consistency", "coverage", "timeliness", "uniqueness"
]


class CustomProperty(Camel):
    """A property that the standard lacks; its value is checked by the typed view."""

    property: Filled
    value: object
    description: str | None = None


class Description(Camel):
    """What the data are for, and what they are not fit for."""

    purpose: Filled = Field(examples=["Free spaces in public car parks, for way-finding."])
    limitations: str | None = None
    usage: str | None = None


class Member(Camel):
    """A person or unit with a role in the dataset."""

    username: Filled = Field(examples=["park-og-vei"])
    role: Filled = Field(examples=["owner"])


class Team(Camel):
    """Who answers for the dataset."""

    name: Filled = Field(examples=["parking"])
    members: tuple[Member, ...] = Field(
        min_length=1, examples=[[{"username": "park-og-vei", "role": "owner"}]]
    )


class Channel(Camel):
    """Where users of the data can ask."""

    channel: Filled = Field(examples=["datadeling"])
    url: Filled = Field(examples=["mailto:datadeling@example.no"])
    scope: Literal["interactive", "announcements", "issues", "notifications"] = "issues"


class TypeOptions(Camel):
    """Bounds of a field's values, inclusive; lengths in characters."""

    minimum: float | None = Field(default=None, examples=[0])
    maximum: float | None = Field(default=None, examples=[5000])
    pattern: str | None = Field(default=None, examples=["^[A-Z]{2}[0-9]{5}$"])
    min_length: int | None = Field(default=None, ge=0)
    max_length: int | None = Field(default=None, ge=0, examples=[100])


class Quality(Camel):
    """A rule on the data: a library metric, or an SQL expression that each row must satisfy."""

    name: Filled = Field(examples=["one reading per car park and instant"])
    type: Literal["library", "custom", "text"] = "library"
    metric: Metric | None = Field(default=None, examples=["duplicateValues"])
    engine: Literal["polars_sql"] | None = None
    implementation: str | None = Field(default=None, examples=["ends_at > starts_at"])
    arguments: dict[str, object] = Field(default={}, examples=[{"properties": ["sensor_id"]}])
    must_be: float | None = None
    must_be_greater_than: float | None = Field(default=None, examples=[100])
    must_be_greater_or_equal_to: float | None = None
    must_be_less_than: float | None = None
    must_be_less_or_equal_to: float | None = None
    must_be_between: tuple[float, float] | None = None
    unit: Literal["rows", "percent"] = "rows"
    dimension: Dimension | None = None
    severity: Literal["error", "warning"] = "error"
    description: str | None = None

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields that the rule is about."""
        return tuple(map(str, self._listed("properties")))

    @property
    def valid_values(self) -> tuple[object, ...]:
        """The values that are no fault."""
        return tuple(self._listed("validValues"))

    @property
    def has_bound(self) -> bool:
        """Whether the rule says how much is too little or too much."""
        bounds = (
            self.must_be,
            self.must_be_between,
            self.must_be_greater_than,
            self.must_be_greater_or_equal_to,
            self.must_be_less_than,
            self.must_be_less_or_equal_to,
        )
        return any(bound is not None for bound in bounds)

    @property
    def tolerated_percent(self) -> float | None:
        """The share of rows that may break the rule; None where no bound says so."""
        if self.must_be == 0:
            return 0.0
        limits = (self.must_be_less_or_equal_to, self.must_be_less_than)
        stated = [limit for limit in limits if limit is not None]
        return stated[0] if stated and self.unit == "percent" else None

    def _listed(self, argument: str) -> list[object]:
        named = self.arguments.get(argument)
        return named if isinstance(named, list) else []


class Property(Camel):
    """One field of the dataset."""

    name: Word = Field(examples=["observed_at"])
    physical_name: Filled | None = Field(default=None, examples=["Klokkeslett"])
    logical_type: TypeWord = Field(examples=["timestamp"])
    logical_type_options: TypeOptions = TypeOptions()
    required: bool = False
    primary_key: bool = False
    primary_key_position: int = -1
    partitioned: bool = False
    partition_key_position: int = -1
    classification: Word | None = Field(default=None, examples=["open"])
    description: Filled = Field(examples=["When the count was read, UTC."])
    examples: tuple[Plain, ...] = ()
    transform_logic: str | None = None
    quality: tuple[Quality, ...] = ()
    custom_properties: tuple[CustomProperty, ...] = ()


class Table(Camel):
    """The dataset's one table."""

    name: Word = Field(examples=["parking_occupancy"])
    physical_type: Literal["table"] = "table"
    data_granularity_description: str | None = None
    description: str | None = None
    properties: tuple[Property, ...] = Field(min_length=1)
    quality: tuple[Quality, ...] = ()


class ServiceLevel(Camel):
    """A promise about the data's rhythm, age or life."""

    property: Literal["frequency", "latency", "retention"]
    value: float = Field(gt=0, examples=[15])
    unit: Literal["minutes", "hours", "days", "months", "years"] = Field(examples=["minutes"])
    element: Filled | None = Field(default=None, examples=["parking_occupancy.observed_at"])


class Document(Camel):
    """The whole contract, as it stands in its file."""

    api_version: Literal["v3.1.0"] = Field(examples=["v3.1.0"])
    kind: Literal["DataContract"] = Field(examples=["DataContract"])
    id: Filled = Field(examples=["urn:datasjo:parking_occupancy"])
    name: Word = Field(examples=["parking_occupancy"])
    version: str = Field(pattern=r"^\d+\.\d+\.\d+$", examples=["1.0.0"])
    status: Literal["proposed", "draft", "active", "deprecated", "retired"] = Field(
        examples=["active"]
    )
    domain: Word = Field(examples=["mobility"])
    description: Description
    team: Team
    support: tuple[Channel, ...] = Field(
        min_length=1,
        examples=[[{"channel": "datadeling", "url": "mailto:datadeling@example.no"}]],
    )
    schema_: tuple[Table, ...] = Field(alias="schema", min_length=1, max_length=1)
    sla_properties: tuple[ServiceLevel, ...] = Field(
        min_length=1,
        examples=[[{"property": "frequency", "value": 15, "unit": "minutes"}]],
    )
    custom_properties: tuple[CustomProperty, ...] = Field(
        min_length=1, examples=[[{"property": "surprises", "value": "freeze"}]]
    )
    tags: tuple[str, ...] = ()
