"""The sql engine on SQLite."""

from __future__ import annotations

import datetime as dt
import io
import json
import sqlite3
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import polars as pl
import pyarrow as pa
import pytest

from connectors.sql import SqlSource
from schemas import source as spec
from schemas.errors import SourceRejected, SourceUnavailable
from schemas.stages import Batch, Window
from tests.fakes import RememberedBatches

TODAY = Window(dt.date(2026, 11, 20), dt.date(2026, 11, 20))
SECRET = "12345678901"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "fag system.db"


def run(path: Path, *statements: str, rows: Iterable[tuple[object, ...]] = ()) -> None:
    connection = sqlite3.connect(path)
    for statement in statements[:-1]:
        connection.execute(statement)
    if rows:
        connection.executemany(statements[-1], rows)
    else:
        connection.execute(statements[-1])
    connection.commit()
    connection.close()


def fetched(path: Path, memory: RememberedBatches | None = None, **words: object) -> list[Batch]:
    document = {"engine": "sql", "url": f"sqlite:///{path}", "query": "select * from t", **words}
    binding = spec.SqlSource.model_validate_json(json.dumps(document))
    return list(SqlSource(binding, memory or RememberedBatches()).fetch(TODAY))


def frame(batch: Batch) -> pl.DataFrame:
    with batch.open() as stream, pa.ipc.open_stream(stream) as reader:
        return pl.DataFrame(pl.from_arrow(reader.read_all()))


@pytest.mark.parametrize("query", ["select * from t;", "select * from t -- alt"])
def test_a_query_becomes_one_arrow_batch(path: Path, query: str) -> None:
    run(path, "create table t(id integer, navn text)", "insert into t values (1, 'sluk')")
    [batch] = fetched(path, query=query)
    assert (batch.format, batch.source_url, batch.cursor) == ("arrow", f"sqlite:///{path}", None)
    assert frame(batch).to_dicts() == [{"id": 1, "navn": "sluk"}]


def test_a_column_that_changes_kind_late_keeps_every_value(path: Path) -> None:
    rows = [
        (n, None, n, n, None) if n < 60_000 else (n, "x", n / 2, "Fullt", b"b")
        for n in range(60_003)
    ]
    run(
        path,
        "create table t(id, late, number, mixed, blob)",
        "insert into t values (?,?,?,?,?)",
        rows=rows,
    )
    [batch] = fetched(path)
    found = frame(batch)
    assert found.dtypes == [pl.Int64, pl.String, pl.Float64, pl.String, pl.Binary]
    assert found["id"].to_list() == [row[0] for row in rows]
    assert found["late"].drop_nulls().to_list() == ["x"] * 3
    assert found["number"][-1] == 30_001.0
    assert found["mixed"][[0, -1]].to_list() == ["0", "Fullt"]


def test_an_empty_result_is_no_batch(path: Path) -> None:
    run(path, "create table t(id integer)")
    assert fetched(path) == []
    assert fetched(path, cursor="id") == []
    assert fetched(path, key=["id"]) == []


def test_a_result_that_has_not_changed_is_not_handed_over(path: Path) -> None:
    run(path, "create table t(id integer)", "insert into t values (1)")
    memory = RememberedBatches()
    memory.land(fetched(path, memory)[0])
    assert fetched(path, memory) == []


@pytest.mark.parametrize(
    ("first", "second", "cursor"),
    [
        ("2026-11-19 08:00:00", "2026-11-20 07:00:00", '"2026-11-20 07:00:00"'),
        (9, 10, "10"),
        (0.1 + 0.2, 12.5, "12.5"),
    ],
)
def test_a_cursor_brings_what_is_new_and_what_shares_its_last_value(
    path: Path, first: object, second: object, cursor: str
) -> None:
    run(path, "create table t(id integer, at)", "insert into t values (?, ?)", rows=[(1, first)])
    memory = RememberedBatches()
    memory.land(fetched(path, memory, cursor="at")[0])
    run(path, "insert into t values (?, ?)", rows=[(2, first), (3, second), (4, None)])
    [batch] = fetched(path, memory, cursor="at")
    assert sorted(frame(batch)["id"]) == [1, 2, 3, 4]
    assert batch.cursor == cursor
    memory.land(batch)
    [again] = fetched(path, memory, cursor="at")
    assert sorted(frame(again)["id"]) == [3, 4]
    memory.land(again)
    assert fetched(path, memory, cursor="at") == []


