"""The sql engine on a real PostgreSQL."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator

import polars as pl
import pyarrow as pa
import pytest

from connectors.sql import SqlSource
from schemas import source as spec
from schemas.errors import SourceRejected, SourceUnavailable
from schemas.stages import Batch, Window
from tests.connectors.postgres_site import PostgresSite, postgres_site
from tests.fakes import RememberedBatches

pytestmark = pytest.mark.live
TODAY = Window(dt.date(2026, 11, 20), dt.date(2026, 11, 20))
SECRET = "12345678901"
INSERT = "insert into ordre values ({}, '{}')"


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresSite]:
    with postgres_site() as running:
        yield running


@pytest.fixture
def site(server: PostgresSite) -> PostgresSite:
    server.run("drop table if exists ordre")
    return server


def fetched(
    site: PostgresSite, memory: RememberedBatches | None = None, **words: object
) -> list[Batch]:
    document = {"engine": "sql", "url": site.url, "query": "select * from ordre", **words}
    binding = spec.SqlSource.model_validate_json(json.dumps(document))
    return list(SqlSource(binding, memory or RememberedBatches()).fetch(TODAY))


def frame(batch: Batch) -> pl.DataFrame:
    with batch.open() as stream, pa.ipc.open_stream(stream) as reader:
        return pl.DataFrame(pl.from_arrow(reader.read_all()))


def test_types_arrive_as_themselves_or_as_the_databases_text(site: PostgresSite) -> None:
    site.run(
        """create table ordre(a int, b double precision, c text, d boolean, e date, f timestamp,
           g timestamptz, h numeric(12,3), i uuid, j jsonb, k int[], l time, m char(4))""",
        """insert into ordre values (1, 1.5, 'å', true, '2026-11-20', '2026-11-20 10:00',
           '2026-11-20 10:00+01', 1234.500, '0c9a6c1e-0000-4000-8000-000000000001', '{"x": 1}',
           '{1,2}', '10:30', '0301')""",
    )
    [batch] = fetched(site)
    assert batch.source_url == f"postgresql://127.0.0.1:{site.port}/postgres"
    found = frame(batch)
    assert found.row(0) == (
        1,
        1.5,
        "å",
        True,
        dt.date(2026, 11, 20),
        dt.datetime.fromisoformat("2026-11-20T10:00"),
        dt.datetime(2026, 11, 20, 9, tzinfo=dt.UTC),
        "1234.500",
        "0c9a6c1e-0000-4000-8000-000000000001",
        '{"x": 1}',
        "{1,2}",
        "10:30:00",
        "0301",
    )


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("timestamptz", ("2026-11-19 08:00:00.000001+00", "2026-11-20 08:00:00+01")),
        ("timestamp", ("2026-11-19 08:00:00.000001", "2026-11-20 08:00:00")),
        ("date", ("2026-11-19", "2026-11-20")),
        ("bigint", ("9", "10")),
        ("numeric", ("9.10", "10.01")),
        ("text", ("a", "b")),
    ],
)
def test_a_cursor_of_any_type_brings_what_is_new(
    site: PostgresSite, kind: str, values: tuple[str, str]
) -> None:
    first, second = values
    site.run(f"create table ordre(id int, at {kind})", INSERT.format(1, first))
    memory = RememberedBatches()
    memory.land(fetched(site, memory, cursor="at")[0])
    site.run(INSERT.format(2, second), "insert into ordre values (3, null)")
    [batch] = fetched(site, memory, cursor="at")
    assert sorted(frame(batch)["id"]) == [1, 2, 3]
    memory.land(batch)
    [again] = fetched(site, memory, cursor="at")
    assert sorted(frame(again)["id"]) == [2, 3]


def test_a_key_finds_changes_and_deletions(site: PostgresSite) -> None:
    site.run(
        "create table ordre(id int, at timestamptz)",
        "insert into ordre values (1, now()), (2, now())",
    )
    memory = RememberedBatches()
    memory.land(fetched(site, memory, key=["id"])[0])
    assert fetched(site, memory, key=["id"]) == []
    site.run("delete from ordre where id = 1")
    [batch] = fetched(site, memory, key=["id"])
    assert frame(batch).sort("id").select("id", "_unchanged", "_deleted").rows() == [
        (1, False, True),
        (2, True, False),
    ]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ({"query": "select * from Sak"}, "has no table 'sak'"),
        ({"query": "select navn from ordre"}, "has no column 'navn'"),
        ({"query": "selec"}, r"cannot run the query \(42601\)"),
        ({"query": "select id, id from ordre"}, "two columns the name 'id'"),
        ({"query": "select cast(fnr as int) as id from ordre"}, "cannot run the query"),
        ({"query": "delete from ordre returning id"}, "cannot run the query"),
        ({"query": "select id, id / 0 as x from ordre"}, "cannot run the query"),
        ({"cursor": "endret"}, "gives no column 'endret'"),
    ],
)
def test_a_query_that_cannot_be_is_one_line_without_a_value(
    site: PostgresSite, words: dict[str, object], says: str
) -> None:
    site.run("create table ordre(id int, fnr text)", INSERT.format(1, f"{SECRET}x"))
    with pytest.raises(SourceRejected, match=says) as caught:
        fetched(site, **words)
    assert SECRET not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_slow_query_is_unavailable(site: PostgresSite) -> None:
    with pytest.raises(SourceUnavailable, match="did not answer in time"):
        fetched(site, query="select 1 as id from pg_sleep(5)", timeout_seconds=0.2)


def test_a_locked_table_is_unavailable(site: PostgresSite) -> None:
    site.run("create table ordre(id int)")
    holder = site.connected()
    with holder as connection, connection.cursor() as cursor:
        cursor.execute("lock table ordre in access exclusive mode")
        with pytest.raises(SourceUnavailable, match="did not answer in time"):
            fetched(site, timeout_seconds=0.2)


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("postgresql://fag:feil@127.0.0.1:{port}/postgres", "refuses the user"),
        ("postgresql://ukjent:feil@127.0.0.1:{port}/postgres", "refuses the user"),
        ("postgresql://fag:hem%2Fmelig@127.0.0.1:{port}/feil", "refuses the user"),
    ],
)
def test_a_refused_sign_in_is_rejected_without_the_password(
    site: PostgresSite, url: str, says: str
) -> None:
    with pytest.raises(SourceRejected, match=says) as caught:
        fetched(site, url=url.format(port=site.port))
    assert "feil@" not in str(caught.value)
    assert "melig" not in str(caught.value)


def test_a_server_that_is_down_is_unavailable(site: PostgresSite) -> None:
    with pytest.raises(SourceUnavailable, match="/fag cannot be reached"):
        fetched(site, url="postgresql://fag:hemmelig@127.0.0.1:1/fag")
