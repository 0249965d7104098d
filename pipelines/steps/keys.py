"""Where a municipality's secret is kept: a file, or a variable of the environment."""

import os
from collections.abc import Mapping
from pathlib import Path

from gdpr.keys import Keyring
from pipelines.steps.receipts import newest_receipts
from pipelines.steps.site import Site, filled
from schemas.errors import KeyUnavailable
from schemas.stages import Pseudonymised

_ENVIRONMENT = "env:"


def keyring_of(site: Site, names: Mapping[str, str] = os.environ) -> Keyring:
    """The keys of the site's municipality, from the reference in its file: a path, or env:NAME.

    Raises:
        KeyUnavailable: there is nothing at the reference, or it is not 32 bytes in hexadecimal.
    """
    owner = site.municipality
    reference = filled(owner.key, owner.number, "key", names)
    text = (
        _environment(reference, names) if reference.startswith(_ENVIRONMENT) else _file(reference)
    )
    if text is None:
        raise KeyUnavailable(f"{owner.number}: there is no key at {reference}")
    try:
        return Keyring(bytes.fromhex(text.strip()), owner.number)
    except ValueError:
        raise KeyUnavailable(f"{owner.number}: the key at {reference} is not hexadecimal") from None


def require_same_keys(site: Site, pseudonyms: Mapping[str, Pseudonymised]) -> None:
    """Raise KeyUnavailable where the lake's pseudonyms of a field were made with another key.

    What was committed up to the day that the municipality's file gives as key_since does not count.
    """
    known = _committed_keys(site) if pseudonyms else {}
    for field, made in pseudonyms.items():
        if known.get(field, made) != made:
            what = f"the key is not the one behind the pseudonyms of {field} in the lake"
            raise KeyUnavailable(f"{site.name}: {what}")


def _committed_keys(site: Site) -> Mapping[str, Pseudonymised]:
    since = site.municipality.key_since
    committed = next((receipt for receipt in newest_receipts(site) if receipt.open), None)
    if committed is None or (since and committed.judged_at.date() <= since):
        return {}
    return committed.pseudonyms


def _environment(reference: str, names: Mapping[str, str]) -> str | None:
    return names.get(reference.removeprefix(_ENVIRONMENT))


def _file(reference: str) -> str | None:
    try:
        return Path(reference).read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError):
        return None
