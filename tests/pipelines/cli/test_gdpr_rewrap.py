from __future__ import annotations

import json
import stat
from pathlib import Path
from typing import Any

import pytest

from gdpr.wrapping import LocalRootKey
from tests.builders import event, field, key
from tests.pipelines.cli.region import RELEASE, Region, one_line
from tests.pipelines.steps.rights.visits import HEADER, KARI, OLA, PER, row

SECRET = "5e" * 32
OLD, NEW, THIRD = "ab" * 32, "cd" * 32, "ef" * 32
OLD_ID, NEW_ID, THIRD_ID = (LocalRootKey(bytes.fromhex(text)).key_id for text in (OLD, NEW, THIRD))
_TOLD = {"classification": "identifier", "purpose": "opening hours", "subject": "visitor"}


def _personal(name: str, category: str, mask: dict[str, str]) -> dict[str, object]:
    return field(name, "string", category=f"user.{category}", mask=mask, **_TOLD)


@pytest.fixture
def town(here: Region) -> Region:
    """A network under its first root key, and a second root key beside it."""
    (here.folder / "old.key").write_text(OLD, encoding="ascii")
    (here.folder / "new.key").write_text(NEW, encoding="ascii")
    here.change("network.yaml", root_key=str(here.folder / "old.key"))
    assert here("gdpr", "wrap", "-m", "1103").exit_code == 0
    return here


@pytest.fixture
def hall(town: Region) -> Region:
    """The same, with persons in the lake and a release."""
    number = "government_id.national_identification_number"
    town.contract(
        key("visit_id"),
        event("at"),
        _personal("person_id", number, {"use": "pseudonym", "domain": "person"}),
        _personal("phone", "contact.phone_number", {"use": "drop"}),
        _personal("email", "contact.email", {"use": "drop"}),
        field("hall", "string"),
        release={word: value for word, value in RELEASE.items() if word != "plot"},
    )
    visit(town, "a.csv", row(1, KARI), row(2, OLA), row(3, PER))
    return town


def visit(where: Region, name: str, *rows: str) -> None:
    where.drop("\n".join([HEADER, *rows, ""]), name)
    assert where("run").exit_code == 0
    assert where("release").exit_code == 0


def renamed(where: Region, reference: str | None = None) -> Region:
    where.change("network.yaml", root_key=reference or str(where.folder / "new.key"))
    return where


def rewrap(*more: str, old: str = "old.key") -> tuple[str, ...]:
    return ("gdpr", "rewrap", "--from", old, *more)


def from_old(where: Region, *more: str) -> tuple[str, ...]:
    return rewrap(*more, old=str(where.folder / "old.key"))


def held(where: Region) -> str:
    return (where.folder / "secret.key").read_text()


def notes(where: Region) -> list[str]:
    told = where.document("gdpr", "log", "-m", "1103")["actions"]
    return [e["event"]["note"] for e in told if e["event"]["action"] == "wrap"][1:]


def request(where: Region) -> str:
    path = where.folder / "request.txt"
    path.write_text(f"national_id: {KARI.number}\nphone: {KARI.phone}\nemail: {KARI.email}\n")
    return str(path)


def signer(where: Region) -> str:
    [latest] = (where.folder / "portal").rglob("latest/receipt.json")
    told = where.document("gdpr", "verify", str(latest))
    return str(told["signer"])


def found(where: Region) -> list[dict[str, Any]]:
    told = where.document("gdpr", "access", "-m", "1103", "--subject", request(where))
    return list(told["held"])


def test_a_key_moves_under_the_networks_new_root_key(town: Region) -> None:
    before = held(town)
    assert "datasjo gdpr rewrap moves it there" in one_line(
        renamed(town)("gdpr", "log", "-m", "1103")
    )
    shown = town(*from_old(town))
    assert shown.exit_code == 0, shown.output
    assert "moved" in shown.stdout
    assert f"No key of the network is under root key {OLD_ID} any more" in shown.stdout
    for secret in (OLD, NEW, SECRET):
        assert secret not in shown.output
    after = json.loads(held(town))
    assert after["root"] == NEW_ID
    assert json.loads(before)["generations"][0]["wrapped"] not in held(town)
    assert stat.S_IMODE((town.folder / "secret.key").stat().st_mode) == 0o600
    assert "untold" not in after
    assert notes(town) == [f"root key {OLD_ID} → {NEW_ID}"]


