"""A page as CKAN's own documents: a dataset, its resources, and ids that never change."""

from __future__ import annotations

import re
import uuid
from typing import Any

from connectors.portal import Page, slug_of
from schemas.licences import LICENCES
from schemas.media import MEDIA
from schemas.stages import Resource

_SPACE = uuid.UUID("6f1c8f0e-7f0c-5d0c-9a53-3b2f5f6f1d5e")
# CKAN writes the names of the formats that it knows in its own way
_KNOWN_AS = {"geojson": "GeoJSON"}
_NOT_IN_TAGS = re.compile(r"[^\w \-.]")

Document = dict[str, Any]


def dataset_id(municipality: str, dataset: str) -> str:
    """The dataset's id on every CKAN."""
    return str(uuid.uuid5(_SPACE, slug_of(municipality, dataset)))


def resource_id(municipality: str, dataset: str, name: str) -> str:
    """The id of the dataset's file of that name: its address stays while versions change."""
    return str(uuid.uuid5(_SPACE, f"{slug_of(municipality, dataset)}/{name}"))


def described(page: Page) -> Document:
    """The dataset as CKAN holds it, with its resources in order and without their bytes."""
    owner, publication, contract = page.municipality, page.publication, page.contract
    licence = LICENCES[publication.license]
    return {
        "id": dataset_id(owner.number, contract.name),
        "name": slug_of(owner.number, contract.name),
        "title": publication.title.nb,
        "notes": publication.description.nb,
        "owner_org": page.approval.organisation,
        "state": "active",
        "private": False,
        "license_id": licence.name,
        "version": page.newest.version,
        "author": owner.name.nb,
        "maintainer": contract.operation.owner,
        "maintainer_email": owner.contact,
        "tags": [{"name": tag} for tag in _tags(page)],
        "extras": [{"key": key, "value": value} for key, value in sorted(_extras(page).items())],
        "resources": [_resource(page, each) for each in page.newest.resources],
    }


def _tags(page: Page) -> list[str]:
    words = (*page.publication.keyword.nb, *page.publication.keyword.en)
    return sorted({_NOT_IN_TAGS.sub(" ", word).strip() for word in words})


def _extras(page: Page) -> dict[str, str]:
    newest, texts = page.newest, page.publication
    told = {
        "title_en": texts.title.en,
        "notes_en": texts.description.en,
        "theme": " ".join(texts.theme),
        "frequency": texts.frequency,
        "municipality": page.municipality.number,
        "contract_version": newest.contract_version,
        "released_at": newest.released_at.isoformat(),
        "rows": str(newest.rows),
        "newest_event": newest.newest_event.isoformat() if newest.newest_event else "",
    }
    return {key: value for key, value in told.items() if value}


def _resource(page: Page, resource: Resource) -> Document:
    owner, dataset = page.municipality.number, page.contract.name
    return {
        "id": resource_id(owner, dataset, resource.name),
        "name": resource.name,
        "url": resource.name,
        "url_type": "upload",
        "format": _KNOWN_AS.get(resource.format, resource.format.upper()),
        "mimetype": MEDIA[resource.format],
        "size": resource.size,
        "hash": f"sha256:{resource.sha256}",
        "version": page.newest.version,
    }
