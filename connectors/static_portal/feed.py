"""What the static portal tells a catalogue: addresses under its own, and APIs elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote

from connectors.dcat.facts import Api, Catalogue, Shown
from connectors.portal import Page
from connectors.static_portal.entry import folder_address
from connectors.static_portal.render import file_of
from connectors.static_portal.words import portal_words
from schemas.network import PortalSite


@dataclass(frozen=True, slots=True)
class Feed:
    """The portal as harvesters know it.

    All its names begin with `address`; `apis` gives those that serve a dataset's rows.
    """

    site: PortalSite
    address: str
    apis: Callable[[Page], tuple[Api, ...]]

    def shown(self, page: Page) -> Shown:
        """Where the dataset's page and the files of its newest version are."""
        folder = folder_address(self._root, page.slug)
        return Shown(
            address=folder,
            page=f"{folder}{file_of('nb')}",
            files={file.name: f"{folder}latest/{file.name}" for file in page.newest.resources},
            apis=self.apis(page),
        )

    def catalogue(self) -> Catalogue:
        """The portal as a catalogue."""
        publisher = self.site.publisher
        return Catalogue(
            address=self._root,
            page=f"{self._root}{file_of('nb')}",
            title=self.site.title,
            description=portal_words().words["intro"],
            publisher=publisher.name if publisher else self.site.title,
            contact=self.site.contact,
            organisation_number=publisher.organisation_number if publisher else None,
        )

    @property
    def _root(self) -> str:
        return quote(self.address.rstrip("/"), safe=":/%~@[]") + "/"
