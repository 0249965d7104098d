from __future__ import annotations

import inspect
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pytest

from connectors.static_portal.portal import StaticPortal
from connectors.static_portal.serve import portal_server
from connectors.static_portal.snippets import LOOPBACK, snippets
from pipelines.cli.options import Portal as Asked
from pipelines.steps.release import release
from schemas.model import Bilingual
from schemas.network import PortalSite
from tests.connectors.static_portal.printed import codes_in, run
from tests.connectors.static_portal.shown import page
from tests.pipelines.steps.released_site import NOW, Town, town_with_readings

FOLDER = "datasets/1103-parking_occupancy/latest/"


@dataclass(frozen=True)
class Printed:
    """The code on a served page: Polars, pandas, R, curl."""

    url: str
    codes: list[str]


@contextmanager
def served(town: Town) -> Iterator[Printed]:
    release(town.site, town.portal, NOW)
    root = Path(town.portal.store.url)
    with portal_server(root, 0) as server:
        url = f"http://127.0.0.1:{server.server_address[1]}"
        site = town.portal.site.model_copy(update={"url": url})
        release(town.site, StaticPortal(town.portal.store, site), NOW)
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            shown = (root / "datasets/1103-parking_occupancy/index.html").read_text("utf-8")
            yield Printed(url, codes_in(shown))
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Printed]:
    with served(town_with_readings(tmp_path_factory.mktemp("served"))) as shown:
        yield shown


@pytest.mark.live
def test_the_polars_example_reads_every_row(printed: Printed) -> None:
    assert run(printed.codes[0], "print(rows.shape, rows.schema['observed_at'])").endswith(
        "(24, 6) Datetime(time_unit='us', time_zone='UTC')\n"
    )


@pytest.mark.live
def test_the_pandas_example_reads_every_row_with_times_and_texts(printed: Printed) -> None:
    said = run(printed.codes[1], "print(rows.shape, rows.dtypes.astype(str).to_dict())")
    assert "(24, 6)" in said
    assert "'observed_at': 'datetime64[us, UTC]'" in said
    assert "'car_park_name': 'string'" in said


@pytest.mark.live
def test_the_curl_example_fetches_the_file(printed: Printed, tmp_path: Path) -> None:
    command = ["sh", "-c", printed.codes[3]]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, timeout=300)
    assert pl.read_csv(tmp_path / "parking_occupancy.csv").height == 24


@pytest.mark.live
def test_the_r_example_names_the_same_file(printed: Printed) -> None:
    assert f'address <- "{printed.url}/{FOLDER}parking_occupancy.csv"' in printed.codes[2]
    assert "read.csv(address" in printed.codes[2]


def test_without_an_address_of_its_own_it_is_where_datasjo_portal_serves() -> None:
    title = Bilingual(nb="Data", en="Data")
    site = PortalSite(root="unused", title=title, contact="data@example.no")
    codes = [snippet.code for snippet in snippets(site, page())]
    assert all(f"{LOOPBACK}/{FOLDER}" in code for code in codes)
    port = inspect.signature(Asked).parameters["port"].default
    assert LOOPBACK.endswith(f":{port}")
