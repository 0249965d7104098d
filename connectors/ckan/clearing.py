"""Files taken off a CKAN's disk, where they stay when their dataset or resource goes."""

from __future__ import annotations

from collections.abc import Collection

from connectors.ckan.client import Ckan
from connectors.ckan.resources import Document
from connectors.ckan.revising import Revision, revise

_KEPT = ("tags", "extras")


def clear(ckan: Ckan, shown: Document, stays: Collection[str] = ()) -> Document:
    """Take the files of all resources but those off the disk; what CKAN then shows.

    A dataset of which none stays is hidden in the same call. Nothing is written where there is
    nothing to clear. PortalError as Ckan raises it.
    """
    resources = shown.get("resources", [])
    going = [each["id"] for each in resources if _is_going(each, stays)]
    if not going:
        return shown
    told = [_without_file(each) if each["id"] in going else each for each in resources]
    match = {key: shown[key] for key in ("id", "metadata_modified")}
    kept = {key: shown.get(key, []) for key in _KEPT}
    state = {} if stays else {"state": "draft"}
    return revise(ckan, Revision(match, {**kept, **state, "resources": told}))


def _is_going(resource: Document, stays: Collection[str]) -> bool:
    return resource["id"] not in stays and resource.get("url_type") == "upload"


def _without_file(resource: Document) -> Document:
    return {**resource, "url": resource["name"], "url_type": "", "clear_upload": True}
