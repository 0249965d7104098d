from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import urljoin, urlsplit
from xml.etree import ElementTree as ET

import pytest

from connectors.portal import Page
from connectors.static_portal.atom import portal_feed
from connectors.static_portal.change_files import change_files
from connectors.static_portal.entry import Entry
from connectors.static_portal.portal import StaticPortal
from connectors.store import Store
from schemas.model import Bilingual
from schemas.network import PortalSite
from schemas.stages import Change, Release
from tests.connectors.static_portal.shown import RELEASED, page, stavanger, version

TITLE = Bilingual(nb="Åpne data", en="Open data")
URL = "https://data.example.no"
FOLDER = "datasets/1103-parking_occupancy"
ATOM = "{http://www.w3.org/2005/Atom}"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
MANY = 130


def portal_at(root: Path, url: str | None = URL) -> StaticPortal:
    site = PortalSite(root="unused", url=url, title=TITLE, contact="data@example.no")
    return StaticPortal(Store.at(str(root)), site)


def feeds(portal: StaticPortal) -> dict[str, ET.Element]:
    paths = [path for path in portal.store.find("") if path.endswith(".atom")]
    return {path: ET.fromstring(portal.store.read(path)) for path in paths}  # noqa: S314 - our own bytes


def text(parent: ET.Element, tag: str) -> str:
    [found] = parent.findall(f"{ATOM}{tag}")
    assert found.text
    return found.text


def links(parent: ET.Element) -> Iterator[tuple[str, str, str, str]]:
    for link in parent.findall(f"{ATOM}link"):
        told = link.attrib
        yield told["rel"], told["type"], told.get("hreflang", ""), told["href"]


def instant(parent: ET.Element, tag: str) -> dt.datetime:
    at = dt.datetime.fromisoformat(text(parent, tag))
    assert at.tzinfo is not None
    return at


def assert_keeps_rfc_4287(feed: ET.Element) -> None:
    """Sections 4.1.1 and 4.1.2: what a feed and an entry must hold, and how often."""
    assert feed.tag == f"{ATOM}feed"
    entries = feed.findall(f"{ATOM}entry")
    for held in (feed, *entries):
        assert urlsplit(text(held, "id")).scheme == "urn"
        assert text(held, "title").strip()
        instant(held, "updated")
        assert [text(author, "name") for author in held.findall(f"{ATOM}author")]
        alternates = [each[1:3] for each in links(held) if each[0] == "alternate"]
        assert alternates
        assert len(set(alternates)) == len(alternates)
        for _, kind, _, href in links(held):
            assert kind.count("/") == 1
            assert href
    assert [rel for rel, *_ in links(feed)].count("self") == 1
    ids = [text(each, "id") for each in (feed, *entries)]
    assert len(set(ids)) == len(ids)
    for entry in entries:
        assert instant(entry, "published") <= instant(entry, "updated")
        assert text(entry, "summary").strip()
    updated = [instant(entry, "updated") for entry in entries]
    assert instant(feed, "updated") == max(updated, default=instant(feed, "updated"))


def neighbour(told: Page) -> Page:
    return replace(told, municipality=stavanger("1108", "Sandnes <&> kommune"))


def test_every_feed_holds_what_the_standard_asks_for(tmp_path: Path) -> None:
    gone = replace(version(19), retired_on=dt.date(2026, 11, 20))
    portal = portal_at(tmp_path)
    portal.publish(page(gone, version(20), version(21)))
    portal.publish(neighbour(page()))
    found = feeds(portal)
    folders = ("", f"{FOLDER}/", "datasets/1108-parking_occupancy/")
    names = ("changes.atom", "changes.en.atom")
    assert set(found) == {f"{folder}{name}" for folder in folders for name in names}
    for path, feed in found.items():
        assert_keeps_rfc_4287(feed)
        assert feed.attrib[LANG] == ("en" if path.endswith(".en.atom") else "nb")
        assert f"{URL}/{path}" in [href for rel, _, _, href in links(feed) if rel == "self"]
    assert_keeps_rfc_4287(ET.fromstring(portal_feed(portal.site, (), "nb")))  # noqa: S314 - our own bytes


