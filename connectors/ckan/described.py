"""A page as CKAN's own document: a dataset with its resources."""

from __future__ import annotations

from connectors.ckan.extras import extras, tags
from connectors.ckan.notes import Around, notes
from connectors.ckan.resources import Document, Linking, files_of, resource_of
from connectors.portal import Page
from connectors.static_portal.entry import folder_address
from schemas.licences import LICENCES


def described(page: Page, linking: Linking) -> Document:
    """The dataset as CKAN holds it, with its resources in order and without their bytes.

    Raises:
        ConfigurationError: a file must be linked to and the portal has no public address, or a
            word of the publication is in no vocabulary.
    """
    contract, texts, publisher = page.contract, page.publication, page.publisher
    return {
        "name": page.slug,
        "title": texts.title.nb,
        "notes": notes(page, Around(linking.ckan, linking.home)),
        "url": _address(page, linking),
        "owner_org": page.approval.organisation,
        "state": "active",
        "private": False,
        "license_id": LICENCES[texts.license].name,
        "version": page.newest.version,
        "author": publisher.name.nb,
        "maintainer": contract.operation.owner,
        "maintainer_email": publisher.contact,
        "tags": [{"name": tag} for tag in tags(page)],
        "extras": [{"key": key, "value": value} for key, value in sorted(extras(page).items())],
        "resources": [resource_of(page, file, linking) for file in files_of(page)],
    }


def _address(page: Page, linking: Linking) -> str:
    if linking.home is None:
        return ""
    return folder_address(linking.home, page.slug)
