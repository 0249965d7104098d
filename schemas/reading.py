"""From a contract's document to its typed view, with every rule that one file alone can break."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

from schemas.aggregation_rules import aggregation_problems
from schemas.contract import Contract, ContractExtras, Field, FieldExtras, ServiceLevels
from schemas.documents import attempt, parse, read_yaml
from schemas.errors import ConfigurationError, Problem
from schemas.field_rules import field_problems, zones
from schemas.model import Bilingual
from schemas.odcs import CustomProperty, Document, Property, Quality, ServiceLevel, Table
from schemas.publication_rules import publication_problems
from schemas.quality_rules import quality_problems

_UNITS = {
    "minutes": timedelta(minutes=1),
    "hours": timedelta(hours=1),
    "days": timedelta(days=1),
    "months": timedelta(days=30),
    "years": timedelta(days=365),
}


def read_contract(path: Path) -> Contract:
    """The contract in the file; ConfigurationError with a line for everything wrong in it."""
    raw = read_yaml(path)
    document = parse(Document, raw, str(path))
    contract = _view(document, str(path), _digest(raw))
    if problems := list(_contract_problems(contract)):
        raise ConfigurationError(problems)
    return contract


def _digest(raw: dict[str, Any]) -> str:
    canonical = json.dumps(raw, default=str, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def _words(properties: Iterable[CustomProperty], file: str, place: str = "") -> dict[str, object]:
    words: dict[str, object] = {}
    for entry in properties:
        if entry.property in words:
            where = f"{place}customProperties.{entry.property}"
            raise ConfigurationError([Problem(file, where, "stands twice", "a name of its own")])
        words[entry.property] = entry.value
    return words


def _view(document: Document, file: str, digest: str) -> Contract:
    (table,) = document.schema_
    found: list[Problem] = []
    extras = attempt(found, lambda: _extras(document, file))
    fields = attempt(found, lambda: _fields(table, file))
    levels = attempt(found, lambda: _levels(document.sla_properties, file))
    if extras is None or fields is None or levels is None:
        raise ConfigurationError(found)
    return Contract(
        name=document.name,
        version=document.version,
        sha256=digest,
        file=file,
        status=document.status,
        domain=document.domain,
        purpose=document.description.purpose,
        limitations=document.description.limitations,
        granularity=table.data_granularity_description,
        team=document.team,
        support=document.support,
        fields=fields,
        quality=(*table.quality, *_field_quality(table)),
        levels=levels,
        surprises=extras.surprises,
        operation=extras.operation,
        profile=extras.source,
        gate=extras.gate,
        aggregate=extras.aggregate,
        publication=extras.release,
    )


def _extras(document: Document, file: str) -> ContractExtras:
    return parse(ContractExtras, _words(document.custom_properties, file), file)


def _field_quality(table: Table) -> Iterable[Quality]:
    """The rules that stand with a field, each about that field where it names no other."""
    for declared in table.properties:
        for rule in declared.quality:
            about = {"properties": [declared.name]} | dict(rule.arguments)
            yield rule.model_copy(update={"arguments": about})


def _fields(table: Table, file: str) -> tuple[Field, ...]:
    problems: list[Problem] = []
    fields = [attempt(problems, partial(_field, each, file)) for each in table.properties]
    if problems:
        raise ConfigurationError(problems)
    return tuple(field for field in fields if field is not None)


def _field(declared: Property, file: str) -> Field:
    words = _words(declared.custom_properties, file, f"{declared.name}.")
    try:
        extras = parse(FieldExtras, words, file)
    except ConfigurationError as error:
        raise ConfigurationError(
            [
                Problem(p.file, f"{declared.name}.{p.field}", p.what, p.example)
                for p in error.problems
            ]
        ) from None
    options = declared.logical_type_options
    return Field(
        name=declared.name,
        type=declared.logical_type,
        source_columns=extras.source.columns or (declared.physical_name or declared.name,),
        classification=declared.classification,
        required=declared.required,
        key_position=declared.primary_key_position if declared.primary_key else None,
        partition=declared.partitioned,
        minimum=options.minimum,
        maximum=options.maximum,
        pattern=options.pattern,
        min_length=options.min_length,
        max_length=options.max_length,
        description=Bilingual(nb=extras.description_nb, en=declared.description),
        unit=extras.unit,
        source=extras.source,
        mask=extras.mask,
        purpose=extras.purpose,
        category=extras.category,
        subject=extras.subject,
        omitted=extras.release == "omit",
    )


def _levels(declared: Sequence[ServiceLevel], file: str) -> ServiceLevels:
    found = {level.property: level.value * _UNITS[level.unit] for level in declared}
    problems = [
        Problem(
            file,
            f"slaProperties.{word}",
            "is missing",
            "{property: latency, value: 15, unit: minutes}",
        )
        for word in ("frequency", "latency")
        if word not in found
    ]
    if problems:
        raise ConfigurationError(problems)
    return ServiceLevels(found["frequency"], found["latency"], found.get("retention"))


def _contract_problems(contract: Contract) -> Iterable[Problem]:
    names = [field.name for field in contract.fields]
    for name in sorted({n for n in names if names.count(n) > 1}):
        yield Problem(contract.file, f"schema.{name}", "stands twice", "a name of its own")
    if not contract.key:
        yield Problem(contract.file, "schema", "no field is a primaryKey", "primaryKey: true")
    partitions = [field for field in contract.fields if field.partition]
    if len(partitions) != 1:
        yield Problem(
            contract.file, "schema", "exactly one field is partitioned", "partitioned: true"
        )
    yield from field_problems(contract)
    yield from quality_problems(contract)
    yield from aggregation_problems(contract)
    if contract.profile.zone not in zones():
        yield Problem(contract.file, "source.zone", "is not a known time zone", "Europe/Oslo")
    yield from publication_problems(contract)