def test_a_second_time_there_is_nothing_to_move(town: Region) -> None:
    town = renamed(town)
    first = town.document(*from_old(town))
    moved = held(town)
    second = town.document(*from_old(town))
    assert [(k["municipality"], k["generations"], k["changed"]) for k in first["keys"]] == [
        ("1103", 1, True)
    ]
    assert [k["changed"] for k in second["keys"]] == [False]
    assert (first["old"], first["new"]) == (OLD_ID, NEW_ID)
    assert first["left"] == second["left"] == {"under": [], "unknown": []}
    assert held(town) == moved
    assert "moved before" in town(*from_old(town)).stdout
    assert len(notes(town)) == 1


def test_rows_releases_and_requests_are_the_same_after_it(hall: Region) -> None:
    signed, shown = signer(hall), found(hall)
    assert hall(*from_old(renamed(hall))).exit_code == 0
    assert found(hall) == shown
    visit(hall, "b.csv", row(4, KARI, day=21), row(5, OLA, day=21), row(6, PER, day=21))
    assert signer(hall) == signed
    [lake] = (part for part in found(hall) if part["place"] == "lake")
    assert len({visit["person_id"] for visit in lake["contents"]}) == 1
    assert lake["rows"] == 2


def test_who_was_erased_before_it_does_not_come_back_after_it(hall: Region) -> None:
    erased = ("gdpr", "erase", "-m", "1103", "--yes", "--subject")
    assert hall(*erased, request(hall)).exit_code == 0
    assert hall(*from_old(renamed(hall))).exit_code == 0
    visit(hall, "b.csv", row(4, KARI, day=21), row(5, OLA, day=21), row(6, PER, day=21))
    assert hall("replay").exit_code == 0
    assert hall.rows() == 4
    assert [part["place"] for part in found(hall)] == []


def test_a_rotation_that_was_begun_goes_on_after_it(hall: Region) -> None:
    assert hall("gdpr", "rotate", "-m", "1103").exit_code == 0
    document = json.loads(held(hall))
    (hall.folder / "secret.key").write_text(json.dumps({**document, "rotating": 2}))
    assert hall.document(*from_old(renamed(hall)))["keys"][0]["generations"] == 2
    told = hall.document("gdpr", "rotate", "-m", "1103")
    assert (told["generation"], told["changed"]) == (2, False)
    assert hall.document("gdpr", "rotate", "-m", "1103")["generation"] == 3


@pytest.mark.parametrize("reference", ["env:DATASJO_TEST_ROOT", "{folder}/third.key"])
def test_keys_move_on_from_root_key_to_root_key(
    hall: Region, monkeypatch: pytest.MonkeyPatch, reference: str
) -> None:
    monkeypatch.setenv("DATASJO_TEST_ROOT", THIRD)
    (hall.folder / "third.key").write_text(THIRD, encoding="ascii")
    third = reference.format(folder=hall.folder)
    signed = signer(hall)
    assert hall(*from_old(renamed(hall, third))).exit_code == 0
    assert hall(*rewrap(old=third), *("-m", "1103")).exit_code == 1
    assert renamed(hall)(*rewrap(old=third)).exit_code == 0
    assert notes(hall) == [
        f"root key {OLD_ID} → {THIRD_ID}",
        f"root key {THIRD_ID} → {NEW_ID}",
    ]
    assert signer(hall) == signed


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


def test_a_service_out_of_reach_leaves_every_key_where_it_was(
    town: Region, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "a-test")
    before = held(town)
    far = "aws-kms:k?endpoint=http://127.0.0.1:9&region=eu-north-1"
    failed = renamed(town, far)(*from_old(town))
    assert one_line(failed) == "root key k: the service is out of reach"
    assert f"Still under root key {OLD_ID}: 1103" in failed.stdout
    assert held(town) == before


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
