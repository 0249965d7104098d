from __future__ import annotations

import datetime as dt
import io
import json
from collections.abc import Sequence

import polars as pl
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from benchmarks.stand import Stand
from connectors.ckan.by_calls import Calls
from connectors.ckan.client import Ckan
from connectors.ckan.datastore import DataStore
from connectors.ckan.records import Load
from connectors.ckan.table import Table
from schemas.errors import PortalError, PortalRejected
from schemas.types import TypeWord
from tests.live.tables import COLUMNS, Broken, new_resource, polled, read, table_of

pytestmark = [pytest.mark.live, pytest.mark.portal]
WAYS = ("copy", "calls")
START = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
Row = tuple[object, ...]


def instant(microseconds: int) -> dt.datetime:
    return dt.datetime(1970, 1, 1, tzinfo=dt.UTC) + dt.timedelta(microseconds=microseconds)


TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)
ROWS = st.lists(
    st.tuples(
        st.integers(-(2**63), 2**63 - 1),
        st.none() | st.sampled_from(["", " ", "007", "blåbærøl", "NULL", '"\\']) | TEXTS,
        st.none() | st.floats(),
        st.none() | st.booleans(),
        st.none() | st.dates(dt.date(1, 1, 1)),
        st.none() | st.integers(-(2**54), 2**57).map(instant),
    ),
    max_size=8,
    unique_by=lambda row: row[0],
)


def store_of(way: str, ckan: Ckan, stand: Stand) -> DataStore:
    return DataStore(ckan, stand["datastore"] if way == "copy" else None)


@pytest.fixture(params=WAYS)
def store(request: pytest.FixtureRequest, ckan: Ckan, stand: Stand) -> DataStore:
    return store_of(request.param, ckan, stand)


def rows_of(table: Table, rows: Sequence[Row]) -> pl.DataFrame:
    schema = pl.Schema({name: table.schema[name] for name in table.names})
    return table.framed(pl.DataFrame(rows, schema, orient="row"))


def plain(numbers: Sequence[int], word: str) -> list[Row]:
    return [(n, f"{word}{n}", 0.5, True, START.date(), START) for n in numbers]


def load(store: DataStore, name: str, rows: Sequence[Row]) -> Table:
    table = table_of(name, len(rows))
    store.load(table, rows_of(table, rows))
    return table


@pytest.fixture(params=[["number"], []], ids=["keyed", "keyless"])
def keyed(request: pytest.FixtureRequest, ckan: Ckan) -> tuple[str, list[str]]:
    return new_resource(ckan), request.param


