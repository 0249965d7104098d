"""Rows brought into a DataStore's table by CKAN's API, where its database cannot be reached.

One call is one transaction of CKAN's. It can add rows and give others new values, but not take any
away; a row that goes gives its place to one that comes. What that leaves over goes in a last call.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

import polars as pl

from connectors.ckan.client import Ckan
from connectors.ckan.difference import Difference
from connectors.ckan.failures import NotThere, Refused
from connectors.ckan.records import Load, Record, frame_of, loads, records_of
from connectors.ckan.table import PLACE, Table

_PAGE = 30_000
_MOST = Load()
_IN_ORDER = (pl.Int64(), pl.Float64(), pl.Date(), pl.Datetime("us", "UTC"))
Filters = dict[str, Mapping[str, object]]
Rows = Callable[[], pl.DataFrame]


@dataclass(frozen=True, slots=True)
class Calls:
    """A table as CKAN's API writes it.

    Of a change that fits in one call (`most`) a reader sees all or nothing, unless rows go without
    others coming: those go in a call of their own, and between the two the table holds them beside
    the new state. Of a larger change, and of the first load, a reader sees the part that has come,
    and after a new column is made, the rows that are without it yet. Rows that change are found by
    the words of before in a search for text, until the call that follows.
    """

    ckan: Ckan
    table: Table
    most: Load = _MOST

    def bring(self, rows: pl.DataFrame, held: Rows | None = None) -> None:
        """Bring the table to the rows; what it holds is read from CKAN where `held` is not given.

        Run again after it was broken off, it goes on from what the table holds.
        """
        standing = self._standing()
        if standing is None:
            self._fill(rows)
            return
        self._describe()
        # rows without a key are known by their places, which only CKAN knows
        before = held() if held and self.table.key else self._read_back(self.table.schema)
        self._replace(Difference.between(before, rows, self.table.identity))
        if not set(standing) <= set(self.table.names):
            self._describe(delete_fields=True)

    def _standing(self) -> dict[str, str] | None:
        """The columns of the table and their types; None where it must be made, or made anew."""
        asked = {"include_meta": False, "include_fields_schema": False}
        try:
            shown = self.ckan.ask("datastore_info", {"resource_id": self.table.name, **asked})
        except NotThere:
            return None
        columns = {each["id"]: each["type"] for each in shown["fields"]}
        wanted = dict(zip(self.table.names, self.table.types, strict=True))
        if all(columns.get(name, word) == word for name, word in wanted.items()):
            return columns
        # CKAN gives a column another type in no other way
        self._ask("datastore_delete")
        return None

    def _fill(self, rows: pl.DataFrame) -> None:
        batches = loads(records_of(rows), self.most)
        first = next(batches, []) if self.table.key else []
        self._describe(indexes=self.table.indexes, records=first)
        for batch in batches:
            self._put([], batch)

    def _describe(self, **more: object) -> None:
        """The columns and their descriptions, without a digest: it is not there yet."""
        told = {"fields": self.table.columns(), "primary_key": list(self.table.key)}
        self._ask("datastore_create", **told, **more)

    def _read_back(self, schema: pl.Schema, filters: Filters | None = None) -> pl.DataFrame:
        """Those columns of the rows that the table holds, with their places."""
        wanted = pl.Schema({PLACE: pl.Int64(), **schema})
        asked = {"fields": wanted.names(), "sort": PLACE, "limit": _PAGE, "include_total": False}
        parts = [frame_of([], wanted)]
        last: int | None = 0
        while last is not None:
            only = {**(filters or {}), PLACE: {"gt": last}}
            found = self._ask("datastore_search", **asked, filters=only)
            parts.append(frame_of(found["records"], wanted))
            last = max((record[PLACE] for record in found["records"]), default=None)
        return pl.concat(parts)

    def _replace(self, difference: Difference) -> None:
        places = self._places(difference.gone)
        added = list(records_of(difference.added))
        taken = min(len(places), len(added)) if self.table.key else 0
        moved = [{PLACE: at, **record} for at, record in zip(places, added, strict=False)][:taken]
        known = [*records_of(difference.changed), *moved]
        at = 0
        for batch in loads(iter([*known, *added[taken:]]), self.most):
            here = max(0, len(known) - at)
            self._put(batch[:here], batch[here:])
            at += len(batch)
        self._delete(places[taken:])

    def _places(self, gone: pl.DataFrame) -> list[int]:
        """Where the rows stand that go."""
        if gone.is_empty() or not self.table.key:
            return gone.get_column(PLACE).to_list() if gone.height else []
        schema = pl.Schema({name: self.table.schema[name] for name in self.table.key})
        held = self._read_back(schema, _around(gone, schema))
        found = held.join(gone, on=list(self.table.key), how="semi", nulls_equal=True)
        return found.get_column(PLACE).to_list()

    def _put(self, known: list[Record], new: list[Record]) -> None:
        """Write rows that are there, by key or place, and rows that are not, in one transaction."""
        quick = "update" if not new else "insert" if self.table.key and not known else "upsert"
        try:
            self._write(quick, [*known, *new])
        except Refused:
            if quick == "upsert":
                raise
            # the table is not what it was noted to be
            quick = "upsert"
            self._write(quick, [*known, *new])
        if known and quick == "upsert":
            # CKAN leaves the words of before in the index of texts where it upserts
            self._write("update", known)

    def _write(self, method: str, records: list[Record]) -> None:
        self._ask("datastore_upsert", method=method, records=records, calculate_record_count=False)

    def _delete(self, places: list[int]) -> None:
        left = iter(places)
        while some := list(islice(left, self.most.rows)):
            only = {PLACE: some}
            self._ask("datastore_records_delete", filters=only, calculate_record_count=False)

    def _ask(self, action: str, **told: object) -> Any:  # noqa: ANN401 - CKAN's own shapes
        force = {} if action == "datastore_search" else {"force": True}
        return self.ckan.ask(action, {"resource_id": self.table.name, **force, **told})


def _around(gone: pl.DataFrame, schema: pl.Schema) -> Filters:
    """What the rows that go have between them, so that few others are read."""
    rows = {name: gone.get_column(name) for name, dtype in schema.items() if dtype in _IN_ORDER}
    ends = {
        name: next(records_of(pl.DataFrame({"gte": [column.min()], "lte": [column.max()]})))
        for name, column in rows.items()
        if not column.has_nulls()
    }
    return dict(ends)
