"""The last write of a release: it tells when each file got its bytes, which none before it does.

An upload makes CKAN note the time of day, whoever sends it. So a dataset of which a release was
broken off, or a file was sent by somebody else, has times that no release has.
"""

from __future__ import annotations

from connectors.ckan.client import Ckan
from connectors.ckan.resources import Document
from connectors.ckan.revising import amend
from connectors.ckan.shown import holds
from schemas.errors import PortalRejected

_TIME = "last_modified"


def untimed(wanted: Document) -> Document:
    """The dataset as it is to be before it is sealed."""
    files = [{k: v for k, v in each.items() if k != _TIME} for each in wanted["resources"]]
    return {**wanted, "resources": files}


def unsealed(wanted: Document, standing: Document) -> list[Document]:
    """The files as they are to be told of first, with what CKAN itself has noted of them.

    The first one loses its time, also where no file is sent.
    """
    known = {each["id"]: each for each in standing.get("resources", [])}
    files = [{**known.get(each["id"], {}), **each} for each in untimed(wanted)["resources"]]
    return [{**files[0], _TIME: ""}, *files[1:]]


def is_anothers(held: Document, wanted: Document) -> bool:
    """Whether the file was sent and not sealed: by somebody else, or before a release broke off."""
    return bool(held.get(_TIME)) and held[_TIME] != wanted[_TIME]


def seal(ckan: Ckan, wanted: Document, shown: Document) -> None:
    """Show the public the dataset that was read back, with its files' times.

    PortalError as Ckan raises it.

    Raises:
        PortalRejected: somebody has sent a file since, or CKAN does not show what it was told.
    """
    if holds(shown, wanted):
        return
    read = [{key: each[key] for key in ("id", _TIME)} for each in shown["resources"]]
    times = [{_TIME: each[_TIME]} for each in wanted["resources"]]
    match = {"id": shown["id"], "resources": read}
    sealed = amend(ckan, match, {"state": wanted["state"], "resources": times})
    if not holds(sealed, wanted):
        raise PortalRejected(f"{ckan.url}: {wanted['name']} is not shown as it was told")
