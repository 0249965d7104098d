"""The rows of a lake table that are about erased persons: found, and taken out of their days."""

import contextlib
import os
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import Self

import polars as pl

from connectors.lake import CommitConflict, DataFile, LakeTable, Snapshot
from connectors.strays import strays
from pipelines.steps.rights.recognition import Recognition, Stored
from pipelines.steps.site import Site
from schemas.stages import DAY

_ATTEMPTS = 5
_WORKERS = min(4, os.cpu_count() or 1)
_HIT = "_erased"
_NOTE = {"operation_reason": "erasure"}


@dataclass(frozen=True, slots=True)
class Sought:
    """What makes a row go: an identifier in its columns, or a key that the person's rows had.

    A key alone does not make a row go that bears somebody else's pseudonym.
    """

    recognition: Recognition
    columns: tuple[Stored, ...]
    keys: pl.DataFrame = field(default_factory=pl.DataFrame)
    days: frozenset[str] | None = None

    @classmethod
    def of(
        cls,
        site: Site,
        table: LakeTable,
        recognition: Recognition,
        keys: pl.DataFrame | None = None,
    ) -> Self:
        """What to look for in a table of the site's dataset."""
        now = table.snapshot()
        columns = recognition.columns_of(site, now)
        if keys is None or keys.is_empty() or not set(keys.columns) <= set(now.schema):
            return cls(recognition, columns)
        typed = keys.cast({name: now.schema[name] for name in keys.columns})
        return cls(recognition, columns, typed)

    def within(self, days: Collection[str]) -> Self:
        """The same in those days alone."""
        return replace(self, days=frozenset(days))

    def files(self, table: Snapshot) -> tuple[DataFile, ...]:
        """The files to look into."""
        return tuple(f for f in table.files if self.days is None or f.day in self.days)

    @property
    def names(self) -> tuple[str, ...]:
        """The columns to look at; none where the table can hold nobody."""
        keys = self.keys.columns if not self.keys.is_empty() else []
        return tuple(dict.fromkeys([*(column.column for column in self.columns), *keys]))

    def hits(self, frame: pl.DataFrame) -> pl.Series:
        """Which rows go; the frame has the columns of `names`."""
        found = self.recognition.stored(frame, self.columns)
        return found if self.keys.is_empty() else found | self._keyed(frame)

    def _keyed(self, frame: pl.DataFrame) -> pl.Series:
        on = self.keys.columns
        marked = self.keys.unique().with_columns(pl.lit(True).alias(_HIT))
        joined = frame.select(on).join(marked, on=on, how="left", maintain_order="left")
        nobody = [frame[c.column].is_null() for c in self.columns if c.column not in on]
        free = pl.select(pl.all_horizontal(*nobody)).to_series() if nobody else True
        return joined[_HIT].fill_null(value=False) & free


@dataclass(frozen=True, slots=True)
class Removed:
    """Rows that went, by local day."""

    days: Mapping[str, int]

    @property
    def rows(self) -> int:
        """How many went."""
        return sum(self.days.values())


def rows_about(table: LakeTable, sought: Sought) -> pl.DataFrame:
    """The rows of the table that would go, with their local day, ISO 8601, in DAY."""
    before = table.snapshot()
    days = _held(table, before, sought) if sought.names else {}
    frames = []
    for day in days:
        rows = table.read(before.of_day(day), before.schema).collect()
        frames.append(rows.filter(sought.hits(rows)).with_columns(pl.lit(day).alias(DAY)))
    return pl.concat(frames) if frames else pl.DataFrame()


def take_out(
    table: LakeTable, sought: Sought, announce: Callable[[], None] = lambda: None
) -> Removed:
    """Take the rows out of the table, and their bytes out of its folder.

    `announce` is called before anything changes, if anything does. Only days that hold such rows
    are written anew.

    Raises:
        CommitConflict: other writers committed first, time and again.
    """
    removed = _taken_out(table, sought, announce) if sought.names else Removed({})
    if removed.days:
        table.vacuum(0, strays=False)
    return removed


def clear_strays(table: LakeTable, sought: Sought) -> None:
    """Remove the files beside the table that hold such rows.

    A killed writer staged them, or the table held them before. Whoever stages them now is held to
    the list of erasures after the commit; one that is only half there is left to the sweep.
    """
    known = table.snapshot().schema
    schema = pl.Schema({name: known[name] for name in sought.names})
    for stray in strays(table) if schema else ():
        with contextlib.suppress(pl.exceptions.PolarsError, OSError):
            if sought.hits(table.read([stray], schema).collect()).any():
                table.discard([stray])


def _taken_out(table: LakeTable, sought: Sought, announce: Callable[[], None]) -> Removed:
    for _ in range(_ATTEMPTS):
        before = table.snapshot()
        held = _held(table, before, sought)
        if not held:
            return Removed({})
        announce()
        with _staged(table, before, list(held), sought) as files:
            try:
                table.replace(before, files, before.schema, _NOTE)
            except CommitConflict:
                continue
            files.clear()
            return Removed(held)
    raise CommitConflict(f"{table.dataset}: another writer committed first, {_ATTEMPTS} times")


def _held(table: LakeTable, before: Snapshot, sought: Sought) -> dict[str, int]:
    schema = pl.Schema({name: before.schema[name] for name in sought.names})

    def count(file: DataFile) -> int:
        return int(sought.hits(table.read([file], schema).collect()).sum())

    found: dict[str, int] = {}
    files = sought.files(before)
    with ThreadPoolExecutor(_WORKERS) as workers:
        for file, rows in zip(files, workers.map(count, files), strict=True):
            if rows:
                found[file.day] = found.get(file.day, 0) + rows
    return found


@contextlib.contextmanager
def _staged(
    table: LakeTable, before: Snapshot, days: Sequence[str], sought: Sought
) -> Iterator[list[DataFile]]:
    files: list[DataFile] = []

    def rewrite(day: str) -> DataFile:
        rows = table.read(before.of_day(day), before.schema).collect()
        file = table.stage(rows.filter(~sought.hits(rows)), day)
        files.append(file)
        return file

    try:
        with ThreadPoolExecutor(_WORKERS) as workers:
            list(workers.map(rewrite, days))
        yield files
    finally:
        table.discard(files)
