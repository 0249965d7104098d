from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import json
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import BinaryIO

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.store import Store
from pipelines.steps import release as releasing
from pipelines.steps.publication import export as exporting
from pipelines.steps.publication.changes import compare
from pipelines.steps.publication.export import export
from pipelines.steps.publication.formats.columnar import COLUMNAR
from pipelines.steps.publication.formats.records import RECORDS
from pipelines.steps.publication.formats.separated import SEPARATED
from pipelines.steps.publication.history import History
from pipelines.steps.publication.opened import Opened
from pipelines.steps.release import release
from tests.pipelines.steps.released_site import NOW, Town, readings, town_with_readings


class Killed(BaseException):
    """Stands in for kill -9: nothing in the program catches it."""


@dataclass
class Fuse:
    """Burns down by one at every change of a store, and kills when it is out."""

    left: int
    burnt: int = field(default=0)

    def burn(self) -> None:
        self.burnt += 1
        if self.burnt > self.left:
            raise Killed


@dataclass(frozen=True)
class Mortal(Store):
    """A store whose writer can die before any change that it makes, or at last after all."""

    fuse: Fuse = field(default_factory=lambda: Fuse(10_000))

    @contextlib.contextmanager
    def write(self, path: str) -> Iterator[BinaryIO]:
        self.fuse.burn()
        with super().write(path) as stream:
            yield stream

    def create(self, path: str, document: object) -> bool:
        self.fuse.burn()
        return super().create(path, document)

    def remove(self, path: str) -> None:
        self.fuse.burn()
        super().remove(path)


def mortal(town: Town, fuse: Fuse) -> Town:
    def dying(store: Store) -> Store:
        return Mortal(store.url, store._fs, store._root, fuse)

    portal = replace(town.portal, store=dying(town.portal.store))
    return Town(replace(town.site, store=dying(town.site.store)), portal)


def moved(town: Town, folder: Path) -> Town:
    root, shown = (Store.at(str(folder / name)) for name in ("root", "portal"))
    return Town(replace(town.site, store=root), replace(town.portal, store=shown))


def tree(folder: Path) -> dict[str, bytes]:
    """Every file, but for what receipts tell of the logs: these know of runs that were killed."""
    found = (p for name in ("root/open", "portal") for p in (folder / name).rglob("*"))
    files = {str(path.relative_to(folder)): path.read_bytes() for path in found if path.is_file()}
    receipts = [content for path, content in files.items() if path.endswith("receipt.json")]
    told = {word for receipt in receipts for word in of_the_logs(receipt)}
    assert told
    for word in told:
        files = {path: content.replace(word, b"") for path, content in files.items()}
    return files


def of_the_logs(receipt: bytes) -> Iterator[bytes]:
    document = json.loads(receipt)
    yield hashlib.sha256(receipt).hexdigest().encode()
    yield document["records"].encode()
    yield document["seal"]["signature"].encode()


def whole_versions_only(folder: Path, town: Town) -> None:
    known = History(town.site.store, town.site.contract.name).releases()
    for version in known:
        for resource in version.resources:
            path = folder / "root/open" / version.dataset / "versions" / version.version
            assert digest(path / resource.name) == resource.sha256
    for entry in town.portal.entries():
        assert (folder / "portal" / entry.folder / "versions" / entry.version).is_dir()
        assert entry.version in (folder / "portal" / entry.folder / "index.html").read_text()


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.fixture(scope="module")
def waiting(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Town]:
    folder = tmp_path_factory.mktemp("waiting")
    town = town_with_readings(folder)
    release(town.site, town.portal, NOW - dt.timedelta(days=1))
    town.commit(readings(days=[dt.date(2026, 11, 21)]))
    return folder, town


