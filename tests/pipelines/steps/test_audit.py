from __future__ import annotations

import datetime as dt
import json
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from gdpr.chain import Chain, Event
from pipelines.steps.audit import Logbook, actor, event, record
from schemas.errors import KeyUnavailable, RecordBroken
from schemas.records import dump
from tests.builders import site

AT = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)
ERASED = Event(at=AT, who="ombud", action="erase", dataset="readings", rows=3)
READ = Event(at=AT, who="1108", action="read", dataset="readings", rows=2)


@pytest.fixture
def book(tmp_path: Path) -> Logbook:
    return Logbook.of(site(tmp_path))


def pages(book: Logbook) -> list[Path]:
    return sorted(Path(book.store.uri("audit/actions")).glob("0*.json"))


def head(book: Logbook) -> Path:
    return Path(book.store.uri("audit/actions/head.json"))


def test_a_log_that_nobody_has_written_is_empty(book: Logbook) -> None:
    assert book.entries("actions") == ()


def test_what_was_put_down_is_read_in_order_and_each_log_by_itself(book: Logbook) -> None:
    for told in (ERASED, READ, replace(ERASED, rows=4)):
        book.record(told)
    assert [entry.event.rows for entry in book.entries("actions")] == [3, 4]
    assert [entry.event for entry in book.entries("access")] == [READ]
    assert {entry.policy for entry in book.entries("actions")} == {book.policy}


def test_a_site_puts_down_in_its_municipalitys_log(tmp_path: Path) -> None:
    where = site(tmp_path)
    entry = record(where, replace(event("release", where.contract.name), rows=7))
    assert entry.event.who == actor()
    assert entry.event.at.tzinfo is not None
    assert [e.event.rows for e in Logbook.of(where).entries("actions")] == [7]


def test_who_acts_is_the_account_unless_it_is_said() -> None:
    assert actor({"DATASJO_ACTOR": "ombud"}) == "ombud"
    assert actor({})


def test_who_acts_without_an_account_is_a_number(monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody() -> str:
        raise KeyError("getpwuid(): uid not found")

    monkeypatch.setattr("getpass.getuser", nobody)
    assert actor({}) == f"uid {os.getuid()}"


def test_another_policy_is_put_down_before_what_is_done_under_it(book: Logbook) -> None:
    book.record(ERASED)
    later = replace(book, policy="stricter@1.0.0")
    later.record(ERASED)
    later.record(ERASED)
    actions = [entry.event.action for entry in later.entries("actions")]
    assert actions == ["erase", "policy", "erase", "erase"]
    assert later.entries("actions")[1].event.note == f"{book.policy} → stricter@1.0.0"


def test_appending_reads_no_older_entry(book: Logbook) -> None:
    for _ in range(3):
        book.record(ERASED)
    pages(book)[0].write_text("{}")
    assert book.record(ERASED).number == 4


def test_a_writer_killed_before_it_moved_the_head_is_caught_up_with(book: Logbook) -> None:
    book.record(ERASED)
    before = head(book).read_bytes()
    book.record(ERASED)
    head(book).write_bytes(before)
    assert len(book.entries("actions")) == 2
    assert book.record(ERASED).number == 3
    assert len(book.entries("actions")) == 3
    assert json.loads(head(book).read_text())["number"] == 3


def test_a_writer_killed_before_its_first_entry_leaves_an_empty_log(book: Logbook) -> None:
    begun = Chain("1103 audit/actions", "actions", book.keyring).begin(book.policy)
    book.store.create("audit/actions/head.json", dump(begun))
    assert book.entries("actions") == ()
    assert book.record(ERASED).number == 1


def test_writers_at_once_make_one_chain(book: Logbook) -> None:
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: book.record(ERASED), range(24)))
    assert len(book.entries("actions")) == 24
    assert json.loads(head(book).read_text())["number"] == 24


def cut_off(book: Logbook) -> str:
    pages(book)[-1].unlink()
    return "its last 1 entries of 3 are missing"


def taken_out(book: Logbook) -> str:
    pages(book)[1].unlink()
    return "entry 2 does not follow the one before it"


def unreadable_head(book: Logbook) -> str:
    head(book).write_text("{}")
    return r"head\.json is no head"


def edited(book: Logbook) -> str:
    page = pages(book)[1]
    told = json.loads(page.read_text())
    told["event"]["rows"] = 0
    page.write_text(json.dumps(told))
    return "entry 2 is not what was written"


def truncated(book: Logbook) -> str:
    page = pages(book)[2]
    page.write_bytes(page.read_bytes()[:40])
    return r"000000003\.json is no entry"


def emptied(book: Logbook) -> str:
    pages(book)[0].write_text("{}")
    return r"000000001\.json is no entry"


def beheaded(book: Logbook) -> str:
    head(book).unlink()
    return "the head is missing"


def all_entries_gone(book: Logbook) -> str:
    for page in pages(book):
        page.unlink()
    return "its last 3 entries of 3 are missing"


@pytest.mark.parametrize(
    "harm",
    [
        cut_off,
        taken_out,
        unreadable_head,
        edited,
        truncated,
        emptied,
        beheaded,
        all_entries_gone,
    ],
)
def test_a_log_that_was_tampered_with_is_refused_in_one_line(
    book: Logbook, harm: Callable[[Logbook], str]
) -> None:
    for _ in range(3):
        book.record(ERASED)
    said = harm(book)
    with pytest.raises(RecordBroken, match=f"^1103 audit/actions: {said}") as caught:
        book.entries("actions")
    assert len(str(caught.value).splitlines()) == 1


def test_a_log_without_its_head_takes_no_more_entries(book: Logbook) -> None:
    book.record(ERASED)
    head(book).unlink()
    with pytest.raises(RecordBroken, match="the head is missing"):
        book.record(ERASED)


def test_without_the_key_nothing_is_put_down(tmp_path: Path) -> None:
    where = site(tmp_path)
    (tmp_path / "secret.key").unlink()
    with pytest.raises(KeyUnavailable, match="there is no key"):
        record(where, ERASED)
    (tmp_path / "secret.key").write_text("5f" * 32)
    record(where, ERASED)
    (tmp_path / "secret.key").write_text("5e" * 32)
    with pytest.raises(RecordBroken, match="it was edited, or the key is another"):
        Logbook.of(where).entries("actions")
