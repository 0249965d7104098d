from __future__ import annotations

import dataclasses
import datetime as dt
import json
from collections.abc import Callable
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gdpr import tombstones
from gdpr.keys import Keyring
from gdpr.pseudonyms.concealing import Concealing
from gdpr.subject import Subject
from gdpr.tombstones import Tombstones, kind_of, sealed, unsealed
from pipelines.demo.persons import synthetic_number
from schemas.contract import Field
from schemas.errors import KeyUnavailable, RecordBroken
from tests.builders import contract, event, field, key

NUMBER = synthetic_number(dt.date(1986, 7, 15), 1)
OTHER = synthetic_number(dt.date(1981, 11, 2), 4)
TODAY, LATER = dt.date(2026, 11, 21), dt.date(2026, 12, 24)
OWN = {1: bytes(range(32)), 2: bytes(range(1, 33))}
RING = Keyring(OWN, "1103")
_TOLD: dict[str, Any] = {"classification": "identifier", "purpose": "tests", "subject": "visitor"}
_NUMBER = {**_TOLD, "category": "user.government_id.national_identification_number"}
_PHONE = {**_TOLD, "category": "user.contact.phone_number"}


def fields() -> tuple[Field, ...]:
    made = contract(
        key("id"),
        event("at"),
        field("one", "string", mask={"use": "pseudonym", "domain": "person"}, **_NUMBER),
        field("two", "integer", mask={"use": "pseudonym", "domain": "other"}, **_NUMBER),
        field("three", "string", mask={"use": "reversible"}, **_NUMBER),
        field("four", "string", mask={"use": "drop"}, **_NUMBER),
        field("five", "string", mask={"use": "format_preserving"}, **_PHONE),
    )
    return made.fields


def listing(text: str, day: dt.date = TODAY, ring: Keyring = RING) -> Tombstones:
    empty = Tombstones.none(ring, "1103")
    return empty.including(Subject.of(text), list(fields()), ring, day)


def test_only_fields_of_identifiers_say_which() -> None:
    kinds = {f.name: kind_of(f) for f in fields()}
    assert kinds["one"] == "national_id"
    assert kinds["five"] == "phone"
    assert kinds["id"] is None


def test_the_erased_are_known_again_in_any_form_and_nobody_else_is() -> None:
    listed = listing(f"national_id: {NUMBER}\nphone: 49010001\nemail: kari@example.no")
    written = pl.Series([NUMBER, f"{NUMBER[:6]} {NUMBER[6:]}", OTHER, None, ""])
    found = listed.erased("national_id", written, RING)
    assert found.to_list() == [True, True, False, False, False]
    assert listed.erased("phone", pl.Series(["+47 49 01 00 01", NUMBER]), RING).to_list() == [
        True,
        False,
    ]
    assert listed.erased("email", pl.Series(["KARI@example.no"]), RING).to_list() == [True]


def test_nobody_is_known_where_no_such_identifier_was_given() -> None:
    listed = listing(f"national_id: {NUMBER}")
    assert listed.erased("phone", pl.Series(["49010001"]), RING).to_list() == [False]


def test_the_list_holds_the_pseudonyms_of_every_field_under_every_generation() -> None:
    listed = listing(f"national_id: {NUMBER}\nphone: 49010001")
    for at in fields():
        for version in RING.versions:
            concealing = Concealing.of(at, RING, version)
            if concealing is None:
                continue
            value = pl.Series(at.name, ["49010001" if at.name == "five" else NUMBER])
            typed = value.cast(pl.Int64) if at.type == "integer" else value
            made = concealing.conceal(typed).item()
            assert made in listed.masked(concealing.key.key_id).to_list()
    assert listed.masked("00").to_list() == []


def test_the_list_holds_no_identifier() -> None:
    told = json.dumps(sealed(listing(f"national_id: {NUMBER}\nphone: 49010001"), RING))
    assert NUMBER not in told
    assert "49010001" not in told


def test_a_list_only_grows_and_keeps_the_first_day() -> None:
    first = listing(f"national_id: {NUMBER}")
    again = first.including(Subject.of(f"national_id: {NUMBER}"), [], RING, LATER)
    assert again == first
    both = first.including(Subject.of(f"national_id: {OTHER}"), [], RING, LATER)
    assert len(both.stones) == 2
    assert both.adding(first.stones) == both
    named = Tombstones.none(RING, "1103").including(
        Subject.of(f"national_id: {NUMBER}"), [], RING, TODAY
    )
    assert named.adding(first.stones).stones == first.stones


