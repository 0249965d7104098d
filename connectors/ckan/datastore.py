"""A dataset's rows in CKAN's DataStore: brought to the new state in one transaction.

A reader of the table sees the rows of before or the new ones at every moment, never none. Where
the DataStore's database can be reached, rows travel by COPY, and only what differs is written.
"""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import adbc_driver_manager
import adbc_driver_postgresql.dbapi
import polars as pl

from connectors.ckan.client import Ckan
from connectors.ckan.described import resource_id
from connectors.portal import Page
from schemas.contract import Field
from schemas.errors import PortalRejected, PortalUnavailable
from schemas.types import TypeWord

_TYPES: dict[TypeWord, str] = {
    "string": "text",
    "integer": "int8",
    "number": "float8",
    "boolean": "bool",
    "date": "date",
    "timestamp": "timestamptz",
}
_VIEW = "datatables_view"
_FRESH = "datasjo_fresh"
# CKAN tells the number of rows that it noted last
_COUNTED = """
DO $$ BEGIN IF to_regprocedure('update_cached_table_row_count(name)') IS NOT NULL
THEN PERFORM update_cached_table_row_count('{name}'); END IF; END $$
"""
_DIGEST = re.compile(r"^sha256:[0-9a-f]{64}$")


@dataclass(frozen=True, slots=True)
class DataStore:
    """The DataStore of a CKAN; `database` is the address of its database for whoever may write."""

    ckan: Ckan
    database: str = field(repr=False)

    def bring(self, page: Page) -> None:
        """The newest release's rows under its CSV file; nothing where they are there already.

        Raises:
            PortalUnavailable: CKAN or the database is down, slow or overloaded.
            PortalRejected: CKAN or the database says no, or the table was read back and has
                another number of rows.
        """
        table = _Table.of(page)
        if self._noted(table) == table.digest:
            return
        self._describe(table)
        with page.open(page.newest, table.parquet) as stream, self._session() as session:
            _replace(session, table, pl.read_parquet(stream).select(table.names))
        self._require(table)
        self._show(table)

    def _noted(self, table: _Table) -> str | None:
        """Which bytes the table was last brought to, as its own description says."""
        shown = self.ckan.find("datastore_info", table.name)
        noted = [
            column.get("info", {}).get("source", "") for column in (shown or {}).get("fields", [])
        ]
        return next((text for text in noted if _DIGEST.match(text)), None)

    def _describe(self, table: _Table) -> None:
        told: dict[str, object] = {
            "resource_id": table.name,
            "fields": table.columns(),
            "primary_key": list(table.key),
            "force": True,
        }
        self.ckan.ask("datastore_create", told)

    def _require(self, table: _Table) -> None:
        asked = {"resource_id": table.name, "limit": 0, "include_total": True}
        held = self.ckan.ask("datastore_search", asked)["total"]
        if held != table.rows:
            what = f"{held} rows were read back of {table.rows}"
            raise PortalRejected(f"{self.ckan.url}: {table.label}: {what}")

    def _show(self, table: _Table) -> None:
        """Give the resource its view, and note at last which bytes the table holds."""
        views = self.ckan.ask("resource_view_list", {"id": table.name})
        if all(view["view_type"] != _VIEW for view in views):
            view = {"resource_id": table.name, "title": "Tabell", "view_type": _VIEW}
            self.ckan.ask("resource_view_create", view)
        told = {"resource_id": table.name, "fields": table.columns(table.digest), "force": True}
        self.ckan.ask("datastore_create", told)

    @contextlib.contextmanager
    def _session(self) -> Iterator[adbc_driver_postgresql.dbapi.Connection]:
        where = f"{self.ckan.url}: the DataStore's database"
        try:
            connection = adbc_driver_postgresql.dbapi.connect(self.database)
        except (adbc_driver_manager.Error, OSError):
            raise PortalUnavailable(f"{where} cannot be reached") from None
        with contextlib.closing(connection):
            try:
                yield connection
                connection.commit()
            except adbc_driver_manager.Error as error:
                code = error.sqlstate or "without a code"
                raise PortalRejected(f"{where} said no: SQLSTATE {code}") from None


@dataclass(frozen=True, slots=True)
class _Table:
    name: str
    label: str
    parquet: str
    digest: str
    rows: int
    fields: tuple[Field, ...]
    key: tuple[str, ...]

    @classmethod
    def of(cls, page: Page) -> _Table:
        owner, contract = page.municipality.number, page.contract
        csv = next(r for r in page.newest.resources if r.format == "csv")
        released = {each.name for each in page.fields}
        return cls(
            name=resource_id(owner, contract.name, csv.name),
            label=f"{owner} {contract.name}",
            parquet=next(r.name for r in page.newest.resources if r.format == "parquet"),
            digest=f"sha256:{csv.sha256}",
            rows=csv.rows,
            fields=page.fields,
            key=contract.key if released.issuperset(contract.key) else (),
        )

    @property
    def names(self) -> list[str]:
        return [each.name for each in self.fields]

    def columns(self, digest: str = "") -> list[dict[str, Any]]:
        """The fields as CKAN's data dictionary has them; the first tells which bytes they hold."""
        described = [_column(each) for each in self.fields]
        described[0]["info"]["source"] = digest
        return described


def _column(declared: Field) -> dict[str, Any]:
    unit = f" [{declared.unit}]" if declared.unit else ""
    info = {"label": declared.name, "notes": f"{declared.description.nb}{unit}"}
    return {"id": declared.name, "type": _TYPES[declared.stored_type], "info": info}


def _replace(
    connection: adbc_driver_postgresql.dbapi.Connection, table: _Table, rows: pl.DataFrame
) -> None:
    """Bring the table to the rows: those that are gone are deleted, those that differ put in."""
    with connection.cursor() as cursor:
        cursor.adbc_ingest(_FRESH, rows.to_arrow(), mode="create", temporary=True)
        for statement in _statements(_quoted(table.name), table.names, table.key):
            cursor.execute(statement)
        cursor.execute(_COUNTED.format(name=table.name))


def _statements(name: str, columns: Sequence[str], key: Sequence[str]) -> Iterator[str]:
    listed = ", ".join(map(_quoted, columns))
    if key:
        same = " AND ".join(f"held.{_quoted(c)} = fresh.{_quoted(c)}" for c in key)
        alike = " AND ".join(
            f"held.{_quoted(c)} IS NOT DISTINCT FROM fresh.{_quoted(c)}" for c in columns
        )
        yield f"CREATE INDEX ON {_FRESH} ({', '.join(map(_quoted, key))})"
        yield f"ANALYZE {_FRESH}"
        found = f"FROM {_FRESH} AS fresh WHERE {same} AND {alike}"
        yield f"DELETE FROM {name} AS held WHERE NOT EXISTS (SELECT {found})"  # noqa: S608 - names only
        held = f"FROM {name} AS held WHERE {same}"
        unheld = f"WHERE NOT EXISTS (SELECT {held})"
    else:
        yield f"DELETE FROM {name}"  # noqa: S608 - names only
        unheld = ""
    yield f"INSERT INTO {name} ({listed}) SELECT {listed} FROM {_FRESH} AS fresh {unheld}"  # noqa: S608 - names only
    yield f"DROP TABLE {_FRESH}"


def _quoted(name: str) -> str:
    return json.dumps(name)
