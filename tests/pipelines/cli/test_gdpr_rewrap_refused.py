from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.pipelines.cli.region import Region, one_line
from tests.pipelines.cli.root_keys import (
    NEW_ID,
    OLD_ID,
    SECRET,
    THIRD,
    from_old,
    held,
    notes,
    paired,
    renamed,
    rewrap,
    rooted,
)


@pytest.fixture
def town(here: Region) -> Region:
    return rooted(here)


@pytest.fixture
def pair(town: Region) -> Region:
    return paired(town)


@pytest.mark.parametrize(
    ("old", "said"),
    [
        ("third.key", f"1103: the key is under root key {OLD_ID}, neither the network's, {NEW_ID}"),
        ("new.key", f"gdpr rewrap: --from: is root key {NEW_ID}, as the network's root_key is"),
        ("none.key", "there is no root key at"),
        ("word.key", "is not hexadecimal"),
        ("short.key", "the root key has 1 bytes; it needs 32"),
    ],
)
def test_a_root_key_that_is_not_the_one_before_is_one_line(
    town: Region, old: str, said: str
) -> None:
    for name, text in (("third", THIRD), ("word", "no secret"), ("short", "ab")):
        (town.folder / f"{name}.key").write_text(text, encoding="ascii")
    before = held(renamed(town))
    line = one_line(town(*rewrap(old=str(town.folder / old))))
    assert said in line
    assert held(town) == before


def test_a_network_without_a_root_key_has_nothing_to_move_keys_under(here: Region) -> None:
    line = one_line(here(*rewrap()))
    assert line == "the network's file names no root_key to move keys under"


def test_a_destroyed_key_is_refused_by_name_and_otherwise_passed_over(town: Region) -> None:
    assert town("gdpr", "destroy", "-m", "1103", "--yes").exit_code == 0
    line = one_line(renamed(town)(*from_old(town, "-m", "1103")))
    assert "1103: the key at" in line
    assert "was destroyed on" in line
    everybody = town.document(*from_old(town))
    assert everybody["keys"] == []


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "1103: there is no key at"),
        (SECRET, "wrap it first: datasjo gdpr wrap --municipality 1103"),
    ],
)
def test_a_key_that_no_root_key_wraps_is_refused_by_name_and_otherwise_passed_over(
    town: Region, content: str | None, said: str
) -> None:
    path = renamed(town).folder / "secret.key"
    path.unlink()
    if content:
        path.write_text(content, encoding="ascii")
    assert said in one_line(town(*from_old(town, "-m", "1103")))
    assert town.document(*from_old(town))["keys"] == []


def test_a_key_that_cannot_be_read_is_named_and_its_root_key_kept(town: Region) -> None:
    (renamed(town).folder / "secret.key").write_text("{", encoding="ascii")
    failed = town(*from_old(town))
    assert "1103: the key at" in one_line(failed)
    assert f"Whose key cannot be read here: 1103. Keep {OLD_ID} until it can" in failed.stdout


def test_a_key_in_the_environment_is_its_keepers_to_move(
    town: Region, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KEY_1103", held(town))
    town.bind(town.source(), key="env:KEY_1103")
    failed = renamed(town)(*from_old(town))
    line = one_line(failed)
    assert line == "1103: the key is at env:KEY_1103, which only its keeper can change"
    assert f"Still under root key {OLD_ID}: 1103. Keep it" in failed.stdout


def test_a_place_that_cannot_be_written_is_one_line(town: Region) -> None:
    lock = town.folder / ".secret.key.lock"
    lock.unlink()
    lock.mkdir()
    before = held(renamed(town))
    line = one_line(town(*from_old(town)))
    assert line == f"1103: the key at {town.folder}/secret.key cannot be written: Is a directory"
    assert held(town) == before


def test_a_key_that_cannot_move_does_not_hold_up_the_others(pair: Region) -> None:
    lock = pair.folder / ".secret.key.lock"
    lock.unlink()
    lock.mkdir()
    failed = pair(*from_old(pair))
    assert one_line(failed).startswith("1103: the key at")
    assert f"Still under root key {OLD_ID}: 1103. Keep it, and run this again." in failed.stdout
    assert json.loads((pair.folder / "1108.key").read_text())["root"] == NEW_ID
    lock.rmdir()
    assert pair(*from_old(pair)).exit_code == 0
    assert notes(pair) == [f"root key {OLD_ID} → {NEW_ID}"]


def test_a_service_out_of_reach_leaves_every_key_where_it_was(
    pair: Region, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "a-test")
    before = held(pair)
    far = "aws-kms:k?endpoint=http://127.0.0.1:9&region=eu-north-1"
    failed = renamed(pair, far)(*from_old(pair))
    assert one_line(failed) == "root key k: the service is out of reach"
    assert f"Still under root key {OLD_ID}: 1103, 1108" in failed.stdout
    assert held(pair) == before
    told = json.loads(pair(*from_old(pair), "--json").stdout)
    assert [moved["municipality"] for moved in told["keys"]] == ["1103"]


def test_a_log_that_was_edited_stops_no_move_and_hears_of_it_when_mended(town: Region) -> None:
    head: Path = town.root / "audit" / "actions" / "head.json"
    kept = head.read_text()
    head.write_text(json.dumps({**json.loads(kept), "seal": "00"}))
    failed = renamed(town)(*from_old(town))
    assert "1103 audit/actions: the head is not what" in one_line(failed)
    assert json.loads(held(town))["root"] == NEW_ID
    head.write_text(kept)
    assert town(*from_old(town)).exit_code == 0
    assert notes(town) == [f"root key {OLD_ID} → {NEW_ID}"]
