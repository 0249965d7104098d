"""The list of erasures in its owner's root: read before anything is kept, and only ever longer."""

import datetime as dt
from collections.abc import Sequence

from gdpr.subject import Subject
from gdpr.tombstones import Tombstones, sealed, unsealed
from pipelines.steps.keys import keyring_of
from pipelines.steps.rights.recognition import Recognition
from pipelines.steps.site import Site
from schemas.errors import RecordBroken, StoreRejected

LIST = "erasure/tombstones.json"
RECEIPTS = "erasure/receipts"
_BACK = "bring back a kept copy of it"


def recognition_of(site: Site) -> Recognition | None:
    """Everybody who was erased from the site's municipality; None where nobody was.

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


def remember(sites: Sequence[Site], subjects: Sequence[Subject], day: dt.date) -> Recognition:
    """Put the persons on the municipality's list; from then on nothing of them is kept.

    `sites` are all of the municipality's. Raises as `recognition_of`.
    """
    fields = [field for site in sites for field in site.contract.fields]
    known = _known(sites[0])
    listed = known.listed
    for subject in subjects:
        listed = listed.including(subject, fields, known.ring, day)
    return _kept(sites[0], Recognition(listed, known.ring))


def include(site: Site, document: object) -> Recognition:
    """Put everybody on a kept copy of the list on the one in the root, as after a restore.

    Raises:
        RecordBroken: the copy was changed or cut, or is another municipality's.
    """
    known = _known(site) if site.store.exists(LIST) else _nobody(site)
    copy = unsealed(document, known.ring, site.municipality.number)
    listed = known.listed if known.listed.stones else copy
    if listed.version != copy.version:
        what = "is of another generation of the key than the list in the root"
        raise RecordBroken(f"{site.municipality.number}: the copy {what}; put it in its place")
    return _kept(site, Recognition(listed.adding(copy.stones), known.ring))


def _known(site: Site) -> Recognition:
    return recognition_of(site) or _nobody(site)


def _nobody(site: Site) -> Recognition:
    ring = keyring_of(site)
    return Recognition(Tombstones.none(ring, site.municipality.number), ring)


def _kept(site: Site, recognition: Recognition) -> Recognition:
    site.store.write_json(LIST, sealed(recognition.listed, recognition.ring))
    return recognition
