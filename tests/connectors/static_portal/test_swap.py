from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import pytest

from connectors.portal import Page
from connectors.static_portal.files import Files
from connectors.store import Store
from pipelines.steps.publication.page import page_of
from pipelines.steps.publication.permission import permission
from pipelines.steps.release import release
from schemas.errors import PortalRejected
from tests.pipelines.steps.released_site import NOW, readings, town_with_readings

LATER = NOW + dt.timedelta(days=1)
FOLDER = "datasets/1103-parking_occupancy"
CSV = "parking_occupancy.csv"
Versions = tuple[Page, Page]


@pytest.fixture(scope="module")
def versions(tmp_path_factory: pytest.TempPathFactory) -> Versions:
    town = town_with_readings(tmp_path_factory.mktemp("swap"))
    release(town.site, town.portal, NOW)
    first = page_of(town.site, permission(town.site))
    town.commit(readings(days=[dt.date(2026, 11, 21)]))
    town.judge(LATER)
    release(town.site, town.portal, LATER)
    return first, page_of(town.site, permission(town.site))


@pytest.fixture(params=["near", "far"])
def root(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    if request.param == "near":
        yield Store.at(str(tmp_path / "shown"))
        return
    far = Store.at(f"memory://{tmp_path.name}")
    yield far
    far.remove(FOLDER)


def latest(root: Store) -> dict[str, bytes]:
    found = root.find(f"{FOLDER}/latest")
    return {path.rsplit("/", 1)[1]: root.read(path) for path in found}


def test_a_disk_that_gives_other_bytes_than_it_took_shows_the_version_before(
    versions: Versions, root: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = versions
    Files(root, first, FOLDER).bring(None)
    before = latest(root)
    written: list[str] = []
    real = Store.write

    @contextlib.contextmanager
    def spoiling(self: Store, path: str) -> Iterator[BinaryIO]:
        written.append(path)
        with real(self, path) as stream:
            yield stream
            if path.endswith(f"latest/{CSV}") and written.count(path) == 1:
                stream.write(b"spoilt")

    monkeypatch.setattr(Store, "write", spoiling)
    with pytest.raises(PortalRejected, match=f"{CSV} is not what was released"):
        Files(root, second, FOLDER).bring(first.newest.version)
    assert latest(root) == before
    Files(root, second, FOLDER).bring(first.newest.version)
    assert latest(root).keys() == before.keys()
    assert latest(root) != before


def test_a_file_that_was_lengthened_or_lost_is_brought_anew(
    versions: Versions, root: Store
) -> None:
    page, _ = versions
    version = page.newest.version
    Files(root, page, FOLDER).bring(None)
    before = latest(root)
    for path in (f"{FOLDER}/latest/{CSV}", f"{FOLDER}/versions/{version}/{CSV}"):
        with root.write(path) as stream:
            stream.write(before[CSV] + b"by hand")
    root.remove(f"{FOLDER}/latest/parking_occupancy.json")
    Files(root, page, FOLDER).bring(version)
    assert latest(root) == before
    assert root.read(f"{FOLDER}/versions/{version}/{CSV}") == before[CSV]


def test_what_is_there_is_not_written_again(
    versions: Versions, root: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    page, _ = versions
    Files(root, page, FOLDER).bring(None)
    monkeypatch.delattr(Store, "write")
    Files(root, page, FOLDER).bring(page.newest.version)
