from __future__ import annotations

import subprocess
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pytest
import requests

from benchmarks.stand import Stand
from connectors.ckan.client import Ckan
from connectors.ckan.portal import CkanPortal
from connectors.static_portal.serve import portal_server
from pipelines.steps.release import release
from tests.connectors.static_portal.printed import codes_in, run
from tests.pipelines.steps.released_site import NOW, Town

NAME = "1103-parking_occupancy"
pytestmark = [pytest.mark.live, pytest.mark.portal]


@pytest.fixture
def home(town: Town) -> Iterator[str]:
    release(town.site, town.portal, NOW)
    with portal_server(Path(town.portal.store.url), 0) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


@dataclass(frozen=True)
class Shown:
    """A dataset on CKAN, and the page that a browser without JavaScript has of it."""

    ckan: Ckan
    home: str

    def page(self, path: str = f"/dataset/{NAME}") -> str:
        answer = requests.get(f"{self.ckan.url}{path}", timeout=120)
        answer.raise_for_status()
        return answer.text

    def view(self, name: str, title: str) -> str:
        resources = self.ckan.ask("package_show", {"id": NAME})["resources"]
        file = next(each["id"] for each in resources if each["name"] == name)
        views = self.ckan.ask("resource_view_list", {"id": file})
        view = next(each["id"] for each in views if each["title"] == title)
        return self.page(f"/dataset/{NAME}/resource/{file}/view/{view}")


@pytest.fixture
def shown(town: Town, ckan: Ckan, home: str) -> Shown:
    release(town.site, CkanPortal(ckan, home=home), NOW)
    return Shown(ckan, home)


def require_that_they_run(codes: list[str], folder: Path) -> None:
    polars, pandas, r, curl = codes
    assert run(polars, "print(rows.shape)").endswith("(24, 6)\n")
    assert run(pandas, "print(rows.shape, rows.dtypes['observed_at'])").endswith(
        "(24, 6) datetime64[us, UTC]\n"
    )
    subprocess.run(["sh", "-c", curl], cwd=folder, check=True, capture_output=True, timeout=300)
    assert pl.read_csv(folder / "parking_occupancy.csv").height == 24
    assert r.splitlines()[0] == f'address <- "{curl.split()[-1]}"'


def test_the_examples_on_the_page_run_as_printed(shown: Shown, tmp_path: Path) -> None:
    codes = codes_in(shown.page())
    assert all(shown.ckan.url in code for code in codes)
    require_that_they_run(codes, tmp_path)


def test_the_examples_run_where_files_are_linked_to(
    town: Town, ckan: Ckan, home: str, tmp_path: Path
) -> None:
    release(town.site, CkanPortal(ckan, home=home, largest=1), NOW)
    require_that_they_run(codes_in(Shown(ckan, home).page()), tmp_path)


def test_the_page_tells_without_javascript_what_the_static_portal_shows(shown: Shown) -> None:
    page, own = shown.page(), f"{shown.home}/datasets/{NAME}/"
    for told in (
        "Lovet: høyst",
        "Promised: at most",
        "<summary>Versjoner og endringer</summary>",
        "Første versjon",
        'href="mailto:datadeling@example.no"',
        "Norsk lisens for offentlige data (NLOD) 2.0",
        "/download/receipt.json",
        f'href="{own}index.html#map"',
        f'href="{own}changes.atom"',
        f'href="{own}index.en.html#versions"',
    ):
        assert told in page


def test_where_the_page_leads_there_is_something(shown: Shown) -> None:
    texts = shown.ckan.ask("package_show", {"id": NAME})["notes"]
    leads = {part.split('"')[0].split("#")[0] for part in texts.split('href="')[1:]}
    served = {lead for lead in leads if lead.startswith((shown.home, shown.ckan.url))}
    assert len(served) == 7
    for lead in served:
        assert requests.get(lead, timeout=120).status_code == 200


def test_the_table_the_map_and_json_are_shown_with_their_files(shown: Shown) -> None:
    drawn = shown.view("parking_occupancy.csv", "Kart og graf")
    assert f'src="{shown.home}/datasets/{NAME}/index.html#map"' in drawn
    assert 'data-module="datatables_view"' in shown.view("parking_occupancy.csv", "Tabell")
    assert 'data-module="text_view"' in shown.view("parking_occupancy.json", "Innhold")


def test_the_site_speaks_norwegian_and_english(shown: Shown) -> None:
    assert "Organisasjoner" in shown.page("/dataset/")
    assert "Organizations" in shown.page("/en/dataset/")


def test_the_licence_is_one_that_ckan_knows(shown: Shown, stand: Stand) -> None:
    known = Ckan(stand["url"], stand["token"]).ask("license_list", {})
    assert {each["id"] for each in known} == {"NLOD-2.0", "CC-BY-4.0", "CC0-1.0"}
    assert shown.ckan.ask("package_show", {"id": NAME})["isopen"] is True
