from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import BinaryIO

import pytest

from connectors.portal import Page
from connectors.static_portal.portal import StaticPortal
from connectors.store import Store
from schemas.errors import PortalRejected, StoreUnavailable
from schemas.model import Bilingual
from schemas.network import PortalSite
from tests.connectors.static_portal.shown import page, stavanger, version

SITE = PortalSite(
    root="unused",
    url="https://data.example.no",
    title=Bilingual(nb="Åpne data", en="Open data"),
    contact="data@example.no",
)
FRONT = ("index.html", "index.en.html", "catalog.ttl", "signing-keys.json")
CARD = re.compile(r'<li class="card".*?</li>', re.DOTALL)
NAMED_ALONE = re.compile(r"^\s*(dcat:dataset )?<[^<>]*#dataset>[ ,;.]*$")


class Killed(BaseException):
    """Stands in for kill -9: nothing in the program catches it."""


@dataclass(frozen=True)
class Noting(Store):
    """A store that notes what is written, and kills or fails its writer when it has had enough."""

    written: list[str] = field(default_factory=list)
    most: int = 10_000
    refused: str = ""

    @contextmanager
    def write(self, path: str) -> Iterator[BinaryIO]:
        if len(self.written) >= self.most:
            raise Killed
        if path == self.refused:
            raise StoreUnavailable(f"writing {path}: no space")
        self.written.append(path)
        with super().write(path) as stream:
            yield stream

    def remove(self, path: str) -> None:
        if len(self.written) >= self.most:
            raise Killed
        super().remove(path)


def noting(root: Path, most: int = 10_000, refused: str = "") -> Noting:
    plain = Store.at(str(root))
    return Noting(plain.url, plain._fs, plain._root, most=most, refused=refused)


def town(number: str) -> Page:
    return replace(page(), municipality=stavanger(number, f"Kommune {number}"))


def tree(root: Path) -> dict[str, bytes]:
    files = (path for path in root.rglob("*") if path.is_file())
    return {str(path.relative_to(root)): path.read_bytes() for path in files}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "portal"


def test_many_are_shown_as_one_after_the_other(tmp_path: Path) -> None:
    told = [page(), town("1108"), replace(town("1122"), releases=(version(20), version(21)))]
    one, other = (StaticPortal(Store.at(str(tmp_path / name)), SITE) for name in ("a", "b"))
    with one.together() as held:
        for each in told:
            held.publish(each)
    for each in told:
        other.publish(each)
    assert tree(tmp_path / "a") == tree(tmp_path / "b")
    assert len(tree(tmp_path / "a")) > 40


def test_what_concerns_all_is_written_once_and_last(root: Path) -> None:
    store = noting(root)
    with StaticPortal(store, SITE).together() as held:
        for number in ("1103", "1108", "1122"):
            held.publish(town(number))
        assert not set(FRONT) & set(store.written)
    assert all(store.written.count(name) == 1 for name in FRONT)
    last = max(at for at, path in enumerate(store.written) if path.startswith("entries/"))
    assert all(store.written.index(name) > last for name in FRONT)


def test_nothing_is_written_where_nothing_changed(root: Path) -> None:
    for told in ([town("1103"), town("1108")], [town("1108")], []):
        store = noting(root)
        with StaticPortal(store, SITE).together() as held:
            for each in told:
                held.publish(each)
        assert (store.written == []) == (len(told) < 2)


def test_a_portal_that_never_showed_anything_is_not_begun(root: Path) -> None:
    with StaticPortal(Store.at(str(root)), SITE).together():
        pass
    assert not root.exists()


def test_one_that_fails_keeps_none_of_the_others_from_the_start_page(root: Path) -> None:
    with StaticPortal(Store.at(str(root)), SITE).together() as held:
        held.publish(town("1103"))
        with pytest.raises(PortalRejected):
            held.publish(replace(page(broken=True), municipality=stavanger("1108", "Sandnes")))
        held.publish(town("1122"))
    start = (root / "index.html").read_text("utf-8")
    assert start.count('<li class="card"') == 2
    assert "Sandnes" not in start


