from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from schemas.documents import parse
from schemas.municipality import Approval, Municipality
from schemas.network import Organisation
from schemas.publishers import own_organisation, publisher_of
from tests.builders import KOLUMBUS, binding_document, owner_document
from tests.schemas.networks import FILES, Files, network

PORTAL = {
    "root": "portal",
    "title": {"nb": "Åpne data", "en": "Open data"},
    "contact": "help@example.no",
}
SANDNES = {
    "number": "1108",
    "name": {"nb": "Sandnes kommune"},
    "organisation_number": "964965137",
}


def approval(organisation: str, **words: str) -> dict[str, str]:
    told = {"approved_by": "sjef", "approved_on": "2026-11-01", "organisation": organisation}
    return told | words


def region(folder: Path, *publishers: dict[str, Any], **portal: object) -> Files:
    return network(folder, portal={**PORTAL, "publishers": list(publishers), **portal})


def released_for(files: Files, organisation: str, **owner: object) -> list[str]:
    binding = binding_document("readings", FILES, release=approval(organisation))
    files.owner(owner_document(bindings=[binding], **owner))
    return [line for line in files.lines() if "says nothing of a release" not in line]


def owner_of(**changes: object) -> Municipality:
    return parse(Municipality, owner_document(**changes), "1103.yaml")


@pytest.mark.parametrize("organisation", ["kolumbus", "stavanger-kommune"])
def test_a_dataset_is_released_for_a_partner_or_for_the_municipality(
    tmp_path: Path, organisation: str
) -> None:
    assert released_for(region(tmp_path, KOLUMBUS), organisation) == []


def test_an_organisation_that_nobody_named_is_refused(tmp_path: Path) -> None:
    assert released_for(region(tmp_path, KOLUMBUS), "kolombus") == [
        "1103.yaml: bindings.readings.release: kolombus is none of the network's publishers"
    ]


def test_any_organisation_will_do_where_the_network_names_none(tmp_path: Path) -> None:
    assert released_for(region(tmp_path), "kolombus") == []


@pytest.mark.parametrize("shown", [{"publishers": [KOLUMBUS]}, {"ckan": {"url": "http://ckan"}}])
def test_two_municipalities_do_not_share_an_organisation(
    tmp_path: Path, shown: dict[str, Any]
) -> None:
    files = region(tmp_path, **shown)
    assert released_for(files, "kolumbus") == []
    assert released_for(files, "kolumbus", **SANDNES) == [
        "1108.yaml: bindings.readings.release: 1103 releases for kolumbus, and no other may"
    ]
    [line] = released_for(files, "stavanger-kommune", **SANDNES)
    assert line.endswith("release: 1103 releases for stavanger-kommune, and no other may")


def test_two_municipalities_of_one_name_are_told_apart_by_a_key(tmp_path: Path) -> None:
    files = region(tmp_path, KOLUMBUS)
    files.owner(owner_document(name={"nb": "Herøy kommune"}))
    other: dict[str, Any] = {**SANDNES, "name": {"nb": "Herøy kommune"}}
    files.owner(owner_document(**other))
    assert files.lines() == ["1108.yaml: organisation: heroy-kommune is 1103's"]
    files.owner(owner_document(**other, organisation="heroy-i-nordland"))
    assert files.lines() == []


def test_a_publisher_stands_once_and_is_no_other_body_under_a_municipalitys_name(
    tmp_path: Path,
) -> None:
    assert region(tmp_path, KOLUMBUS, KOLUMBUS).lines() == [
        "network.yaml: portal.publishers.kolumbus: stands twice"
    ]
    posing = {**KOLUMBUS, "organisation": "stavanger-kommune"}
    [line] = region(tmp_path, posing).lines()
    assert line.startswith("1103.yaml: organisation: stavanger-kommune has another organisation")
    own = {**posing, "organisation_number": "964965226"}
    assert region(tmp_path, own).lines() == []


@pytest.mark.parametrize("name", ["Kolumbus AS", "k", "-kolumbus", "kolombus/../x"])
def test_a_name_that_ckan_cannot_have_is_refused(tmp_path: Path, name: str) -> None:
    [line] = released_for(region(tmp_path), name)
    assert "release.organisation" in line
    assert name not in line.partition("organisation:")[2]


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Stavanger kommune", "stavanger-kommune"),
        ("Bærum kommune", "baerum-kommune"),
        ("Sør-Varanger kommune", "sor-varanger-kommune"),
        ("Ås", "as"),
        ("Kárášjohka", "karasjohka"),
        ("Å", "kommune-1103"),
    ],
)
def test_a_municipalitys_own_organisation_is_its_name_in_small_letters(
    name: str, slug: str
) -> None:
    assert own_organisation(owner_of(name={"nb": name})).organisation == slug


def test_the_contact_is_the_approvals_or_the_partners_or_the_municipalitys() -> None:
    owner, partner = owner_of(), parse(Organisation, KOLUMBUS, "network.yaml")
    bare = parse(Approval, approval("kolumbus"), "1103.yaml")
    own = bare.model_copy(update={"contact": "buss@example.no"})
    assert publisher_of(owner, None, None).contact == "datadeling@example.no"
    assert publisher_of(owner, bare, None).contact == "datadeling@example.no"
    assert publisher_of(owner, bare, partner).contact == "data@kolumbus.example.no"
    told = publisher_of(owner, own, partner)
    assert (told.contact, told.name.en) == ("buss@example.no", "Kolumbus")
