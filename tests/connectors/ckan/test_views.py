from __future__ import annotations

from dataclasses import replace

from connectors.ckan.views import View, wanted_views
from connectors.portal import Mark, Page, Places
from schemas.stages import FormatWord, Resource
from tests.connectors.static_portal.shown import page

HOME = "https://data.example.no/"
PLOT = "https://data.example.no/datasets/1103-parking_occupancy/index.html#plot"


def views(
    form: FormatWord, *, name: str = "x", size: int = 10, of: Page | None = None
) -> list[str]:
    resource = Resource(name, form, "", size, 1)
    return [view.view_type for view in wanted_views(of or page(), resource, HOME)]


def test_the_csv_file_is_a_table_and_shows_the_plot() -> None:
    table, plot = wanted_views(page(), page().newest.resources[0], HOME)
    assert table == View("datatables_view", "Tabell")
    assert plot == View("webpage_view", "Graf", {"page_url": PLOT})


def test_the_map_comes_before_the_plot_where_there_are_places() -> None:
    mapped = replace(page(), places=Places((Mark(5.73, 58.97, 1, "Posten", None),), None))
    both = wanted_views(mapped, page().newest.resources[0], HOME)[1]
    alone = wanted_views(replace(mapped, plot=None), page().newest.resources[0], HOME)[1]
    assert (both.title, alone.title) == ("Kart og graf", "Kart")
    assert both.settings == alone.settings == {"page_url": PLOT.replace("#plot", "#map")}


def test_without_a_plot_or_a_public_address_the_csv_file_is_a_table_alone() -> None:
    csv = page().newest.resources[0]
    assert len(wanted_views(page(), csv, None)) == 1
    assert views("csv", of=replace(page(), plot=None)) == ["datatables_view"]


def test_small_json_is_text_and_other_files_have_no_view() -> None:
    assert views("json") == views("geojson") == ["text_view"]
    assert views("json", size=1_000_001) == []
    assert views("parquet") == views("xlsx") == views("geoparquet") == []


def test_a_table_of_the_fields_is_not_the_datasets_own_table() -> None:
    assert views("csv", name="dictionary.csv") == []
