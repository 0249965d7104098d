"""A dataset on the portal as its record of versions tells, whoever changes that meanwhile."""

from connectors.portal import Portal
from pipelines.steps.publication.history import History
from pipelines.steps.publication.page import page_of
from pipelines.steps.publication.permission import Permission
from pipelines.steps.site import Site
from schemas.errors import StoreRejected

_TRIES = 5


def show(site: Site, portal: Portal, permitted: Permission) -> None:
    """Publish the newest version, or withdraw the dataset where the record says so.

    Raises:
        StoreRejected: the record was changed again and again meanwhile.
        PortalError: the portal is down, or refuses.
    """
    history = History(site.store, site.contract.name)
    for _ in range(_TRIES):
        stood = history.recorded()
        if stood.releases.shown:
            portal.publish(page_of(site, permitted))
        else:
            portal.withdraw(site.municipality.number, site.contract.name)
        # whoever came later may have been quicker: the last one to look sets it right
        if history.recorded() == stood:
            return
    raise StoreRejected(f"{site.name}: others release it again and again meanwhile; run it again")
