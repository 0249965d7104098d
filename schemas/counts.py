"""The table of counts that leaves an aggregate, itself as a contract."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterator, Mapping

from schemas.aggregation import Aggregation, Period
from schemas.contract import Contract, Field
from schemas.model import Bilingual
from schemas.source import FieldSource
from schemas.types import TypeWord

PERIOD, ROWS, PERSONS, SUPPRESSED = "period", "rows", "persons", "suppressed"
COUNTED = (ROWS, PERSONS, SUPPRESSED)
LENGTHS: Mapping[Period, dt.timedelta] = {
    "day": dt.timedelta(days=1),
    "week": dt.timedelta(weeks=1),
    "month": dt.timedelta(days=31),
    "quarter": dt.timedelta(days=92),
    "year": dt.timedelta(days=366),
}
"""How long a period is at most."""


def counts_of(contract: Contract, classification: str) -> Contract:
    """The contract of an aggregate's counts: what stands in the lake, each column of that class.

    A row is a group within a period, named by the period's first day and the group's values;
    'total' stands for all values. Measures of a suppressed group are null. With noise only rows
    are told, not persons. The newest counts are named by the first day of a period that has ended,
    so they are two periods old before the next ones come. A contract without an aggregate is
    returned as it is.
    """
    asked = contract.aggregate
    if asked is None:
        return contract
    groups = [_group(contract.field(name), at + 2) for at, name in enumerate(asked.by)]
    sums = [_sum(contract.field(name)) for name in asked.sums]
    fields = [_period(asked), *groups, *_counted(asked), *sums, _suppressed()]
    classed = (dataclasses.replace(field, classification=classification) for field in fields)
    levels = dataclasses.replace(contract.levels, frequency=2 * LENGTHS[asked.every])
    return dataclasses.replace(
        contract,
        granularity=f"one row per {asked.every} and group",
        fields=tuple(classed),
        quality=(),
        levels=levels,
        aggregate=None,
    )


def declared_values(contract: Contract, name: str) -> tuple[str, ...]:
    """The values that the contract's quality rules declare valid for a field, in order, as text."""
    rules = [q for q in contract.quality if q.metric == "invalidValues" and q.fields == (name,)]
    return tuple(dict.fromkeys(str(value) for rule in rules for value in rule.valid_values))


def _period(asked: Aggregation) -> Field:
    nb, en = _PERIODS[asked.every]
    made = _field(PERIOD, "date", Bilingual(nb=f"Første dag i {nb}.", en=f"First day of the {en}."))
    return dataclasses.replace(made, required=True, key_position=1, partition=True)


def _group(field: Field, position: int) -> Field:
    texts = field.description
    total = Bilingual(nb=f"{texts.nb} 'total' er alle.", en=f"{texts.en} 'total' is all of them.")
    return dataclasses.replace(_field(field.name, "string", total), key_position=position)


def _counted(asked: Aggregation) -> Iterator[Field]:
    if asked.persons and not asked.noise:
        persons = Bilingual(nb="Antall ulike personer.", en="Number of different persons.")
        yield dataclasses.replace(_field(PERSONS, "integer", persons), unit="1")
    rows = Bilingual(nb="Antall hendelser.", en="Number of events.")
    yield dataclasses.replace(_field(ROWS, "integer", rows), unit="1")


def _sum(field: Field) -> Field:
    texts = field.description
    told = Bilingual(nb=f"Summen: {texts.nb}", en=f"The sum: {texts.en}")
    return dataclasses.replace(_field(field.name, field.stored_type, told), unit=field.unit)


def _suppressed() -> Field:
    nb = "Om tallene er holdt tilbake for å verne personer."
    en = "Whether the figures are held back to protect persons."
    return dataclasses.replace(
        _field(SUPPRESSED, "boolean", Bilingual(nb=nb, en=en)), required=True
    )


def _field(name: str, kind: TypeWord, description: Bilingual) -> Field:
    return Field(
        name=name,
        type=kind,
        source_columns=(),
        classification=None,
        required=False,
        key_position=None,
        partition=False,
        minimum=None,
        maximum=None,
        pattern=None,
        min_length=None,
        max_length=None,
        description=description,
        unit=None,
        source=FieldSource(),
        mask=None,
        purpose=None,
        category=None,
        subject=None,
        omitted=False,
    )


_PERIODS = {
    "day": ("dagen", "day"),
    "week": ("uken", "week"),
    "month": ("måneden", "month"),
    "quarter": ("kvartalet", "quarter"),
    "year": ("året", "year"),
}
