from __future__ import annotations

import datetime as dt
import io

import polars as pl
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from benchmarks.stand import Stand
from connectors.ckan.by_calls import Calls
from connectors.ckan.client import Ckan
from connectors.ckan.datastore import DataStore
from connectors.ckan.records import Load
from schemas.errors import PortalRejected
from schemas.types import TypeWord
from tests.live.tables import (
    COLUMNS,
    WAYS,
    Row,
    load,
    new_resource,
    plain,
    read,
    rows_of,
    store_of,
    table_of,
)

pytestmark = [pytest.mark.live, pytest.mark.portal]


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


@pytest.fixture(params=WAYS)
def store(request: pytest.FixtureRequest, ckan: Ckan, stand: Stand) -> DataStore:
    return store_of(request.param, ckan, stand)


@pytest.fixture(params=[["number"], []], ids=["keyed", "keyless"])
def keyed(request: pytest.FixtureRequest, ckan: Ckan) -> tuple[str, list[str]]:
    return new_resource(ckan), request.param


@settings(
    max_examples=4,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
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


def test_an_alias_stays_where_the_columns_change(ckan: Ckan, stand: Stand) -> None:
    store, name = DataStore(ckan, stand["datastore"]), new_resource(ckan)
    narrow = table_of(name, 1, {"number": "integer"})
    store.load(narrow, rows_of(narrow, [(1,)]))
    alias = f"alias-{name[:8]}"
    ckan.ask("datastore_create", {"resource_id": name, "force": True, "aliases": [alias]})
    load(store, name, plain(range(5), "x"))
    found = ckan.ask("datastore_search", {"resource_id": alias})["records"]
    assert [row["label"] for row in found] == [f"x{n}" for n in range(5)]


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


def test_more_than_a_call_carries_travels_in_several(ckan: Ckan) -> None:
    name = new_resource(ckan)
    for key in (("number",), ()):
        for rows in (plain(range(7), "a"), plain(range(3, 13), "b"), plain(range(3), "c")):
            table = table_of(name, len(rows), key=key)
            Calls(ckan, table, Load(rows=4)).bring(rows_of(table, rows))
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
