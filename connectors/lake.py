"""The Delta table of one municipality's dataset: days are replaced together, or not at all."""

from __future__ import annotations

import dataclasses
import json
import time
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl
from deltalake import CommitProperties, DeltaTable, Schema, Transaction
from deltalake.exceptions import CommitFailedError, DeltaError, TableNotFoundError
from deltalake.transaction import AddAction, create_table_with_add_actions

from connectors.store import Store, store_errors
from schemas.errors import ContractBroken, StoreRejected, StoreUnavailable
from schemas.stages import DAY, Pseudonymised

_WRITER = "datasjo"
_ALGORITHM, _KEY_ID, _VERSION = "datasjo.algorithm", "datasjo.key_id", "datasjo.key_version"
# a contract may turn an integer into a number; files of before still hold integers
_WIDENED = pl.ScanCastOptions(integer_cast="allow-float")


class CommitConflict(StoreUnavailable):
    """Another writer committed first; read the partitions again and retry."""


@dataclass(frozen=True, slots=True)
class DataFile:
    """One Parquet file of one day, under the table's folder."""

    path: str
    day: str
    rows: int
    size: int


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One version of the table: -1 where there is no table yet, its files and its columns.

    `pseudonyms` says of each column of pseudonyms what is behind it, as the table records it.
    """

    version: int
    files: tuple[DataFile, ...]
    schema: pl.Schema = field(default_factory=pl.Schema)
    pseudonyms: Mapping[str, Pseudonymised] = field(default_factory=dict)

    def of_day(self, day: str) -> tuple[DataFile, ...]:
        """The files of a local day, ISO 8601."""
        return tuple(file for file in self.files if file.day == day)


@dataclass(frozen=True, slots=True)
class _Change:
    files: Sequence[DataFile]
    days: Sequence[str]
    schema: pl.Schema
    note: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class LakeTable:
    """A dataset's table in its owner's root, in the zone's folder."""

    store: Store
    dataset: str
    zone: str = "lake"
    records: Mapping[str, Pseudonymised] = field(default_factory=dict)

    @property
    def folder(self) -> str:
        """The table's place in the root."""
        return f"{self.zone}/{self.dataset}"

    @property
    def uri(self) -> str:
        """The table's address."""
        return self.store.uri(self.folder)

    def snapshot(self) -> Snapshot:
        """The table as it stands now."""
        table = self._table()
        if table is None:
            return Snapshot(-1, ())
        return Snapshot(
            table.version(), tuple(_data_files(table)), _polars_schema(table), _recorded(table)
        )

    def recording(self, pseudonyms: Mapping[str, Pseudonymised]) -> LakeTable:
        """The same table, whose next commits record that of their columns of pseudonyms."""
        return dataclasses.replace(self, records=pseudonyms)

    def require(self, before: Snapshot, schema: pl.Schema) -> None:
        """Raise ContractBroken where a column of the table can no longer be read as that type."""
        for name, kind in before.schema.items():
            widened = kind == pl.Int64 and schema.get(name) == pl.Float64
            if name in schema and schema[name] != kind and not widened:
                what = f"is {kind} in the lake and {schema[name]} in the contract"
                raise ContractBroken(f"{self.dataset}: {name} {what}; give it another name")

    def scan(self, days: Sequence[str] | None = None, version: int | None = None) -> pl.LazyFrame:
        """The rows of those days, or of all; StoreRejected where there is no such table."""
        table = self._table(version)
        if table is None:
            raise StoreRejected(f"{self.dataset}: nothing has been committed yet")
        files = [f for f in _data_files(table) if days is None or f.day in set(days)]
        return self.read(files, _polars_schema(table))

    def read(self, files: Sequence[DataFile], schema: pl.Schema) -> pl.LazyFrame:
        """The rows of those files in the given order of columns; a column they lack is null."""
        if not files:
            return pl.LazyFrame(schema=schema)
        paths = [f"{self.uri}/{file.path}" for file in files]
        return pl.scan_parquet(
            paths,
            schema=schema,
            missing_columns="insert",
            extra_columns="ignore",
            hive_partitioning=False,
            cast_options=_WIDENED,
        )

    def stage(self, frame: pl.DataFrame, day: str) -> DataFile:
        """A day's rows as a file beside the table, which no reader sees until it is committed."""
        path = f"{DAY}={day}/part-{uuid.uuid4().hex}.parquet"
        target = f"{self.uri}/{path}"
        with store_errors(f"writing {self.dataset} {day}"):
            try:
                # no statistics: a footer would hold values of rows, and readers prune by day
                frame.write_parquet(
                    target, compression="zstd", compression_level=1, statistics=False, mkdir=True
                )
            except pl.exceptions.ComputeError as error:
                self.store.remove(f"{self.folder}/{path}")
                raise OSError(str(error)) from None
        return DataFile(path, day, frame.height, self._size(path))

    def discard(self, files: Sequence[DataFile]) -> None:
        """Remove staged files that will not be committed."""
        for file in files:
            self.store.remove(f"{self.folder}/{file.path}")

    def replace(
        self,
        before: Snapshot,
        files: Sequence[DataFile],
        schema: pl.Schema,
        note: Mapping[str, Any],
    ) -> int:
        """Put `files` in the place of all earlier files of their days; the table's new version.

        `schema` becomes the table's: a row of before has null in a new column. What the table
        records of its pseudonyms stays, but for what `recording` was told.

        Raises:
            CommitConflict: the table is no longer at `before`.
        """
        days = sorted({file.day for file in files})
        return self._replace(before, _Change(files, days, schema, note))

    def history(self, limit: int | None = None) -> list[dict[str, Any]]:
        """The table's commits, newest first; all of them, or so many."""
        table = self._table()
        return table.history(limit) if table else []

    def drop(self, before: Snapshot, days: Sequence[str], note: Mapping[str, Any]) -> int:
        """Leave those days out altogether; the table's new version. Raises as `replace`."""
        return self._replace(before, _Change((), days, before.schema, note))

    def vacuum(self, keep_hours: int, *, strays: bool = True) -> int:
        """Remove files older than `keep_hours` that no version since needs; how many they were.

        With `strays` also what a killed writer staged and never committed: keep longer than a
        commit takes.
        """
        table = self._table()
        if table is None:
            return 0

        def remove(*, dry_run: bool) -> list[str]:
            return table.vacuum(keep_hours, dry_run, enforce_retention_duration=False, full=strays)

        there = set(self.store.find(self.folder))
        old = [path for path in remove(dry_run=True) if f"{self.folder}/{path}" in there]
        if old:
            # a vacuum is a commit of its own, which other writers have to heed
            remove(dry_run=False)
        return len(old)

    def _replace(self, before: Snapshot, change: _Change) -> int:
        try:
            with store_errors(f"committing {self.dataset}"):
                recorded = {**before.pseudonyms, **self.records}
                self._commit(before.version, change, _delta_schema(change.schema, recorded))
        except CommitFailedError:
            raise CommitConflict(f"{self.dataset}: another writer committed first") from None
        except DeltaError as error:
            if "already exists" in str(error):
                raise CommitConflict(f"{self.dataset}: another writer committed first") from None
            raise StoreUnavailable(f"{self.dataset}: the commit failed") from None
        return before.version + 1

    def _commit(self, before: int, change: _Change, schema: Schema) -> None:
        properties = CommitProperties(
            custom_metadata=dict(change.note),
            max_commit_retries=0,
            app_transactions=[Transaction(_WRITER, before + 1)],
        )
        added = _added(change.files)
        if before < 0:
            create_table_with_add_actions(
                self.uri, schema, added, partition_by=[DAY], commit_properties=properties
            )
            return
        table = self._table(before)
        if table is None:
            raise CommitConflict(f"{self.dataset}: the table was removed")
        table.create_write_transaction(
            [*added],
            "overwrite",
            schema,
            partition_by=[DAY],
            partition_filters=[(DAY, "in", list(change.days))],
            commit_properties=properties,
        )

    def _table(self, version: int | None = None) -> DeltaTable | None:
        try:
            return DeltaTable(self.uri, version=version)
        except TableNotFoundError:
            return None
        except DeltaError:
            raise StoreRejected(f"{self.dataset}: the table's log cannot be read") from None
        except OSError:
            raise StoreUnavailable(f"{self.dataset}: the table cannot be read") from None

    def _size(self, path: str) -> int:
        if self.store.is_local:
            return Path(f"{self.uri}/{path}").stat().st_size
        with self.store.open(f"{self.folder}/{path}") as stream:
            return stream.seek(0, 2)


