from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from gdpr.chain import Chain, Entry, Event, Head
from gdpr.keys import Keyring
from schemas.errors import KeyUnavailable, RecordBroken

AT = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)
KEYS = Keyring(bytes(range(32)), "1103")
CHAIN = Chain("1103 audit/access", "access", KEYS)
POLICY = "datasjo_baseline@1.1.0"


def read(number: int) -> Event:
    return Event(at=AT, who="1108", action="read", dataset="water_level", rows=number)


def log(length: int, chain: Chain = CHAIN) -> tuple[list[Entry], Head]:
    head, entries = chain.begin(POLICY), []
    for number in range(length):
        entry = chain.append(head, read(number), POLICY)
        head = chain.advance(head, entry)
        entries.append(entry)
    return entries, head


def test_a_log_as_written_verifies() -> None:
    for length in (0, 1, 3):
        CHAIN.verify(*log(length))


def test_an_instant_is_the_same_in_every_zone() -> None:
    entries, head = log(1)
    oslo = AT.astimezone(dt.timezone(dt.timedelta(hours=1)))
    CHAIN.verify([replace(entries[0], event=replace(entries[0].event, at=oslo))], head)


def test_an_entry_tells_its_number_its_policy_and_the_one_before() -> None:
    first, second = log(2)[0]
    assert (first.number, second.number) == (1, 2)
    assert first.previous == ""
    assert second.previous == first.hash
    assert second.policy == POLICY


def test_reading_and_what_was_refused_are_one_log_and_all_else_the_other() -> None:
    assert [read(1).log, replace(read(1), action="refused").log] == ["access", "access"]
    assert replace(read(1), action="erase").log == "actions"


def test_a_log_that_was_cut_off_says_how_much_is_gone() -> None:
    entries, head = log(5)
    with pytest.raises(RecordBroken, match="its last 2 entries of 5 are missing"):
        CHAIN.verify(entries[:3], head)


def test_what_a_killed_writer_put_after_the_head_counts() -> None:
    entries, _ = log(3)
    _, before = log(2)
    CHAIN.verify(entries, before)


def test_an_edited_entry_is_named() -> None:
    entries, head = log(3)
    entries[1] = replace(entries[1], event=replace(entries[1].event, rows=0))
    with pytest.raises(RecordBroken, match="1103 audit/access: entry 2 is not what was written"):
        CHAIN.verify(entries, head)


def test_an_entry_forged_without_the_key_is_not_adopted() -> None:
    other = replace(CHAIN, keyring=Keyring(bytes(32), "1103"))
    _, head = log(2)
    forged = other.append(log(2, other)[1], read(9), POLICY)
    with pytest.raises(RecordBroken, match="entry 3"):
        CHAIN.advance(head, replace(forged, previous=head.hash))


def test_an_edited_head_is_refused_before_anything_is_appended() -> None:
    _, head = log(2)
    for changed in (replace(head, number=1), replace(head, policy="none@1.0.0")):
        with pytest.raises(
            RecordBroken, match="the head is not what the municipality's key sealed"
        ):
            CHAIN.append(changed, read(1), POLICY)


def test_a_head_of_another_past_is_refused() -> None:
    entries, _ = log(2)
    parted = CHAIN.append(log(1)[1], read(7), POLICY)
    with pytest.raises(RecordBroken, match="its head belongs to another entry 2"):
        CHAIN.verify(entries, CHAIN.advance(log(1)[1], parted))


@pytest.mark.parametrize(
    "other",
    [
        Chain("1103 audit/access", "access", Keyring(bytes(range(32)), "1108")),
        Chain("1103 audit/access", "actions", KEYS),
    ],
)
def test_neither_another_municipality_nor_another_log_fits(other: Chain) -> None:
    with pytest.raises(RecordBroken, match="it was edited, or the key is another"):
        other.verify(*log(2))


def test_a_log_goes_on_under_a_new_generation_and_needs_the_old_one() -> None:
    entries, head = log(2)
    rotated = replace(CHAIN, keyring=Keyring({1: bytes(range(32)), 2: bytes(32)}, "1103"))
    entry = rotated.append(head, read(3), POLICY)
    moved = rotated.advance(head, entry)
    assert entry.generation == moved.generation == 2
    rotated.verify([*entries, entry], moved)
    with pytest.raises(KeyUnavailable, match="no generation 2"):
        CHAIN.verify([*entries, entry], moved)


def test_the_head_of_the_list_of_erasures_holds_until_another_is_told() -> None:
    head, told = CHAIN.begin(POLICY), []
    for erasures in (None, "aa", None, "", None):
        entry = CHAIN.append(head, replace(read(1), erasures=erasures), POLICY)
        head = CHAIN.advance(head, entry)
        told.append((entry.event.erasures, head.erasures))
    assert told == [(None, None), ("aa", "aa"), ("aa", "aa"), ("", ""), ("", "")]
    with pytest.raises(RecordBroken, match="the head is not what"):
        CHAIN.require(replace(head, erasures=None))


def test_a_log_tells_its_own_entries_from_all_others() -> None:
    [first], _ = log(1)
    assert CHAIN.wrote(first)
    assert not CHAIN.wrote(replace(first, event=read(9)))
    assert not CHAIN.wrote(replace(first, seal=""))
    assert not replace(CHAIN, log="actions").wrote(first)


def test_an_entry_and_a_head_of_before_lists_had_heads_are_sealed_as_they_were() -> None:
    [entry], head = log(1)
    assert entry.hash == "aa45c41355f999e0e0d4ea1b4723c5ffa49cefd7fc49d5149f6c9419703731d7"
    assert head.seal == "228cae95757be62656adc65a2d1fa91e796b401ce9dfbafa57b80d2b96eeeb75"
