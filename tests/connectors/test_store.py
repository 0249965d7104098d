from __future__ import annotations

import errno
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import fsspec
import pytest

from connectors.store import Store, store_errors
from schemas.errors import StoreError, StoreRejected, StoreUnavailable


@pytest.fixture(params=["folder", "memory"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    if request.param == "folder":
        yield Store.at(str(tmp_path / "root"))
        return
    files = fsspec.filesystem("memory")
    yield Store.at("memory://root")
    files.store.clear()
    files.pseudo_dirs[:] = [""]


def everything(store: Store) -> list[str]:
    return [path for path in store._fs.find(store._root) if path]


def fail(part: bytes, store: Store) -> None:
    with store.write("landing/a.csv") as stream:
        stream.write(part)
        raise KeyboardInterrupt


def test_what_is_written_can_be_read(store: Store) -> None:
    with store.write("landing/a/b.csv") as stream:
        stream.write(b"one")
        stream.write(b" two")
    assert store.read("landing/a/b.csv") == b"one two"
    assert store.find("landing") == ["landing/a/b.csv"]


def test_a_file_has_a_size_and_nothing_has_none(store: Store) -> None:
    assert store.size("a/b.json") is None
    with store.write("a/b.json") as stream:
        stream.write("æ".encode())
    assert store.size("a/b.json") == 2


def test_a_file_is_not_there_before_it_is_whole(store: Store) -> None:
    with store.write("a.csv") as stream:
        stream.write(b"half")
        stream.flush()
        assert not store.exists("a.csv")
        assert store.find("") == []
    assert store.find("") == ["a.csv"]


def test_a_file_is_created_once_and_never_again(store: Store) -> None:
    assert store.create("audit/1.json", {"rows": 1})
    assert not store.create("audit/1.json", {"rows": 2})
    assert store.read_json("audit/1.json") == {"rows": 1}
    assert store.find("audit") == ["audit/1.json"]


def test_of_several_that_create_at_once_one_is_told_so(tmp_path: Path) -> None:
    store = Store.at(str(tmp_path))
    with ThreadPoolExecutor(8) as pool:
        told = list(pool.map(lambda at: store.create("1.json", {"by": at}), range(40)))
    assert sum(told) == 1
    assert store.read_json("1.json") == {"by": told.index(True)}
    assert everything(store) == [str(tmp_path / "1.json")]


def test_a_write_that_fails_leaves_nothing(store: Store) -> None:
    with pytest.raises(KeyboardInterrupt):
        fail(b"half", store)
    assert everything(store) == []


def test_a_write_that_fails_leaves_the_file_of_before(store: Store) -> None:
    with store.write("landing/a.csv") as stream:
        stream.write(b"old")
    with pytest.raises(KeyboardInterrupt):
        fail(b"new", store)
    assert store.read("landing/a.csv") == b"old"


def test_a_later_write_takes_the_earlier_ones_place(store: Store) -> None:
    for content in ({"n": 1}, {"n": 2}):
        store.write_json("a.json", content)
    assert store.read_json("a.json") == {"n": 2}
    assert store.find("") == ["a.json"]


def test_documents_keep_their_letters(store: Store) -> None:
    store.write_json("a.json", {"navn": "Målselv"})
    assert "Målselv" in store.read("a.json").decode()


def test_what_is_no_document_is_refused_without_its_content(store: Store) -> None:
    with store.write("a.json") as stream:
        stream.write(b"15877600065")
        stream.write(b"{")
    with pytest.raises(StoreRejected, match=r"^reading a\.json: it is not JSON$"):
        store.read_json("a.json")


def test_nothing_is_found_in_a_folder_that_is_not_there(store: Store) -> None:
    assert store.find("landing") == []
    assert not store.exists("landing")


def test_what_is_not_there_is_refused_by_name(store: Store) -> None:
    with pytest.raises(StoreRejected, match=r"reading a\.csv: it does not exist"):
        store.read("a.csv")


def test_files_and_folders_are_removed_and_removing_nothing_is_no_fault(store: Store) -> None:
    for path in ("a/b.csv", "a/c.csv", "d.csv"):
        store.write_json(path, {})
    store.remove("a")
    store.remove("d.csv")
    store.remove("d.csv")
    assert store.find("") == []


def test_a_local_file_is_put_and_handed_back_as_one(store: Store, tmp_path: Path) -> None:
    (tmp_path / "source.csv").write_bytes(b"x" * 3_000_000)
    store.put(tmp_path / "source.csv", "a/b.csv")
    with store.local("a/b.csv") as path:
        assert path.read_bytes() == b"x" * 3_000_000
        assert path.name == "b.csv"


def test_a_local_path_of_what_is_not_there_is_refused(store: Store) -> None:
    with pytest.raises(StoreRejected, match="does not exist"), store.local("a.csv"):
        pass


def test_nothing_is_created_before_something_is_written(tmp_path: Path) -> None:
    Store.at(str(tmp_path / "root"))
    assert list(tmp_path.iterdir()) == []


def test_a_scheme_without_a_driver_is_one_line() -> None:
    with pytest.raises(StoreRejected, match=r"^storage root nowhere://a: no driver knows"):
        Store.at("nowhere://a")


def test_a_root_that_is_a_file_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "root").write_text("", encoding="utf-8")
    with pytest.raises(StoreRejected, match=r"writing a\.json: something else stands in its"):
        Store.at(str(tmp_path / "root")).write_json("a.json", {})


@pytest.mark.parametrize(
    ("number", "kind", "said"),
    [
        (errno.ENOSPC, StoreUnavailable, "No space left on device"),
        (errno.EIO, StoreUnavailable, "Input/output error"),
        (errno.EROFS, StoreRejected, "Read-only file system"),
        (errno.EACCES, StoreRejected, "no permission"),
        (errno.ENOENT, StoreRejected, "it does not exist"),
        (errno.EISDIR, StoreRejected, "Is a directory"),
    ],
)
def test_a_file_systems_failure_is_one_line_that_says_whether_waiting_helps(
    number: int, kind: type[StoreError], said: str
) -> None:
    with pytest.raises(kind, match=f"^writing a: {said}$") as caught, store_errors("writing a"):
        raise OSError(number, "whatever", "/some/path")
    assert caught.value.__cause__ is None


def test_a_disk_that_is_full_when_bytes_reach_it_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "full")

    store = Store.at(str(tmp_path / "root"))
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StoreUnavailable, match="No space left"):
        store.write_json("a.json", {})
    monkeypatch.undo()
    assert everything(store) == []


_WRITER = """
import sys
from connectors.store import Store
with Store.at(sys.argv[1]).write("a.csv") as stream:
    stream.write(b"half")
    stream.flush()
    print("half", flush=True)
    sys.stdin.read()
"""


def test_a_writer_that_is_killed_leaves_no_file_of_that_name(tmp_path: Path) -> None:
    store = Store.at(str(tmp_path))
    writer = subprocess.Popen(
        [sys.executable, "-c", _WRITER, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    with writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == b"half\n"
        writer.send_signal(signal.SIGKILL)
    assert not store.exists("a.csv")
    assert store.find("") == []
    store.write_json("a.csv", {})
    assert json.loads(store.read("a.csv")) == {}


def test_a_file_takes_the_place_of_another_under_its_name(tmp_path: Path) -> None:
    store = Store.at(str(tmp_path))
    for name in ("a", "b"):
        store.write_json(name, name)
    store.rename("a", "b")
    assert (store.find(""), store.read_json("b")) == (["b"], "a")
    with pytest.raises(StoreRejected, match="renaming a: it does not exist"):
        store.rename("a", "b")
