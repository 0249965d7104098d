"""PostgreSQL as a source: read-only sessions, types that Arrow lacks as the database's own text."""

from __future__ import annotations

import contextlib
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass

import adbc_driver_manager
import adbc_driver_postgresql.dbapi
import pyarrow as pa

from connectors.address import Address
from connectors.database import Database, Query, Rows, Session, Value, quoted
from schemas.errors import SourceError, SourceRejected, SourceUnavailable

_TYPE = b"POSTGRESQL:type"
_PLAIN = (
    pa.types.is_integer,
    pa.types.is_floating,
    pa.types.is_boolean,
    pa.types.is_string,
    pa.types.is_date,
    pa.types.is_timestamp,
)
# classes of SQLSTATE: connection, lack of resources, rollback, operator's intervention, lock
_WAITING_MAY_HELP = ("08", "53", "40", "57", "55P03")
_CUT_OFF = ("canceling statement", "terminating connection", "closed the connection", "ssl")
_SIGNING_IN = ("password", "authentication", "pg_hba", "does not exist", "permission denied")
_MISSING = re.compile(r'(relation|column) "([\w.]+)" does not exist', re.IGNORECASE)


@contextlib.contextmanager
def open_postgresql(address: Address, timeout_seconds: float) -> Iterator[Database]:
    """The database at postgresql://; the timeout bounds signing in, and each statement.

    Raises:
        SourceUnavailable: the server cannot be reached, or takes no more connections.
        SourceRejected: it refuses the user, or has no such database.
    """

    def explain(error: Exception) -> SourceError:
        return _explain(error, address.shown)

    # libpq takes whole seconds, and no fewer than two
    seconds = max(2, math.ceil(timeout_seconds))
    uri = f"{address.full}{'&' if '?' in address.full else '?'}connect_timeout={seconds}"
    try:
        connection = adbc_driver_postgresql.dbapi.connect(uri, autocommit=True)
    except (adbc_driver_manager.Error, OSError) as error:
        raise _unreached(error, address.shown) from None
    with contextlib.closing(connection):
        session = Session(connection, explain)
        session.run("set default_transaction_read_only = on")
        session.run("set datestyle = 'ISO'")
        session.run(f"set statement_timeout = {math.ceil(timeout_seconds * 1000)}")
        yield _Postgresql(session)


@dataclass(frozen=True, slots=True)
class _Postgresql:
    session: Session

    def newest(self, query: Query) -> Value | None:
        where, values = _condition(query, self.session.columns(query))
        column = quoted(query.cursor or "")
        select = query.select(f"cast(max({column}) as text)", where)
        (value,) = self.session.one(select, *values)
        return value if isinstance(value, str) else None

    @contextlib.contextmanager
    def rows(self, query: Query) -> Iterator[Rows]:
        """The rows, whatever is no number, text, date or truth as text."""
        schema = self.session.columns(query)
        where, values = _condition(query, schema)
        columns = ", ".join(_column(column) for column in schema)
        with self.session.read(query.select(columns, where), *values) as rows:
            yield rows


def _column(column: pa.Field) -> str:
    name = quoted(column.name)
    is_plain = any(check(column.type) for check in _PLAIN)
    return name if is_plain else f"cast({name} as text) as {name}"


def _condition(query: Query, schema: pa.Schema) -> tuple[str, tuple[Value, ...]]:
    if query.cursor is None or query.since is None:
        return "", ()
    column = quoted(query.cursor)
    kind = (schema.field(query.cursor).metadata or {}).get(_TYPE, b"text").decode()
    return f" where {column} >= cast($1 as {quoted(kind)}) or {column} is null", (str(query.since),)


def _explain(error: Exception, shown: str) -> SourceError:
    text = str(error).lower()
    state = getattr(error, "sqlstate", None) or ""
    if state.startswith(_WAITING_MAY_HELP) or any(word in text for word in _CUT_OFF):
        return SourceUnavailable(f"{shown} broke off or did not answer in time")
    if missing := _MISSING.search(str(error)):
        kind = {"relation": "table"}.get(missing[1], missing[1])
        return SourceRejected(f"{shown} has no {kind} '{missing[2]}'")
    return SourceRejected(f"{shown} cannot run the query" + (f" ({state})" if state else ""))


def _unreached(error: Exception, shown: str) -> SourceError:
    text = str(error).lower()
    if any(word in text for word in _SIGNING_IN):
        return SourceRejected(f"{shown} refuses the user, the password or the database's name")
    return SourceUnavailable(f"{shown} cannot be reached")
