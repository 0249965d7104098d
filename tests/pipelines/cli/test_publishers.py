from __future__ import annotations

import json
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from typer.testing import Result

from tests.builders import KOLUMBUS
from tests.connectors.ckan.answering import no
from tests.connectors.ckan.people import ADMINISTRATOR, People
from tests.connectors.http_site import HttpSite, http_site
from tests.pipelines.cli.region import Region, invoke, one_line

pytestmark = pytest.mark.live
ROBOT = "datasjo-1103"


@pytest.fixture
def people() -> People:
    return People()


@pytest.fixture
def site(people: People) -> Iterator[HttpSite]:
    with http_site() as started:
        started.answer = people.answer
        yield started


@pytest.fixture
def shown(here: Region, site: HttpSite) -> Region:
    """The region, on a CKAN, with a partner and a file for its robot's token."""
    portal = yaml.safe_load(here.files.network.read_text(encoding="utf-8"))["portal"]
    here.change(
        "network.yaml", portal={**portal, "ckan": {"url": site.url}, "publishers": [KOLUMBUS]}
    )
    bind(here, ckan_token=str(here.folder / "1103.token"))
    return here


def bind(here: Region, **words: object) -> None:
    source = here.source()
    own = {**source["release"], "organisation": "stavanger-kommune"}
    here.bind({**source, "release": own}, **words)


def run(here: Region, *words: str, token: str = ADMINISTRATOR, **names: str) -> Result:
    told = {"CKAN_ADMIN_TOKEN": token, **names}
    return invoke("--network", str(here.files.network), "publishers", *words, env=told)


def told(here: Region, *words: str, **names: str) -> dict[tuple[str, str], str]:
    found = json.loads(run(here, "--json", *words, **names).stdout)["publishers"]
    return {(each["what"], each["name"]): each["became"] for each in found}


def test_it_says_what_was_made_and_the_second_time_that_all_stood(
    shown: Region, people: People
) -> None:
    names = {
        ("organisation", "kolumbus"),
        ("organisation", "stavanger-kommune"),
        ("robot", ROBOT),
        ("token", ROBOT),
    }
    assert told(shown) == dict.fromkeys(names, "made")
    people.writes.clear()
    assert told(shown) == dict.fromkeys(names, "stood")
    assert people.writes == []
    assert people.members == {("stavanger-kommune", ROBOT): "editor"}


def test_a_token_is_in_its_file_alone(shown: Region, people: People) -> None:
    result = run(shown)
    file = shown.folder / "1103.token"
    token = file.read_text(encoding="ascii")
    assert people.tokens[token] == ROBOT
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert f"{ROBOT}: token: {file}" in result.output.splitlines()
    for secret in (token, ADMINISTRATOR):
        assert secret not in result.output


def test_a_robot_has_an_address_of_its_own(shown: Region, people: People) -> None:
    run(shown)
    assert people.users[ROBOT]["email"] == f"datadeling+{ROBOT}@example.no"


def test_a_renewed_token_ends_the_ones_before(shown: Region, people: People) -> None:
    run(shown)
    file = shown.folder / "1103.token"
    old = file.read_text(encoding="ascii")
    assert told(shown, "--renew")["token", ROBOT] == "renewed"
    assert old not in people.tokens
    assert people.tokens[file.read_text(encoding="ascii")] == ROBOT


def test_a_token_that_counts_no_more_is_replaced(shown: Region, people: People) -> None:
    run(shown)
    people.tokens = {ADMINISTRATOR: "administrator"}
    assert told(shown)["token", ROBOT] == "made"
    # nor is the administrator's own the robot's
    (shown.folder / "1103.token").write_text(ADMINISTRATOR, encoding="ascii")
    assert told(shown)["token", ROBOT] == "made"


def test_where_the_token_is_in_the_environment_its_name_is_told(
    shown: Region, people: People
) -> None:
    bind(shown, ckan_token="env:CKAN_TOKEN_1103")
    result = run(shown)
    assert result.exit_code == 0
    assert "env:CKAN_TOKEN_1103 must be set; --tokens FOLDER" in result.output
    assert list(people.tokens.values()) == ["administrator"]
    folder = shown.folder / "tokens"
    assert told(shown, "--tokens", str(folder))["token", ROBOT] == "made"
    token = (folder / "1103.token").read_text(encoding="ascii")
    assert told(shown, CKAN_TOKEN_1103=token)["token", ROBOT] == "stood"


def test_a_municipality_whose_file_names_no_place_is_told_so(shown: Region) -> None:
    bind(shown)
    assert "names no ckan_token" in run(shown).output


def test_what_the_administrators_hands_changed_is_put_right(shown: Region, people: People) -> None:
    run(shown)
    people.members["another", ROBOT] = "admin"
    people.users[ROBOT]["sysadmin"] = True
    people.organisations["kolumbus"]["title"] = "Buss"
    changed = told(shown)
    assert changed["organisation", "kolumbus"] == changed["robot", ROBOT] == "changed"
    assert people.members == {("stavanger-kommune", ROBOT): "editor"}
    assert people.users[ROBOT]["sysadmin"] is False


def test_an_organisation_of_another_body_is_left_alone(shown: Region, people: People) -> None:
    number = [{"key": "organisation_number", "value": "999999999"}]
    people.organisations["kolumbus"] = {"id": "k", "title": "Kolumbus film", "extras": number}
    assert "kolumbus has another organisation number" in one_line(run(shown))
    assert people.writes == []


def test_one_municipality_alone_leaves_the_partners_alone(shown: Region) -> None:
    assert ("organisation", "kolumbus") not in told(shown, "-m", "1103")


def test_a_failure_is_one_line_and_what_was_made_before_it_is_told(
    shown: Region, people: People, site: HttpSite
) -> None:
    refused = no("Validation Error", email=["The email address is already in use"])
    site.answer = lambda asked: (
        refused if asked.path.endswith("user_create") else people.answer(asked)
    )
    result = run(shown)
    line = one_line(result)
    assert line.endswith("user_create: refused email")
    assert "kolumbus" in result.stdout


@pytest.mark.parametrize(
    ("token", "line"),
    [("", "no file and no variable"), ("stale", "user_show"), ("robots", "no administrator's")],
)
def test_a_token_that_is_no_administrators_makes_nothing(
    shown: Region, people: People, token: str, line: str
) -> None:
    people.users["robot"] = {"name": "robot", "sysadmin": False}
    people.tokens["robots"] = "robot"
    assert line in one_line(run(shown, token=token))
    assert people.writes == []


def test_a_network_without_a_ckan_has_no_publishers_to_make(here: Region) -> None:
    assert "portal.ckan: is missing" in one_line(run(here))


def test_a_folder_that_cannot_be_written_makes_no_token(shown: Region, people: People) -> None:
    (shown.folder / "file").touch()
    bind(shown, ckan_token=str(shown.folder / "file" / "1103.token"))
    assert "cannot be written" in one_line(run(shown))
    assert list(people.tokens.values()) == ["administrator"]


def test_an_approval_for_nobody_known_is_refused_before_anything_is_made(
    shown: Region, people: People
) -> None:
    shown.bind(shown.source())
    assert "prove is none of the network's publishers" in one_line(run(shown))
    assert people.writes == []


def test_nothing_half_written_is_left(shown: Region, tmp_path: Path) -> None:
    run(shown)
    run(shown, "--renew")
    assert [path for path in tmp_path.rglob(".*") if path.is_file()] == []
