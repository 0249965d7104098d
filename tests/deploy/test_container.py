from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from pipelines.instance import dagster_home
from schemas.catalog import load_catalog

HOUSE = Path(__file__).resolve().parents[2]
DEPLOY = HOUSE / "deploy"
CONTAINERFILE = (DEPLOY / "Containerfile").read_text(encoding="utf-8")
COMPOSE: Mapping[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
SERVICES: Mapping[str, Any] = COMPOSE["services"]
EACH = pytest.mark.parametrize("name", SERVICES)
_DEFAULT = re.compile(r"\$\{[A-Z_]+:-([^}]+)\}")


def instructions(word: str) -> list[str]:
    joined = CONTAINERFILE.replace("\\\n", " ")
    return [line.partition(" ")[2] for line in joined.splitlines() if line.startswith(f"{word} ")]


def copied() -> list[str]:
    return [source for line in instructions("COPY") for source in line.split()[:-1]]


def mounts(name: str) -> dict[str, str]:
    """Where in the container → what is mounted there, its default filled in."""
    written = [_DEFAULT.sub(r"\1", mount) for mount in SERVICES[name]["volumes"]]
    return {mount.split(":")[1]: mount.split(":")[0] for mount in written}


def variables() -> dict[str, str]:
    return dict(word.split("=", 1) for line in instructions("ENV") for word in line.split())


def test_everything_that_is_copied_into_the_image_is_there_and_not_ignored() -> None:
    ignored = (DEPLOY / "Containerfile.dockerignore").read_text(encoding="utf-8").splitlines()
    assert copied()
    assert [source for source in copied() if not (HOUSE / source).exists()] == []
    assert {source for source in copied() if f"!{source}" not in ignored} == set()
    assert "*" in ignored


def test_the_image_holds_every_room_and_no_data() -> None:
    assert {"schemas", "gdpr", "connectors", "pipelines", "deploy/dagster"} <= set(copied())
    assert not {".", "deploy", "var", "tests"}.intersection(copied())


def test_the_image_is_built_from_the_versions_that_were_tested() -> None:
    named = re.findall(r"deploy/requirements/\S+\.txt", CONTAINERFILE)
    assert len(named) == 2
    assert [path for path in named if not (HOUSE / path).is_file()] == []


def test_nothing_in_the_image_runs_as_root() -> None:
    assert instructions("USER")[-1] == "datasjo"
    assert "useradd --uid 10001" in CONTAINERFILE


@EACH
def test_every_service_is_without_rights(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"]
    assert service["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in service["security_opt"]
    assert not {"privileged", "user", "network_mode"}.intersection(service)


@EACH
def test_what_is_mounted_is_a_volume_or_a_file_of_the_house_or_made_by_the_demo(name: str) -> None:
    for source in mounts(name).values():
        if source.startswith("."):
            path = (DEPLOY / source).resolve()
            assert path.exists() or path.is_relative_to(HOUSE / "var/demo")
        else:
            assert source in COMPOSE["volumes"]


@EACH
def test_every_service_finds_its_network_and_dagsters_settings(name: str) -> None:
    there = mounts(name)
    home = variables()["DAGSTER_HOME"]
    assert f"{home}/dagster.yaml" in there
    assert there[home] == "dagster"
    network, _, file = SERVICES[name]["environment"]["DATASJO_NETWORK"].rpartition("/")
    assert (DEPLOY / there[network] / file).is_file()


def test_a_network_that_is_mounted_reaches_the_contracts_and_policies_of_the_image() -> None:
    network = load_catalog(DEPLOY / "demo/network.yaml").network
    folder = SERVICES["daemon"]["environment"]["DATASJO_NETWORK"].rpartition("/")[0]
    for path in (network.datasets, network.policies):
        [room] = [
            r for r in copied() if Path(folder, path).resolve().is_relative_to(f"/srv/datasjo/{r}")
        ]
        assert (HOUSE / room).is_dir()


def test_the_daemon_alone_sees_roots_keys_and_sources() -> None:
    var = variables()["DATASJO_VAR"]
    restricted = {f"{var}/{word}" for word in ("roots", "keys", "sources", "portal")}
    assert restricted <= set(mounts("daemon"))
    assert restricted.isdisjoint(mounts("webserver"))
    read_only = [mount for mount in SERVICES["daemon"]["volumes"] if mount.endswith(":ro")]
    assert any("/keys:ro" in mount for mount in read_only)


def test_the_ui_is_reached_from_its_host_alone() -> None:
    assert SERVICES["webserver"]["ports"] == ["127.0.0.1:3000:3000"]
    assert "ports" not in SERVICES["daemon"]


@EACH
def test_every_service_runs_the_networks_definitions(name: str) -> None:
    command = SERVICES[name]["command"]
    assert command[0] in ("dagster-webserver", "dagster-daemon")
    assert command[command.index("--module-name") + 1] == "pipelines.definitions"
    assert (HOUSE / "pipelines/definitions.py").is_file()


def test_the_settings_that_are_mounted_are_those_of_the_command_line(tmp_path: Path) -> None:
    catalog = load_catalog(DEPLOY / "demo/network.yaml")
    home = dagster_home(catalog, {"DATASJO_VAR": str(tmp_path)})
    mounted = DEPLOY / mounts("daemon")["/var/lib/datasjo/dagster/dagster.yaml"]
    assert (home / "dagster.yaml").read_bytes() == mounted.read_bytes()
