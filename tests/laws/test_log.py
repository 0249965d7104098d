from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gdpr.anchors import ERASURES, Heads, Mark
from gdpr.chain import Chain, Entry, Event, Head, Log
from gdpr.keys import Keyring
from gdpr.tombstones import Tombstone, Tombstones
from schemas.errors import RecordBroken

CHAIN = Chain("1103 audit/actions", "actions", Keyring(bytes(range(32)), "1103"))
NOBODY = Tombstones.none(CHAIN.keyring, "1103")
AT = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)
TEXT = st.none() | st.text(max_size=5)
EVENT = st.builds(
    Event,
    at=st.just(AT),
    who=st.text(max_size=5),
    action=st.sampled_from(["erase", "release", "access"]),
    dataset=TEXT,
    purpose=TEXT,
    days=TEXT,
    rows=st.none() | st.integers(0, 3),
    subject=TEXT,
    note=TEXT,
    erasures=TEXT,
)
EVENTS = st.lists(EVENT, min_size=1, max_size=6)


def written(events: list[Event]) -> tuple[list[Entry], Head]:
    head, entries = CHAIN.begin("p@1"), []
    for event in events:
        entry = CHAIN.append(head, event, "p@1")
        head = CHAIN.advance(head, entry)
        entries.append(entry)
    return entries, head


@given(EVENTS)
def test_what_was_written_verifies(events: list[Event]) -> None:
    CHAIN.verify(*written(events))


@given(EVENTS, st.data())
def test_every_removal_reordering_and_truncation_is_found(
    events: list[Event], data: st.DataObject
) -> None:
    entries, head = written(events)
    kept = data.draw(st.permutations(entries).flatmap(prefixes))
    if kept == entries:
        return
    with pytest.raises(RecordBroken):
        CHAIN.verify(kept, head)


def prefixes(entries: list[Entry]) -> st.SearchStrategy[list[Entry]]:
    return st.integers(0, len(entries)).map(lambda length: entries[:length])


@given(EVENTS, st.data())
def test_every_older_copy_is_found_out_by_every_later_head(
    events: list[Event], data: st.DataObject
) -> None:
    entries, _ = written(events)
    older = data.draw(st.integers(0, len(entries) - 1))
    later = data.draw(st.integers(older + 1, len(entries)))
    heads = Heads(actions=Mark(later, entries[later - 1].hash))
    assert heads.lost(hashes(entries[:later]), NOBODY) == []
    assert heads.lost(hashes(entries[:older]), NOBODY) == ["audit/actions"]
    # also where it was written on since: another past does not become this one
    moved, _ = written([*events[:older], *data.draw(EVENTS)])
    if moved[:later] != entries[:later]:
        assert heads.lost(hashes(moved), NOBODY) == ["audit/actions"]


def hashes(entries: list[Entry]) -> Callable[[Log, int], str | None]:
    return lambda _log, number: entries[number - 1].hash if number <= len(entries) else None


@given(st.lists(st.sampled_from("abcdef"), min_size=1), st.data())
def test_every_older_list_of_erasures_is_found_out_by_every_later_one(
    names: list[str], data: st.DataObject
) -> None:
    lists = [NOBODY]
    for name in names:
        lists.append(lists[-1].adding([Tombstone("phone", name, AT.date(), {})]))
    later = data.draw(st.integers(1, len(names)))
    for at, listed in enumerate(lists):
        grown = at >= later or listed == lists[later]
        assert Heads(erasures=lists[later].head).lost(hashes([]), listed) == (
            [] if grown else [ERASURES]
        )


@given(EVENTS, st.data())
def test_every_edit_of_any_word_is_found(events: list[Event], data: st.DataObject) -> None:
    entries, head = written(events)
    at = data.draw(st.integers(0, len(entries) - 1))
    edited = data.draw(edits(entries[at]))
    if edited == entries[at]:
        return
    with pytest.raises(RecordBroken):
        CHAIN.verify([*entries[:at], edited, *entries[at + 1 :]], head)


@st.composite
def edits(draw: st.DrawFn, entry: Entry) -> Entry:
    name = draw(st.sampled_from([f.name for f in fields(Event)]))
    if draw(st.booleans()):
        changed: Any = draw(EVENT)
        later = changed.at + dt.timedelta(seconds=draw(st.integers(0, 2)))
        value = later if name == "at" else getattr(changed, name)
        return replace(entry, event=replace(entry.event, **{name: value}))
    word = draw(st.sampled_from(["policy", "previous", "hash", "seal"]))
    told: dict[str, Any] = {word: draw(st.text(max_size=3))}
    return replace(entry, **told)


@given(EVENTS)
def test_a_whole_entry_written_anew_without_the_key_is_found(events: list[Event]) -> None:
    entries, head = written(events)
    thief = replace(CHAIN, keyring=Keyring(bytes(32), "1103"))
    forged = thief.append(thief.begin("p@1"), events[0], "p@1")
    with pytest.raises(RecordBroken):
        CHAIN.verify([forged, *entries[1:]], head)
