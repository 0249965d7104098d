import datetime as dt
import hashlib
import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from connectors.store import Store
from pipelines.steps.land import SiteMemory, land, landed
from pipelines.steps.site import Site
from schemas.errors import SourceRejected, StoreRejected, StoreUnavailable
from schemas.stages import Landed
from tests.builders import NOVEMBER, contract, site

CONTENT = b"sensor_id,observed_at,level_m\n\xef\xbb\xbf\x00a,x,1\r\n"


def drop(where: Site, name: str, content: bytes = CONTENT) -> Path:
    path = Path(where.binding.source.url).parent / name
    path.write_bytes(content)
    return path


def names(where: Site) -> list[str]:
    return [item.sidecar.source_url.rsplit("/", 1)[-1] for item in landed(where)]


def test_bytes_land_as_they_were_received_with_what_is_known_of_them(tmp_path: Path) -> None:
    where = site(tmp_path)
    path = drop(where, "a.csv")
    [item] = land(where, NOVEMBER, "run-1")
    assert where.store.read(item.url) == CONTENT
    sidecar = item.sidecar
    assert sidecar.sha256 == hashlib.sha256(CONTENT).hexdigest()
    assert (sidecar.size, sidecar.format, sidecar.run_id) == (len(CONTENT), "csv", "run-1")
    assert sidecar.source_url == f"file://{path}"
    assert item.url.startswith(f"landing/readings/{sidecar.fetched_at:%Y-%m-%d}/")
    assert landed(where) == [item]


@pytest.mark.parametrize("word", ["csv", "tsv", "xlsx", "json", "ndjson", "arrow"])
def test_bytes_and_sidecar_are_two_files_whatever_the_format(tmp_path: Path, word: str) -> None:
    where = site(tmp_path, contract(source={"format": word}))
    drop(where, "a")
    [item] = land(where, NOVEMBER, "run")
    assert item.url.endswith(f".{word}")
    assert where.store.read(item.url) == CONTENT
    assert len(where.store.find("landing")) == 2
    [found] = landed(where)
    assert (found.url, found.batch) == (item.url, item.batch)


def test_landing_again_lands_nothing(tmp_path: Path) -> None:
    where = site(tmp_path)
    drop(where, "a.csv")
    assert len(land(where, NOVEMBER, "run")) == 1
    assert land(where, NOVEMBER, "run") == []
    drop(where, "a.csv")
    assert land(where, NOVEMBER, "run") == []
    assert len(where.store.find("landing")) == 2


def test_a_file_that_changed_lands_again_also_when_it_changes_back(tmp_path: Path) -> None:
    where = site(tmp_path)
    for content in (b"one", b"two!", b"one"):
        drop(where, "a.csv", content)
        land(where, NOVEMBER, "run")
    assert [where.store.read(item.url) for item in landed(where)] == [b"one", b"two!", b"one"]


def test_the_same_bytes_under_another_name_are_a_copy(tmp_path: Path) -> None:
    where = site(tmp_path)
    drop(where, "a.csv")
    drop(where, "b.csv")
    drop(where, "c.csv", b"other")
    land(where, NOVEMBER, "run")
    assert names(where) == ["a.csv", "c.csv"]


def test_batches_are_ordered_by_when_they_were_fetched(tmp_path: Path) -> None:
    where = site(tmp_path)
    for name in ("c.csv", "a.csv", "b.csv"):
        drop(where, name, name.encode())
        land(where, NOVEMBER, "run")
    assert names(where) == ["c.csv", "a.csv", "b.csv"]


def test_a_source_is_told_only_when_its_bytes_rest(tmp_path: Path) -> None:
    where = site(tmp_path, rename_when_done=".done")
    path = drop(where, "a.csv")
    seen: list[bool] = []

    def watch(item: Landed) -> None:
        seen.append(path.exists() and where.store.exists(item.url))

    land(where, NOVEMBER, "run", watch)
    assert seen == [True]
    assert not path.exists()
    assert path.with_name("a.csv.done").exists()


