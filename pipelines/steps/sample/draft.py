"""The draft of a contract: everything that a sample can tell of a dataset."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

import polars as pl

from pipelines.steps.sample.columns import Column
from pipelines.steps.sample.found import Found
from pipelines.steps.sample.names import field_names
from pipelines.steps.sample.shape import event_of, key_of
from pipelines.steps.sample.suggestions import Suggestion, suggested_class, suggested_unit
from pipelines.steps.sample.table import Table
from schemas.contract import Field
from schemas.types import KINDS, TypeWord

_OBSERVED = "observed_at"
_IDENTIFIERS = ("id", "nr", "nummer", "number", "kode", "code")
_FLAGS = ("is_", "has_", "er_", "har_", "activ", "aktiv", "complet", "skip", "simul")
_UNSAID = {"date": ("%Y-%m-%d",), "timestamp": ("%+",)}
_KEY_MASK = "{use: pseudonym, domain: person}"
_OSLO, _NORMAL_TIME, _UTC = "Europe/Oslo", "Etc/GMT-1", "UTC"


@dataclass(frozen=True, slots=True)
class DraftField:
    """A field as it would stand in the contract, and what a person is asked to decide of it.

    `source` is how its source writes it; `misfits` counts the sample's values that are not of its
    type.
    """

    name: str
    columns: tuple[str, ...]
    type: TypeWord
    source: Mapping[str, object]
    unit: str | None
    suggestion: Suggestion
    misfits: int
    key_position: int | None
    partition: bool

    @property
    def lacks_unit(self) -> bool:
        """Whether a person must say in which unit the number is."""
        return KINDS[self.type].has_unit and self.unit is None


@dataclass(frozen=True, slots=True)
class Draft:
    """A dataset's draft: its fields, its source's conventions, and how often something happens."""

    name: str
    fields: tuple[DraftField, ...]
    profile: Mapping[str, object]
    frequency: timedelta
    rows: int


def draft(name: str, table: Table, known: Mapping[str, Field]) -> Draft:
    """The draft of a dataset of that name. `known` are the network's fields by name.

    A field that the network knows under its name, with the same type, takes its unit and class;
    with another type it takes the dataset's name before its own.
    """
    found = Found.of(table)
    event = event_of(found.columns, found.values)
    key = key_of(found.columns, found.values, event)
    names = field_names([column.name for column in found.columns])
    fields = [
        _Sketch(
            name=_OBSERVED if column.parts else names[column.name],
            column=column,
            values=found.values[column.name],
            suggestion=suggested_class(names[column.name], found.values[column.name]),
            key_position=key.index(column.name) + 1 if column.name in key else None,
            partition=column.name == event,
        ).field(name, known)
        for column in found.columns
    ]
    return Draft(name, tuple(fields), found.profile, found.rhythm(event), table.columns.height)


@dataclass(frozen=True, slots=True)
class _Sketch:
    name: str
    column: Column
    values: pl.Series
    suggestion: Suggestion
    key_position: int | None
    partition: bool

    def field(self, dataset: str, known: Mapping[str, Field]) -> DraftField:
        """The field in its network, where a name means one thing."""
        same = known.get(self.name)
        unit = suggested_unit(self.name, self.type)
        suggestion = self._suggested()
        if same is not None and same.type == self.type:
            name, unit, suggestion = self.name, same.unit, _as_known(same)
        else:
            name = f"{dataset}_{self.name}" if same else self.name
        return DraftField(
            name=name,
            columns=self.column.parts or (self.column.name,),
            type=self.type,
            source=self.source,
            unit=unit,
            suggestion=suggestion,
            misfits=self.column.misfits,
            key_position=self.key_position,
            partition=self.partition,
        )

    def _suggested(self) -> Suggestion:
        """The suggestion; of a key that tells of a person, a mask that keeps rows apart."""
        if self.key_position is None or self.suggestion.word != "identifier":
            return self.suggestion
        return replace(self.suggestion, mask=_KEY_MASK)

    @property
    def type(self) -> TypeWord:
        """What is no measurement but a name or a flag made of digits is no number."""
        kind = self.column.kind
        if kind == "clock":
            return "string"
        if kind not in ("integer", "number"):
            return kind
        if _is_flag(self.name, self.values):
            return "boolean"
        is_text = self.suggestion.is_text or self.name.endswith(_IDENTIFIERS)
        return "string" if is_text else kind

    @property
    def source(self) -> dict[str, object]:
        """The words by which the source's way of writing the field differs from the contract's."""
        column = self.column
        words: dict[str, object] = {"columns": list(column.parts)} if column.parts else {}
        if column.epoch:
            return words | {"epoch": column.epoch}
        if column.formats and column.formats != _UNSAID.get(column.kind):
            words["format"] = list(column.formats)
        if column.kind == "timestamp" and column.formats != _UNSAID["timestamp"]:
            words |= {"zone": _zone(column.name), "fold": "order_in_file"}
        return words


def _is_flag(name: str, values: pl.Series) -> bool:
    marks = set(values.drop_nulls().cast(pl.String).unique())
    return name.startswith(_FLAGS) and marks <= {"0", "1"}


def _zone(name: str) -> str:
    lowered = name.lower()
    if "utc" in lowered:
        return _UTC
    return _NORMAL_TIME if "normaltid" in lowered else _OSLO


def _as_known(field: Field) -> Suggestion:
    mask = field.mask.model_dump_json(exclude_defaults=True) if field.mask else ""
    known = Suggestion(field.classification or "open", "as other datasets have it", mask=mask)
    return replace(known, category=field.category or "", subject=field.subject or known.subject)
