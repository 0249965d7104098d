"""How CKAN shows a file within its own pages: as a table, as text, or as the map and the plot.

Each view needs the plugin of the same name to be switched on in that CKAN.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from connectors.portal import Page
from connectors.static_portal.entry import folder_address
from connectors.static_portal.render import file_of
from schemas.stages import Resource

ViewType = Literal["datatables_view", "text_view", "webpage_view"]
# a browser is to draw it all at once
_READABLE = 1_000_000
_TEXTS = ("json", "geojson")


@dataclass(frozen=True, slots=True)
class View:
    """One view of a resource; a resource has at most one of each type.

    `settings` are the plugin's own, beside `view_type` and `title` in `resource_view_create`.
    """

    view_type: ViewType
    title: str
    settings: Mapping[str, object] = field(default_factory=dict)


def wanted_views(page: Page, resource: Resource, home: str | None) -> tuple[View, ...]:
    """The views of one of the newest release's files, in the order that they are shown.

    `home` is the public address of the static portal, where there is any. The CSV file is a table
    to search in, which needs its rows in the DataStore, and shows the static portal's page with
    map and plot; JSON and GeoJSON are text where they are small.
    """
    if resource.format == "csv" and resource.holds_all_rows:
        return (_TABLE, *_drawn(page, home))
    if resource.format in _TEXTS and resource.size <= _READABLE:
        return (View("text_view", "Innhold"),)
    return ()


_TABLE = View("datatables_view", "Tabell")


# the section of the page that comes first, and what the view is called
_DRAWN = {
    (True, True): ("map", "Kart og graf"),
    (True, False): ("map", "Kart"),
    (False, True): ("plot", "Graf"),
}


def _drawn(page: Page, home: str | None) -> tuple[View, ...]:
    drawn = _DRAWN.get((page.places is not None, page.plot is not None))
    if home is None or drawn is None:
        return ()
    section, title = drawn
    address = f"{folder_address(home, page.slug)}{file_of('nb')}#{section}"
    return (View("webpage_view", title, {"page_url": address}),)
