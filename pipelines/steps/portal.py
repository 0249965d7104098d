"""The portals that a network's released datasets are shown on, and where each one stands there."""

import os
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from threading import Lock
from typing import Self

from connectors.ckan.api import DataStoreApi
from connectors.ckan.client import Ckan
from connectors.ckan.datastore import DataStore
from connectors.ckan.portal import CkanPortal
from connectors.portal import Page, slug_of
from connectors.static_portal.entry import folder_path
from connectors.static_portal.portal import StaticPortal
from connectors.static_portal.render import file_of
from connectors.store import Store
from pipelines.steps.root_key import text_at
from pipelines.steps.site import Site, filled
from schemas.catalog import Catalog
from schemas.errors import ConfigurationError, Problem
from schemas.network import PortalSite

# as CKAN counts them
_MEGABYTE = 1 << 20
_URL = re.compile(r'https?://[^\s<>"{}|\\^`?#]+')


@dataclass(frozen=True, slots=True)
class NetworkPortal:
    """The static portal and, where the network names one, its CKAN: a release is shown on both.

    `ckan` gives the CKAN as a municipality's own robot user sees it.
    """

    static: StaticPortal
    ckan: Callable[[str], CkanPortal] | None = field(default=None, repr=False)

    @property
    def store(self) -> Store:
        """The static portal's root."""
        return self.static.store

    @property
    def contacts(self) -> tuple[str, ...]:
        """The addresses that the portals show of their own."""
        return self.static.contacts

    def pages(self, page: Page) -> Mapping[str, bytes]:
        """All that the portals would make of the dataset by themselves, by name."""
        static = self.static.pages(page)
        return (
            {**static, **self.ckan(page.municipality.number).pages(page)} if self.ckan else static
        )

    @contextmanager
    def together(self) -> Iterator[Self]:
        """The portals for many datasets, several at once; a CKAN from its municipality's first on.

        All of them are left at the end, also where one of them cannot be.
        """
        with ExitStack() as held:
            static = held.enter_context(self.static.together())
            known: dict[str, CkanPortal] = {}
            turn = Lock()

            def ckan(number: str) -> CkanPortal:
                with turn:
                    if number not in known and self.ckan is not None:
                        known[number] = held.enter_context(self.ckan(number).together())
                    return known[number]

            yield replace(self, static=static, ckan=ckan if self.ckan else None)

    def publish(self, page: Page) -> None:
        """Show the dataset on each portal; PortalError where one is down, or refuses."""
        self.static.publish(page)
        if self.ckan is not None:
            self.ckan(page.municipality.number).publish(page)

    def withdraw(self, municipality: str, dataset: str) -> None:
        """Show the dataset no more; nothing happens where it is not shown."""
        self.static.withdraw(municipality, dataset)
        if self.ckan is not None:
            self.ckan(municipality).withdraw(municipality, dataset)


def open_portal(catalog: Catalog, names: Mapping[str, str] = os.environ) -> NetworkPortal:
    """The network's portals; ConfigurationError where a root or an address is not set."""
    shown = catalog.network.portal
    place = f"network {catalog.network.network}"
    root = Store.at(filled(shown.root, place, "portal.root", names))
    static = StaticPortal(root, shown.model_copy(update={"url": _url(shown, place, names)}))
    if shown.ckan is None:
        return NetworkPortal(static)
    url = filled(shown.ckan.url, place, "portal.ckan.url", names)
    largest, asked = shown.ckan.max_resource_size * _MEGABYTE, shown.ckan.datastore
    database = _secret(asked, (place, "portal.ckan.datastore"), names) if asked else None

    def ckan(number: str) -> CkanPortal:
        reference = catalog.municipalities[number].ckan_token
        token = _secret(reference, (number, "ckan_token"), names)
        known = Ckan(url, token, whose=f"the ckan_token of {number}")
        return CkanPortal(known, DataStore(known, database), static.site.url, largest)

    told = DataStoreApi(url, has_rows=True if database else None)
    return NetworkPortal(replace(static, apis=told.of), ckan)


def _url(shown: PortalSite, place: str, names: Mapping[str, str]) -> str | None:
    if shown.url is None:
        return None
    url = filled(shown.url, place, "portal.url", names)
    if not _URL.fullmatch(url):
        what = "is no address that names can begin with"
        raise ConfigurationError([Problem(place, "portal.url", what, "https://data.example.no")])
    return url


def page_address(portal: NetworkPortal, site: Site) -> str:
    """Where the dataset's page stands under the static portal's root, in English."""
    slug = slug_of(site.municipality.number, site.contract.name)
    return portal.store.uri(f"{folder_path(slug)}/{file_of('en')}")


def _secret(reference: str | None, place: tuple[str, str], names: Mapping[str, str]) -> str:
    """What stands in the file or the variable that the reference names."""
    told = text_at(filled(reference, *place, names), names) if reference else None
    if told is None:
        what = "is missing: a file, or a variable of the environment"
        raise ConfigurationError([Problem(*place, what, "env:CKAN_TOKEN_1103")])
    return told.strip()
