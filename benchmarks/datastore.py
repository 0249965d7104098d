"""A million readings in CKAN's DataStore while somebody reads, beside CKAN's own way with rows."""

from __future__ import annotations

import datetime as dt
import hashlib
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from benchmarks.figures import Figure, at_least, at_most, seen
from benchmarks.stand import Stand, standing_ckan
from connectors.ckan.client import Ckan
from connectors.ckan.datastore import DataStore
from connectors.ckan.failures import NotThere
from connectors.ckan.records import records_of
from connectors.ckan.table import Table
from schemas.contract import Contract
from schemas.reading import read_contract

ROWS = 1_000_000
PEER_ROWS = 200_000
BATCH = 10_000
TIMES = 3.0
PLACES = 20
STEP = dt.timedelta(minutes=5)
START = dt.datetime(2016, 1, 1, tzinfo=dt.UTC)
A_DAY = PLACES * (dt.timedelta(days=1) // STEP)
CONTRACT = Path(__file__).parents[1] / "schemas" / "datasets" / "parking_occupancy.odcs.yaml"
PAUSE = 0.02


@dataclass(slots=True)
class Reader:
    """Somebody who asks for the number of rows over and over."""

    ckan: Ckan
    table: str
    answers: list[int] = field(default_factory=list)

    @contextmanager
    def asking(self) -> Iterator[None]:
        """Ask for as long as the block runs."""
        done = threading.Event()
        thread = threading.Thread(target=self._ask, args=(done,))
        thread.start()
        try:
            yield
        finally:
            done.set()
            thread.join()

    def neither(self, *states: int) -> int:
        """How many answers were none of those; a table that is not there has no rows."""
        return sum(1 for answer in self.answers if answer not in states)

    def _ask(self, done: threading.Event) -> None:
        asked = {"resource_id": self.table, "limit": 0}
        while not done.wait(PAUSE):
            try:
                self.answers.append(self.ckan.ask("datastore_search", asked)["total"])
            except NotThere:
                self.answers.append(-1)


def measure(rows: int = ROWS, peer_rows: int = PEER_ROWS) -> list[Figure]:
    """Rows per second of both, the time of a day's change, and what the reader saw meanwhile."""
    with standing_ckan() as stand:
        return figures(stand, rows, peer_rows)


def figures(stand: Stand, rows: int = ROWS, peer_rows: int = PEER_ROWS) -> list[Figure]:
    """The same of a CKAN that stands already."""
    ckan = Ckan(stand["url"], stand["token"])
    owner = ckan.ask("organization_create", {"name": f"readings-{uuid.uuid4()}"})["name"]
    contract = read_contract(CONTRACT)
    ours, peers = (_resource(ckan, owner) for _ in range(2))
    store = DataStore(ckan, stand["datastore"])
    reader = Reader(Ckan(stand["url"], stand["token"]), ours)
    first = _readings(rows)
    with reader.asking():
        loaded = _seconds(lambda: _load(store, contract, ours, first))
        changed = _seconds(lambda: _load(store, contract, ours, _a_day_later(first)))
    peer = _seconds(lambda: _upsert(ckan, contract, peers, first.head(peer_rows)))
    rate, peer_rate = rows / loaded, peer_rows / peer
    told = f"datastore_upsert in batches of {BATCH:,} rows ({peer_rows:,} in all)"
    return [
        seen(f"rows to the DataStore ({rows:,} by COPY)", rate, "rows/s"),
        seen(f"rows to the DataStore by {told}", peer_rate, "rows/s"),
        at_least(f"rows to the DataStore against {told}", rate / peer_rate, "times", TIMES),
        seen(f"a day's change in a table of {rows:,} rows", changed, "s"),
        seen("answers to a reader of the table meanwhile", len(reader.answers), "answers"),
        at_most(
            "answers that were neither the old nor the new table",
            reader.neither(-1, rows, rows + A_DAY),
            "answers",
            0,
        ),
    ]


def _resource(ckan: Ckan, owner: str) -> str:
    name = str(uuid.uuid4())
    file = {"id": name, "name": "readings.csv", "url": "readings.csv"}
    told = {"name": f"readings-{name}", "owner_org": owner, "resources": [file]}
    ckan.ask("package_create", told)
    return name


def _readings(rows: int) -> pl.DataFrame:
    """Free spaces of some car parks every five minutes, from the oldest on."""
    number = pl.int_range(rows, dtype=pl.Int64)
    place = number % PLACES
    return pl.select(
        car_park_name=pl.format("Parkeringshus {} Østre havn", place),
        observed_at=(pl.lit(START) + (number // PLACES) * STEP).cast(pl.Datetime("us", "UTC")),
        free_spaces=number * 7919 % 631,
        is_full=number * 7919 % 631 == 0,
        latitude=58.97 + place / 1000,
        longitude=5.73 + place / 1000,
    )


def _a_day_later(rows: pl.DataFrame) -> pl.DataFrame:
    """A day more, and the day before it corrected."""
    more = _readings(rows.height + A_DAY)
    number = pl.int_range(pl.len())
    is_corrected = number.is_between(rows.height - A_DAY, rows.height - 1)
    corrected = pl.col("free_spaces") + is_corrected.cast(pl.Int64)
    return more.with_columns(free_spaces=corrected)


def _table(contract: Contract, name: str, rows: int) -> Table:
    digest = f"sha256:{hashlib.sha256(f'{name} {rows}'.encode()).hexdigest()}"
    event = contract.event.name
    return Table(name, contract.name, digest, rows, contract.fields, contract.key, event)


def _load(store: DataStore, contract: Contract, name: str, rows: pl.DataFrame) -> None:
    table = _table(contract, name, rows.height)
    store.load(table, table.framed(rows))


def _upsert(ckan: Ckan, contract: Contract, name: str, rows: pl.DataFrame) -> None:
    """CKAN's own way: its quickest method, and no counting until the end."""
    table = _table(contract, name, rows.height)
    known = {"resource_id": name, "force": True}
    shape = {"fields": table.columns(), "primary_key": list(table.key), "indexes": table.indexes}
    ckan.ask("datastore_create", {**known, **shape})
    written = {**known, "method": "insert", "calculate_record_count": False}
    for batch in rows.iter_slices(BATCH):
        ckan.ask("datastore_upsert", {**written, "records": list(records_of(batch))})


def _seconds(work: Callable[[], None]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started
