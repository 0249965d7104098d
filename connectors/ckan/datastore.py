"""A dataset's rows in CKAN's DataStore, which CKAN's API answers queries about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl

from connectors.ckan.by_calls import Calls
from connectors.ckan.by_copy import bring_by_copy
from connectors.ckan.client import Ckan
from connectors.ckan.database import Database
from connectors.ckan.failures import NotThere
from connectors.ckan.noted import Asked, told_by
from connectors.ckan.table import Table, file_of, quoted
from connectors.portal import Page
from schemas.errors import PortalRejected

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
        """The newest release's rows under its CSV file; nothing where they are there already.

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
            return
        with page.open(page.newest, file_of(page.newest, "parquet").name) as stream:
            rows = table.framed(pl.read_parquet(stream))
        table.require_texts(rows)
        database = self._reached
        if database is None:
            Calls(self.ckan, table).bring(rows, page, noted)
        else:
            with database.transaction() as cursor:
                bring_by_copy(cursor, table, rows)
        self._tell(table)

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

    def _tell(self, table: Table) -> None:
        """Have CKAN know the table, read it back, and note at last which bytes it holds."""
        known: dict[str, object] = {"resource_id": table.name, "force": True}
        self.ckan.ask("datastore_create", known)
        asked = {"resource_id": table.name, "limit": 0, "include_total": True}
        held = self.ckan.ask("datastore_search", asked)["total"]
        if held != table.rows:
            what = f"{held} rows were read back of {table.rows}"
            raise PortalRejected(f"{self.ckan.url}: {table.label}: {what}")
        self.ckan.ask("datastore_create", known | {"fields": table.columns(table.digest)})
