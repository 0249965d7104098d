"""A dataset's rows in CKAN's DataStore, which CKAN's API answers queries about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial

import polars as pl

from connectors.ckan.by_calls import Calls, Rows
from connectors.ckan.by_copy import bring_by_copy
from connectors.ckan.client import Ckan
from connectors.ckan.database import Database
from connectors.ckan.failures import NotThere
from connectors.ckan.noted import Asked, told_by
from connectors.ckan.table import Table, held_by, quoted
from connectors.portal import Page
from schemas.errors import PortalRejected
from schemas.released import rows_file
from schemas.stages import Release

_DROPPED = "DROP TABLE IF EXISTS {table} CASCADE"


@dataclass(frozen=True, slots=True)
class DataStore:
    """The DataStore of a CKAN.

    `database` is the address of its database for CKAN's own writing user. Where it is not given or
    nothing answers there, rows travel through CKAN's API, as `ckan`'s user may write them.
    """

    ckan: Ckan
    database: str | None = field(default=None, repr=False)

    def bring(self, page: Page) -> None:
        """The newest release's rows under its CSV file; none is written where they are there.

        Through the database a reader sees the table of before or the new one at every moment.
        Through the API the same holds for a change that fits in one call and makes the table no
        smaller; `Calls` tells what is seen of others.

        Raises:
            PortalUnavailable: CKAN or the database is down, slow or overloaded.
            PortalRejected: CKAN or the database says no, a column has a name that it refuses, or
                the table was read back and has another number of rows.
        """
        table = Table.of(page)
        noted = Asked(self.ckan).get(table.name)
        if noted == table.digest:
            # a table outlives its resource; one made anew under the same id must know of it
            self.ckan.ask("datastore_create", _known(table))
            return
        before = held_by(page, noted)
        held = None if before is None else partial(_rows, table, page, before)
        self.load(table, _rows(table, page, page.newest), held)

    def load(self, table: Table, rows: pl.DataFrame, held: Rows | None = None) -> None:
        """Bring the table to the rows; `held` gives those that it has now, where they are known.

        Both are frames in the table's own columns. Errors are those of `bring`.
        """
        table.require_texts(rows)
        database = self._reached
        if database is None:
            self._by_calls(table, rows, held)
        else:
            with database.transaction() as cursor:
                bring_by_copy(cursor, table, rows)
        self._read_back(table)
        self.ckan.ask("datastore_create", _known(table) | {"fields": table.columns(table.digest)})

    def standing(self) -> Mapping[str, str]:
        """The digest that each table was last brought to: one query of the database.

        Through the API, a table is asked for when it is looked up.
        """
        database = self._reached
        return Asked(self.ckan) if database is None else told_by(database)

    def drop(self, name: str) -> None:
        """Have no table of that resource's id; nothing happens where there is none.

        The table of a resource that is gone itself is reached through the database alone.
        """
        try:
            self.ckan.ask("datastore_delete", {"resource_id": name, "force": True})
        except NotThere:
            database = self._reached
            if database is not None:
                with database.transaction() as cursor:
                    cursor.execute(_DROPPED.format(table=quoted(name)))

    @property
    def _reached(self) -> Database | None:
        if self.database is None:
            return None
        database = Database(self.database, self.ckan.url)
        return database if database.is_reachable else None

    def _by_calls(self, table: Table, rows: pl.DataFrame, held: Rows | None) -> None:
        calls = Calls(self.ckan, table)
        calls.bring(rows, held)
        if held is not None and self._held(table) != table.rows:
            # somebody wrote in the table by hand
            calls.bring(rows)

    def _read_back(self, table: Table) -> None:
        held = self._held(table)
        if held != table.rows:
            what = f"{held} rows were read back of {table.rows}"
            raise PortalRejected(f"{self.ckan.url}: {table.label}: {what}")

    def _held(self, table: Table) -> int:
        """How many rows CKAN says that the table has."""
        total = self._total(table)
        if total == table.rows:
            return total
        # it may have noted a number while the rows came: this makes it count again
        self.ckan.ask("datastore_create", _known(table))
        return self._total(table)

    def _total(self, table: Table) -> int:
        asked = {"resource_id": table.name, "limit": 0, "include_total": True}
        return int(self.ckan.ask("datastore_search", asked)["total"])


def _known(table: Table) -> dict[str, object]:
    return {"resource_id": table.name, "force": True}


def _rows(table: Table, page: Page, release: Release) -> pl.DataFrame:
    with page.open(release, rows_file(release, "parquet").name) as stream:
        return table.framed(pl.read_parquet(stream))
