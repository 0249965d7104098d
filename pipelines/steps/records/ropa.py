"""Gathers what the record of processing activities is made of."""

from gdpr.records.ropa import Held, Ropa, ropa
from pipelines.steps.network import policy_of
from pipelines.steps.publication.history import History
from pipelines.steps.site import Site, sites
from schemas.catalog import Catalog
from schemas.municipality import Municipality


def ropa_of(catalog: Catalog, owner: Municipality) -> Ropa:
    """The municipality's record, of what it binds and of what its lake and releases hold."""
    names = {number: known.name.nb for number, known in catalog.municipalities.items()}
    bound = sites(catalog, owner.number) if owner.bindings else ()
    return ropa(owner, policy_of(catalog, owner), [held_of(site) for site in bound], names)


def held_of(site: Site) -> Held:
    """What is known of one dataset: its files, its table, its newest release."""
    releases = History(site.store, site.contract.name).releases()
    return Held(
        municipality=site.municipality.name.nb,
        contract=site.contract,
        binding=site.binding,
        pseudonyms=site.lake.snapshot().pseudonyms,
        released=releases[-1].version if releases else None,
    )
