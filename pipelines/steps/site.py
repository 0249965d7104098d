"""Where a step works: one dataset of one municipality, with its contract, policy and root."""

import os
from collections.abc import Mapping
from dataclasses import dataclass

from connectors.lake import LakeTable
from connectors.store import Store
from gdpr.policy import Effective
from pipelines.steps.network import DEMO, open_network, policy_of
from schemas.catalog import Catalog
from schemas.contract import Contract
from schemas.documents import resolve
from schemas.errors import ConfigurationError, Problem
from schemas.municipality import Binding, Municipality
from schemas.network import Organisation
from schemas.publishers import named_publisher, publisher_of

__all__ = ["DEMO", "Site", "filled", "open_network", "policy_of", "sites"]


@dataclass(frozen=True, slots=True)
class Site:
    """One bound dataset and the rules and places that hold for it.

    `root_key` is the network's reference to the key that the municipality's is wrapped with;
    `partner` is the network's publisher that the approval names, where there is one; `shown` is
    the root of the network's portal.
    """

    municipality: Municipality
    binding: Binding
    contract: Contract
    policy: Effective
    store: Store
    root_key: str | None = None
    partner: Organisation | None = None
    shown: str | None = None

    @property
    def name(self) -> str:
        """Municipality and dataset, as messages name them."""
        return f"{self.municipality.number} {self.contract.name}"

    @property
    def publisher(self) -> Organisation:
        """Who publishes the dataset, with the contact that answers for it."""
        return publisher_of(self.municipality, self.binding.release, self.partner)

    @property
    def lake(self) -> LakeTable:
        """The dataset's rows: in the lake, or in the restricted zone where only counts leave it."""
        zone = "restricted" if self.contract.aggregate else "lake"
        return LakeTable(self.store, self.contract.name, zone)


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
    approved = binding.release.organisation if binding.release else None
    return Site(
        municipality=owner,
        binding=binding,
        contract=catalog.contracts[binding.dataset],
        policy=policy_of(catalog, owner),
        store=Store.at(filled(owner.root, owner.number, "root")),
        root_key=catalog.network.root_key,
        partner=named_publisher(catalog.network.portal, approved) if approved else None,
        shown=catalog.network.portal.root,
    )
