"""Where the examples of code on this portal's pages read from."""

from __future__ import annotations

from connectors.portal import Page
from connectors.snippets import Snippet, examples
from connectors.static_portal.entry import folder_address
from schemas.network import PortalSite

LOOPBACK = "http://127.0.0.1:8080"


def snippets(site: PortalSite, page: Page) -> tuple[Snippet, ...]:
    """The newest version read in Python, in R and from a shell.

    Addresses are public ones where the portal has any; or else they are those that
    `datasjo portal` serves on this machine.
    """
    folder = folder_address(site.url or LOOPBACK, page.slug)
    return examples(page, lambda name: f"{folder}latest/{name}")