def _data_files(table: DeltaTable) -> list[DataFile]:
    actions = pl.DataFrame(table.get_add_actions(flatten=True))
    names = {"path": "path", f"partition.{DAY}": "day", "num_records": "rows", "size_bytes": "size"}
    rows = actions.select(pl.col(old).alias(new) for old, new in names.items())
    return [
        DataFile(path, str(day), rows_, size)
        for path, day, rows_, size in rows.sort("day", "path").iter_rows()
    ]


def _added(files: Sequence[DataFile]) -> list[AddAction]:
    now = int(time.time() * 1000)
    return [
        AddAction(f.path, f.size, {DAY: f.day}, now, True, json.dumps({"numRecords": f.rows}))
        for f in files
    ]


def _delta_schema(schema: pl.Schema, recorded: Mapping[str, Pseudonymised]) -> Schema:
    frame = pl.DataFrame(schema={**schema, DAY: pl.Date()})
    arrow = frame.to_arrow(compat_level=pl.CompatLevel.oldest()).schema
    for index, column in enumerate(arrow):
        if column.name in recorded:
            told = _told(recorded[column.name])
            arrow = arrow.set(index, column.with_metadata(told))
    return Schema.from_arrow(arrow)


def _told(behind: Pseudonymised) -> dict[str, str]:
    return {_ALGORITHM: behind.algorithm, _KEY_ID: behind.key_id, _VERSION: str(behind.version)}


def _recorded(table: DeltaTable) -> dict[str, Pseudonymised]:
    told = {column.name: column.metadata for column in table.schema().fields}
    return {
        name: Pseudonymised(
            str(metadata[_ALGORITHM]), str(metadata[_KEY_ID]), int(metadata[_VERSION])
        )
        for name, metadata in told.items()
        if _ALGORITHM in metadata
    }


def _polars_schema(table: DeltaTable) -> pl.Schema:
    arrow = table.schema().to_arrow()
    frame = pl.DataFrame(schema=pl.Schema(arrow))
    return pl.Schema({name: kind for name, kind in frame.schema.items() if name != DAY})
