from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from connectors.portal import Page
from connectors.static_portal.portal import StaticPortal
from connectors.store import Store
from schemas.documents import parse
from schemas.model import Bilingual
from schemas.network import Organisation, PortalSite
from tests.builders import KOLUMBUS
from tests.connectors.static_portal.shown import page

SITE = PortalSite(
    root="unused", title=Bilingual(nb="Åpne data", en="Open data"), contact="data@example.no"
)


def shown(folder: Path, told: Page) -> str:
    StaticPortal(Store.at(str(folder)), SITE).publish(told)
    return (folder / "datasets/1103-parking_occupancy/index.html").read_text(encoding="utf-8")


def test_a_municipalitys_own_dataset_names_it_once(tmp_path: Path) -> None:
    text = shown(tmp_path, page())
    assert "Teknisk utgiver" not in text
    assert "mailto:datadeling@example.no" in text


def test_a_partners_dataset_names_the_partner_and_who_released_it(tmp_path: Path) -> None:
    partner = parse(Organisation, {**KOLUMBUS, "url": "https://k.example.no"}, "network.yaml")
    text = shown(tmp_path, replace(page(), partner=partner))
    assert '<a href="https://k.example.no">Kolumbus AS</a>' in text
    assert "982433215" in text
    assert "<dt>Teknisk utgiver</dt><dd>Stavanger kommune</dd>" in text
    assert "mailto:data@kolumbus.example.no" in text
    assert "mailto:datadeling@example.no" not in text


def test_the_contact_of_a_dataset_is_shown_in_place_of_its_publishers(tmp_path: Path) -> None:
    told = page()
    own = told.approval.model_copy(update={"contact": "parkering@example.no"})
    text = shown(tmp_path, replace(told, approval=own))
    assert "mailto:parkering@example.no" in text
    assert "mailto:datadeling@example.no" not in text
