"""A dataset as schema.org describes it, within its page: what search engines for data read."""

from __future__ import annotations

import json
from collections.abc import Mapping

from markupsafe import Markup

from connectors.portal import Page
from connectors.static_portal.entry import folder_address
from connectors.static_portal.snippets import LOOPBACK
from schemas.licences import LICENCES
from schemas.media import MEDIA
from schemas.network import PortalSite, PublisherKind
from schemas.stages import Resource

_ESCAPES = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"}
_KINDS: Mapping[PublisherKind, str] = {"Company": "Corporation", "NonProfitOrganisation": "NGO"}
_Document = dict[str, object]


def structured(site: PortalSite, page: Page) -> Markup:
    """The JSON-LD of the dataset, safe within a script element."""
    text = json.dumps(_dataset(site, page), ensure_ascii=False)
    for sign, escape in _ESCAPES.items():
        text = text.replace(sign, escape)
    return Markup(text)  # noqa: S704 - no sign of markup is left in it


def _dataset(site: PortalSite, page: Page) -> _Document:
    root = (site.url or LOOPBACK).rstrip("/")
    address = folder_address(root, page.slug)
    texts, newest = page.publication, page.newest
    files = [_download(address, file) for file in newest.resources if file.holds_rows]
    told: _Document = {
        "@context": "https://schema.org/",
        "@type": "Dataset",
        "@id": address,
        "url": address,
        "name": [_said(texts.title.nb, "nb"), _said(texts.title.en, "en")],
        "description": [_said(texts.description.nb, "nb"), _said(texts.description.en, "en")],
        "keywords": list(dict.fromkeys([*texts.keyword.nb, *texts.keyword.en])),
        "license": LICENCES[texts.license].url.en,
        "isAccessibleForFree": True,
        "version": newest.version,
        "datePublished": page.releases[0].released_at.isoformat(),
        "dateModified": newest.released_at.isoformat(),
        "creator": _publisher(page),
        "publisher": _publisher(page),
        "spatialCoverage": {"@type": "Place", "name": page.municipality.name.nb},
        "includedInDataCatalog": {"@type": "DataCatalog", "name": site.title.nb, "url": root},
        "variableMeasured": [_variable(page, at) for at in range(len(page.fields))],
        "distribution": files,
    }
    return told | _span(page)


def _span(page: Page) -> _Document:
    ends = (page.newest.oldest_event, page.newest.newest_event)
    if None in ends:
        return {}
    return {"temporalCoverage": "/".join(end.isoformat() for end in ends if end is not None)}


def _said(text: str, language: str) -> dict[str, str]:
    return {"@language": language, "@value": text}


def _publisher(page: Page) -> _Document:
    publisher = page.publisher
    contact = {"@type": "ContactPoint", "contactType": "data", "email": publisher.contact}
    return {
        "@type": _KINDS.get(publisher.kind, "GovernmentOrganization"),
        "name": publisher.name.nb,
        "identifier": publisher.organisation_number,
        "contactPoint": contact,
    }


def _variable(page: Page, at: int) -> _Document:
    field = page.fields[at]
    told: _Document = {
        "@type": "PropertyValue",
        "name": field.name,
        "description": field.description.en,
    }
    return told | ({"unitCode": field.unit} if field.unit else {})


def _download(address: str, file: Resource) -> _Document:
    return {
        "@type": "DataDownload",
        "name": file.name,
        "contentUrl": f"{address}latest/{file.name}",
        "encodingFormat": MEDIA[file.format],
        "contentSize": f"{file.size} B",
        "sha256": file.sha256,
    }