def failing_after(writes: int, monkeypatch: pytest.MonkeyPatch) -> None:
    rename: Callable[[Store, str, str], None] = Store._rename
    done: list[str] = []

    def failing(store: Store, part: str, full: str) -> None:
        if len(done) == writes:
            raise OSError(28, "full")
        done.append(full)
        rename(store, part, full)

    monkeypatch.setattr(Store, "_rename", failing)


@pytest.mark.parametrize("writes", [0, 1, 2, 3])
def test_a_landing_that_fails_midway_is_finished_by_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, writes: int
) -> None:
    where = site(tmp_path, rename_when_done=".done")
    paths = [drop(where, name, name.encode()) for name in ("a.csv", "b.csv")]
    with monkeypatch.context() as broken:
        failing_after(writes, broken)
        with pytest.raises(StoreUnavailable, match="No space left"):
            land(where, NOVEMBER, "run")
    assert [path.exists() for path in paths] == [writes < 2, True]
    land(where, NOVEMBER, "run")
    assert names(where) == ["a.csv", "b.csv"]
    assert not any(path.exists() for path in paths)


def test_bytes_without_a_sidecar_are_not_landed(tmp_path: Path) -> None:
    where = site(tmp_path)
    with where.store.write("landing/readings/2026-11-20/20261120T100000000000.csv") as stream:
        stream.write(CONTENT)
    assert landed(where) == []


def test_a_source_that_says_no_lands_nothing(tmp_path: Path) -> None:
    where = site(tmp_path, url=str(tmp_path / "nowhere/*.csv"))
    with pytest.raises(SourceRejected, match="is not a folder"):
        land(where, NOVEMBER, "run")
    assert where.store.find("") == []


def test_a_sidecar_that_cannot_be_read_is_one_line(tmp_path: Path) -> None:
    where = site(tmp_path)
    drop(where, "a.csv")
    [item] = land(where, NOVEMBER, "run")
    [sidecar] = [p for p in where.store.find("landing") if p.endswith(".json")]
    where.store.write_json(sidecar, {"sha256": item.sidecar.sha256})
    with pytest.raises(StoreRejected, match="a stored sidecar cannot be read"):
        landed(where)


def test_a_sidecar_holds_no_byte_of_the_data(tmp_path: Path) -> None:
    where = site(tmp_path)
    drop(where, "a.csv", b"sensor_id\n15877600065\n")
    land(where, NOVEMBER, "run")
    [sidecar] = [p for p in where.store.find("landing") if p.endswith(".json")]
    assert "15877600065" not in json.dumps(where.store.read_json(sidecar))


def test_memory_hands_out_what_landed_before(tmp_path: Path) -> None:
    where = site(tmp_path)
    path = drop(where, "a.csv", b"one")
    land(where, NOVEMBER, "run")
    drop(where, "a.csv", b"second")
    land(where, NOVEMBER, "run")
    memory = SiteMemory(where)
    latest = memory.latest(f"file://{path}")
    assert latest is not None
    assert memory.read(latest) == b"second"
    assert [memory.read(sidecar) for sidecar in memory.all()] == [b"one", b"second"]
    assert memory.latest("file:///none") is None


def test_bytes_that_a_killed_run_left_without_a_sidecar_go_a_day_later(tmp_path: Path) -> None:
    where = site(tmp_path)
    folder = Path(where.store.uri("landing/readings/2026-01-01"))
    folder.mkdir(parents=True)
    (folder / "20260101T000000000000.csv").write_text("left behind")
    being_written = folder / f"{dt.datetime.now(dt.UTC):%Y%m%dT%H%M%S%f}.csv"
    being_written.write_text("not yet whole")
    half = folder / ".part-1-x.csv"
    half.write_text("half")
    os.utime(half, (0, 0))
    land(where, NOVEMBER, "run")
    assert [path.name for path in folder.iterdir()] == [being_written.name]
