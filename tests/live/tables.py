"""Tables of a DataStore by themselves: any columns, brought there by either way."""

from __future__ import annotations

import datetime as dt
import hashlib
import tempfile
import threading
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import polars as pl

from benchmarks.stand import Stand
from connectors.ckan.client import Ckan
from connectors.ckan.datastore import DataStore
from connectors.ckan.records import frame_of
from connectors.ckan.table import Table
from schemas.contract import Field
from schemas.errors import PortalUnavailable
from schemas.types import TypeWord
from tests.pipelines.steps.released_site import contract_of, parking_document

WAYS = ("copy", "calls")
START = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
Row = tuple[object, ...]
COLUMNS: Mapping[str, TypeWord] = {
    "number": "integer",
    "label": "string",
    "amount": "number",
    "is_open": "boolean",
    "seen_date": "date",
    "seen_at": "timestamp",
}


class Broken(Ckan):
    """A CKAN that is gone from the given call on, before or after it is done."""

    def __init__(self, known: Ckan, calls: int, *, is_done: bool) -> None:
        super().__init__(known.url, "")
        self.known, self.left, self.is_done = known, calls, is_done

    def ask(self, action: str, data: Mapping[str, object]) -> Any:  # noqa: ANN401 - as CKAN's own
        self.left -= 1
        if self.left < 0 or (self.left == 0 and not self.is_done):
            raise PortalUnavailable("gone")
        answer = self.known.ask(action, data)
        if self.left == 0:
            raise PortalUnavailable("gone")
        return answer


def fields_of(columns: Mapping[str, TypeWord]) -> tuple[Field, ...]:
    with tempfile.TemporaryDirectory() as folder:
        plain = contract_of(parking_document(), Path(folder)).fields[0]
    return tuple(
        replace(plain, name=name, type=word, mask=None, unit=None) for name, word in columns.items()
    )


def table_of(
    name: str,
    rows: int,
    columns: Mapping[str, TypeWord] = COLUMNS,
    key: Sequence[str] = ("number",),
) -> Table:
    event = "seen_at" if "seen_at" in columns else None
    digest = f"sha256:{hashlib.sha256(repr((name, rows)).encode()).hexdigest()}"
    return Table(name, "1103 test", digest, rows, fields_of(columns), tuple(key), event)


def new_resource(ckan: Ckan) -> str:
    """The id of a resource that has no table yet."""
    name = str(uuid.uuid4())
    file = {"id": name, "name": "x.csv", "url": "x.csv"}
    owner = {"owner_org": "stavanger-kommune", "resources": [file]}
    ckan.ask("package_create", {"name": f"test-{name}", **owner})
    return name


def read(ckan: Ckan, table: Table) -> pl.DataFrame:
    """The table's rows as the public reads them, in the order of its key or place."""
    asked = {"resource_id": table.name, "limit": 30_000, "sort": ", ".join(table.identity)}
    found = ckan.ask("datastore_search", asked)
    schema = pl.Schema({name: table.schema[name] for name in table.names})
    return frame_of(found["records"], schema)


def store_of(way: str, ckan: Ckan, stand: Stand) -> DataStore:
    return DataStore(ckan, stand["datastore"] if way == "copy" else None)


def rows_of(table: Table, rows: Sequence[Row]) -> pl.DataFrame:
    schema = pl.Schema({name: table.schema[name] for name in table.names})
    return table.framed(pl.DataFrame(rows, schema, orient="row"))


def plain(numbers: Sequence[int], word: str) -> list[Row]:
    return [(n, f"{word}{n}", 0.5, True, START.date(), START) for n in numbers]


def load(store: DataStore, name: str, rows: Sequence[Row]) -> Table:
    table = table_of(name, len(rows))
    store.load(table, rows_of(table, rows))
    return table


@dataclass(frozen=True, slots=True)
class Seen:
    """What a reader saw, each state once."""

    states: set[str] = field(default_factory=set)


@contextmanager
def polled(ask: Callable[[], str]) -> Iterator[Seen]:
    """What the question was answered before the block, while it ran without a pause, and after."""
    seen, done = Seen({ask()}), threading.Event()

    def poll() -> None:
        while not done.is_set():
            seen.states.add(ask())

    thread = threading.Thread(target=poll)
    thread.start()
    try:
        yield seen
    finally:
        done.set()
        thread.join()
    seen.states.add(ask())
