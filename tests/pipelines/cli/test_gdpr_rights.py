from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from pipelines.cli import app
from tests.builders import event, field, key
from tests.pipelines.cli.region import RELEASE, Region, one_line
from tests.pipelines.steps.rights.visits import HEADER, KARI, OLA, PER, Visitor, row

_TOLD = {"classification": "identifier", "purpose": "opening hours", "subject": "visitor"}
NUMBER = {"category": "user.government_id.national_identification_number", **_TOLD}
PHONE = {"category": "user.contact.phone_number", "mask": {"use": "drop"}, **_TOLD}
EMAIL = {"category": "user.contact.email", "mask": {"use": "drop"}, **_TOLD}


@pytest.fixture
def hall(here: Region) -> Region:
    here.contract(
        key("visit_id"),
        event("at"),
        field("person_id", "string", mask={"use": "pseudonym", "domain": "person"}, **NUMBER),
        field("phone", "string", **PHONE),
        field("email", "string", **EMAIL),
        field("hall", "string"),
        release={word: value for word, value in RELEASE.items() if word != "plot"},
    )
    rows = [row(1, KARI), row(2, OLA), row(3, KARI, day=21), row(4, PER)]
    here.drop("\n".join([HEADER, *rows, ""]))
    assert here("run").exit_code == 0
    assert here("release").exit_code == 0
    return here


def request_of(here: Region, *visitors: Visitor) -> Path:
    parts = [f"national_id: {v.number}\nphone: {v.phone}\nemail: {v.email}\n" for v in visitors]
    path = here.folder / "request.txt"
    path.write_text("---\n".join(parts), encoding="utf-8")
    return path


def rights(here: Region, name: str, *words: str) -> Result:
    told = ("--network", str(here.files.network), "gdpr", name, "-m", "1103", *words)
    return CliRunner().invoke(app, list(told))


def access(here: Region, who: Visitor) -> Result:
    return rights(here, "access", "--subject", str(request_of(here, who)))


def erase(here: Region, *visitors: Visitor) -> Result:
    return rights(here, "erase", "--yes", "--subject", str(request_of(here, *visitors)))


def test_a_person_is_shown_what_is_held_and_erased(hall: Region) -> None:
    shown = access(hall, KARI)
    assert shown.exit_code == 0
    assert "lake" in shown.stdout
    assert "opening hours" in shown.stdout
    assert KARI.number not in shown.stdout
    done = erase(hall, KARI)
    assert done.exit_code == 0, done.output
    assert "Receipt:" in done.stdout
    assert "retired" in done.stdout
    assert hall.rows() == 2
    assert "nothing is held" in access(hall, KARI).stdout


def test_programs_read_the_rows_and_the_receipt(hall: Region) -> None:
    told = json.loads(
        rights(hall, "access", "--json", "--subject", str(request_of(hall, KARI))).stdout
    )
    places = {held["place"]: held["rows"] for held in told["held"]}
    assert places == {"landing": 2, "lake": 2, "open": 2}
    [one, _] = told["held"][0]["contents"]
    assert one["person_id"] == KARI.number
    words = ("--yes", "--json", "--subject", str(request_of(hall, KARI, OLA)))
    receipt = json.loads(rights(hall, "erase", *words).stdout)
    assert receipt["outcome"]["left"] == []
    assert (receipt["persons"], receipt["complete"]) == (2, True)
    assert hall.rows() == 1


def test_a_request_comes_by_stdin_and_never_by_the_line(hall: Region) -> None:
    text = f"national_id: {KARI.number}\n"
    words = ("--network", str(hall.files.network), "gdpr", "erase", "-m", "1103", "--yes")
    assert CliRunner().invoke(app, list(words), input=text).exit_code == 0
    assert hall.rows() == 2
    refused = CliRunner().invoke(app, [*words, KARI.number], input=text)
    assert refused.exit_code == 2


