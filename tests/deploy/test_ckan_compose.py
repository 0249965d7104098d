from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from connectors.dcat.syntax import SYNTAXES
from schemas.media import MEDIA
from schemas.network import CkanSite

FOLDER = Path(__file__).resolve().parents[2] / "deploy/ckan"
TEXT = (FOLDER / "compose.yaml").read_text(encoding="utf-8")
COMPOSE: Mapping[str, Any] = yaml.safe_load(TEXT)
SERVICES: Mapping[str, Any] = COMPOSE["services"]
EXAMPLE = (FOLDER / "example.env").read_text(encoding="utf-8")
WEB = (FOLDER / "web.conf").read_text(encoding="utf-8")
EACH = pytest.mark.parametrize("name", SERVICES)
_ASKED = re.compile(r"\$\{([A-Z_]+)(:\?|:-|\})")
_NAMED = re.compile(r"^#?([A-Z_]+)=(.*)$", re.MULTILINE)


def asked() -> dict[str, str]:
    return dict(_ASKED.findall(TEXT))


def test_every_name_that_is_asked_for_is_in_the_example_and_no_other() -> None:
    assert set(asked()) == {name for name, _ in _NAMED.findall(EXAMPLE)}


def test_every_name_of_the_example_is_explained() -> None:
    lines = EXAMPLE.splitlines()
    named = [at for at, line in enumerate(lines) if _NAMED.match(line)]
    for at in named:
        assert lines[at - 1].startswith("# ") or at - 1 in named, lines[at]


def test_what_is_secret_has_no_default_and_no_value_in_the_house() -> None:
    secret = {name for name in asked() if name.endswith(("_PASSWORD", "_SECRET"))}
    assert len(secret) == 5
    assert {asked()[name] for name in secret} == {":?"}
    for name, value in _NAMED.findall(EXAMPLE):
        assert name not in secret or re.fullmatch(r"change-?me\d?", value)


@EACH
def test_every_service_is_an_image_of_one_line_that_says_how_it_is(name: str) -> None:
    service = SERVICES[name]
    assert re.search(r":[0-9][\w.-]*$", service["image"])
    assert service["healthcheck"]["test"][0] == "CMD"
    assert service["restart"] == "unless-stopped"
    assert "no-new-privileges:true" in service["security_opt"]
    assert not {"privileged", "user", "network_mode", "build"}.intersection(service)


@EACH
def test_a_service_waits_for_those_that_it_needs(name: str) -> None:
    needed = SERVICES[name].get("depends_on", {})
    assert set(needed) <= set(SERVICES) - {name}
    assert all(each["condition"] == "service_healthy" for each in needed.values())
    if name == "ckan":
        assert set(needed) == {"database", "redis", "solr"}


@EACH
def test_what_is_mounted_is_a_file_of_the_house_or_a_volume(name: str) -> None:
    for mount in SERVICES[name]["volumes"]:
        source = re.sub(r"\$\{[A-Z_]+:-([^}]+)\}", r"\1", mount).split(":")[0]
        if source.startswith("."):
            assert (FOLDER / source).is_file()
            assert mount.endswith(":ro")
        else:
            assert source in COMPOSE["volumes"]


def test_the_portal_is_the_volume_that_the_daemon_releases_to() -> None:
    other = yaml.safe_load((FOLDER.parent / "compose.yaml").read_text(encoding="utf-8"))
    assert "portal" in other["volumes"]
    assert COMPOSE["volumes"]["portal"]["name"] == f"{other['name']}_portal"


def test_nothing_is_reached_from_another_host() -> None:
    ports = [port for service in SERVICES.values() for port in service.get("ports", ())]
    assert len(ports) == 3
    assert all(port.startswith("127.0.0.1:") for port in ports)


def test_ckan_is_told_what_the_ckan_of_the_tests_is_told() -> None:
    told = SERVICES["ckan"]["environment"]
    assert SERVICES["ckan"]["env_file"] == ["options.env"]
    shared = dict(_NAMED.findall((FOLDER / "options.env").read_text(encoding="utf-8")))
    assert told["CKAN__PLUGINS"] == f"{shared['CKAN__PLUGINS']} envvars"
    assert set(told).intersection(shared) == {"CKAN__PLUGINS"}
    assert shared["CKAN__AUTH__USER_CREATE_ORGANIZATIONS"] == "false"
    # Compose would take what follows for a comment, or for a name to fill in
    assert not any(" #" in value or "$" in value for value in shared.values())


def test_its_limit_of_a_file_is_that_of_the_networks_file() -> None:
    limit = SERVICES["ckan"]["environment"]["CKAN__MAX_RESOURCE_SIZE"]
    assert limit == f"${{CKAN_MAX_RESOURCE_SIZE:-{CkanSite(url='http://ckan').max_resource_size}}}"


def test_tokens_outlive_the_container() -> None:
    told = SERVICES["ckan"]["environment"]
    secrets = {value for name, value in told.items() if "JWT" in name}
    assert secrets == {"string:${CKAN_TOKEN_SECRET:?see example.env}"}


def test_the_databases_are_made_by_the_names_that_ckan_is_told() -> None:
    script = (FOLDER / "databases.sh").read_text(encoding="utf-8")
    assert os.access(FOLDER / "databases.sh", os.X_OK)
    told = SERVICES["ckan"]["environment"]
    urls = [value for name, value in told.items() if name.endswith("_URL") and "@" in value]
    assert len(urls) == 3
    for url in urls:
        role, database = re.findall(r"//(\w+):|@database/(\w+)", url)
        assert f"CREATE ROLE {role[0]} LOGIN" in script
        assert f"CREATE DATABASE {database[1]} OWNER ckan" in script
    passwords = set(re.findall(r"\$(CKAN_\w+)", script))
    assert passwords <= set(SERVICES["database"]["environment"])


def test_the_web_server_gives_the_catalogue_and_every_file_their_types() -> None:
    types = {
        word: kind for kind, word in re.findall(r"^ +(\w+/[\w.+-]+) (\w+);$", WEB, re.MULTILINE)
    }
    assert types["ttl"] == "text/turtle"
    assert types["rdf"] == "application/rdf+xml"
    assert types["jsonld"] == "application/ld+json"
    for word in ("csv", "parquet", "geojson"):
        assert types[word] == MEDIA[word]
    [syntaxes] = re.findall(r"\^/catalog\\\.\((.+)\)\$", WEB)
    assert set(syntaxes.split("|")) == set(SYNTAXES)


def test_the_web_server_listens_where_it_is_reached_and_asks_ckan_where_it_is() -> None:
    ports = {port.rsplit(":", 1)[-1] for port in SERVICES["web"]["ports"]}
    assert set(re.findall(r"listen (\d+);", WEB)) == ports
    assert "http://ckan:5000" in WEB
    roots = set(re.findall(r"root ([\w/]+);", WEB))
    [mounted] = [m.split(":")[-2] for m in SERVICES["web"]["volumes"] if "DATASJO_PORTAL" in m]
    assert roots == {mounted}
