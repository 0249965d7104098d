from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.builders import LEVEL, OBSERVED, POLICIES, SENSOR, field, policies
from tests.pipelines.cli.region import GOOD, HEADER, RELEASE, Region, invoke, one_line
from tests.schemas.networks import Files

HEAVY = ("dagster", "great_expectations", "duckdb", "deltalake")
CYCLE = {"lose": "stram", "stram": "lose"}


def test_a_network_in_order_is_one_line(here: Region) -> None:
    result = here("check")
    assert result.exit_code == 0
    assert result.stderr == ""
    assert "1 contracts, 1 municipalities, 1 bindings, 2 policies: all in order" in result.stdout


def test_a_program_reads_the_same_as_one_document(here: Region) -> None:
    told = here.document("check")
    assert told == {
        "ok": True,
        "contracts": 1,
        "municipalities": 1,
        "bindings": 1,
        "policies": 2,
        "policy_versions": {f"datasjo_baseline@{policies()['datasjo_baseline'].version}": ["1103"]},
        "problems": [],
    }


def test_it_says_which_version_of_which_policy_holds_for_whom(here: Region) -> None:
    assert "\ndatasjo_baseline@1.1.0: 1103\n" in here("check").stdout


def test_another_region_takes_the_policy_over_as_one_file(here: Region) -> None:
    folder = here.folder / "regler"
    folder.mkdir()
    shutil.copy(POLICIES / "datasjo_baseline.yaml", folder)
    here.change("network.yaml", policies="regler")
    assert "1 policies: all in order" in here("check").stdout
    here.contract(SENSOR, OBSERVED, LEVEL, domain="patient_journal")
    assert "domain: patient_journal is refused by refused_domains" in one_line(here("check"))


def unknown_key(here: Region) -> str:
    here.change("municipalities/1103.yaml", colour="blue")
    return "1103.yaml: colour: is not a known key"


def missing_classification(here: Region) -> str:
    here.contract(SENSOR, OBSERVED, field("level_m", "number", classification=None))
    return "readings.odcs.yaml: level_m.classification: is missing"


def unknown_mask(here: Region) -> str:
    secret = field("who", "string", classification="identifier", mask={"use": "encrypt"})
    here.contract(SENSOR, OBSERVED, LEVEL, secret)
    return "readings.odcs.yaml: who.mask.use: "


def unknown_dataset(here: Region) -> str:
    here.bind(here.source() | {"dataset": "nothing"})
    return "1103.yaml: bindings.nothing: is bound to a dataset that does not exist"


def cyclic_tightening(here: Region) -> str:
    for name, extended in CYCLE.items():
        own_policy(here.files, name, extends=extended)
    here.change("network.yaml", policies="policies", policy="lose")
    return "policies: lose: extends itself: lose → stram → lose"


def loosening_policy(here: Region) -> str:
    own_policy(here.files, "lose", extends="datasjo_baseline", landing_retention_days=3000)
    own_policy(here.files, "datasjo_baseline")
    here.change("network.yaml", policies="policies", policy="lose")
    return "lose: landing_retention_days: loosens datasjo_baseline"


def unreadable_file(here: Region) -> str:
    (here.folder / "datasets" / "readings.odcs.yaml").write_bytes(b"\xff\xfe\x00name: \xc3")
    return "readings.odcs.yaml: file: cannot be read"


def broken_yaml(here: Region) -> str:
    here.files.write("municipalities/1108.yaml", "number: [1108\nname: x")
    return "1108.yaml: line "


def missing_folder(here: Region) -> str:
    here.change("network.yaml", municipalities="nowhere")
    return "nowhere: folder: does not exist"


def without_nb(text: str) -> dict[str, Any]:
    words: dict[str, Any] = dict(RELEASE)
    return words | {text: {"en": words[text]["en"]}}


