"""A dataset's own page: downloads, plot, fields, freshness, quality, versions and terms."""

from __future__ import annotations

from collections.abc import Mapping

from connectors.dcat.quality import Score
from connectors.dcat.vocabulary import concept
from connectors.portal import Page, Places, Plot
from connectors.static_portal.change_log import replaced
from connectors.static_portal.chart import BROAD, SLIM, draw, is_drawn
from connectors.static_portal.entry import entry_path
from connectors.static_portal.map import BROAD_SHEET, SLIM_SHEET, draw_map
from connectors.static_portal.map_labels import labels
from connectors.static_portal.map_words import map_words, open_map
from connectors.static_portal.plot_words import plot_words
from connectors.static_portal.preview import preview
from connectors.static_portal.render import LABELS, render
from connectors.static_portal.snippets import snippets
from connectors.static_portal.structured import structured
from connectors.static_portal.versions import versions
from connectors.static_portal.words import Lang
from schemas.licences import LICENCES
from schemas.network import PortalSite
from schemas.stages import CROISSANT, DICTIONARY, PACKAGE, RECEIPT

_DOCUMENTS: Mapping[str, str] = {
    DICTIONARY: "dictionary",
    PACKAGE: "package",
    CROISSANT: "croissant",
    RECEIPT: "receipt",
}


def dataset_page(site: PortalSite, page: Page, score: Score, lang: Lang) -> bytes:
    """The dataset's page in one language, with the points that its metadata earn."""
    keywords = page.publication.keyword
    name, value = page.municipality.name, page.publication.high_value
    context = {
        "root": "../../",
        "site": site,
        "page": page,
        "owner": (name.en if lang == "en" else None) or name.nb,
        "licence": LICENCES[page.publication.license],
        "keywords": keywords.nb if lang == "nb" else keywords.en,
        "labels": LABELS,
        "documents": _DOCUMENTS,
        "years": sorted((f for f in page.newest.resources if f.part), key=lambda f: f.part or ""),
        "score": score,
        "los": [concept("los", word).label for word in page.publication.los],
        "category": concept("high_value", value).label if value else None,
        "entry_path": entry_path(page.slug),
        "rows": preview(page, lang),
        **_plot(page.plot, lang),
        **_map(page.places, lang),
        "versions": versions(page, lang),
        "replaced": replaced(page),
        "snippets": snippets(site, page),
        "structured": structured(site, page),
    }
    return render("dataset.html.jinja", lang, context)


def _plot(plot: Plot | None, lang: Lang) -> dict[str, object]:
    if plot is None or not is_drawn(plot):
        return {"charts": []}
    charts = [draw(plot, size, lang) for size in (BROAD, SLIM)]
    return {"charts": charts, "names": plot_words(plot, lang)}


def _map(places: Places | None, lang: Lang) -> dict[str, object]:
    if places is None:
        return {"maps": []}
    words = map_words(places, lang)
    drawn = [draw_map(places, sheet, lang) for sheet in (BROAD_SHEET, SLIM_SHEET)]
    maps = [(each, labels(each, words.labels)) for each in drawn]
    return {"maps": maps, "map_names": words, "open_map": open_map(drawn[0])}
