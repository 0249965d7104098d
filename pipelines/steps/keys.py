"""The keys behind a dataset's pseudonyms: the municipality's ring, and what the table records."""

import datetime as dt
import os
from collections.abc import Mapping

from connectors.lake import CommitConflict
from gdpr.apply import Keys
from gdpr.keys import Keyring
from gdpr.pseudonyms.concealing import ALGORITHMS
from pipelines.steps.key_place import KeyPlace
from pipelines.steps.site import Site, filled
from schemas.errors import ContractBroken, DatasjoError, KeyUnavailable
from schemas.municipality import Municipality
from schemas.stages import Pseudonymised


def keyring_of(site: Site, names: Mapping[str, str] = os.environ) -> Keyring:
    """The keys of the site's municipality, from the reference in its file: a path, or env:NAME.

    Raises:
        KeyUnavailable: there is no key, it cannot be used here, or it was destroyed.
        StoreUnavailable: the root key over it is out of reach.
    """
    return key_place(site.municipality, site.root_key, names).keyring()


def key_place(
    owner: Municipality, root_key: str | None, names: Mapping[str, str] = os.environ
) -> KeyPlace:
    """Where the municipality's key is; ConfigurationError where a ${NAME} is not set."""
    return KeyPlace(
        number=owner.number,
        reference=filled(owner.key, owner.number, "key", names),
        root_reference=filled(root_key, "network", "root_key", names) if root_key else None,
        names=names,
    )


def keys_of(site: Site) -> Keys:
    """The keys as the site's table uses them: each field's own generation, or the newest."""
    return Keys(lambda: keyring_of(site), _recorded(site))


def require_same_keys(site: Site, pseudonyms: Mapping[str, Pseudonymised]) -> None:
    """Pseudonyms of a field join those that the table holds of it.

    What was committed up to the day that the municipality's file gives as key_since does not count.

    Raises:
        KeyUnavailable: those in the table were made with another key.
        ContractBroken: those in the table were made by another algorithm.
        CommitConflict: the key was rotated since these were made; make them again.
    """
    known = _recorded(site) if pseudonyms else {}
    for field, made in pseudonyms.items():
        if wrong := _difference(field, known.get(field, made), made):
            raise type(wrong)(f"{site.name}: {wrong}")


def _difference(field: str, known: Pseudonymised, made: Pseudonymised) -> DatasjoError | None:
    if known.algorithm != made.algorithm:
        what = f"is {known.algorithm} in the lake and {made.algorithm} in the contract"
        return ContractBroken(f"{field} {what}; give it another name")
    if known.version != made.version:
        return CommitConflict(f"the key behind {field} was rotated meanwhile; run again")
    if known.key_id != made.key_id:
        what = "the key is not the one behind the pseudonyms"
        return KeyUnavailable(f"{what} of {field} in the lake")
    return None


def _recorded(site: Site) -> Mapping[str, Pseudonymised]:
    if not any(field.mask and field.mask.use in ALGORITHMS for field in site.contract.stored):
        return {}
    known = site.lake.snapshot().pseudonyms
    since = site.municipality.key_since
    return {} if since and _committed_on(site) <= since else known


def _committed_on(site: Site) -> dt.date:
    newest = site.lake.history(1)
    at = newest[0]["timestamp"] / 1000 if newest else 0
    return dt.datetime.fromtimestamp(at, dt.UTC).date()