def test_a_key_brings_new_changed_and_vanished_rows(path: Path) -> None:
    rows = [(1, "a", "ny"), (2, "b", "ny"), (3, None, "ny")]
    run(
        path,
        "create table t(id integer, part text, status text)",
        "insert into t values (?,?,?)",
        rows=rows,
    )
    memory = RememberedBatches()
    [first] = fetched(path, memory, key=["id", "part"])
    assert frame(first)["_unchanged"].to_list() == [False] * 3
    memory.land(first)
    assert fetched(path, memory, key=["id", "part"]) == []
    run(
        path,
        "update t set status = 'lukket' where id = 2",
        "delete from t where id = 3",
        "insert into t values (4, 'd', 'ny')",
    )
    [second] = fetched(path, memory, key=["id", "part"])
    memory.land(second)
    assert frame(second).sort("id").rows() == [
        (1, "a", "ny", True, False),
        (2, "b", "lukket", False, False),
        (3, None, None, False, True),
        (4, "d", "ny", False, False),
    ]
    run(path, "insert into t values (3, null, 'ny')")
    [third] = fetched(path, memory, key=["id", "part"])
    assert frame(third).filter(~pl.col("_unchanged")).rows() == [(3, None, "ny", False, False)]


def test_a_table_that_is_emptied_gives_every_key_as_gone(path: Path) -> None:
    run(
        path,
        "create table t(id integer, navn text)",
        "insert into t values (?,?)",
        rows=[(1, "a"), (2, "b")],
    )
    memory = RememberedBatches()
    memory.land(fetched(path, memory, key=["id"])[0])
    run(path, "delete from t")
    [batch] = fetched(path, memory, key=["id"])
    assert frame(batch).select("id", "navn", "_deleted").rows() == [
        ("1", None, True),
        ("2", None, True),
    ]
    memory.land(batch)
    assert fetched(path, memory, key=["id"]) == []


def test_another_key_starts_afresh(path: Path) -> None:
    run(path, "create table t(id, nr)", "insert into t values (1, 'a')")
    memory = RememberedBatches()
    memory.land(fetched(path, memory)[0])
    for key, query in (("id", "select id from t"), ("nr", "select nr from t")):
        [batch] = fetched(path, memory, key=[key], query=query)
        assert frame(batch)["_unchanged"].to_list() == [False]
        memory.land(batch)


def test_a_new_column_makes_every_row_changed_and_none_vanished(path: Path) -> None:
    run(path, "create table t(id integer)", "insert into t values (1)")
    memory = RememberedBatches()
    memory.land(fetched(path, memory, key=["id"])[0])
    run(path, "alter table t add column navn text")
    [batch] = fetched(path, memory, key=["id"])
    assert frame(batch).rows() == [(1, None, False, False)]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ({"query": "select * from Ordre"}, "has no table 'Ordre'"),
        ({"query": "select navn from t"}, "has no column 'navn'"),
        ({"query": "selec * from t"}, "cannot run the query"),
        ({"query": "delete from t"}, "cannot run the query"),
        ({"cursor": "endret"}, "gives no column 'endret'"),
        ({"key": ["ordrenr"]}, "gives no column 'ordrenr'"),
        ({"key": ["id"]}, "2 rows whose key is not theirs alone"),
        (
            {"query": "select id as _deleted, 1 as id from t", "key": ["id"]},
            "'_deleted', which is in use",
        ),
    ],
)
def test_a_query_that_cannot_be_is_one_line_without_a_value(
    path: Path, words: dict[str, object], says: str
) -> None:
    run(path, "create table t(id)", "insert into t values (?)", rows=[(SECRET,), (SECRET,)])
    with pytest.raises(SourceRejected, match=says) as caught:
        fetched(path, **words)
    assert SECRET not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_the_database_is_never_written_to(path: Path) -> None:
    run(path, "create table t(id)", "insert into t values (1)")
    before = path.read_bytes()
    fetched(path)
    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]


def test_a_locked_database_is_unavailable(path: Path) -> None:
    run(path, "create table t(id)")
    hold = "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute('begin exclusive');"
    hold += "print(1, flush=True); input()"
    with subprocess.Popen(
        [sys.executable, "-c", hold, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as holder:
        assert holder.stdout
        holder.stdout.readline()
        with pytest.raises(SourceUnavailable, match="is locked"):
            fetched(path, timeout_seconds=0.1)
        holder.communicate("\n")


def test_what_is_no_database_is_rejected(path: Path) -> None:
    path.write_text("Dette er ikke en database, " * 100)
    with pytest.raises(SourceRejected, match="is not an SQLite database"):
        fetched(path)


def test_a_missing_file_may_come_back_and_a_missing_folder_may_not(path: Path) -> None:
    with pytest.raises(SourceUnavailable, match="does not exist"):
        fetched(path)
    with pytest.raises(SourceRejected, match="its folder does not exist"):
        fetched(path.parent / "nowhere" / "fag.db")
    assert not path.exists()


def test_a_scheme_without_a_driver_is_rejected_without_its_password() -> None:
    with pytest.raises(SourceRejected, match="no driver") as caught:
        fetched(Path("x"), url="oracle://fag:hemmelig@db/fag")
    assert "hemmelig" not in str(caught.value)


def test_readers_of_a_batch_do_not_move_each_other(path: Path) -> None:
    run(path, "create table t(id)", "insert into t values (1)")
    [batch] = fetched(path)
    with batch.open() as one, batch.open() as two:
        half = one.read(10)
        assert two.read() == half + one.read()
        assert isinstance(one, io.BufferedReader)
