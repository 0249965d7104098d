"""SQLite as a source: opened read-only, one snapshot a fetch, its loose types made firm."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import adbc_driver_sqlite.dbapi
import pyarrow as pa
import pyarrow.compute as pc

from connectors.address import Address
from connectors.database import Database, Query, Rows, Session, Value, quoted
from schemas.errors import SourceError, SourceRejected, SourceUnavailable

_PREFIX = "sqlite:///"
_BATCH = {"adbc.sqlite.query.batch_rows": "50000"}
_MODEL = "_model"
# what a column may hold, and the literal that makes the driver see it so
_MODELS = {
    frozenset(["integer"]): "0",
    frozenset(["real"]): "0.0",
    frozenset(["integer", "real"]): "0.0",
    frozenset(["blob"]): "x''",
}
_MISSING = re.compile(r"no such (table|column): ([\w.]+)", re.IGNORECASE)
_BUSY = ("locked", "busy", "failed to open", "unable to open", "disk i/o")


@contextlib.contextmanager
def open_sqlite(address: Address, timeout_seconds: float) -> Iterator[Database]:
    """The database file at sqlite:///path; the timeout is the longest wait for its lock.

    Raises:
        SourceUnavailable: the file does not exist, or is locked.
        SourceRejected: its folder does not exist, or it is no SQLite database.
    """
    path = Path(address.full.removeprefix(_PREFIX))
    if not path.parent.is_dir():
        raise SourceRejected(f"{address.shown}: its folder does not exist")
    if not path.is_file():
        raise SourceUnavailable(f"{address.shown} does not exist")

    def explain(error: Exception) -> SourceError:
        return _explain(error, address.shown)

    uri = f"file:{quote(str(path))}?mode=ro"
    with contextlib.closing(adbc_driver_sqlite.dbapi.connect(uri)) as connection:
        session = Session(connection, explain, _BATCH)
        session.run(f"pragma busy_timeout = {int(timeout_seconds * 1000)}")
        yield _Sqlite(session)


@dataclass(frozen=True, slots=True)
class _Sqlite:
    session: Session

    def newest(self, query: Query) -> Value | None:
        self.session.columns(query)
        where, values = _condition(query)
        column = quoted(query.cursor or "")
        (value,) = self.session.one(query.select(f"max({column})", where), *values)
        return value if isinstance(value, str | int | float) else None

    @contextlib.contextmanager
    def rows(self, query: Query) -> Iterator[Rows]:
        """The rows, a column of mixed kinds as text.

        SQLite has a type a value, and its driver takes a column's from the first rows. So the
        select begins with a model row that holds one value of each column's true kind.
        """
        models = self._models(query)
        where, values = _condition(query)
        model = ", ".join(f"{literal} as {quoted(name)}" for name, literal in models.items())
        columns = ", ".join(
            f"cast({quoted(name)} as text)" if literal == "''" else quoted(name)
            for name, literal in models.items()
        )
        rest = query.select(f"0, {columns}", where)
        with self.session.read(f"select 1 as {_MODEL}, {model} union all {rest}", *values) as rows:
            yield Rows(rows.schema.remove(0), (_without_model(batch) for batch in rows.batches))

    def _models(self, query: Query) -> dict[str, str]:
        names = self.session.columns(query).names
        where, values = _condition(query)
        kinds = ", ".join(f"group_concat(distinct typeof({quoted(name)}))" for name in names)
        found = self.session.one(query.select(kinds, where), *values)
        held = (frozenset((kind or "null").split(",")) - {"null"} for kind in found)
        return {name: _MODELS.get(kind, "''") for name, kind in zip(names, held, strict=True)}


def _condition(query: Query) -> tuple[str, tuple[Value, ...]]:
    if query.cursor is None or query.since is None:
        return "", ()
    column = quoted(query.cursor)
    return f" where {column} >= ? or {column} is null", (query.since,)


def _without_model(batch: pa.RecordBatch) -> pa.RecordBatch:
    return batch.filter(pc.equal(batch[_MODEL], 0)).drop_columns([_MODEL])


def _explain(error: Exception, shown: str) -> SourceError:
    text = str(error).lower()
    if any(word in text for word in _BUSY):
        return SourceUnavailable(f"{shown} is locked or cannot be opened")
    if "not a database" in text:
        return SourceRejected(f"{shown} is not an SQLite database")
    if missing := _MISSING.search(str(error)):
        return SourceRejected(f"{shown} has no {missing[1]} '{missing[2]}'")
    return SourceRejected(f"{shown} cannot run the query")