def test_a_list_holds_every_list_that_it_came_from_and_no_other() -> None:
    empty = Tombstones.none(RING, "1103")
    first = listing(f"national_id: {NUMBER}")
    both = first.including(Subject.of(f"national_id: {OTHER}"), [], RING, LATER)
    parted = first.including(Subject.of("phone: 49010001"), [], RING, LATER)
    assert (empty.head, empty.holds(""), empty.holds(first.head)) == ("", True, False)
    assert [both.holds(each.head) for each in (empty, first, both, parted)] == [True] * 3 + [False]
    assert not first.holds(both.head)
    joined = parted.joined(both)
    assert all(joined.holds(each.head) for each in (first, both, parted, joined))
    assert both.joined(first) == both
    assert first.joined(both).stones == both.stones
    assert len(joined.earlier) == len(set(joined.earlier)) == 3


def test_a_list_of_before_lists_had_heads_is_read_and_has_one() -> None:
    listed = listing(f"national_id: {NUMBER}")
    document = sealed(listed, RING)
    old = {word: value for word, value in document.items() if word not in ("mac", "earlier")}
    mac = tombstones._mac(old, RING, RING.current)
    read = unsealed({**old, "mac": mac}, RING, "1103")
    assert read.head == listed.head != ""
    assert read.including(Subject.of("phone: 49010001"), [], RING, LATER).holds(listed.head)


def test_a_list_is_read_as_it_was_written() -> None:
    listed = listing(f"national_id: {NUMBER}")
    document = json.loads(json.dumps(sealed(listed, RING)))
    assert unsealed(document, RING, "1103") == listed


def test_a_list_of_before_a_rotation_still_knows_the_erased() -> None:
    before = Keyring(OWN[1], "1103")
    document = sealed(listing(f"national_id: {NUMBER}", ring=before), before)
    listed = unsealed(document, RING, "1103")
    assert listed.version == 1
    grown = listed.including(Subject.of(f"national_id: {OTHER}"), [], RING, LATER)
    found = grown.erased("national_id", pl.Series([NUMBER, OTHER]), RING)
    assert found.to_list() == [True, True]


Document = dict[str, Any]
_SPOILT: list[tuple[Callable[[Document], object], str]] = [
    (lambda d: [d], "no list of erasures"),
    (lambda _: {}, "incomplete"),
    (lambda d: {**d, "more": 1, "version": "x"}, "incomplete"),
    (lambda d: {**d, "municipality": "1108"}, "is 1108's"),
    (lambda d: {**d, "key_id": "00"}, "another key"),
    (lambda d: {**d, "version": 9}, "another key"),
    (lambda d: {**d, "stones": d["stones"][1:]}, "was changed"),
    (lambda d: {**d, "stones": [{**d["stones"][0], "kind": "phone"}]}, "was changed"),
    (lambda d: {w: v for w, v in d.items() if w != "mac"}, "was changed"),
    (lambda d: {**d, "mac": "0" * 64}, "was changed"),
]


@pytest.mark.parametrize(("spoil", "said"), _SPOILT)
def test_a_list_that_is_not_what_was_written_is_refused_in_one_line(
    spoil: Callable[[Document], object], said: str
) -> None:
    document = sealed(listing(f"national_id: {NUMBER}"), RING)
    with pytest.raises(RecordBroken, match=said) as refused:
        unsealed(spoil(document), RING, "1103")
    assert "\n" not in str(refused.value)


def test_another_municipality_cannot_read_the_list_nor_another_key() -> None:
    document = sealed(listing(f"national_id: {NUMBER}"), RING)
    with pytest.raises(RecordBroken, match="1103"):
        unsealed(document, Keyring(OWN, "1108"), "1108")
    with pytest.raises(RecordBroken, match="another key"):
        unsealed(document, Keyring(bytes(32), "1103"), "1103")


@given(st.integers(0, 20_000), st.integers(0, 400))
def test_nobody_else_is_taken_for_the_erased(days: int, serial: int) -> None:
    listed = listing(f"national_id: {NUMBER}\nphone: 49010001\nemail: kari@example.no")
    number = synthetic_number(dt.date(1950, 1, 1) + dt.timedelta(days=days), serial)
    told = {"national_id": number, "phone": f"4902{serial:04d}", "email": f"k{serial}@example.no"}
    for kind, value in told.items():
        assert listed.erased(kind, pl.Series([value]), RING).to_list() == [value == NUMBER]


def test_names_of_one_municipality_are_no_names_of_another() -> None:
    subject = Subject.of(f"national_id: {NUMBER}")
    own = Tombstones.none(RING, "1103").name(subject.identifiers[0], RING)
    other_ring = Keyring(OWN, "1108")
    assert Tombstones.none(other_ring, "1108").name(subject.identifiers[0], other_ring) != own


def test_a_generation_that_is_gone_is_missed_by_name() -> None:
    listed = dataclasses.replace(listing(f"national_id: {NUMBER}"), version=7)
    with pytest.raises(KeyUnavailable, match="generation 7"):
        listed.erased("national_id", pl.Series([NUMBER]), RING)
