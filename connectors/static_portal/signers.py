"""Who signs the receipts on the portal, in one file at its root for programs to read."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from connectors.static_portal.entry import Entry
from schemas.network import PortalSite

SIGNERS = "signing-keys.json"


def signers_of(site: PortalSite, entries: Sequence[Entry], known: Mapping[str, Any]) -> bytes:
    """The signers of all entries, and those `known` from before: old receipts stay valid."""
    before = {(s["municipality"], s["public_key"]): s for s in known.get("signers", [])}
    fresh = {
        (entry.municipality, entry.signer.public_key): {
            "municipality": entry.municipality,
            "name": entry.owner.nb,
            "public_key": entry.signer.public_key,
            "fingerprint": entry.signer.fingerprint,
        }
        for entry in entries
        if entry.signer is not None
    }
    signers = before | fresh
    document = {
        "contacts": [{"title": site.title.nb, "email": site.contact}],
        "signers": [signers[name] for name in sorted(signers)],
    }
    return json.dumps(document, ensure_ascii=False, indent=1).encode()
