from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest

from tests.builders import LEVEL, OBSERVED, SENSOR, field
from tests.pipelines.cli.region import Region, one_line

SECRET, ROOT = "5e" * 32, "ab" * 32
PERSON = "11854898347"
ROWS = (
    f"sensor_id,observed_at,level_m,one_way,undone\ns-1,2026-11-20T12:00:00Z,1,{PERSON},{PERSON}\n"
)


def person(name: str, use: str) -> dict[str, object]:
    category = "user.government_id.national_identification_number"
    told = {"category": category, "subject": "inhabitant", "purpose": "a test"}
    return field(name, "string", classification="identifier", mask={"use": use}, **told)


@pytest.fixture
def rooted(here: Region) -> Region:
    """A network with a root key, and a dataset with pseudonyms under a bare secret."""
    (here.folder / "secret.key").write_text(SECRET, encoding="ascii")
    (here.folder / "network.key").write_text(ROOT, encoding="ascii")
    here.change("network.yaml", root_key=str(here.folder / "network.key"))
    here.contract(
        SENSOR, OBSERVED, LEVEL, person("one_way", "pseudonym"), person("undone", "reversible")
    )
    here.drop(ROWS)
    assert here("run").exit_code == 0
    return here


def key_file(where: Region) -> Path:
    return where.folder / "secret.key"


def test_a_secret_is_wrapped_and_the_runs_go_on(rooted: Region) -> None:
    told = rooted.document("gdpr", "wrap", "-m", "1103")
    assert told["changed"] is True
    assert told["generation"] == 1
    assert SECRET not in key_file(rooted).read_text()
    assert stat.S_IMODE(key_file(rooted).stat().st_mode) == 0o600
    rooted.drop(ROWS.replace("11-20", "11-21"), "b.csv")
    assert rooted("run").exit_code == 0
    again = rooted("gdpr", "wrap", "-m", "1103")
    assert "was wrapped before" in again.stdout
    assert ROOT not in again.stdout


def test_a_key_is_made_where_there_is_none(rooted: Region) -> None:
    key_file(rooted).unlink()
    told = rooted.document("gdpr", "wrap", "-m", "1103")
    assert told["changed"] is True
    assert json.loads(key_file(rooted).read_text())["municipality"] == "1103"


def test_without_a_root_key_nothing_is_wrapped(here: Region) -> None:
    line = one_line(here("gdpr", "wrap", "-m", "1103"))
    assert "1103: the network's file names no root_key" in line


def test_a_rotation_says_what_became_of_each_column(rooted: Region) -> None:
    rooted("gdpr", "wrap", "-m", "1103")
    told = rooted.document("gdpr", "rotate", "-m", "1103")
    assert (told["generation"], told["changed"]) == (2, True)
    [dataset] = told["datasets"]
    assert [(c["field"], c["after"], c["way"]) for c in dataset["columns"]] == [
        ("one_way", 2, "made again from landing"),
        ("undone", 2, "made again from landing"),
    ]
    assert dataset["error"] is None
    screen = rooted("gdpr", "rotate", "-m", "1103")
    assert "generation is 3, a new one" in screen.stdout
    assert "undone" in screen.stdout
    assert PERSON not in screen.stdout


def test_what_is_done_to_a_key_is_in_the_log_of_actions(rooted: Region) -> None:
    rooted("gdpr", "wrap", "-m", "1103")
    rooted("gdpr", "wrap", "-m", "1103")
    rooted("gdpr", "rotate", "-m", "1103")
    assert rooted("gdpr", "log", "-m", "1103").exit_code == 0
    rooted("gdpr", "destroy", "-m", "1103", "--yes")
    pages = sorted((rooted.root / "audit" / "actions").glob("0*.json"))
    events = [json.loads(page.read_text())["event"] for page in pages]
    assert [(told["action"], told["dataset"]) for told in events] == [
        ("wrap", None),
        ("rotation", "readings"),
        ("destroy", None),
    ]
    assert events[1]["note"] == "generation 2"


def test_a_bare_secret_is_not_rotated_and_says_how_to_wrap_it(rooted: Region) -> None:
    line = one_line(rooted("gdpr", "rotate", "-m", "1103"))
    assert line.endswith("wrap it first: datasjo gdpr wrap --municipality 1103")
    assert SECRET not in line


def test_a_rotation_that_fails_for_a_dataset_goes_on_when_it_is_mended(rooted: Region) -> None:
    rooted("gdpr", "wrap", "-m", "1103")
    strict = field("level_m", "number", logicalTypeOptions={"minimum": 5, "maximum": 10})
    people = (person("one_way", "pseudonym"), person("undone", "reversible"))
    rooted.contract(SENSOR, OBSERVED, strict, *people)
    failed = rooted("gdpr", "rotate", "-m", "1103")
    assert failed.exit_code == 1
    assert "failed" in failed.stdout
    assert "1103 readings: the gate is closed" in failed.stderr
    rooted.contract(SENSOR, OBSERVED, LEVEL, *people)
    told = rooted.document("gdpr", "rotate", "-m", "1103")
    assert (told["generation"], told["changed"]) == (2, False)
    assert {column["after"] for column in told["datasets"][0]["columns"]} == {2}
    assert rooted.document("gdpr", "rotate", "-m", "1103")["generation"] == 3


def test_a_key_is_destroyed_only_when_somebody_says_so(rooted: Region) -> None:
    line = one_line(rooted("gdpr", "destroy", "-m", "1103"))
    assert "destroys the key for ever" in line
    assert "--yes" in line
    assert key_file(rooted).read_text() == SECRET


@pytest.mark.parametrize("wrapped", [True, False])
def test_a_destroyed_key_says_when_at_every_use(rooted: Region, *, wrapped: bool) -> None:
    if wrapped:
        rooted("gdpr", "wrap", "-m", "1103")
    secret = key_file(rooted).read_text()
    told = rooted.document("gdpr", "destroy", "-m", "1103", "--yes")
    assert set(json.loads(key_file(rooted).read_text())) == {"municipality", "destroyed"}
    assert secret not in key_file(rooted).read_text()
    said = f"was destroyed on {told['destroyed']}"
    rooted.drop(ROWS.replace("11-20", "11-21"), "b.csv")
    for words in (("run",), ("gdpr", "wrap", "-m", "1103"), ("gdpr", "rotate", "-m", "1103")):
        assert said in one_line(rooted(*words))
    assert said in one_line(rooted("gdpr", "destroy", "-m", "1103", "--yes"))


def test_what_is_destroyed_is_said(rooted: Region) -> None:
    result = rooted("gdpr", "destroy", "-m", "1103", "--yes")
    assert "1103: the key at" in result.stdout
    assert SECRET not in result.stdout


@pytest.mark.parametrize("command", ["wrap", "rotate", "destroy"])
def test_a_municipality_that_there_is_not_is_one_line(rooted: Region, command: str) -> None:
    line = one_line(rooted("gdpr", command, "-m", "9999"))
    assert "9999: is no municipality of the network (example: 1103)" in line


@pytest.mark.parametrize("command", [("wrap",), ("destroy", "--yes")])
def test_a_key_in_the_environment_is_its_keepers_to_change(
    rooted: Region, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    monkeypatch.setenv("KEY_1103", SECRET)
    rooted.bind(rooted.source(), key="env:KEY_1103")
    line = one_line(rooted("gdpr", *command, "-m", "1103"))
    assert "1103: the key is at env:KEY_1103, which only its keeper can change" in line
