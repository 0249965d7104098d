"""What a fagsystem's database is asked, whichever it is, and how its driver is spoken to."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

import adbc_driver_manager
import pyarrow as pa

from schemas.errors import SourceError, SourceRejected

Value = str | int | float


@dataclass(frozen=True, slots=True)
class Query:
    """A select, and from which value of its cursor column on its rows are wanted."""

    text: str
    cursor: str | None = None
    since: Value | None = None

    def select(self, columns: str, rest: str = "") -> str:
        """A select of those columns from the rows of this one."""
        inner = self.text.strip().rstrip(";")
        # the line break ends a comment that the query may end with
        return f"select {columns} from ({inner}\n) as source{rest}"  # noqa: S608 - a binding holds its query, no user does


@dataclass(frozen=True, slots=True)
class Rows:
    """A result: its columns, and its rows as they stream in."""

    schema: pa.Schema
    batches: Iterator[pa.RecordBatch]


class Database(Protocol):
    """A database that is open for reading. Its errors are SourceErrors without a value."""

    def newest(self, query: Query) -> Value | None:
        """The greatest value of the cursor column; None where no row has one."""
        ...

    def rows(self, query: Query) -> contextlib.AbstractContextManager[Rows]:
        """The rows from `since` on and those without a cursor value, in no order."""
        ...


@dataclass(frozen=True, slots=True)
class Session:
    """An ADBC connection whose errors are explained in the database's own terms."""

    connection: Any = field(repr=False)
    explain: Callable[[Exception], SourceError]
    options: Mapping[str, str] = field(default_factory=dict)

    def run(self, statement: str) -> None:
        """Run a statement that gives no rows."""
        with self.read(statement) as rows:
            list(rows.batches)

    def one(self, select: str, *values: Value) -> tuple[Any, ...]:
        """The first row of a select."""
        with self.read(select, *values) as rows:
            table = pa.Table.from_batches(list(rows.batches), rows.schema)
            return tuple(column[0].as_py() for column in table.columns)

    def columns(self, query: Query) -> pa.Schema:
        """The columns that a query gives, each name once, the cursor's among them."""
        with self.read(query.select("*", " limit 0")) as rows:
            names = rows.schema.names
            twice = sorted({name for name in names if names.count(name) > 1})
            if twice:
                raise SourceRejected(f"the query gives two columns the name '{twice[0]}'")
            if query.cursor is not None and query.cursor not in names:
                raise SourceRejected(f"the query gives no column '{query.cursor}'")
            return rows.schema

    @contextlib.contextmanager
    def read(self, select: str, *values: Value) -> Iterator[Rows]:
        """A select's rows, as long as the block runs."""
        with contextlib.closing(self.connection.cursor(adbc_stmt_kwargs=self.options)) as cursor:
            with self._explained():
                cursor.execute(select, values or None)
                reader = cursor.fetch_record_batch()
            yield Rows(reader.schema, self._stream(reader))

    def _stream(self, reader: pa.RecordBatchReader) -> Iterator[pa.RecordBatch]:
        while True:
            with self._explained():
                batch = next(reader, None)
            if batch is None:
                return
            yield batch

    @contextlib.contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except (adbc_driver_manager.Error, OSError, pa.ArrowException) as error:
            raise self.explain(error) from None


def quoted(name: str) -> str:
    """The name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'
