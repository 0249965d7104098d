"""The list of erasures as it rests in its owner's root, whatever receipts tell of it."""

from dataclasses import dataclass

from connectors.numbered import Numbered
from gdpr.anchors import ERASURES
from gdpr.tombstones import unsealed
from pipelines.steps.keys import keyring_of
from pipelines.steps.rights.recognition import Recognition
from pipelines.steps.site import Site
from schemas.errors import RecordBroken, StoreRejected

LIST = ERASURES
RECEIPTS = "erasure/receipts"
_BACK = "bring back a kept copy of it"


@dataclass(frozen=True, slots=True)
class Standing:
    """The list as it stands under its number; None, under 0, where there is no list."""

    number: int
    known: Recognition | None


def list_of(site: Site) -> Numbered:
    """The list in the root of the site's municipality: two that erase at once both stand on it."""
    return Numbered(site.store, LIST)


def has_list(site: Site) -> bool:
    """Whether a list was begun in the root of the site's municipality."""
    return bool(site.store.find(LIST)) or site.store.exists(f"{LIST}.json")


def listed_in(site: Site) -> Recognition | None:
    """Everybody on the list in the root of the site's municipality; None where there is no list.

    Raises as `standing`.
    """
    return standing(site).known


def standing(site: Site) -> Standing:
    """The list with its number, for whoever will make it longer if nobody else has.

    Raises:
        RecordBroken: the list was changed or cut, is another municipality's, or is gone from a root
            that has receipts of erasures.
        KeyUnavailable: the key is missing.
    """
    number = site.municipality.number
    try:
        state = list_of(site).newest()
    except StoreRejected:
        raise RecordBroken(f"{number}: the list of erasures cannot be read; {_BACK}") from None
    if state.document is None and not state.number:
        if site.store.find(RECEIPTS):
            raise RecordBroken(f"{number}: the list of erasures is missing; {_BACK}")
        return Standing(0, None)
    ring = keyring_of(site)
    return Standing(state.number, Recognition(unsealed(state.document, ring, number), ring))
