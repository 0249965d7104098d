"""The portal that a network's released datasets are shown on, and where each one stands there."""

from connectors.static_portal.entry import folder_path, slug_of
from connectors.static_portal.portal import StaticPortal
from connectors.static_portal.render import file_of
from connectors.store import Store
from pipelines.steps.site import Site, filled
from schemas.catalog import Catalog


def open_portal(catalog: Catalog) -> StaticPortal:
    """The network's portal; ConfigurationError where its root names what is not set."""
    shown = catalog.network.portal
    root = filled(shown.root, f"network {catalog.network.network}", "portal.root")
    return StaticPortal(Store.at(root), shown)


def page_address(portal: StaticPortal, site: Site) -> str:
    """Where the dataset's page stands under the portal's root, in English."""
    slug = slug_of(site.municipality.number, site.contract.name)
    return portal.store.uri(f"{folder_path(slug)}/{file_of('en')}")
