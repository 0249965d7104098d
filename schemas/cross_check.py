"""What must hold between the files of a network."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from schemas.contract import Contract
from schemas.documents import attempt, parse
from schemas.errors import Problem
from schemas.field_rules import source_faults, zones
from schemas.municipality import Binding, Grant, Municipality
from schemas.source import Profile


def cross_problems(
    contracts: Mapping[str, Contract],
    municipalities: Mapping[str, Municipality],
    places: Mapping[str, str],
) -> list[Problem]:
    """A Problem for each disagreement between contracts, municipalities and their bindings."""
    problems = list(_same_name_same_meaning(contracts.values()))
    for municipality in municipalities.values():
        file = places[municipality.number]
        problems.extend(_ownership(municipality, municipalities, file))
        for binding in municipality.bindings:
            problems.extend(_binding(binding, contracts, file))
        for grant in municipality.grants:
            problems.extend(_grant(grant, contracts, municipalities, file))
    return problems


def _same_name_same_meaning(contracts: Iterable[Contract]) -> Iterable[Problem]:
    first: dict[str, tuple[str, str | None, str]] = {}
    for contract in contracts:
        for field in contract.fields:
            kind, unit, other = first.setdefault(
                field.name, (field.type, field.unit, contract.name)
            )
            if (kind, unit) != (field.type, field.unit):
                what = f"has another type or unit than in {other}"
                yield Problem(contract.file, field.name, what, f"{kind}, unit {unit or 'none'}")


def _ownership(
    municipality: Municipality, municipalities: Mapping[str, Municipality], file: str
) -> Iterable[Problem]:
    names = [binding.dataset for binding in municipality.bindings]
    for name in sorted({n for n in names if names.count(n) > 1}):
        yield Problem(file, f"bindings.{name}", "is bound twice", "one binding a dataset")
    if municipality.successor and municipality.successor not in municipalities:
        known = ", ".join(sorted(municipalities))
        yield Problem(file, "successor", "is not a municipality of the network", known)
    if municipality.time_zone not in zones():
        yield Problem(file, "time_zone", "is not a known time zone", "Europe/Oslo")


def _binding(binding: Binding, contracts: Mapping[str, Contract], file: str) -> Iterable[Problem]:
    place = f"bindings.{binding.dataset}"
    contract = contracts.get(binding.dataset)
    if contract is None:
        known = ", ".join(sorted(contracts)[:3])
        yield Problem(file, place, "is bound to a dataset that does not exist", known)
        return
    yield from _overrides(binding, contract, file, place)
    if binding.release and contract.publication is None:
        yield Problem(
            file,
            f"{place}.release",
            "the contract says nothing of a release",
            "release: {title: ...}",
        )


def _overrides(binding: Binding, contract: Contract, file: str, place: str) -> Iterable[Problem]:
    kinds = {field.name: field.type for field in contract.fields}
    for name, own in binding.source.fields.items():
        where = f"{place}.source.fields.{name}"
        if name not in kinds:
            yield Problem(file, where, "is not a field of the contract", min(kinds))
            continue
        for key, what, example in source_faults(own, kinds[name]):
            yield Problem(file, f"{where}.{key}", what, example)
    faults: list[Problem] = []
    document = contract.profile.model_dump(mode="json") | binding.source.profile
    profile = attempt(faults, lambda: parse(Profile, document, file))
    if profile is not None and profile.zone not in zones():
        faults.append(Problem(file, "zone", "is not a known time zone", "Europe/Oslo"))
    for fault in faults:
        where = f"{place}.source.profile.{fault.field}"
        yield Problem(file, where, fault.what, fault.example or 'separator: ";"')


def _grant(
    grant: Grant,
    contracts: Mapping[str, Contract],
    municipalities: Mapping[str, Municipality],
    file: str,
) -> Iterable[Problem]:
    place = f"grants.{grant.recipient}.{grant.dataset}"
    if grant.recipient not in municipalities:
        yield Problem(file, place, "the recipient is not in the network", min(municipalities))
    contract = contracts.get(grant.dataset)
    if contract is None:
        yield Problem(
            file, place, "grants a dataset that does not exist", min(contracts, default="")
        )
        return
    for column in sorted(set(grant.columns) - {field.name for field in contract.fields}):
        yield Problem(
            file, f"{place}.{column}", "is not a field of the contract", contract.fields[0].name
        )
