"""The receipts that tell how far a municipality's records had come, wherever they are kept."""

import contextlib
import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from connectors.portal import slug_of
from connectors.static_portal.entry import folder_path
from connectors.store import Store
from pipelines.steps.rights.listed import RECEIPTS
from pipelines.steps.site import Site, filled
from schemas.errors import ConfigurationError, StoreError
from schemas.stages import RECEIPT

WORD = "records"
_DIGITS = 16


@dataclass(frozen=True, slots=True)
class Teller:
    """A receipt: where it is kept, its name, and what it tells, sealed under that name."""

    place: str
    name: str
    told: str

    @property
    def digest(self) -> str:
        """What a log calls it by."""
        return hashlib.sha256(self.told.encode()).hexdigest()[:_DIGITS]


def release_name(dataset: str, version: str) -> str:
    """What the receipt of a release is called."""
    return f"release {dataset} {version}"


def erasure_name(erasure: str) -> str:
    """What the receipt of the erasure with that id is called."""
    return f"erasure {erasure}"


def teller(place: str, content: bytes) -> Teller | None:
    """The receipt in those bytes; None where they are none, or one that tells of no records."""
    try:
        document = json.loads(content)
        if not isinstance(document, dict) or not isinstance(document.get(WORD), str):
            return None
        name = _name(document)
        # what others may write is asked: a text that is none ends no run
        (name + document[WORD]).encode()
    except (ValueError, RecursionError):
        return None
    return Teller(place, name, document[WORD])


def tellers(site: Site) -> tuple[Teller, ...]:
    """The newest receipts of the site's municipality: its erasure's, and its datasets' releases'.

    Those of releases are looked for in its root and on the network's portal, which is another
    place: where that is out of reach it tells nothing.
    """
    found = {each.told: each for each in (*_shown(site), *_own(site))}
    return tuple(found.values())


def _name(document: Mapping[str, object]) -> str:
    if "dataset" in document:
        return release_name(str(document["dataset"]), str(document.get("version")))
    return erasure_name(str(document.get("id")))


def _own(site: Site) -> Iterator[Teller]:
    paths = [f"open/{binding.dataset}/latest/{RECEIPT}" for binding in site.municipality.bindings]
    for path in (*site.store.find(RECEIPTS)[-1:], *paths):
        yield from _at(site.store, path, path)


def _shown(site: Site) -> Iterator[Teller]:
    number = site.municipality.number
    # who has no way to the portal still refines: a release, and the log, are shown what it tells
    with contextlib.suppress(StoreError, ConfigurationError):
        if site.shown is None:
            return
        portal = Store.at(filled(site.shown, "network", "portal.root"))
        for binding in site.municipality.bindings:
            path = f"{folder_path(slug_of(number, binding.dataset))}/latest/{RECEIPT}"
            yield from _at(portal, path, portal.uri(path))


def _at(store: Store, path: str, place: str) -> Iterator[Teller]:
    if store.exists(path) and (found := teller(place, store.read(path))):
        yield found
