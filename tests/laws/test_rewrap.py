from __future__ import annotations

import contextlib
import itertools
import os
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from gdpr.keys import Keyring
from gdpr.wrapping import KeyFile, destroyed
from pipelines.cli.gdpr_rewrap import perform
from pipelines.cli.options_gdpr import Rewrap
from pipelines.steps.audit import Logbook
from pipelines.steps.key_life import begin_rotation, end_rotation, place_of, wrap
from pipelines.steps.key_place import KeyPlace
from pipelines.steps.rewrap import Roots, rewrap
from pipelines.steps.root_key import open_root_key
from pipelines.steps.site import open_network
from schemas.catalog import Catalog
from schemas.errors import KeyUnavailable
from tests.laws.test_kill import Killed, Life
from tests.pipelines.cli.region import region

OLD, NEW = "env:ROOT_BEFORE", "env:ROOT_NOW"
WRITES = ("open", "fsync", "replace", "unlink", "link")
SEEN = [("audit", "actions entry", 1), ("drainage", "person", 1), ("drainage", "person", 2)]


@pytest.fixture(autouse=True)
def roots(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROOT_BEFORE", "ab" * 32)
    monkeypatch.setenv("ROOT_NOW", "cd" * 32)


@pytest.fixture
def town(tmp_path: Path) -> Path:
    """A network under its new root key, whose municipality's key is under the one before."""
    folder = tmp_path / "town"
    made = region(folder)
    made.change("network.yaml", root_key=OLD)
    place = place_of(open_network(made.files.network), "1103")
    wrap(place)
    begin_rotation(place)
    end_rotation(place)
    made.change("network.yaml", root_key=NEW)
    return folder


@contextlib.contextmanager
def dying(left: int, *, after: bool) -> Iterator[Life]:
    lived = Life(left, after)
    with pytest.MonkeyPatch.context() as patch:
        for name in WRITES:
            patch.setattr(os, name, lived.guarded(getattr(os, name)))
        yield lived


def catalog_of(folder: Path) -> Catalog:
    return open_network(folder / "network.yaml")


def placed(folder: Path) -> KeyPlace:
    return place_of(catalog_of(folder), "1103")


def move(folder: Path) -> None:
    perform(Rewrap(network=folder / "network.yaml", old=OLD, as_json=True))


def seen(ring: Keyring) -> list[object]:
    return [ring.signing_key(), ring.versions, *(ring.derive(*told) for told in SEEN)]


def ring_of(folder: Path) -> Keyring:
    """The keys under whichever root key they are."""
    kept = placed(folder).read()
    assert isinstance(kept, KeyFile)
    both = {root.key_id: root for root in map(open_root_key, (OLD, NEW))}
    return kept.keyring(both[kept.root or ""])


def told(folder: Path) -> list[str | None]:
    catalog = catalog_of(folder)
    book = Logbook.of_owner(catalog, catalog.municipalities["1103"])
    return [entry.event.note for entry in book.entries("actions")]


@pytest.mark.parametrize("after", [False, True], ids=["before a write", "after a write"])
def test_a_move_that_is_killed_anywhere_and_run_again_is_one_move(
    town: Path, *, after: bool
) -> None:
    untouched = seen(ring_of(town))
    kept = shutil.copytree(town, town.with_name("kept"))
    for left in itertools.count():
        shutil.rmtree(town)
        shutil.copytree(kept, town)
        with dying(left, after=after) as lived, contextlib.suppress(Killed):
            move(town)
        assert seen(ring_of(town)) == untouched
        move(town)
        assert seen(placed(town).keyring()) == untouched
        assert len(told(town)) == 1
        assert "untold" not in (town / "secret.key").read_text()
        assert not list(town.glob(".secret.key.new"))
        if not lived.dead:
            break
    assert left > 12


def test_a_move_that_no_log_heard_of_is_told_beside_the_next_one(town: Path) -> None:
    rewrap(placed(town), Roots.of(catalog_of(town), OLD))
    network = (town / "network.yaml").read_text()
    (town / "network.yaml").write_text(network.replace(NEW, OLD))
    perform(Rewrap(network=town / "network.yaml", old=NEW, as_json=True))
    one, other = (open_root_key(reference).key_id for reference in (OLD, NEW))
    assert told(town) == [f"root key {one} → {other}", f"root key {other} → {one}"]


def test_a_key_that_somebody_else_is_destroying_does_not_come_back(town: Path) -> None:
    place, roots = placed(town), Roots.of(catalog_of(town), OLD)
    with ThreadPoolExecutor(1) as threads:
        with place.alone():
            moved = threads.submit(rewrap, place, roots)
            with pytest.raises(TimeoutError):
                moved.result(0.2)
            place.overwrite(destroyed("1103"))
        with pytest.raises(KeyUnavailable, match="was destroyed on"):
            moved.result()
    with pytest.raises(KeyUnavailable, match="was destroyed on"):
        place.read()
