"""Where Dagster keeps its events on one host: one SQLite file, one transaction an event.

Set as `event_log_storage` in deploy/dagster/dagster.yaml. What is stored and how it is read is
Dagster's own; here belongs only how the file is opened, created, committed to and watched.
"""

import contextlib
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import sqlalchemy
from dagster import EventLogRecord
from dagster._core.event_api import EventHandlerFn, EventLogCursor
from dagster._core.events.log import EventLogEntry
from dagster._core.storage.event_log import (
    ConsolidatedSqliteEventLogStorage,
    SqliteEventLogStorage,
)
from dagster._core.storage.event_log.sqlite.consolidated_sqlite_event_log import (
    SQLITE_EVENT_LOG_FILENAME,
)
from dagster._core.storage.sqlite import SQLITE_BUSY_TIMEOUT_SECONDS
from dagster._serdes import ConfigurableClassData
from sqlalchemy.engine import Connection, Engine

POLL_SECONDS = 0.25
POLL_RECORDS = 1000


class OneHostEventLog(ConsolidatedSqliteEventLogStorage):
    """Dagster's event log of one host in `<base_dir>/event_log.db`.

    A stored event is visible to every other process at once and survives the death of this one;
    an event, or a batch, is stored whole or not at all, and a failure to store it raises.
    A power cut may cost the last moments of the log, never its integrity. The file must lie on
    a disk of this host: SQLite's write-ahead log does not work over a network.
    """

    def __init__(self, base_dir: str, inst_data: ConfigurableClassData | None = None) -> None:
        self._open = threading.local()
        self._tables: frozenset[str] = frozenset()
        self._watches: dict[tuple[str, EventHandlerFn], _Watch] = {}
        super().__init__(base_dir, inst_data)
        self._engine = _engine(self._conn_string)

    def store_event(self, event: EventLogEntry) -> None:
        """Store one event with all that Dagster derives from it, or raise."""
        with self._connect():
            super().store_event(event)

    def store_event_batch(self, events: Sequence[EventLogEntry]) -> None:
        """Store all events or, raising, none."""
        with self._connect():
            super().store_event_batch(events)

    def has_table(self, table_name: str) -> bool:
        """Whether the file has this table."""
        if table_name not in self._tables:
            with self._connect() as connection:
                self._tables = frozenset(sqlalchemy.inspect(connection).get_table_names())
        return table_name in self._tables

    def watch(self, run_id: str, cursor: str | None, callback: EventHandlerFn) -> None:
        """Call back with each event of a run after the cursor, from this or another process."""
        watch = _Watch(self, run_id, cursor, callback)
        self._watches[run_id, callback] = watch
        watch.start()

    def end_watch(self, run_id: str, handler: EventHandlerFn) -> None:
        """Call this handler no more; a watch that was never set is ignored."""
        if watch := self._watches.pop((run_id, handler), None):
            watch.ended.set()

    def dispose(self) -> None:
        """End all watches and close the file."""
        for run_id, handler in list(self._watches):
            self.end_watch(run_id, handler)
        self._engine.dispose()

    @contextlib.contextmanager
    def _connect(self) -> Iterator[Connection]:
        # dagster opens a connection for each table that an event touches: they join one transaction
        outer: Connection | None = getattr(self._open, "connection", None)
        if outer is not None:
            yield outer
            return
        with self._engine.connect() as connection, connection.begin():
            self._open.connection = connection
            try:
                yield connection
            finally:
                self._open.connection = None

    def _init_db(self) -> None:
        path = Path(self._base_dir, f"{SQLITE_EVENT_LOG_FILENAME}.db")
        path.parent.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=path.parent) as scratch:
            # the cross-run shard of the stock storage has this very schema, stamped and in WAL mode
            SqliteEventLogStorage(scratch)
            # linked in whole: a process that starts at the same time never sees half a schema
            with contextlib.suppress(FileExistsError):
                path.hardlink_to(Path(scratch, "index.db"))


class _Watch(threading.Thread):
    def __init__(
        self, log: OneHostEventLog, run_id: str, cursor: str | None, callback: EventHandlerFn
    ) -> None:
        super().__init__(name=f"events of run {run_id}", daemon=True)
        self.ended = threading.Event()
        self._log = log
        self._run_id = run_id
        self._cursor = cursor
        self._callback = callback

    def run(self) -> None:
        while not self.ended.wait(POLL_SECONDS):
            for record in self._new():
                self._pass_on(record)

    def _new(self) -> Sequence[EventLogRecord]:
        return self._log.get_records_for_run(self._run_id, self._cursor, limit=POLL_RECORDS).records

    def _pass_on(self, record: EventLogRecord) -> None:
        self._cursor = str(EventLogCursor.from_storage_id(record.storage_id))
        if not self.ended.is_set():
            self._callback(record.event_log_entry, self._cursor)


def _engine(url: str) -> Engine:
    engine = sqlalchemy.create_engine(
        url, connect_args={"timeout": SQLITE_BUSY_TIMEOUT_SECONDS}, max_overflow=-1
    )
    sqlalchemy.event.listen(engine, "connect", _commit_without_fsync)
    return engine


def _commit_without_fsync(connection: sqlite3.Connection, _record: object) -> None:
    connection.execute("PRAGMA synchronous=NORMAL")