def test_nothing_is_erased_before_it_is_said_that_it_shall_be(hall: Region) -> None:
    before = [path.read_bytes() for path in hall.kept("")]
    line = one_line(rights(hall, "erase", "--subject", str(request_of(hall, KARI))))
    assert "--yes" in line
    assert [path.read_bytes() for path in hall.kept("")] == before


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("nobody", "subject: line 1: is not one of national_id, phone, email"),
        ("", "subject: request: names nobody"),
        ("national_id: 12345678901", "line 1: has no national_id of a form"),
        ("phone: 49010001\n---\nphone: 49010002", "names several persons"),
    ],
)
def test_a_request_that_cannot_be_answered_is_refused_in_one_line(
    text: str, said: str, hall: Region
) -> None:
    path = request_of(hall, KARI)
    path.write_text(text, encoding="utf-8")
    line = one_line(rights(hall, "access", "--subject", str(path)))
    assert said in line
    assert "12345678901" not in line
    path.write_bytes(b"\xff\xfe")
    assert "no UTF-8" in one_line(rights(hall, "access", "--subject", str(path)))


def test_what_is_left_is_named_and_fails(hall: Region) -> None:
    (hall.root / "lake" / "forgotten").mkdir()
    (hall.root / "lake" / "forgotten" / "a").write_text("x")
    done = erase(hall, KARI)
    assert done.exit_code == 1
    assert "not complete:" in done.stderr
    assert "lake/forgotten: no binding explains it" in done.stderr
    assert access(hall, OLA).exit_code == 1


def test_a_list_of_another_municipality_is_refused_in_one_line(hall: Region) -> None:
    erase(hall, KARI)
    [path] = (hall.root / "erasure" / "tombstones").iterdir()
    path.write_text(path.read_text().replace('"1103"', '"1108"'))
    assert "the list of erasures is 1108's" in one_line(erase(hall, OLA))
    hall.drop("\n".join([HEADER, row(9, OLA), ""]), "b.csv")
    assert "the list of erasures is 1108's" in hall("run").stderr


@pytest.mark.parametrize("with_list", [True, False])
def test_a_restored_copy_is_clean_again_once_it_is_said_why_its_logs_are_older(
    hall: Region, tmp_path: Path, *, with_list: bool
) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(hall.root, copy)
    erase(hall, KARI)
    kept = tmp_path / "kept"
    shutil.move(hall.root / "erasure", kept)
    shutil.rmtree(hall.root)
    copy.rename(hall.root)
    told = ["--tombstones", str(max((kept / "tombstones").iterdir()))]
    if with_list:
        shutil.copytree(kept, hall.root / "erasure")
        told = []
    assert hall.rows() == 4
    if with_list:
        # with the list its receipts came back, and tell of newer logs
        waiting = rights(hall, "retention")
        assert waiting.exit_code == 1
        assert "audit/actions: older than erasure/receipts/" in waiting.stderr
        assert hall.rows() == 2
        assert rights(hall, "log", "--restored", "the disk broke").exit_code == 0
    done = rights(hall, "retention", *told)
    assert done.exit_code == 0, done.output
    assert "taken out again" in done.stdout
    assert "retired" in done.stdout
    assert hall.rows() == 2
    assert "nothing is held" in access(hall, KARI).stdout


def test_retention_says_what_would_go_and_what_went(hall: Region) -> None:
    dry = json.loads(rights(hall, "retention", "--dry-run", "--json").stdout)
    assert (dry["dry_run"], dry["erased"]) == (True, {})
    assert dry["datasets"][0]["expired"] == []
    shown = rights(hall, "retention")
    assert shown.exit_code == 0
    assert "Removed" in shown.stdout


def test_a_copy_of_the_list_that_is_none_is_refused(hall: Region) -> None:
    path = hall.folder / "list.json"
    path.write_text("{")
    assert "cannot be read" in one_line(rights(hall, "retention", "--tombstones", str(path)))
    path.write_text("{}")
    assert "incomplete" in one_line(rights(hall, "retention", "--tombstones", str(path)))
    anywhere = hall("gdpr", "retention", "--tombstones", str(path))
    assert "is one municipality's" in one_line(anywhere)