def test_the_start_page_is_brought_up_also_where_the_block_ends_early(root: Path) -> None:
    def interrupted() -> None:
        with StaticPortal(Store.at(str(root)), SITE).together() as held:
            held.publish(town("1103"))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert "Kommune 1103" in (root / "index.html").read_text("utf-8")


def test_a_start_page_that_cannot_be_written_is_told(root: Path) -> None:
    portal = StaticPortal(noting(root, refused="index.html"), SITE)
    with pytest.raises(StoreUnavailable, match=r"writing index\.html"), portal.together() as held:
        held.publish(town("1103"))


def test_a_release_by_another_meanwhile_is_on_the_start_page(root: Path) -> None:
    portal = StaticPortal(Store.at(str(root)), SITE)
    with portal.together() as held:
        held.publish(town("1103"))
        portal.publish(town("1108"))
    start = (root / "index.html").read_text("utf-8")
    assert "Kommune 1103" in start
    assert "Kommune 1108" in start


def test_no_card_leads_to_what_was_withdrawn_within_a_block(root: Path) -> None:
    portal = StaticPortal(Store.at(str(root)), SITE)
    portal.publish(town("1103"))
    with portal.together() as held:
        held.withdraw("1103", "parking_occupancy")
        assert "Kommune 1103" not in (root / "index.html").read_text("utf-8")
    assert not (root / "datasets/1103-parking_occupancy").exists()


def test_what_is_told_of_a_dataset_at_the_root_was_told_of_it_alone(root: Path) -> None:
    portal = StaticPortal(Store.at(str(root)), SITE)
    told = [town(number) for number in ("1103", "1108", "1122")]
    alone = [portal.pages(each) for each in told]
    with portal.together() as held:
        for each in told:
            held.publish(each)
    for name in ("index.html", "index.en.html"):
        cards = [card for pages in alone for card in CARD.findall(pages[name].decode())]
        assert sorted(CARD.findall((root / name).read_text("utf-8"))) == sorted(cards)
        assert len(set(cards)) == 3
    for name in ("catalog.ttl", "catalog.rdf", "catalog.jsonld"):
        proven = {line for pages in alone for line in pages[name].decode().splitlines()}
        beyond = set((root / name).read_text("utf-8").splitlines()) - proven
        assert all(is_of_the_whole(line) for line in beyond), beyond


def is_of_the_whole(line: str) -> bool:
    return "#catalogue" in line or NAMED_ALONE.search(line) is not None


def test_a_block_killed_at_any_write_is_caught_up_with_by_one_of_nothing(
    tmp_path: Path,
) -> None:
    before = tmp_path / "before"
    StaticPortal(Store.at(str(before)), SITE).publish(replace(page(), releases=(version(20),)))
    told = [replace(page(), releases=(version(20), version(21))), town("1108")]
    moments = len(run(before, tmp_path / "whole", told, 10_000))
    assert moments > 20
    for moment in range(moments):
        place = tmp_path / str(moment)
        with pytest.raises(Killed):
            run(before, place, told, moment)
        portal = StaticPortal(Store.at(str(place)), SITE)
        with portal.together():
            pass
        entries = portal.entries()
        start = (place / "index.html").read_text("utf-8")
        assert start.count('<li class="card"') == len(entries)
        assert all(f'"datasets/{entry.slug}/index.html"' in start for entry in entries)
        run(place, place, told, 10_000)
        assert tree(place) == tree(tmp_path / "whole")


def run(before: Path, place: Path, told: list[Page], most: int) -> list[str]:
    if place != before:
        shutil.copytree(before, place)
    store = noting(place, most)
    with StaticPortal(store, SITE).together() as held:
        for each in told:
            held.publish(each)
    return store.written
