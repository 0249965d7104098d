"""How far a municipality's records have come, told by a receipt to whoever has its key alone.

Put into receipts, which stand beside the data in the open, it is opaque: of one length, another for
each receipt, and no word of how much was logged, or whether anybody was erased.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from gdpr.chain import Log
from gdpr.keys import REVERSIBLE, Keyring, info_of
from gdpr.tombstones import Tombstones

ERASURES = "erasure/tombstones"
_FORM = struct.Struct(">Q32sQ32s32s")
_NOTHING = bytes(32)


@dataclass(frozen=True, slots=True)
class Mark:
    """How far a log has come: how many entries, and the hash of the last one."""

    number: int = 0
    hash: str = ""


@dataclass(frozen=True, slots=True)
class Heads:
    """How far the records have come: both logs, and by its head the list of erasures."""

    access: Mark = Mark()
    actions: Mark = Mark()
    erasures: str = ""

    def lost(self, hash_at: Callable[[Log, int], str | None], listed: Tombstones) -> list[str]:
        """The records that do not hold these heads: they are older, or of another past.

        `hash_at` gives the hash of a log's entry by its number; None where there is none.
        """
        marks: dict[Log, Mark] = {"access": self.access, "actions": self.actions}
        logs = [
            f"audit/{log}"
            for log, mark in marks.items()
            if mark.number and hash_at(log, mark.number) != mark.hash
        ]
        return logs if listed.holds(self.erasures) else [*logs, ERASURES]


def anchor(heads: Heads, ring: Keyring, receipt: str) -> str:
    """The heads as the receipt of that name tells them: 256 hexadecimal digits."""
    told = _FORM.pack(
        *(heads.access.number, _packed(heads.access.hash)),
        *(heads.actions.number, _packed(heads.actions.hash)),
        _packed(heads.erasures),
    )
    return _cipher(ring, ring.current).encrypt(told, [info_of(receipt)]).hex()


def anchored(told: str, ring: Keyring, receipt: str) -> Heads | None:
    """What the receipt of that name tells; None where the municipality's key did not seal it."""
    try:
        content = bytes.fromhex(told)
    except ValueError:
        return None
    for version in reversed(ring.versions):
        try:
            opened = _cipher(ring, version).decrypt(content, [info_of(receipt)])
        except InvalidTag:
            continue
        return _heads(opened)
    return None


def _heads(content: bytes) -> Heads:
    entries, last, others, newest, listed = _FORM.unpack(content)
    return Heads(
        access=Mark(entries, _unpacked(last)),
        actions=Mark(others, _unpacked(newest)),
        erasures=_unpacked(listed),
    )


def _packed(digest: str) -> bytes:
    return bytes.fromhex(digest) or _NOTHING


def _unpacked(content: bytes) -> str:
    return "" if content == _NOTHING else content.hex()


def _cipher(ring: Keyring, version: int) -> AESSIV:
    return AESSIV(ring.derive("audit", "anchor", version, REVERSIBLE).material())
