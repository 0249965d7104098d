from __future__ import annotations

import datetime as dt
from dataclasses import fields, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gdpr.chain import Chain, Entry, Event, Head
from gdpr.keys import Keyring
from schemas.errors import RecordBroken

CHAIN = Chain("1103 audit/actions", "actions", Keyring(bytes(range(32)), "1103"))
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
