from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import BinaryIO
from urllib.parse import unquote, urlsplit

import pytest

from connectors.portal import Page, Portal
from connectors.static_portal.portal import StaticPortal
from connectors.store import Store
from schemas.errors import PortalRejected
from schemas.model import Bilingual
from schemas.network import PortalSite
from schemas.stages import Change
from tests.connectors.static_portal.shown import RELEASED, page, stavanger, version

SLUG = "datasets/1103-parking_occupancy"
SITE = PortalSite(
    root="unused", title=Bilingual(nb="Åpne data", en="Open data"), contact="data@example.no"
)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "portal"


@pytest.fixture
def portal(root: Path) -> StaticPortal:
    return StaticPortal(Store.at(str(root)), SITE)


class Links(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.tags: list[str] = []
        self.language: str | None = None
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        given = dict(attrs)
        self.found += [value for name in ("href", "src") if (value := given.get(name))]
        if tag == "html":
            self.language = given.get("lang")


def pages(root: Path) -> dict[str, Links]:
    found = sorted(root.rglob("*.html"))
    return {str(path.relative_to(root)): Links(path.read_text("utf-8")) for path in found}


def stamps(root: Path) -> dict[Path, tuple[int, int]]:
    files = [path for path in root.rglob("*") if path.is_file()]
    return {path: (path.stat().st_ino, path.stat().st_mtime_ns) for path in files}


def neighbour(told: Page) -> Page:
    return replace(told, municipality=stavanger("1108", "Sandnes kommune"))


def test_it_is_a_portal(portal: StaticPortal) -> None:
    seam: Portal = portal
    assert seam is portal


def test_every_link_of_every_page_leads_somewhere(portal: StaticPortal, root: Path) -> None:
    portal.publish(page(version(20), version(21)))
    portal.publish(neighbour(page()))
    for name, links in pages(root).items():
        for link in links.found:
            parts = urlsplit(link)
            if parts.scheme:
                assert parts.scheme in ("mailto", "https")
            elif parts.path:
                assert not parts.path.startswith("/")
                assert ((root / name).parent / unquote(parts.path)).is_file(), link


def test_nothing_on_a_page_comes_from_elsewhere(portal: StaticPortal, root: Path) -> None:
    portal.publish(page())
    for links in pages(root).values():
        assert "iframe" not in links.tags
        assert "img" not in links.tags
    styles = "".join(path.read_text() for path in root.glob("*.css"))
    assert "url(" not in styles
    assert "@import" not in styles
    assert "http" not in (root / "search.js").read_text() + (root / "copy.js").read_text()


def test_each_page_stands_in_both_languages(portal: StaticPortal, root: Path) -> None:
    portal.publish(page())
    languages = {name: links.language for name, links in pages(root).items()}
    assert languages == {
        "index.html": "nb",
        "index.en.html": "en",
        f"{SLUG}/index.html": "nb",
        f"{SLUG}/index.en.html": "en",
    }
    for name in languages:
        text = (root / name).read_text("utf-8")
        assert 'hreflang="en"' in text or 'hreflang="nb"' in text
    first = (root / SLUG / "index.html").read_text("utf-8")
    assert first.index("Ledige parkeringsplasser") < first.index("Free parking spaces")
    assert "Navnet på parkeringshuset" in first
    assert "Name of the car park" in first


def test_what_comes_from_outside_is_escaped(portal: StaticPortal, root: Path) -> None:
    told = page()
    portal.publish(told)
    scripts = {name: links.tags.count("script") for name, links in pages(root).items()}
    title = Bilingual(nb="<script>alert(1)</script>", en='"><img src=x>')
    hostile = replace(told, publication=told.publication.model_copy(update={"title": title}))
    portal.publish(hostile)
    for name, links in pages(root).items():
        assert links.tags.count("script") == scripts[name]
        assert "img" not in links.tags
        assert "b" not in links.tags
    assert "&lt;b&gt;Posten" in (root / SLUG / "index.html").read_text("utf-8")


def test_the_same_page_twice_changes_no_file(portal: StaticPortal, root: Path) -> None:
    portal.publish(page())
    before = stamps(root)
    portal.publish(page())
    assert stamps(root) == before


def test_a_new_version_replaces_the_stable_files_and_keeps_the_old_ones(
    portal: StaticPortal, root: Path
) -> None:
    old, new = version(20), version(21)
    portal.publish(page(old))
    portal.publish(page(old, new))
    name = "parking_occupancy.csv"
    assert (root / SLUG / "latest" / name).read_text() == f"{new.version} {name}\n"
    for release in (old, new):
        kept = root / SLUG / "versions" / release.version / name
        assert kept.read_text() == f"{release.version} {name}\n"


def test_a_version_that_is_no_longer_released_goes(portal: StaticPortal, root: Path) -> None:
    portal.publish(page(version(20), version(21)))
    portal.publish(page(version(21)))
    versions = (root / SLUG / "versions").rglob("*.csv")
    assert [path.parent.name for path in versions] == [version(21).version]


def test_a_download_that_is_not_what_was_released_is_refused(
    portal: StaticPortal, root: Path
) -> None:
    with pytest.raises(PortalRejected, match=r"parking_occupancy\.csv is not what was released"):
        portal.publish(page(broken=True))
    assert not list(root.rglob("*.html"))
    assert not list((root / SLUG).rglob("*.csv"))


def test_withdrawing_removes_the_folder_and_the_card_and_nothing_else(
    portal: StaticPortal, root: Path
) -> None:
    portal.publish(page())
    portal.publish(neighbour(page()))
    portal.withdraw("1103", "parking_occupancy")
    assert not (root / SLUG).exists()
    assert [entry.municipality for entry in portal.entries()] == ["1108"]
    start = (root / "index.html").read_text("utf-8")
    assert "Sandnes" in start
    assert "Stavanger" not in start


def test_withdrawing_what_is_not_shown_does_nothing(portal: StaticPortal, root: Path) -> None:
    portal.withdraw("1103", "parking_occupancy")
    assert "Ingen datasett er lagt ut ennå" in (root / "index.html").read_text("utf-8")


def test_the_start_page_lists_datasets_in_plain_html(portal: StaticPortal, root: Path) -> None:
    portal.publish(page())
    portal.publish(neighbour(page()))
    start = (root / "index.html").read_text("utf-8")
    assert start.count('<li class="card"') == 2
    assert 'data-municipality="1108" data-publisher="_own" data-theme="TRAN"' in start
    assert "mobility" in start.split('data-search="')[1].split('"')[0]
    assert start.count('name="municipality"') == 2
    assert start.count('name="theme"') == 1
    assert 'name="publisher"' not in start


def test_the_page_tells_promised_and_kept_freshness(portal: StaticPortal, root: Path) -> None:
    portal.publish(page())
    text = (root / SLUG / "index.en.html").read_text("utf-8").replace("\u00a0", " ")
    assert "17 minutes" in text
    assert "9 minutes" in text
    assert "The promise is kept" in text
    late = replace(version(21), newest_event=RELEASED - dt.timedelta(days=400))
    portal.publish(page(late))
    text = (root / SLUG / "index.en.html").read_text("utf-8").replace("\u00a0", " ")
    assert "1 year 35 days" in text
    assert "The promise is not kept" in text


def test_the_page_tells_what_was_held_back_without_small_counts(
    portal: StaticPortal, root: Path
) -> None:
    portal.publish(page())
    text = (root / SLUG / "index.en.html").read_text("utf-8")
    assert 'free_spaces: outside the bounds</td><td class="number">29' in text
    assert 'broken row</td><td class="number">a few' in text
    assert "fields that are not published" in text


def test_the_change_log_tells_each_version_newest_first(portal: StaticPortal, root: Path) -> None:
    unchanged = version(22, Change("v", RELEASED, 0, 0, 0, ()))
    portal.publish(page(version(20), version(21), unchanged))
    text = (root / SLUG / "index.en.html").read_text("utf-8").replace("\u00a0", " ")
    log = text.split('id="versions"')[1].split("</section>")[0]
    assert log.index("2026-11-22") < log.index("2026-11-21") < log.index("2026-11-20")
    assert "182 added, 7 changed" in log
    assert "only the description has changed" in log
    assert "First version" in log


def test_a_dataset_without_times_or_plot_has_a_page(portal: StaticPortal, root: Path) -> None:
    bare = replace(page(replace(version(21), newest_event=None)), plot=None)
    portal.publish(bare)
    text = (root / SLUG / "index.en.html").read_text("utf-8")
    assert "Undated" in text
    assert "What the data look like" not in text


class Crowded(Store):
    def neighbours(self) -> StaticPortal:
        return StaticPortal(Store(self.url, self._fs, self._root), SITE)

    @contextmanager
    def write(self, path: str) -> Iterator[BinaryIO]:
        with super().write(path) as stream:
            yield stream
        if path == "index.html" and not self.exists("entries/1108-parking_occupancy.json"):
            self.neighbours().publish(neighbour(page()))
            with super().write(path) as stream:
                stream.write(b"an older list, written last")


def test_two_releases_at_once_are_both_on_the_start_page(root: Path) -> None:
    plain = Store.at(str(root))
    StaticPortal(Crowded(plain.url, plain._fs, plain._root), SITE).publish(page())
    start = (root / "index.html").read_text("utf-8")
    assert "Sandnes" in start
    assert "Stavanger" in start
