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
from connectors.portal import Page
from connectors.snippets import examples
from connectors.static_portal.change_log import change_log
from connectors.static_portal.change_words import in_words
from connectors.static_portal.entry import folder_address
from connectors.static_portal.render import environment, feed_of, file_of
from connectors.static_portal.words import Lang, in_language, portal_words
from schemas.licences import LICENCES
from schemas.stages import RECEIPT

_VERSIONS = 5
_TEMPLATES = Path(__file__).with_name("templates")
# what Markdown would take as more than a sign, anywhere and at the beginning of a paragraph
_SIGNS = re.compile(r"^(\d*)([.#+=-])|([\\`*_\[\]])")


@dataclass(frozen=True, slots=True)
class Around:
    """Where a CKAN answers, and the public address of the static portal where there is any."""

    ckan: str
    home: str | None = None

    def download(self, page: Page, name: str) -> str:
        """Where the CKAN gives the newest version's file of that name."""
        path = download_path(page.municipality.number, page.contract.name, name)
        return self.ckan.rstrip("/") + path

    def root(self) -> str | None:
        """The static portal's address with a slash at its end."""
        return self.home.rstrip("/") + "/" if self.home else None


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
    root = around.root()
    proven = any(file.name == RECEIPT for file in page.newest.resources)
    return {
        "t": portal_words().says(lang),
        "lang": lang,
        "page": page,
        "owner": in_language(page.publisher.name, lang),
        "contact": page.publisher.contact,
        "zone": page.municipality.time_zone,
        "licence": LICENCES[page.publication.license],
        "log": change_log(page)[:_VERSIONS],
        "in_words": in_words,
        "snippets": examples(page, partial(around.download, page)),
        "receipt": around.download(page, RECEIPT) if proven else None,
        "root": root,
        "own": folder_address(root, page.slug) if root else None,
        "here": file_of(lang),
        "feed": feed_of(lang),
    }


def _plain(text: str) -> str:
    """One paragraph that Markdown shows as it stands."""
    escaped = " ".join(text.split()).replace("&", "&amp;").replace("<", "&lt;")
    return _SIGNS.sub(r"\1\\\2\3", escaped)
