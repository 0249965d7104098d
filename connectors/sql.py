"""The sql engine: a fagsystem's rows as Arrow, new ones by cursor or changed ones by key."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import pyarrow as pa

from connectors.address import Address
from connectors.database import Database, Query
from connectors.difference import UNCHANGED, difference
from connectors.postgresql import open_postgresql
from connectors.source import Memory
from connectors.spool import Spool
from connectors.sqlite import open_sqlite
from schemas.errors import SourceRejected
from schemas.sidecar import Sidecar
from schemas.source import SqlSource as Binding
from schemas.stages import Batch, Window

_Opener = Callable[[Address, float], AbstractContextManager[Database]]
_OPENERS: dict[str, _Opener] = {
    "sqlite": open_sqlite,
    "postgresql": open_postgresql,
    "postgres": open_postgresql,
}


class SqlSource:
    """A query's rows as one Arrow batch a fetch, or none where nothing differs.

    With a `key`, the difference from the batch before: new and changed rows, and the keys of those
    that are gone. With a `cursor` alone, the rows from the greatest value on that landed before,
    that value included, and rows without a value: rows that share it may have come since, and a row
    that comes twice is one row downstream. A row committed late, under an older value than one that
    has landed, is not seen: a key finds it. With neither, the whole result where it differs.

    The window is not asked for: a query names its own rows.
    """

    def __init__(self, source: Binding, memory: Memory) -> None:
        self._source = source
        self._memory = memory

    def fetch(self, window: Window) -> Iterator[Batch]:  # noqa: ARG002 - the seam's argument
        """At most one batch.

        Raises:
            SourceUnavailable: the database is down, locked, or too slow.
            SourceRejected: it refuses the user or the query.
        """
        address = Address.of(self._source.url)
        landed = self._memory.latest(address.shown)
        with self._opened(address) as database:
            found = self._keyed if self._source.key else self._since
            result, cursor = found(database, landed)
        if result is None or (landed and landed.sha256 == result.sha256()):
            return
        yield Batch(source_url=address.shown, format="arrow", open=result.open, cursor=cursor)

    def _opened(self, address: Address) -> AbstractContextManager[Database]:
        scheme = address.full.partition("://")[0]
        if scheme not in _OPENERS:
            raise SourceRejected(f"there is no driver for it among {', '.join(_OPENERS)}")
        return _OPENERS[scheme](address, self._source.timeout_seconds)

    def _since(self, database: Database, landed: Sidecar | None) -> tuple[Spool | None, str | None]:
        column = self._source.cursor
        last = landed.cursor if landed and column else None
        query = Query(self._source.query, column, json.loads(last) if last else None)
        # asked before the rows: what is committed in between comes again, and is not passed over
        newest = database.newest(query) if column else None
        result = _spooled(database, query)
        cursor = last if newest is None else json.dumps(newest)
        return (result if result.rows else None), cursor

    def _keyed(self, database: Database, landed: Sidecar | None) -> tuple[Spool | None, str | None]:
        now = _spooled(database, Query(self._source.query))
        return difference(now, self._before(landed), self._source.key), None

    def _before(self, landed: Sidecar | None) -> Iterator[pa.RecordBatch]:
        if landed is not None and landed.format == "arrow":
            with pa.ipc.open_stream(self._memory.read(landed)) as reader:
                # another key, or none, leaves nothing to compare with
                if {*self._source.key, UNCHANGED} <= set(reader.schema.names):
                    yield from reader


def _spooled(database: Database, query: Query) -> Spool:
    with database.rows(query) as rows:
        return Spool(rows.schema, rows.batches)
