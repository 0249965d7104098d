"""What must hold for each field of a contract, judged on the contract alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from zoneinfo import available_timezones

import polars as pl

from schemas.contract import Contract, Field
from schemas.errors import Problem
from schemas.mask import PSEUDONYMS
from schemas.mask_rules import Fault, beside_problems, mask_faults
from schemas.source import FieldSource
from schemas.types import TypeWord


def field_problems(contract: Contract) -> list[Problem]:
    """A Problem for everything that a field of the contract lacks or contradicts."""
    return [
        Problem(contract.file, f"{field.name}.{place}", what, example)
        for field in contract.fields
        for rule in _RULES
        for place, what, example in rule(field)
    ] + beside_problems(contract)


def _classified(field: Field) -> Iterable[Fault]:
    if field.classification is None:
        yield "classification", "is missing: an unclassified field is refused", "open"


def _unit(field: Field) -> Iterable[Fault]:
    if field.kind.has_unit and field.unit is None:
        yield "unit", "is missing: a number has a unit, 1 where it is a plain count", "Cel"


def _key(field: Field) -> Iterable[Fault]:
    if field.key_position is None:
        return
    if not field.required:
        yield "required", "a key field is required", "true"
    if field.mask is not None and field.mask.use not in PSEUDONYMS:
        yield "mask.use", "a key field keeps its identity", "pseudonym"


def _event(field: Field) -> Iterable[Fault]:
    if not field.partition:
        return
    if field.type not in ("timestamp", "date"):
        yield "logicalType", "a partitioned field is a timestamp or a date", "timestamp"
    if not field.required:
        yield "required", "a partitioned field is required", "true"
    if field.mask is not None:
        yield "mask", "a partitioned field is not masked", "a field of its own for what is masked"


@cache
def zones() -> frozenset[str]:
    """The names of all time zones."""
    return frozenset(available_timezones())


def source_faults(source: FieldSource, kind: TypeWord) -> Iterable[Fault]:
    """Place, fault and example for everything wrong in how a field of that type is written."""
    if source.zone and source.zone not in zones():
        yield "zone", "is not a known time zone", "Europe/Oslo"
    if not all(type(meaning) in _MEANINGS[kind] for meaning in source.words.values()):
        yield "words", f"a word means no {kind}", _WORDS.get(kind, "words: {}")
    if len({_has_zone(form) for form in source.format}) > 1:
        what = "formats with a zone and without one stand together"
        yield "format", what, '["%d.%m.%Y %H:%M"]'


def _has_zone(form: str) -> bool:
    return form.endswith("Z") or "%z" in form or "%+" in form


def _source(field: Field) -> Iterable[Fault]:
    for place, what, example in source_faults(field.source, field.type):
        yield f"source.{place}", what, example


def _limits(field: Field) -> Iterable[Fault]:
    bounds = [bound for bound in (field.minimum, field.maximum) if bound is not None]
    if bounds and not field.kind.has_unit:
        yield "logicalTypeOptions", f"a {field.type} has no minimum or maximum", "minLength: 1"
    if bounds != sorted(bounds):
        yield "logicalTypeOptions", "minimum is above maximum", "minimum: 0, maximum: 100"
    texts = (field.pattern, field.min_length, field.max_length)
    if field.type != "string" and any(text is not None for text in texts):
        yield "logicalTypeOptions", f"a {field.type} has no pattern or length", "minimum: 0"
    if field.pattern is not None and not _is_pattern(field.pattern):
        yield "logicalTypeOptions.pattern", "is not a regular expression", "^[0-9]{4}$"


def _is_pattern(pattern: str) -> bool:
    try:
        pl.Series([""]).str.contains(pattern)
    except pl.exceptions.PolarsError:
        return False
    return True


_MEANINGS: dict[TypeWord, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "date": (),
    "timestamp": (),
}
_WORDS = {
    "string": "{J: ja}",
    "integer": "{Fullt: 0}",
    "number": "{Ingen: 0}",
    "boolean": "{J: true}",
}
_RULES: tuple[Callable[[Field], Iterable[Fault]], ...] = (
    _classified,
    _unit,
    _key,
    _event,
    _source,
    _limits,
    mask_faults,
)
