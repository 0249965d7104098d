"""The list of erasures in its owner's root: read before anything is kept, and only ever longer."""

import datetime as dt
from collections.abc import Callable, Sequence

from gdpr.subject import Subject
from gdpr.tombstones import Tombstones, sealed, unsealed
from pipelines.steps.keys import keyring_of
from pipelines.steps.rights.listed import Standing, has_list, list_of, listed_in, standing
from pipelines.steps.rights.recognition import Recognition, written_in
from pipelines.steps.rights.whole import whole
from pipelines.steps.site import Site
from schemas.errors import RecordBroken, StoreRejected

_TRIES = 5


def recognition_of(site: Site) -> Recognition | None:
    """Everybody who was erased from the site's municipality; None where nobody was.

    Raises:
        RecordBroken: the list was changed or cut, is another municipality's, or is gone from a root
            that has receipts of erasures; or it is older than a receipt, or the log, tells.
        KeyUnavailable: the key is missing.
    """
    at_stake = has_list(site) or written_in(site)
    # a dataset that can hold nobody is refined without a key
    return whole(site) if at_stake else listed_in(site)


def remember(sites: Sequence[Site], subjects: Sequence[Subject], day: dt.date) -> Recognition:
    """Put the persons on the municipality's list; from then on nothing of them is kept.

    `sites` are all of the municipality's. Raises as `recognition_of`, also where a log is older.
    """
    fields = [field for site in sites for field in site.contract.fields]

    def longer(_: Recognition | None) -> Recognition:
        # the receipt to come tells of the logs as they are: no older ones go on unseen
        known = whole(sites[0], logs=True) or _nobody(sites[0])
        listed = known.listed.including_all(subjects, fields, known.ring, day)
        return Recognition(listed, known.ring)

    return _kept(sites[0], lambda: standing(sites[0]), longer)


def include(site: Site, document: object) -> Recognition:
    """Put everybody on a kept copy of the list on the one in the root, as after a restore.

    Raises:
        RecordBroken: the copy was changed or cut, or is another municipality's.
    """

    # what is older than receipts tell, or gone, is what a copy is brought back for
    def stood() -> Standing:
        return standing(site) if has_list(site) else Standing(0, None)

    def longer(stands: Recognition | None) -> Recognition:
        known = stands or _nobody(site)
        copy = unsealed(document, known.ring, site.municipality.number)
        listed = known.listed if known.listed.stones else copy
        if listed.version != copy.version:
            what = "is of another generation of the key than the list in the root"
            raise RecordBroken(f"{site.municipality.number}: the copy {what}; put it in its place")
        return Recognition(listed.joined(copy), known.ring)

    return _kept(site, stood, longer)


def _nobody(site: Site) -> Recognition:
    ring = keyring_of(site)
    return Recognition(Tombstones.none(ring, site.municipality.number), ring)


def _kept(
    site: Site,
    stood: Callable[[], Standing],
    longer: Callable[[Recognition | None], Recognition],
) -> Recognition:
    for _ in range(_TRIES):
        before = stood()
        made = longer(before.known)
        if before.known and made.listed == before.known.listed:
            return made
        if list_of(site).follow(before.number, sealed(made.listed, made.ring)):
            return made
    what = "the list of erasures is changed again and again meanwhile"
    raise StoreRejected(f"{site.municipality.number}: {what}; run it again")