@pytest.fixture
def three_formats(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (exporting, releasing):
        monkeypatch.setattr(module, "forms_of", lambda _: (SEPARATED, COLUMNAR, RECORDS))


@pytest.mark.usefixtures("three_formats")
def test_a_release_killed_between_any_two_writes_ends_the_same_when_run_again(
    waiting: tuple[Path, Town], tmp_path: Path
) -> None:
    folder, town = waiting
    shutil.copytree(folder, tmp_path / "whole")
    fuse, unharmed = Fuse(10_000), moved(town, tmp_path / "whole")
    dying = mortal(unharmed, fuse)
    release(dying.site, dying.portal, NOW)
    expected, moments = tree(tmp_path / "whole"), fuse.burnt
    assert moments > 12
    for moment in range(moments):
        place = tmp_path / str(moment)
        shutil.copytree(folder, place)
        again = moved(town, place)
        dying = mortal(again, Fuse(moment))
        with pytest.raises(Killed):
            release(dying.site, dying.portal, NOW)
        whole_versions_only(place, again)
        release(again.site, again.portal, NOW)
        assert tree(place) == expected
        shutil.rmtree(place)


def exported(town: Town) -> tuple[str, str]:
    with tempfile.TemporaryDirectory() as folder:
        made = export(Opened.of(town.site), town.site.lake, Path(folder))
        return made.resources[0].sha256, made.resources[1].sha256


@settings(max_examples=8)
@given(seed=st.integers(min_value=0, max_value=99), cut=st.integers(min_value=1, max_value=23))
def test_the_same_rows_give_the_same_bytes_in_whatever_order_they_lie(seed: int, cut: int) -> None:
    rows = readings()
    mixed = rows.sample(fraction=1, shuffle=True, seed=seed)
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as other:
        plain, torn = Town.at(Path(one)), Town.at(Path(other))
        plain.commit(rows)
        commit_pieces(torn, [mixed.head(cut), mixed.tail(-cut)])
        assert exported(plain) == exported(torn)


def commit_pieces(town: Town, pieces: Sequence[pl.DataFrame]) -> None:
    lake = town.site.lake
    day = pl.col("observed_at").dt.convert_time_zone("Europe/Oslo").dt.date()
    files = [
        lake.stage(part.drop("day"), str(name))
        for piece in pieces
        for (name,), part in piece.with_columns(day.alias("day"))
        .partition_by("day", as_dict=True)
        .items()
    ]
    lake.replace(lake.snapshot(), files, pieces[0].schema, {})


KEYS = st.tuples(
    st.sampled_from(["Posten", "Valberget"]),
    st.integers(min_value=0, max_value=47).map(
        lambda hour: dt.datetime(2026, 10, 24, tzinfo=dt.UTC) + dt.timedelta(hours=hour)
    ),
)
TABLES = st.dictionaries(KEYS, st.integers(min_value=0, max_value=2), max_size=12)
SCHEMA = {
    "car_park_name": pl.String(),
    "observed_at": pl.Datetime("us", "UTC"),
    "free_spaces": pl.Int64(),
}


@given(before=TABLES, after=TABLES)
def test_the_change_log_is_the_difference_by_key(
    before: dict[tuple[str, dt.datetime], int], after: dict[tuple[str, dt.datetime], int]
) -> None:
    added, removed = after.keys() - before.keys(), before.keys() - after.keys()
    changed = {key for key in before.keys() & after.keys() if before[key] != after[key]}
    found = compare(parking(), frame(before), frame(after))
    assert (found.added, found.changed, found.removed) == (len(added), len(changed), len(removed))
    touched = {oslo_day(at) for _, at in added | removed | changed}
    assert list(found.days) == sorted(touched)


def oslo_day(at: dt.datetime) -> str:
    winter = at >= dt.datetime(2026, 10, 25, 1, tzinfo=dt.UTC)
    return (at + dt.timedelta(hours=1 if winter else 2)).date().isoformat()


def frame(table: dict[tuple[str, dt.datetime], int]) -> pl.LazyFrame:
    rows = [(*key, value) for key, value in table.items()]
    return pl.DataFrame(rows, schema=SCHEMA, orient="row").lazy()


@cache
def parking() -> Opened:
    with tempfile.TemporaryDirectory() as folder:
        return Opened.of(Town.at(Path(folder)).site)