@settings(
    max_examples=5,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(first=ROWS, then=ROWS)
def test_every_value_of_every_type_is_read_back_as_it_is_in_the_parquet(
    store: DataStore, keyed: tuple[str, list[str]], first: list[Row], then: list[Row]
) -> None:
    name, key = keyed
    for rows in (first, then):
        table = table_of(name, len(rows), key=key)
        file = io.BytesIO()
        rows_of(table, rows).write_parquet(file)
        parquet = pl.read_parquet(file.getvalue())
        store.load(table, parquet)
        wanted = parquet.sort(table.identity).select(table.names)
        assert read(store.ckan, table).equals(wanted, null_equal=True)


def test_a_table_gains_loses_and_changes_columns_with_its_rows(
    ckan: Ckan, store: DataStore
) -> None:
    name = new_resource(ckan)
    shapes: list[dict[str, TypeWord]] = [
        {"number": "integer", "label": "string"},
        {"number": "integer", "amount": "number", "label": "string"},
        {"number": "integer", "amount": "number"},
        {"number": "integer", "amount": "string"},
    ]
    values: dict[tuple[str, TypeWord], object] = {
        ("label", "string"): "blåbær",
        ("amount", "number"): 1.5,
        ("amount", "string"): "1.5",
    }
    for columns in shapes:
        table = table_of(name, 3, columns)
        row = [values[column] for column in list(columns.items())[1:]]
        rows = rows_of(table, [(n, *row) for n in range(3)])
        store.load(table, rows)
        assert read(ckan, table).equals(rows.select(table.names))
        told = ckan.ask("datastore_info", {"id": name})["fields"]
        assert {each["id"]: each["type"] for each in told} == dict(
            zip(table.names, table.types, strict=True)
        )


@pytest.mark.parametrize("way", WAYS)
def test_a_reader_sees_the_old_or_the_new_rows_of_a_change_in_one_call(
    way: str, ckan: Ckan, stand: Stand
) -> None:
    store = store_of(way, ckan, stand)
    table = load(store, new_resource(ckan), plain(range(200), "old"))
    reader = Ckan(stand["url"], stand["token"])
    before = states(reader, table)
    with polled(lambda: states(reader, table)) as seen:
        load(store, table.name, [*plain(range(60), "new"), *plain(range(100, 300), "old")])
    assert seen.states == {before, states(reader, table)}


def states(reader: Ckan, table: Table) -> str:
    return json.dumps(sorted(read(reader, table).get_column("label").to_list()))


def test_rows_that_go_without_others_coming_go_last_through_the_api(
    ckan: Ckan, stand: Stand
) -> None:
    store = DataStore(ckan)
    table = load(store, new_resource(ckan), plain(range(200), "old"))
    reader = Ckan(stand["url"], stand["token"])
    before = states(reader, table)
    new, leaving = plain(range(50), "new"), plain(range(50, 200), "old")
    between = json.dumps(sorted(str(row[1]) for row in [*new, *leaving]))
    with polled(lambda: states(reader, table)) as seen:
        load(store, table.name, new)
    assert seen.states <= {before, between, states(reader, table)}


def test_a_search_for_a_word_finds_the_rows_of_now(ckan: Ckan, store: DataStore) -> None:
    name = new_resource(ckan)
    load(store, name, plain(range(5), "tyttebær"))
    load(store, name, [*plain(range(3), "blåbær"), *plain(range(7, 9), "multe")])

    def found(word: str) -> int:
        return len(ckan.ask("datastore_search", {"resource_id": name, "q": word})["records"])

    assert [found(word) for word in ("tyttebær1", "blåbær1", "multe8", "2026")] == [0, 1, 1, 5]


def test_the_key_and_the_time_of_events_have_an_index(ckan: Ckan, store: DataStore) -> None:
    table = load(store, new_resource(ckan), plain(range(5), "x"))
    load(store, table.name, plain(range(6), "x"))
    told = ckan.ask("datastore_info", {"id": table.name})["fields"]
    assert {each["id"] for each in told if each["schema"]["is_index"]} == {"number", "seen_at"}


@pytest.mark.parametrize("is_done", [True, False])
def test_a_load_that_was_broken_off_at_any_call_is_finished_by_the_next(
    ckan: Ckan, store: DataStore, *, is_done: bool
) -> None:
    name = new_resource(ckan)
    for rows in (plain(range(9), "old"), [*plain(range(2), "new"), *plain(range(4, 7), "old")]):
        table, calls = table_of(name, len(rows)), 0
        while True:
            calls += 1
            broken = DataStore(Broken(ckan, calls, is_done=is_done), store.database)
            try:
                broken.load(table, rows_of(table, rows))
            except PortalError:
                continue
            break
        assert calls > 2
        store.load(table, rows_of(table, rows))
        assert read(ckan, table).equals(rows_of(table, rows).select(table.names))


@pytest.mark.parametrize("most", [Load(rows=3), Load(size=300)])
def test_more_than_a_call_carries_travels_in_several(ckan: Ckan, most: Load) -> None:
    name = new_resource(ckan)
    for key in (("number",), ()):
        for rows in (plain(range(10), "a"), plain(range(4, 20), "b"), plain(range(4), "c")):
            table = table_of(name, len(rows), key=key)
            Calls(ckan, table, most).bring(rows_of(table, rows))
            assert read(ckan, table).equals(rows_of(table, rows).select(table.names))


def test_a_table_that_was_written_by_hand_is_made_what_it_should_be(
    ckan: Ckan, store: DataStore
) -> None:
    table = load(store, new_resource(ckan), plain(range(5), "x"))
    known = {"resource_id": table.name, "force": True}
    ckan.ask("datastore_records_delete", {**known, "filters": {"number": [1, 2]}})
    ckan.ask("datastore_upsert", {**known, "records": [{"number": 8, "label": "mine"}]})
    rows = rows_of(table, plain(range(1, 6), "x"))
    store.load(table, rows, lambda: rows_of(table, plain(range(5), "x")))
    assert read(ckan, table).equals(rows.select(table.names))


def test_each_table_tells_what_it_holds_until_it_is_dropped(ckan: Ckan, store: DataStore) -> None:
    table = load(store, new_resource(ckan), plain(range(5), "x"))
    other = load(store, new_resource(ckan), [])
    standing = store.standing()
    assert [standing.get(name) for name in (table.name, other.name, "none")] == [
        table.digest,
        other.digest,
        None,
    ]
    assert {table.name, other.name} <= set(standing)
    for _ in range(2):
        store.drop(table.name)
    assert store.standing().get(table.name) is None
    assert other.name in store.standing()


def test_a_table_whose_resource_is_gone_is_dropped_in_the_database(
    ckan: Ckan, stand: Stand
) -> None:
    store = DataStore(ckan, stand["datastore"])
    table = load(store, new_resource(ckan), plain(range(5), "x"))
    ckan.ask("dataset_purge", {"id": f"test-{table.name}"})
    assert table.name in store.standing()
    store.drop(table.name)
    assert table.name not in store.standing()


@pytest.mark.parametrize("name", ["_id", "a" * 64, "å" * 32, 'a"b', " a", "ctid", "a\nb"])
def test_a_column_that_no_database_takes_is_said_so(name: str) -> None:
    columns: dict[str, TypeWord] = {**COLUMNS, name: "string"}
    with pytest.raises(
        PortalRejected, match="1103 test: the DataStore takes no column of the name"
    ):
        table_of("x", 0, columns).require_names()


def test_a_text_that_no_database_takes_is_said_so(ckan: Ckan, store: DataStore) -> None:
    with pytest.raises(PortalRejected, match="a text of label has the character NUL") as told:
        load(store, new_resource(ckan), plain([1], "secret\0"))
    assert "secret" not in str(told.value)


@pytest.mark.parametrize("address", ["nonsense", "postgresql://:x/", "postgresql://h:port/d"])
def test_an_address_of_a_database_that_is_none_is_said_so(ckan: Ckan, address: str) -> None:
    with pytest.raises(PortalRejected, match="has an address that is none"):
        DataStore(ckan, address).standing()


def test_a_database_that_refuses_its_user_is_said_so(ckan: Ckan, stand: Stand) -> None:
    other = stand["datastore"].replace("ckan:ckan@", "nobody:secret@")
    with pytest.raises(PortalRejected, match="refused the user or the database") as told:
        DataStore(ckan, other).standing()
    assert "secret" not in str(told.value)
