"""A network as its files say, and the policies that hold in it. No engine is loaded for this."""

from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from connectors.dcat.vocabulary import unknown_words
from gdpr.policy import Effective, contract_problems, effective
from gdpr.registration import Registration
from schemas.catalog import Catalog, load_catalog
from schemas.errors import ConfigurationError, Problem
from schemas.municipality import Municipality

DEMO = Path("deploy/demo/network.yaml")


def open_network(network_file: Path = DEMO) -> Catalog:
    """The network in the file, cross-checked against its policies and the catalogue's words.

    Raises:
        ConfigurationError: with a line for everything that is wrong in any of its files.
    """
    catalog = load_catalog(network_file)
    problems = list(_policy_problems(catalog))
    problems += chain.from_iterable(map(unknown_words, catalog.contracts.values()))
    if problems:
        raise ConfigurationError(problems)
    return catalog


def policy_of(catalog: Catalog, owner: Municipality) -> Effective:
    """The policy that holds for a municipality: its own, or the network's."""
    return effective(owner.policy or catalog.network.policy, catalog.policies)


def owner_of(catalog: Catalog, number: str) -> Municipality:
    """The municipality of that number; ConfigurationError where the network has none."""
    if number not in catalog.municipalities:
        known = ", ".join(sorted(catalog.municipalities))
        what = "is not a municipality of the network"
        raise ConfigurationError([Problem(str(catalog.folder), number, what, known)])
    return catalog.municipalities[number]


def _policy_problems(catalog: Catalog) -> Iterator[Problem]:
    for owner in catalog.municipalities.values():
        try:
            policy = policy_of(catalog, owner)
        except ConfigurationError as error:
            yield from error.problems
            continue
        for binding in owner.bindings:
            yield from contract_problems(catalog.contracts[binding.dataset], binding, policy)
        yield from Registration(owner, policy).problems(catalog.contracts)
