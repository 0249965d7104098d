from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from schemas.catalog import bound_profile, bound_source, load_catalog
from tests.builders import SENSOR, binding_document, document, event, field, key, owner_document
from tests.schemas.networks import FILES, Files, network

BASIS = {"article_6": "e", "purpose": "a test"}
GRANT = {
    "recipient": "1108",
    "dataset": "readings",
    "columns": ["level_m"],
    "purpose": "a test",
    "legal_basis": BASIS,
    "expires": "2027-01-01",
}
APPROVAL = {"approved_by": "a", "approved_on": "2026-11-01", "organisation": "prove"}


def bound(files: Files, *, grants: object = (), **source: Any) -> list[str]:  # noqa: ANN401 - any words of YAML
    binding = binding_document("readings", {**FILES, **source})
    files.owner(owner_document(bindings=[binding], grants=list(grants)))  # type: ignore[call-overload]  # each test's own list
    return files.lines()


def test_a_network_without_faults_is_read_whole(tmp_path: Path) -> None:
    catalog = load_catalog(network(tmp_path).network)
    [(owner, binding, contract)] = catalog.bindings()
    assert (owner.number, binding.dataset, contract.name) == ("1103", "readings", "readings")
    assert "datasjo_baseline" in catalog.policies


def test_the_same_name_means_the_same_type_and_unit_everywhere(tmp_path: Path) -> None:
    files = network(tmp_path)
    other = field("level_m", "number", unit="cm")
    files.contract(document(SENSOR, event(), other, name="others"))
    files.contract(document(key("sensor_id", "integer"), event(), name="third"))
    assert "readings.odcs.yaml: level_m: has another type or unit than in others" in files.lines()
    assert any("sensor_id: has another type or unit" in line for line in files.lines())


def test_a_binding_to_no_dataset_is_refused(tmp_path: Path) -> None:
    files = network(tmp_path)
    files.owner(owner_document(bindings=[binding_document("reading", FILES)]))
    assert files.lines() == [
        "1103.yaml: bindings.reading: is bound to a dataset that does not exist"
    ]


def test_a_dataset_that_is_bound_twice_is_refused(tmp_path: Path) -> None:
    files = network(tmp_path)
    files.owner(owner_document(bindings=[binding_document("readings", FILES)] * 2))
    assert files.lines() == ["1103.yaml: bindings.readings: is bound twice"]


def test_a_contract_with_faults_of_its_own_is_not_called_missing_as_well(tmp_path: Path) -> None:
    files = network(tmp_path)
    files.contract(document(status="new"))
    assert [line.split(": ")[1] for line in files.lines()] == ["status"]


@pytest.mark.parametrize(
    ("grant", "line"),
    [
        ({}, "grants.1108.readings: the recipient is not in the network"),
        (
            {"recipient": "1103", "columns": ["depth"]},
            "grants.1103.readings.depth: is not a field of the contract",
        ),
        (
            {"recipient": "1103", "dataset": "depths"},
            "grants.1103.depths: grants a dataset that does not exist",
        ),
    ],
)
def test_a_grant_of_what_is_not_there_is_refused(
    tmp_path: Path, grant: dict[str, Any], line: str
) -> None:
    assert bound(network(tmp_path), grants=[GRANT | grant]) == [f"1103.yaml: {line}"]


def test_a_release_that_the_contract_says_nothing_of_is_refused(tmp_path: Path) -> None:
    files = network(tmp_path)
    files.owner(owner_document(bindings=[binding_document("readings", FILES, release=APPROVAL)]))
    assert files.lines() == [
        "1103.yaml: bindings.readings.release: the contract says nothing of a release"
    ]


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ({"profile": {"seperator": ";"}}, "profile.seperator: is not a known key"),
        ({"profile": {"skip_rows": "2"}}, "profile.skip_rows: input should be a valid integer"),
        ({"profile": {"zone": "Oslo"}}, "profile.zone: is not a known time zone"),
        ({"fields": {"depth": {}}}, "fields.depth: is not a field of the contract"),
        ({"fields": {"observed_at": {"zone": "Oslo"}}}, "fields.observed_at.zone: is not a known"),
        ({"fields": {"level_m": {"words": {"x": "y"}}}}, "fields.level_m.words: a word means no"),
    ],
)
def test_an_override_that_makes_no_sense_is_refused(
    tmp_path: Path, source: dict[str, Any], line: str
) -> None:
    [said] = bound(network(tmp_path), **source)
    assert said.startswith(f"1103.yaml: bindings.readings.source.{line}")


def test_a_successor_and_a_zone_that_do_not_exist_are_refused(tmp_path: Path) -> None:
    files = network(tmp_path)
    files.owner(owner_document(successor="1199", time_zone="Oslo"))
    assert files.lines() == [
        "1103.yaml: successor: is not a municipality of the network",
        "1103.yaml: time_zone: is not a known time zone",
    ]


def test_a_municipality_in_two_files_is_refused(tmp_path: Path) -> None:
    files = network(tmp_path)
    shutil.copy(tmp_path / "municipalities/1103.yaml", tmp_path / "municipalities/copy.yaml")
    assert files.lines() == ["copy.yaml: 1103: stands in another file as well"]


@pytest.mark.parametrize("folder", ["datasets", "municipalities"])
def test_a_folder_that_is_missing_is_said(tmp_path: Path, folder: str) -> None:
    files = network(tmp_path)
    shutil.rmtree(tmp_path / folder)
    assert f"{folder}: folder: does not exist" in files.lines()


def test_all_files_faults_are_said_at_once_each_with_an_example(tmp_path: Path) -> None:
    files = network(tmp_path)
    files.contract(document(name="second", status="new"))
    files.write("datasets/third.odcs.yaml", "a: [")
    files.owner(owner_document(contact="", bindings=[]))
    files.owner(owner_document(number="1108", bindings=[binding_document("none", FILES)]))
    problems = files.problems()
    assert {Path(p.file).name for p in problems} == {
        "second.odcs.yaml",
        "third.odcs.yaml",
        "1103.yaml",
        "1108.yaml",
    }
    assert all(problem.field and problem.what and problem.example for problem in problems)


def test_a_network_file_that_is_missing_is_one_line(tmp_path: Path) -> None:
    assert Files(tmp_path).lines() == ["network.yaml: file: cannot be read: FileNotFoundError"]


def test_a_binding_overrides_the_contracts_conventions_key_by_key(tmp_path: Path) -> None:
    files = network(tmp_path)
    files.contract(
        document(
            SENSOR,
            event(source={"zone": "Europe/Oslo", "format": ["%d.%m.%Y"]}),
            field("level_m", "number"),
            source={"separator": ";", "decimal": ","},
        )
    )
    own = {"observed_at": {"zone": "UTC"}, "level_m": {"columns": ["Niva"], "scale": 0.01}}
    assert bound(files, profile={"decimal": "."}, fields=own) == []
    [(_, binding, contract)] = load_catalog(files.network).bindings()
    profile = bound_profile(contract, binding)
    assert (profile.separator, profile.decimal) == (";", ".")
    observed = bound_source(contract.field("observed_at"), binding)
    assert (observed.zone, observed.format) == ("UTC", ("%d.%m.%Y",))
    assert observed.columns == ("observed_at",)
    level = bound_source(contract.field("level_m"), binding)
    assert (level.columns, level.scale) == (("Niva",), 0.01)
