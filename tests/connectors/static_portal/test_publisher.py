from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from connectors.portal import Page
from connectors.static_portal.portal import StaticPortal
from connectors.store import Store
from schemas.documents import parse
from schemas.model import Bilingual
from schemas.network import Organisation, PortalSite
from tests.builders import KOLUMBUS
from tests.connectors.static_portal.shown import page, stavanger

SITE = PortalSite(
    root="unused", title=Bilingual(nb="Åpne data", en="Open data"), contact="data@example.no"
)
FOLDER = "datasets/1103-parking_occupancy"
LINK = "../../index.html?publisher=kolumbus#publisher-kolumbus"
AUTHOR = ".//{http://www.w3.org/2005/Atom}author/{http://www.w3.org/2005/Atom}name"


def shown(folder: Path, *told: Page, name: str = f"{FOLDER}/index.html") -> str:
    with StaticPortal(Store.at(str(folder)), SITE).together() as portal:
        for each in told:
            portal.publish(each)
    return (folder / name).read_text(encoding="utf-8")


def partners(told: Page | None = None) -> Page:
    network = {**KOLUMBUS, "url": "https://k.example.no"}
    return replace(told or page(), partner=parse(Organisation, network, "network.yaml"))


def neighbours() -> Page:
    return replace(page(), municipality=stavanger("1108", "Sandnes kommune"))


def choices(start: str, facet: str) -> list[tuple[str, str, str]]:
    box = rf'name="{facet}" value="([^"]+)"> <span>([^<]+)</span> <small>(\d+)</small>'
    return re.findall(box, start)


def groups(start: str) -> list[tuple[str, str]]:
    return re.findall(r'<div class="group" id="([^"]+)">\s*<h3>([^<]+) <small>', start)


def test_a_municipalitys_own_dataset_names_it_once(tmp_path: Path) -> None:
    text = shown(tmp_path, page())
    assert "Lagt ut gjennom" not in text
    assert "mailto:datadeling@example.no" in text


def test_a_partners_dataset_names_the_partner_and_who_released_it(tmp_path: Path) -> None:
    text = shown(tmp_path, partners())
    assert '<a href="https://k.example.no">Kolumbus AS</a>' in text
    assert "982433215" in text
    assert "<dt>Lagt ut gjennom</dt><dd>Stavanger kommune</dd>" in text
    assert "mailto:data@kolumbus.example.no" in text
    assert "mailto:datadeling@example.no" not in text


def test_the_contact_of_a_dataset_is_shown_in_place_of_its_publishers(tmp_path: Path) -> None:
    told = page()
    own = told.approval.model_copy(update={"contact": "parkering@example.no"})
    text = shown(tmp_path, replace(told, approval=own))
    assert "mailto:parkering@example.no" in text
    assert "mailto:datadeling@example.no" not in text


def test_a_partner_is_a_choice_beside_the_municipalities(tmp_path: Path) -> None:
    start = shown(tmp_path, partners(), neighbours(), name="index.html")
    assert choices(start, "publisher") == [
        ("_own", "Kommunen selv", "1"),
        ("kolumbus", "Kolumbus AS", "1"),
    ]
    assert [value for value, *_ in choices(start, "municipality")] == ["1108", "1103"]
    [card] = [part for part in start.split("<li ") if 'data-publisher="kolumbus"' in part]
    assert 'data-municipality="1103"' in card
    assert "<strong>Kolumbus AS</strong>, gjennom Stavanger kommune" in card
    assert "kolumbus as" in card.split('data-search="')[1].split('"')[0]


def test_without_partners_there_is_no_such_choice(tmp_path: Path) -> None:
    start = shown(tmp_path, page(), neighbours(), name="index.en.html")
    assert choices(start, "publisher") == []
    assert len(choices(start, "municipality")) == 2


def test_a_network_that_lists_the_municipality_itself_has_no_partner(tmp_path: Path) -> None:
    network = {**KOLUMBUS, "organisation_number": page().municipality.organisation_number}
    own = replace(page(), partner=parse(Organisation, network, "network.yaml"))
    start = shown(tmp_path, own, neighbours(), name="index.html")
    assert choices(start, "publisher") == []
    assert ("municipality-1103", "Stavanger kommune") in groups(start)


@pytest.mark.parametrize(
    ("name", "own"), [("index.html", "Kolumbus AS"), ("index.en.html", "Kolumbus")]
)
def test_datasets_stand_under_who_publishes_them(tmp_path: Path, name: str, own: str) -> None:
    start = shown(tmp_path, partners(), neighbours(), name=name)
    assert groups(start) == [
        ("publisher-kolumbus", own),
        ("municipality-1108", "Sandnes kommune"),
    ]
    assert f'<a href="#publisher-kolumbus">{own}</a>' in start


def test_a_datasets_page_leads_back_to_all_of_its_publisher(tmp_path: Path) -> None:
    text = shown(tmp_path, partners(), neighbours())
    assert f'<a href="{LINK}">Kolumbus AS</a>' in text
    assert "Kolumbus AS" in text.split("<title>")[1].split("</title>")[0]
    own = (tmp_path / FOLDER.replace("1103", "1108") / "index.html").read_text(encoding="utf-8")
    assert '?municipality=1108#municipality-1108">Sandnes kommune</a>' in own


def test_the_author_of_a_version_is_the_publisher(tmp_path: Path) -> None:
    def authors(text: str) -> list[str | None]:
        return [name.text for name in ET.fromstring(text).findall(AUTHOR)]  # noqa: S314 - our own bytes

    feed = shown(tmp_path, partners(), neighbours(), name="changes.atom")
    assert sorted(map(str, authors(feed))) == ["Kolumbus AS", "Sandnes kommune", "Åpne data"]
    assert set(authors(shown(tmp_path, partners(), name=f"{FOLDER}/changes.atom"))) == {
        "Kolumbus AS"
    }


def test_an_entry_from_before_partners_were_told_is_the_municipalitys(tmp_path: Path) -> None:
    shown(tmp_path, page(), neighbours())
    path = tmp_path / "entries/1103-parking_occupancy.json"
    entry = json.loads(path.read_text(encoding="utf-8"))
    del entry["partner"]
    path.write_text(json.dumps(entry), encoding="utf-8")
    start = shown(tmp_path, neighbours(), name="index.html")
    assert ("municipality-1103", "Stavanger kommune") in groups(start)
