from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from pathlib import Path

import pytest

from pipelines.steps.release import release
from schemas.documents import parse
from schemas.errors import ConfigurationError, GateClosed
from schemas.network import Organisation
from schemas.stages import Release
from tests.builders import KOLUMBUS
from tests.pipelines.steps.released_site import (
    NOW,
    OPEN,
    Town,
    closed_fields,
    contract_of,
    parking_document,
    readings,
    site_of,
    town_with_readings,
)


@pytest.fixture
def town(tmp_path: Path) -> Town:
    return town_with_readings(tmp_path)


def opened(town: Town) -> Path:
    return Path(town.site.store.uri("open/parking_occupancy"))


def run(town: Town, now: dt.datetime = NOW) -> Release:
    return release(town.site, town.portal, now)


def test_a_release_that_nobody_approved_is_refused(town: Town) -> None:
    site = site_of(town.site.contract, town.site.store, release=None)
    with pytest.raises(ConfigurationError, match="nobody has approved a release"):
        release(site, town.portal, NOW)
    assert not opened(town).exists()


def test_an_approval_of_a_later_day_is_none_yet(town: Town) -> None:
    approved = town.site.binding.release
    assert approved is not None
    decision = approved.model_dump(mode="json") | {"approved_on": "2026-11-22"}
    site = site_of(town.site.contract, town.site.store, release=decision)
    with pytest.raises(ConfigurationError, match="nothing is released before that day"):
        release(site, town.portal, NOW)
    assert not opened(town).exists()
    # in Stavanger the day has begun, though not in UTC
    release(site, town.portal, dt.datetime(2026, 11, 21, 23, 30, tzinfo=dt.UTC))
    assert opened(town).exists()


def test_a_partners_contact_is_shown_and_is_no_leak(town: Town) -> None:
    approved = town.site.binding.release
    assert approved is not None
    decision = approved.model_dump(mode="json") | {"organisation": "kolumbus"}
    site = site_of(town.site.contract, town.site.store, release=decision)
    partner = parse(Organisation, KOLUMBUS, "network.yaml")
    made = release(replace(site, partner=partner), town.portal, NOW)
    package = opened(town) / "versions" / made.version / "datapackage.json"
    contributors = json.loads(package.read_text(encoding="utf-8"))["contributors"]
    assert contributors[:2] == [
        {"title": "Kolumbus AS", "email": "data@kolumbus.example.no", "roles": ["publisher"]},
        {"title": "Stavanger kommune", "roles": ["distributor"]},
    ]


def test_a_contract_without_a_publication_is_refused(town: Town) -> None:
    contract = replace(town.site.contract, publication=None)
    with pytest.raises(ConfigurationError, match="how the dataset is presented"):
        run(town.holding(contract))


def test_a_dataset_without_an_open_field_is_refused(town: Town, tmp_path: Path) -> None:
    document = parking_document()
    closed_fields(document, *OPEN)
    with pytest.raises(ConfigurationError, match="opens none"):
        run(town.holding(contract_of(document, tmp_path)))


def test_a_lake_that_no_gate_has_opened_is_refused(tmp_path: Path) -> None:
    town = Town.at(tmp_path)
    town.commit(readings())
    with pytest.raises(GateClosed, match="1103 parking_occupancy: no open receipt"):
        run(town)
    town.judge(is_open=False)
    with pytest.raises(GateClosed):
        run(town)
    assert not opened(town).exists()


def test_a_receipt_under_an_earlier_contract_is_no_permission(tmp_path: Path) -> None:
    town = Town.at(tmp_path)
    town.commit(readings())
    town.judge(contract_sha256="0" * 64)
    with pytest.raises(GateClosed):
        run(town)


def test_an_open_receipt_stands_though_a_newer_delivery_was_stopped(town: Town) -> None:
    stood = town.judge(NOW + dt.timedelta(minutes=1))
    town.judge(NOW + dt.timedelta(hours=1), is_open=False)
    assert run(town).receipt == stood.id
