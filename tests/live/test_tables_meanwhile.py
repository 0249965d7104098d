from __future__ import annotations

import json
from dataclasses import replace

import pytest

from benchmarks.stand import Stand
from connectors.ckan.client import Ckan
from connectors.ckan.database import Database
from connectors.ckan.datastore import DataStore
from connectors.ckan.table import Table
from schemas.errors import PortalError, PortalRejected, PortalUnavailable
from schemas.types import TypeWord
from tests.live.robots import robot_of
from tests.live.tables import (
    WAYS,
    Broken,
    load,
    new_resource,
    plain,
    polled,
    read,
    rows_of,
    store_of,
    table_of,
)

pytestmark = [pytest.mark.live, pytest.mark.portal]


@pytest.fixture(params=WAYS)
def store(request: pytest.FixtureRequest, ckan: Ckan, stand: Stand) -> DataStore:
    return store_of(request.param, ckan, stand)


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


def test_a_reader_sees_the_old_or_the_new_columns_where_the_database_is_reached(
    ckan: Ckan, stand: Stand
) -> None:
    store, name = DataStore(ckan, stand["datastore"]), new_resource(ckan)
    narrow: dict[str, TypeWord] = {"number": "integer", "label": "string"}
    wide: dict[str, TypeWord] = {**narrow, "amount": "number"}
    tables = [table_of(name, 500, narrow), table_of(name, 400, wide)]
    rows = [
        rows_of(tables[0], [(n, "old") for n in range(500)]),
        rows_of(tables[1], [(n, "new", 0.5) for n in range(400)]),
    ]
    store.load(tables[0], rows[0])
    reader = Ckan(stand["url"], stand["token"])

    def state() -> str:
        asked = {"resource_id": name, "limit": 1000}
        found = reader.ask("datastore_search", asked)["records"]
        return f"{len(found)} {sorted({json.dumps([*row][1:]) + row['label'] for row in found})}"

    states = {state()}
    with polled(state) as seen:
        for turn in (1, 0, 1):
            store.load(tables[turn], rows[turn])
    states.add(state())
    assert seen.states == states


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


@pytest.mark.parametrize("way", WAYS)
def test_an_editor_of_the_organisation_may_do_all_of_it(way: str, ckan: Ckan, stand: Stand) -> None:
    robot = Ckan(stand["url"], robot_of(ckan, "stavanger-kommune"))
    store, name = store_of(way, robot, stand), new_resource(ckan)
    for rows in (plain(range(5), "x"), plain(range(3, 9), "y"), plain(range(4, 6), "z")):
        table = load(store, name, rows)
        assert read(robot, table).equals(rows_of(table, rows).select(table.names))
    assert store.standing()[name] == table.digest
    assert name in list(store.standing())
    store.drop(name)
    assert name not in store.standing()


def test_rows_that_do_not_add_up_leave_the_table_as_it_was(ckan: Ckan, stand: Stand) -> None:
    store = DataStore(ckan, stand["datastore"])
    table = load(store, new_resource(ckan), plain(range(5), "x"))
    more = replace(table, rows=7)
    with pytest.raises(
        PortalRejected, match="1103 test: the DataStore: 6 rows were read back of 7"
    ):
        store.load(more, rows_of(more, plain(range(6), "y")))
    assert read(ckan, table).equals(rows_of(table, plain(range(5), "x")).select(table.names))
    assert store.standing()[table.name] == table.digest


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


@pytest.mark.parametrize(
    ("statement", "error"),
    [
        ("SELECT pg_terminate_backend(pg_backend_pid())", PortalUnavailable),
        ("SELECT 1 / 0", PortalRejected),
    ],
)
def test_a_database_that_breaks_off_is_tried_again_and_one_that_says_no_is_not(
    stand: Stand, statement: str, error: type[PortalError]
) -> None:
    with (
        pytest.raises(error, match="the DataStore's database"),
        Database(stand["datastore"], stand["url"]).transaction() as cursor,
    ):
        cursor.execute(statement)


@pytest.mark.parametrize("address", ["nonsense", "postgresql://:x/", "postgresql://h:port/d"])
def test_an_address_of_a_database_that_is_none_is_said_so(ckan: Ckan, address: str) -> None:
    with pytest.raises(PortalRejected, match="has an address that is none"):
        DataStore(ckan, address).standing()


def test_a_database_that_refuses_its_user_is_said_so(ckan: Ckan, stand: Stand) -> None:
    other = stand["datastore"].replace("ckan:ckan@", "nobody:secret@")
    with pytest.raises(PortalRejected, match="refused the user or the database") as told:
        DataStore(ckan, other).standing()
    assert "secret" not in str(told.value)
