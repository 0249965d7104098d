from __future__ import annotations

import json
import stat
from typing import Any

import pytest

from tests.builders import event, field, key
from tests.pipelines.cli.region import RELEASE, Region, one_line
from tests.pipelines.cli.root_keys import (
    NEW,
    NEW_ID,
    OLD,
    OLD_ID,
    SECRET,
    THIRD,
    THIRD_ID,
    from_old,
    held,
    notes,
    paired,
    renamed,
    rewrap,
    rooted,
)
from tests.pipelines.steps.rights.visits import HEADER, KARI, OLA, PER, row

_TOLD = {"classification": "identifier", "purpose": "opening hours", "subject": "visitor"}


def _personal(name: str, category: str, mask: dict[str, str]) -> dict[str, object]:
    return field(name, "string", category=f"user.{category}", mask=mask, **_TOLD)


@pytest.fixture
def town(here: Region) -> Region:
    return rooted(here)


@pytest.fixture
def pair(town: Region) -> Region:
    return paired(town)


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


def test_one_municipalitys_key_may_move_alone(pair: Region) -> None:
    told = pair.document(*from_old(pair, "-m", "1103"))
    assert [moved["municipality"] for moved in told["keys"]] == ["1103"]
    assert told["left"] == {"under": ["1108"], "unknown": []}
    everybody = pair.document(*from_old(pair))
    assert [moved["changed"] for moved in everybody["keys"]] == [False, True]
    assert everybody["left"]["under"] == []
