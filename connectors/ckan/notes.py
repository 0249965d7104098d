"""The text of a dataset on its CKAN page: what the static portal shows, as far as CKAN can.

CKAN renders Python-Markdown without extensions and cleans it; what is more than a paragraph is
therefore HTML of the few elements that it keeps, all of which can be read without JavaScript.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from connectors.ckan.ids import download_path
from connectors.portal import Page, slug_of
from connectors.snippets import examples
from connectors.static_portal.entry import folder_path
from connectors.static_portal.render import environment, file_of
from connectors.static_portal.words import Lang, portal_words
from schemas.licences import LICENCES
from schemas.stages import RECEIPT

_TEMPLATES = Path(__file__).with_name("templates")
# what Markdown would take as more than a sign, anywhere and at the beginning of a paragraph
_SIGNS = re.compile(r"^(\d*)([.#+=-])|([\\`*_\[\]])")


@dataclass(frozen=True, slots=True)
class Around:
    """Where a CKAN answers, and the public address of the static portal where there is any."""

    ckan: str
    home: str | None = None


def notes(page: Page, around: Around) -> str:
    """The dataset's text, which begins with its plain description; the same page gives the same.

    Two descriptions, Norwegian first, then freshness, quality, licence, contact and receipt, and
    folded together the newest versions, code in Python, R and for a shell that reads this CKAN,
    and all of it in English. Links lead to the static portal's page, change log and feed.
    """
    parts = [_filled(name, page, around, lang) for name, lang in _PARTS]
    return "\n\n".join([_plain(page.publication.description.nb), *parts])


_PARTS: tuple[tuple[str, Lang], ...] = (
    ("translation.jinja", "en"),
    ("facts.jinja", "nb"),
    ("versions.jinja", "nb"),
    ("use.jinja", "nb"),
    ("english.jinja", "en"),
)


def _filled(name: str, page: Page, around: Around, lang: Lang) -> str:
    template = environment(lang, _TEMPLATES).get_template(name)
    return template.render(_context(page, around, lang)).strip()


def _context(page: Page, around: Around, lang: Lang) -> Mapping[str, object]:
    owner, home = page.municipality, around.home and around.home.rstrip("/")
    own = home and f"{home}/{folder_path(slug_of(owner.number, page.contract.name))}/"
    download = partial(download_path, owner.number, page.contract.name)
    proven = any(file.name == RECEIPT for file in page.newest.resources)
    return {
        "t": portal_words().says(lang),
        "lang": lang,
        "page": page,
        "owner": (owner.name.en if lang == "en" else None) or owner.name.nb,
        "zone": owner.time_zone,
        "licence": LICENCES[page.publication.license],
        "snippets": examples(page, lambda name: around.ckan.rstrip("/") + download(name)),
        "receipt": around.ckan.rstrip("/") + download(RECEIPT) if proven else None,
        "home": home,
        "own": own,
        "here": file_of(lang),
    }


def _plain(text: str) -> str:
    """One paragraph that Markdown shows as it stands."""
    escaped = " ".join(text.split()).replace("&", "&amp;").replace("<", "&lt;")
    return _SIGNS.sub(r"\1\\\2\3", escaped)
