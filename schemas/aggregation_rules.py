"""What must hold for a contract's `aggregate`, judged on the contract alone."""

from __future__ import annotations

from collections.abc import Iterator

from schemas.aggregation import Aggregation
from schemas.contract import Contract, Field
from schemas.counts import COUNTED, LENGTHS, PERIOD, declared_values
from schemas.errors import Problem
from schemas.mask import PSEUDONYMS

_Fault = tuple[str, str, str]
_TAKEN = {PERIOD, *COUNTED}


def aggregation_problems(contract: Contract) -> list[Problem]:
    """A Problem for everything that the contract's aggregate lacks or contradicts."""
    faults = _faults(contract, contract.aggregate) if contract.aggregate else _stray(contract)
    return [Problem(contract.file, place, what, example) for place, what, example in faults]


def _stray(contract: Contract) -> Iterator[_Fault]:
    for field in contract.fields:
        if field.mask and field.mask.use == "aggregate":
            what = "keeps the value for counting, and the contract has no aggregate"
            yield f"{field.name}.mask.use", what, "aggregate: {by: [unit_code], every: month}"


def _faults(contract: Contract, asked: Aggregation) -> Iterator[_Fault]:
    known = {field.name: field for field in contract.fields}
    yield from _names(asked, known)
    for name in asked.by:
        if name in known and (what := _ungrouped(known[name])):
            yield f"aggregate.by.{name}", what, "a field of a few values"
    for name in asked.sums:
        if name in known and not _is_summed(known[name]):
            yield f"aggregate.sums.{name}", "is no number once it is masked", "absence_days"
    if asked.persons in known and not _is_pseudonym(known[asked.persons]):
        what = "is no pseudonym: persons are counted without being known"
        yield "aggregate.persons", what, "mask: {use: pseudonym, domain: person}"
    yield from _noise(contract, asked)
    kept, least = contract.levels.retention, LENGTHS[asked.every] + contract.levels.latency
    if kept is not None and kept < least:
        what = f"rows go before their {asked.every} has ended and been counted"
        yield "slaProperties.retention", what, f"{2 * least.days}, unit: days"


def _names(asked: Aggregation, known: dict[str, Field]) -> Iterator[_Fault]:
    named = [*asked.by, *asked.sums, *((asked.persons,) if asked.persons else ())]
    for name in dict.fromkeys(named):
        if name not in known:
            yield f"aggregate.{name}", "is not a field of the contract", min(known)
        elif name in _TAKEN:
            yield f"aggregate.{name}", "is a column of every table of counts", "unit_code"
        if named.count(name) > 1:
            yield f"aggregate.{name}", "stands twice", "each field once"


def _ungrouped(field: Field) -> str | None:
    """Why no group can be named by that field's values; None where one can."""
    use = field.mask.use if field.mask else None
    if use in PSEUDONYMS or field.classification == "identifier":
        return "identifies a person: a group of one"
    if use == "drop":
        return "is dropped before anything is counted"
    if use == "redact" or field.classification == "free_text":
        return "is free text: a group of one"
    return "is the event: its period is counted by already" if field.partition else None


def _is_summed(field: Field) -> bool:
    dropped = field.mask is not None and field.mask.use == "drop"
    return field.stored_type in ("integer", "number") and not dropped


def _is_pseudonym(field: Field) -> bool:
    return field.mask is not None and field.mask.use in PSEUDONYMS


def _noise(contract: Contract, asked: Aggregation) -> Iterator[_Fault]:
    if asked.noise is None:
        return
    for name in asked.by:
        if not declared_values(contract, name):
            what = "noise needs its values declared: which groups there are is told without noise"
            example = "{metric: invalidValues, arguments: {validValues: [...]}, mustBe: 0}"
            yield f"aggregate.by.{name}", what, example
    if asked.sums:
        what = "noise is for counts alone: a sum has no bound that a person's share keeps"
        yield "aggregate.sums", what, "sums: []"
    if asked.noise.epsilon > asked.noise.budget:
        what = "one period costs more than may ever be spent"
        yield "aggregate.noise.budget", what, str(asked.noise.epsilon * 12)
