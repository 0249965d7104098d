from __future__ import annotations

from dataclasses import replace

import pytest

from gdpr.anchors import ERASURES, Heads, Mark, anchor, anchored
from gdpr.chain import Log
from gdpr.keys import Keyring
from gdpr.tombstones import Tombstones

OWN = {1: bytes(range(32)), 2: bytes(range(1, 33))}
RING = Keyring(OWN, "1103")
BEFORE = Keyring(OWN[1], "1103")
NOBODY = Tombstones.none(RING, "1103")
HEADS = Heads(Mark(7, "0a" * 32), Mark(12, "0b" * 32), "0c" * 32)
RECEIPT = "release parking 2026-11-21-0123abcd"


@pytest.mark.parametrize("heads", [HEADS, Heads(), replace(HEADS, erasures="")])
def test_the_key_alone_reads_what_a_receipt_tells(heads: Heads) -> None:
    told = anchor(heads, RING, RECEIPT)
    assert anchored(told, RING, RECEIPT) == heads
    assert anchored(told, Keyring(bytes(32), "1103"), RECEIPT) is None
    assert anchored(told, Keyring(OWN, "1108"), RECEIPT) is None


def test_what_was_told_before_a_rotation_is_read_after_it() -> None:
    told = anchor(HEADS, BEFORE, RECEIPT)
    assert anchored(told, RING, RECEIPT) == HEADS
    assert anchored(anchor(HEADS, RING, RECEIPT), BEFORE, RECEIPT) is None


def test_a_receipt_tells_nothing_by_its_length_and_no_two_can_be_compared() -> None:
    told = [anchor(heads, RING, RECEIPT) for heads in (Heads(), HEADS)]
    assert [len(each) for each in told] == [256, 256]
    assert anchor(HEADS, RING, "another") != told[1]
    assert not any(digest in told[1] for digest in ("0a" * 8, "0b" * 8, "0c" * 8))


@pytest.mark.parametrize("told", ["", "ab", "no hexadecimal", "00" * 128])
def test_what_nobody_sealed_tells_nothing(told: str) -> None:
    assert anchored(told, RING, RECEIPT) is None


def test_what_one_receipt_tells_is_nothing_in_another() -> None:
    assert anchored(anchor(HEADS, RING, RECEIPT), RING, "release parking 2026-11-22") is None


def test_each_record_that_does_not_hold_its_head_is_named() -> None:
    known = {("access", 7): "0a" * 32, ("actions", 12): "0b" * 32}

    def hash_at(log: Log, number: int) -> str | None:
        return known.get((log, number))

    listed = replace(NOBODY, earlier=("0c" * 32,))
    assert HEADS.lost(hash_at, listed) == []
    assert HEADS.lost(hash_at, NOBODY) == [ERASURES]
    assert replace(HEADS, access=Mark(8, "0a" * 32)).lost(hash_at, listed) == ["audit/access"]
    other = replace(HEADS, actions=Mark(12, "0d" * 32))
    assert other.lost(hash_at, NOBODY) == ["audit/actions", ERASURES]
    assert Heads().lost(lambda _log, _number: None, NOBODY) == []
