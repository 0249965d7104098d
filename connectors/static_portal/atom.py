"""Feeds of new versions, of each dataset and of the whole portal, by RFC 4287.

Ids are made of names that never change, wherever the portal moves. Addresses are absolute where
the portal has one of its own, and otherwise relative to the feed.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from connectors.static_portal.change_words import Notice
from connectors.static_portal.entry import Entry
from connectors.static_portal.render import feed_of, file_of
from connectors.static_portal.words import Lang, in_language, other, portal_words
from schemas.instants import in_utc
from schemas.model import Bilingual
from schemas.network import PortalSite

_SPACE = uuid.UUID("0f8e2a64-4b0c-5c4e-9d0a-6f6b1f0b7a11")
_NAMESPACE = "http://www.w3.org/2005/Atom"
_TYPE = "application/atom+xml"
_MOST = 100
# XML has no way to write them
_CONTROLS = dict.fromkeys([*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF])
_NEVER = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


def dataset_feed(site: PortalSite, entry: Entry, notices: Sequence[Notice], lang: Lang) -> bytes:
    """The feed of one dataset's versions, newest first: the hundred newest of them."""
    publisher = in_language(entry.publisher, lang)
    title = f"{in_language(entry.title, lang)}, {publisher}"
    items = [_Item(entry, notice) for notice in notices[:_MOST]]
    root = f"{site.url.rstrip('/')}/" if site.url else "../../"
    return _Writer(lang, root, f"{entry.folder}/").feed(
        _Head(f"dataset {entry.slug}", title, publisher), items
    )


def portal_feed(site: PortalSite, entries: Iterable[Entry], lang: Lang) -> bytes:
    """The feed of all datasets: the hundred newest versions, at most ten of each dataset."""
    items = [_Item(entry, notice) for entry in entries for notice in entry.notices]
    items.sort(key=lambda item: (item.notice.updated, item.entry.slug, item.notice.version))
    title = in_language(site.title, lang)
    publisher = in_language(site.publisher.name, lang) if site.publisher else title
    root = f"{site.url.rstrip('/')}/" if site.url else ""
    head = _Head(f"portal {site.url or site.title.nb}", title, publisher)
    return _Writer(lang, root, "").feed(head, items[::-1][:_MOST])


@dataclass(frozen=True, slots=True)
class _Head:
    name: str
    title: str
    author: str


@dataclass(frozen=True, slots=True)
class _Item:
    entry: Entry
    notice: Notice


@dataclass(frozen=True, slots=True)
class _Writer:
    """Writes one feed in a language; `folder` is its own below the root."""

    lang: Lang
    root: str
    folder: str

    def feed(self, head: _Head, items: Sequence[_Item]) -> bytes:
        says = portal_words().says(self.lang)
        feed = ET.Element("feed", {"xmlns": _NAMESPACE, "xml:lang": self.lang})
        _text(feed, "id", self._id(head.name))
        _text(feed, "title", f"{head.title}: {says['feed_title']}")
        _text(feed, "updated", in_utc(max((i.notice.updated for i in items), default=_NEVER)))
        _text(ET.SubElement(feed, "author"), "name", head.author)
        self._link(feed, "self", f"{self.folder}{feed_of(self.lang)}", _TYPE)
        self._link(feed, "alternate", f"{self.folder}{file_of(self.lang)}", "text/html")
        self._twin(feed)
        for item in items:
            self._entry(ET.SubElement(feed, "entry"), item)
        ET.indent(feed, " ")
        return bytes(ET.tostring(feed, encoding="utf-8", xml_declaration=True))

    def _entry(self, told: ET.Element, item: _Item) -> None:
        entry, notice, says = item.entry, item.notice, portal_words().says(self.lang)
        _text(told, "id", self._id(f"version {entry.slug} {notice.version}"))
        _text(told, "title", f"{self._said(entry.title)}: {says['version_named']} {notice.version}")
        _text(told, "published", in_utc(notice.released_at))
        _text(told, "updated", in_utc(notice.updated))
        _text(ET.SubElement(told, "author"), "name", self._said(entry.publisher))
        _text(told, "summary", self._said(notice.summary))
        place = f"#{notice.version}"
        self._link(told, "alternate", f"{entry.folder}/{file_of(self.lang)}{place}", "text/html")
        if notice.is_retired:
            return
        about = f"{entry.folder}/versions/{notice.version}/datapackage.json"
        self._link(told, "related", about, "application/json")

    def _link(self, told: ET.Element, rel: str, path: str, kind: str) -> None:
        ET.SubElement(told, "link", {"rel": rel, "type": kind, "href": f"{self.root}{path}"})

    def _twin(self, feed: ET.Element) -> None:
        lang = other(self.lang)
        href = f"{self.root}{self.folder}{feed_of(lang)}"
        words = {"rel": "alternate", "type": _TYPE, "hreflang": lang, "href": href}
        ET.SubElement(feed, "link", words)

    def _said(self, text: Bilingual) -> str:
        return in_language(text, self.lang)

    def _id(self, name: str) -> str:
        return f"urn:uuid:{uuid.uuid5(_SPACE, f'{name} {self.lang}')}"


def _text(parent: ET.Element, tag: str, text: str) -> None:
    ET.SubElement(parent, tag).text = text.translate(_CONTROLS)
