from __future__ import annotations

import json
from dataclasses import replace

from connectors.portal import Signer
from connectors.static_portal.entry import Entry
from connectors.static_portal.signers import signers_of
from schemas.model import Bilingual
from schemas.network import PortalSite
from tests.connectors.static_portal.shown import page

SITE = PortalSite(root="x", title=Bilingual(nb="Data", en="Data"), contact="data@example.no")
OLD, NEW = Signer("aa", "a-a"), Signer("bb", "b-b")


def entry(signer: Signer | None) -> Entry:
    return Entry.of(replace(page(), signer=signer))


def listed(content: bytes) -> list[str]:
    return [signer["public_key"] for signer in json.loads(content)["signers"]]


def test_each_municipality_has_its_key_once() -> None:
    told = json.loads(signers_of(SITE, [entry(OLD), entry(OLD), entry(None)], {}))
    assert told["contacts"] == [{"title": "Data", "email": "data@example.no"}]
    assert told["signers"] == [
        {
            "municipality": "1103",
            "name": "Stavanger kommune",
            "public_key": "aa",
            "fingerprint": "a-a",
        }
    ]


def test_a_key_of_before_stays_so_that_its_receipts_hold() -> None:
    before = signers_of(SITE, [entry(OLD)], {})
    after = signers_of(SITE, [entry(NEW)], json.loads(before))
    assert listed(after) == ["aa", "bb"]
    assert signers_of(SITE, [entry(NEW)], json.loads(after)) == after
