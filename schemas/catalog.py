"""The only reader of a network's files: all of them, cross-checked, every fault in one go."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

from schemas.contract import Contract, Field
from schemas.cross_check import cross_problems
from schemas.documents import attempt, parse, read_yaml
from schemas.errors import ConfigurationError, Problem
from schemas.municipality import Binding, Municipality
from schemas.network import Network
from schemas.policy import Policy
from schemas.publishers import publisher_problems
from schemas.reading import read_contract
from schemas.source import FieldSource, Profile

T = TypeVar("T")
_CONTRACTS = "*.odcs.yaml"


@dataclass(frozen=True, slots=True)
class Catalog:
    """A network as its files say: contracts, municipalities and policies by name."""

    folder: Path
    network: Network
    contracts: Mapping[str, Contract]
    municipalities: Mapping[str, Municipality]
    policies: Mapping[str, Policy]

    def bindings(self) -> Iterable[tuple[Municipality, Binding, Contract]]:
        """Every dataset of every municipality, in the order of their numbers and files."""
        for number in sorted(self.municipalities):
            municipality = self.municipalities[number]
            for binding in municipality.bindings:
                yield municipality, binding, self.contracts[binding.dataset]


def load_catalog(network_file: Path) -> Catalog:
    """The network in the file; ConfigurationError with a line for everything wrong in its files."""
    network = parse(Network, read_yaml(network_file), str(network_file))
    folder = network_file.parent

    def beside(path: str) -> Path:
        return Path(os.path.normpath(folder / path))

    problems: list[Problem] = []
    contracts = _load(beside(network.datasets), _CONTRACTS, read_contract, problems)
    policies = _load(beside(network.policies), "*.yaml", _read_policy, problems)
    municipalities = _load(beside(network.municipalities), "*.yaml", _read_municipality, problems)
    catalog = Catalog(
        folder=folder,
        network=network,
        contracts=_named(contracts, lambda c: c.name, problems),
        municipalities=_named(municipalities, lambda m: m.number, problems),
        policies=_named(policies, lambda p: p.policy, problems),
    )
    places = {m.number: str(path) for path, m in municipalities.items()}
    owners = catalog.municipalities
    problems.extend(publisher_problems(network.portal, str(network_file), owners, places))
    unread = _unread(beside(network.datasets), contracts)
    problems.extend(
        problem
        for problem in cross_problems(catalog.contracts, catalog.municipalities, places)
        if not unread.intersection(problem.field.split("."))
    )
    if problems:
        raise ConfigurationError(problems)
    return catalog


def bound_profile(contract: Contract, binding: Binding) -> Profile:
    """The contract's source conventions, with the binding's own laid over them."""
    document = contract.profile.model_dump(mode="json") | binding.source.profile
    return parse(Profile, document, f"{binding.dataset} profile")


def bound_source(field: Field, binding: Binding) -> FieldSource:
    """How the bound source writes the field: the contract's convention, or the binding's own."""
    own = binding.source.fields.get(field.name)
    if own is None:
        return field.source.model_copy(update={"columns": field.source_columns})
    changed = {"columns": own.columns or field.source_columns}
    changed |= {key: getattr(own, key) for key in own.model_fields_set - {"columns"}}
    return field.source.model_copy(update=changed)


def _load(
    folder: Path, pattern: str, read: Callable[[Path], T], problems: list[Problem]
) -> dict[Path, T]:
    found: dict[Path, T] = {}
    if not folder.is_dir():
        problems.append(Problem(str(folder), "folder", "does not exist", "datasets: ../datasets"))
    for path in sorted(folder.glob(pattern)):
        item = attempt(problems, partial(read, path))
        if item is not None:
            found[path] = item
    return found


def _unread(folder: Path, contracts: Mapping[Path, Contract]) -> set[str]:
    """Datasets whose files have faults of their own: nothing more is said of them."""
    faulty = set(folder.glob(_CONTRACTS)).difference(contracts)
    return {path.name.removesuffix(_CONTRACTS[1:]) for path in faulty}


def _read_policy(path: Path) -> Policy:
    return parse(Policy, read_yaml(path), str(path))


def _read_municipality(path: Path) -> Municipality:
    return parse(Municipality, read_yaml(path), str(path))


def _named(
    found: Mapping[Path, T], name: Callable[[T], str], problems: list[Problem]
) -> dict[str, T]:
    named: dict[str, T] = {}
    for path, item in found.items():
        if name(item) in named:
            what = "stands in another file as well"
            problems.append(Problem(str(path), name(item), what, "a name of its own"))
        named[name(item)] = item
    return named