@pytest.mark.parametrize("text", ["title", "description", "keyword"])
@pytest.mark.parametrize("command", ["check", "run", "release"])
def test_a_text_that_norwegian_is_missing_of_is_named_before_anything_is_written(
    text: str, command: str, here: Region
) -> None:
    here.contract(release=without_nb(text))
    here.drop(f"{HEADER}{GOOD}")
    line = one_line(here(command))
    assert f"readings.odcs.yaml: release.{text}.nb: is missing (example: " in line
    assert here.kept("") == []
    assert not (here.folder / "portal").exists()


def test_names_that_norwegian_is_missing_of_are_named(here: Region) -> None:
    here.contract(SENSOR, OBSERVED, LEVEL, field("level_cm", "number", description_nb=None))
    assert "readings.odcs.yaml: level_cm.description_nb: is missing" in one_line(here("check"))
    here.contract()
    here.bind(here.source(), name={"en": "Stavanger"})
    assert "1103.yaml: name.nb: is missing" in one_line(here("check"))
    here.bind(here.source())
    portal = {"root": "portal", "contact": "a@example.no", "title": {"en": "Open data"}}
    here.change("network.yaml", portal=portal)
    assert "network.yaml: portal.title.nb: is missing" in one_line(here("check"))


def own_policy(files: Files, name: str, **changes: object) -> None:
    baseline = policies()["datasjo_baseline"].model_dump(mode="json")
    files.write(f"policies/{name}.yaml", {**baseline, "policy": name, **changes})


@pytest.mark.parametrize(
    "spoil",
    [
        unknown_key,
        missing_classification,
        unknown_mask,
        unknown_dataset,
        cyclic_tightening,
        loosening_policy,
        unreadable_file,
        broken_yaml,
        missing_folder,
    ],
)
def test_what_is_wrong_is_one_line_and_exit_1(spoil: Callable[[Region], str], here: Region) -> None:
    expected = spoil(here)
    result = here("check")
    assert expected in one_line(result)
    assert result.stdout == ""


def test_every_fault_has_its_own_line(here: Region) -> None:
    nameless = [field(name, "number", classification=None, unit=None) for name in ("a_m", "b_m")]
    here.contract(SENSOR, OBSERVED, *nameless)
    result = here("check")
    assert result.exit_code == 1
    assert len(result.stderr.splitlines()) == 5


def test_a_program_reads_the_faults_as_well(here: Region) -> None:
    here.change("municipalities/1103.yaml", colour="blue")
    result = here("check", "--json")
    told = json.loads(result.stdout)
    assert (result.exit_code, told["ok"]) == (1, False)
    assert [problem["field"] for problem in told["problems"]] == ["colour"]


def test_the_network_is_named_before_the_command_after_it_or_by_the_environment(
    here: Region,
) -> None:
    file = str(here.files.network)
    lost = "nowhere.yaml"
    assert invoke("--network", file, "check").exit_code == 0
    assert invoke("check", "--network", file).exit_code == 0
    assert invoke("check", env={"DATASJO_NETWORK": file}).exit_code == 0
    assert invoke("--network", lost, "check", "--network", file).exit_code == 0
    assert lost in one_line(invoke("--network", lost, "check", env={"DATASJO_NETWORK": file}))


@pytest.mark.parametrize("words", [["bogus"], ["check", "--bogus"], ["real"], ["new"]])
def test_a_wrong_word_on_the_command_line_is_exit_2(words: list[str]) -> None:
    assert invoke(*words).exit_code == 2


def test_help_names_every_command() -> None:
    result = invoke("--help")
    assert result.exit_code == 0
    for name in ("check", "demo", "up", "run", "status", "replay", "release", "portal", "real"):
        assert f" {name} " in result.stdout


def test_check_loads_no_engine_that_it_does_not_need(here: Region) -> None:
    script = (
        "import sys\nfrom pipelines.cli import app\n"
        f"app(['--network', {str(here.files.network)!r}, 'check'], standalone_mode=False)\n"
        f"print(sorted(set({HEAVY!r}) & set(sys.modules)))"
    )
    root = Path(__file__).parents[3]
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=root, capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == "[]"