def test_every_address_leads_to_what_is_there(tmp_path: Path) -> None:
    for url in (URL, None):
        portal = portal_at(tmp_path / str(url is None), url)
        portal.publish(page(version(20), version(21)))
        for path, feed in feeds(portal).items():
            for held in (feed, *feed.findall(f"{ATOM}entry")):
                for *_, href in links(held):
                    parts = urlsplit(urljoin(f"{URL}/{path}", href))
                    assert portal.store.exists(parts.path[1:]), href
                    if parts.fragment:
                        shown = portal.store.read(parts.path[1:]).decode()
                        assert f'id="{parts.fragment}"' in shown


def test_an_entry_says_in_words_what_its_version_changed(tmp_path: Path) -> None:
    portal = portal_at(tmp_path)
    portal.publish(page(version(20), version(21)))
    for lang, words in (("", "182 nye, 7 endret"), (".en", "182 added, 7 changed")):
        newest, first = feeds(portal)[f"{FOLDER}/changes{lang}.atom"].findall(f"{ATOM}entry")
        assert words in text(newest, "summary").replace("\u00a0", " ")
        assert text(newest, "title").endswith(version(21).version)
        assert instant(newest, "updated") == RELEASED
        assert "182" not in text(first, "summary").replace("18", "")


def test_a_version_that_retired_keeps_its_id_and_leads_to_no_file(tmp_path: Path) -> None:
    portal, old = portal_at(tmp_path), version(19)
    portal.publish(page(old, version(20)))
    before = {text(e, "id"): e for e in feeds(portal)["changes.atom"].findall(f"{ATOM}entry")}
    anew = version(21, Change("v", RELEASED, 0, 0, 0, (), reissued=True))
    gone = [replace(each, retired_on=dt.date(2026, 11, 22)) for each in (old, version(20))]
    portal.publish(page(*gone, anew))
    for name in ("changes.atom", f"{FOLDER}/changes.atom"):
        entries = {text(e, "id"): e for e in feeds(portal)[name].findall(f"{ATOM}entry")}
        assert before.keys() <= entries.keys()
        for at in before:
            assert [rel for rel, *_ in links(entries[at])] == ["alternate"]
            assert "Trukket tilbake" in text(entries[at], "summary")
            assert instant(entries[at], "updated").date() == dt.date(2026, 11, 22)


def test_the_portals_feed_holds_the_hundred_newest_and_no_more_than_ten_of_a_dataset() -> None:
    site = PortalSite(root="unused", url=URL, title=TITLE, contact="data@example.no")
    entry = Entry.of(page(*(version(day) for day in range(1, 22))))
    assert len(entry.notices) == 10
    entries = [replace(entry, municipality=str(1000 + at)) for at in range(13)]
    feed = ET.fromstring(portal_feed(site, entries, "en"))  # noqa: S314 - our own bytes
    assert_keeps_rfc_4287(feed)
    found = feed.findall(f"{ATOM}entry")
    updated = [instant(each, "updated") for each in found]
    assert len(found) == 100
    assert updated == sorted(updated, reverse=True)
    assert portal_feed(site, entries[::-1], "en") == portal_feed(site, entries, "en")


def test_a_datasets_feed_holds_its_hundred_newest_versions(tmp_path: Path) -> None:
    told = page(*many())
    made = change_files(portal_at(tmp_path).site, told, Entry.of(told))["changes.atom"]
    found = ET.fromstring(made).findall(f"{ATOM}entry")  # noqa: S314 - our own bytes
    assert len(found) == 100
    assert text(found[0], "title").endswith(f"v{MANY - 1}")


def many() -> Iterator[Release]:
    for at in range(MANY):
        later = RELEASED + dt.timedelta(hours=at)
        yield replace(version(21), version=f"v{at}", released_at=later, resources=())


@pytest.mark.parametrize("word", ["<b>&amp;</b>", "\x0b\x01æøå", "]]>"])
def test_what_comes_from_outside_is_text(word: str, tmp_path: Path) -> None:
    told = page()
    title = Bilingual(nb=f"Plasser {word}", en=f"Spaces {word}")
    portal = portal_at(tmp_path)
    publication = told.publication.model_copy(update={"title": title})
    portal.publish(replace(told, publication=publication))
    for feed in feeds(portal).values():
        assert_keeps_rfc_4287(feed)
        [entry] = feed.findall(f"{ATOM}entry")
        assert word.lstrip("\x0b\x01") in text(entry, "title")
        assert not list(entry.find(f"{ATOM}title") or ())
