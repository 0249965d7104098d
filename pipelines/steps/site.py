"""Where a step works: one dataset of one municipality, with its contract, policy and root."""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from connectors.lake import LakeTable
from connectors.store import Store
from gdpr.policy import Effective, contract_problems, effective
from schemas.catalog import Catalog, load_catalog
from schemas.contract import Contract
from schemas.documents import resolve
from schemas.errors import ConfigurationError, Problem
from schemas.municipality import Binding, Municipality

DEMO = Path("deploy/demo/network.yaml")


@dataclass(frozen=True, slots=True)
class Site:
    """One bound dataset and the rules and places that hold for it."""

    municipality: Municipality
    binding: Binding
    contract: Contract
    policy: Effective
    store: Store

    @property
    def name(self) -> str:
        """Municipality and dataset, as messages name them."""
        return f"{self.municipality.number} {self.contract.name}"

    @property
    def lake(self) -> LakeTable:
        """The dataset's table in its owner's root."""
        return LakeTable(self.store, self.contract.name)


def open_network(network_file: Path = DEMO) -> Catalog:
    """The network in the file, cross-checked against its policies.

    Raises:
        ConfigurationError: with a line for everything that is wrong in any of its files.
    """
    catalog = load_catalog(network_file)
    problems = list(_policy_problems(catalog))
    if problems:
        raise ConfigurationError(problems)
    return catalog


def sites(
    catalog: Catalog, municipality: str | None = None, dataset: str | None = None
) -> tuple[Site, ...]:
    """The bound datasets of the network, all or those of a municipality or a name.

    Raises:
        ConfigurationError: nothing is bound under those names.
    """
    found = tuple(
        _site(catalog, owner, binding)
        for owner, binding, _ in catalog.bindings()
        if municipality in (None, owner.number) and dataset in (None, binding.dataset)
    )
    if not found:
        wanted = " ".join(filter(None, (municipality, dataset))) or "the network"
        known = ", ".join(f"{m.number} {b.dataset}" for m, b, _ in list(catalog.bindings())[:3])
        raise ConfigurationError([Problem(str(catalog.folder), wanted, "has no binding", known)])
    return found


def filled(text: str, file: str, field: str, names: Mapping[str, str] = os.environ) -> str:
    """`text` with its ${NAMES} filled in; ConfigurationError where one is not set."""
    try:
        return resolve(text, names)
    except KeyError as error:
        what = f"the environment variable {error.args[0]} is not set"
        raise ConfigurationError(
            [Problem(file, field, what, f"export {error.args[0]}=...")]
        ) from None


def _site(catalog: Catalog, owner: Municipality, binding: Binding) -> Site:
    return Site(
        municipality=owner,
        binding=binding,
        contract=catalog.contracts[binding.dataset],
        policy=policy_of(catalog, owner),
        store=Store.at(filled(owner.root, owner.number, "root")),
    )


def policy_of(catalog: Catalog, owner: Municipality) -> Effective:
    """The policy that holds for a municipality: its own, or the network's."""
    return effective(owner.policy or catalog.network.policy, catalog.policies)


def _policy_problems(catalog: Catalog) -> Iterator[Problem]:
    for owner in catalog.municipalities.values():
        try:
            policy = policy_of(catalog, owner)
        except ConfigurationError as error:
            yield from error.problems
            continue
        for binding in owner.bindings:
            yield from contract_problems(catalog.contracts[binding.dataset], binding, policy)
