"""The list of erasures as it rests in its owner's root, whatever receipts tell of it."""

from gdpr.anchors import ERASURES
from gdpr.tombstones import unsealed
from pipelines.steps.keys import keyring_of
from pipelines.steps.rights.recognition import Recognition
from pipelines.steps.site import Site
from schemas.errors import RecordBroken, StoreRejected

LIST = ERASURES
RECEIPTS = "erasure/receipts"
_BACK = "bring back a kept copy of it"


def listed_in(site: Site) -> Recognition | None:
    """Everybody on the list in the root of the site's municipality; None where there is no list.

    Raises:
        RecordBroken: the list was changed or cut, is another municipality's, or is gone from a root
            that has receipts of erasures.
        KeyUnavailable: the key is missing.
    """
    number = site.municipality.number
    if not site.store.exists(LIST):
        if site.store.find(RECEIPTS):
            raise RecordBroken(f"{number}: the list of erasures is missing; {_BACK}")
        return None
    ring = keyring_of(site)
    try:
        document = site.store.read_json(LIST)
    except StoreRejected:
        raise RecordBroken(f"{number}: the list of erasures cannot be read; {_BACK}") from None
    return Recognition(unsealed(document, ring, number), ring)
