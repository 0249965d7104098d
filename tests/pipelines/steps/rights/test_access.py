from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from connectors.lake import LakeTable
from pipelines.steps.audit import Logbook
from pipelines.steps.reading import Reader, read
from pipelines.steps.release import release
from pipelines.steps.rights.access import Access, access
from schemas.municipality import Grant
from tests.pipelines.steps.rights.visits import (
    KARI,
    NOW,
    OLA,
    PER,
    Hall,
    approved,
    released,
    row,
    visits,
    with_short_number,
    without_number,
)


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    made = approved(Hall.at(tmp_path, visits(release=released())))
    first = [row(1, KARI), row(2, OLA), row(3, without_number(KARI), day=21)]
    made.drops("1.csv", [*first, row(4, with_short_number(KARI))])
    made.run()
    release(made.site, made.portal, NOW)
    return made


def asked(hall: Hall) -> Access:
    return access([hall.site], KARI.subject, NOW)


def test_all_that_is_held_is_found_place_by_place(hall: Hall) -> None:
    held = {h.place: h for h in asked(hall).held}
    assert {place: h.rows for place, h in held.items()} == {
        "landing": 3,
        "quarantine": 1,
        "lake": 2,
        "open": 2,
    }
    assert held["lake"].parts == ("2026-11-20", "2026-11-21")
    assert {row["visit_id"] for row in held["lake"].contents} == {"1", "3"}
    assert {row["phone"] for row in held["landing"].contents} >= {KARI.phone}
    assert held["open"].contents == ()


def test_the_answer_says_why_from_where_and_how_long(hall: Hall) -> None:
    basis = hall.site.binding.legal_basis
    assert basis is not None
    grant = Grant(
        recipient="1108",
        dataset="readings",
        columns=("visit_id",),
        purpose="planning",
        legal_basis=basis,
        expires=NOW.date(),
    )
    owner = hall.site.municipality.model_copy(update={"grants": (grant,)})
    shared = Hall(hall.folder, dataclasses.replace(hall.site, municipality=owner))
    [why] = asked(shared).processing
    assert why.purposes == ("opening hours",)
    assert why.legal_basis == basis
    assert why.source == "drop"
    assert why.landing_retention_days == hall.site.policy.landing_retention_days
    assert why.recipients == ("1108: planning, until 2026-11-21",)


def test_who_read_the_days_of_the_person_is_told(hall: Hall) -> None:
    read(hall.site, Reader("1103", "a test"), NOW).collect()
    hall.drops("2.csv", [row(9, OLA, day=25)])
    hall.run()
    read(hall.site, Reader("1103", "a test", ["2026-11-25"]), NOW).collect()
    [reading] = asked(hall).readings
    assert (reading.dataset, reading.who, reading.purpose) == ("readings", "1103", "a test")


def test_shares_are_searched_too(hall: Hall) -> None:
    rows = hall.site.lake.scan().collect()
    share = LakeTable(hall.site.store, "readings", "shares/1108")
    share.replace(share.snapshot(), [share.stage(rows, "2026-11-20")], rows.schema, {})
    held = {h.place: h.rows for h in asked(hall).held}
    assert held["shares/1108"] == 2


def test_the_request_is_put_down_without_saying_who(hall: Hall) -> None:
    asked(hall)
    hall.erase(KARI)
    logged = Logbook.of(hall.site).entries("actions")
    told = [e.event for e in logged if e.event.action in ("access", "erase")]
    assert [event.action for event in told] == ["access", "erase"]
    assert told[0].subject is not None
    assert told[0].subject == told[1].subject
    content = b"".join(c for path, c in hall.files().items() if path.startswith("audit/"))
    assert not any(trace in content for trace in KARI.traces)


def test_nothing_is_held_of_who_never_came_or_was_erased(hall: Hall) -> None:
    nobody = access([hall.site], PER.subject, NOW)
    assert (nobody.held, nobody.processing, nobody.readings) == ((), (), ())
    hall.erase(KARI)
    assert asked(hall).held == ()


def test_an_answer_changes_nothing_that_is_held(hall: Hall) -> None:
    before = hall.files()
    asked(hall)
    after = hall.files()
    changed = {path for path in after if after[path] != before.get(path)}
    assert all(path.startswith("audit/") for path in changed)
    assert before.keys() <= after.keys()


def test_what_cannot_be_searched_is_named(hall: Hall) -> None:
    hall.site.store.write_json("lake/old_visits/x", {})
    assert asked(hall).left == ("lake/old_visits: no binding explains it",)
