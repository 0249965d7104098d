"""Masked rows on their way into the lake: files beside the table, until they are settled."""

import dataclasses
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from connectors.lake import DataFile, LakeTable, Snapshot
from schemas.contract import Contract
from schemas.stages import DAY, Masked

HELD_ROWS = 500_000


@dataclass(frozen=True, slots=True)
class Settled:
    """The whole of each touched day, ready to take its place: one row a key, the last one landed.

    `fresh` counts the commit's own rows in it, `restated` the rows of the lake that gave way to
    them, `removed` those whose source no longer has them.
    """

    before: Snapshot
    files: tuple[DataFile, ...]
    fresh: int
    restated: int
    removed: int

    @property
    def days(self) -> dict[str, int]:
        """Local day → rows."""
        return {file.day: file.rows for file in self.files}


@dataclass(slots=True)
class Stage:
    """Collects the masked chunks of one commit.

    Memory holds some half a million rows: days that were touched last stay, older ones go to files.
    """

    contract: Contract
    table: LakeTable
    _held: dict[str, list[pl.DataFrame]] = field(default_factory=dict)
    _held_rows: int = 0
    _pieces: dict[str, list[DataFile]] = field(default_factory=lambda: defaultdict(list))
    _arrived: list[pl.DataFrame] = field(default_factory=list)
    _deleted: list[pl.DataFrame] = field(default_factory=list)
    _written: list[DataFile] = field(default_factory=list)

    def add(self, masked: Masked) -> None:
        """Stage a chunk; of rows with the same key the last one counts."""
        self._note(masked)
        for day, part in _by_day(masked.frame):
            self._hold(day, part)
        while self._held_rows > HELD_ROWS and len(self._held) > 1:
            day = next(iter(self._held))
            self._pieces[day].append(self._write(self._release(day), day))

    def settle(self, before: Snapshot) -> Settled:
        """The touched days as they will be, over the table as it is at `before`.

        Raises:
            ContractBroken: the table holds a column in a type that the contract has left behind.
        """
        self.table.require(before, self.contract.lake_schema)
        leavers = self._leavers(before)
        touched = sorted({*self._pieces, *self._held, *leavers})
        days = [self._settle_day(day, before, leavers.get(day)) for day in touched]
        return Settled(
            before=before,
            files=tuple(file for day in days for file in day.files),
            fresh=sum(day.fresh for day in days),
            restated=sum(day.restated for day in days),
            removed=sum(day.removed for day in days),
        )

    def settle_anew(self, before: Snapshot) -> Settled:
        """The same with nothing of what stands in the table: days that lack rows become empty."""
        settled = self.settle(dataclasses.replace(before, files=()))
        nothing = pl.DataFrame(schema=self.contract.lake_schema)
        gone = sorted({file.day for file in before.files} - settled.days.keys())
        emptied = tuple(self._write(nothing, day) for day in gone)
        return dataclasses.replace(settled, before=before, files=(*settled.files, *emptied))

    def keep(self, files: Sequence[DataFile]) -> None:
        """Let go of files that are committed."""
        paths = {file.path for file in files}
        self._written = [file for file in self._written if file.path not in paths]

    def discard(self) -> None:
        """Remove everything that was staged and is not committed."""
        self.table.discard(self._written)
        self._written.clear()

    def _note(self, masked: Masked) -> None:
        keys = list(self.contract.key)
        self._deleted = [gone.join(masked.frame, on=keys, how="anti") for gone in self._deleted]
        if not masked.deleted.is_empty():
            self._deleted.append(masked.deleted)
        if self.contract.rows_may_move:
            day = pl.col(DAY).cast(pl.String)
            self._arrived.append(masked.frame.select(*keys, day))

    def _hold(self, day: str, rows: pl.DataFrame) -> None:
        self._held[day] = [*self._held.pop(day, []), rows]
        self._held_rows += rows.height

    def _release(self, day: str) -> pl.DataFrame:
        rows = pl.concat(self._held.pop(day))
        self._held_rows -= rows.height
        return self._unique(rows)

    def _settle_day(self, day: str, before: Snapshot, gone: pl.DataFrame | None) -> Settled:
        pieces, held = self._pieces[day], self._held.get(day)
        if before.of_day(day) or gone is not None or len(pieces) + bool(held) > 1:
            return self._merge_day(day, before, gone)
        if held:
            pieces.append(self._write(self._release(day), day))
        return Settled(before, tuple(pieces), pieces[0].rows, 0, 0)

    def _merge_day(self, day: str, before: Snapshot, gone: pl.DataFrame | None) -> Settled:
        new = self._unique(pl.concat([self._read(self._pieces[day]), *self._held.get(day, [])]))
        standing = self._read(before.of_day(day))
        kept = self._without(standing, new)
        stays = kept if gone is None else self._without(kept, gone)
        new = new if gone is None else self._without(new, gone)
        file = self._write(pl.concat([stays, new]), day)
        restated, removed = standing.height - kept.height, kept.height - stays.height
        return Settled(before, (file,), new.height, restated, removed)

    def _leavers(self, before: Snapshot) -> Mapping[str, pl.DataFrame]:
        """Day → keys of rows that leave it: deleted, or moved to another day by a later row."""
        gone = [keys.with_columns(pl.lit(None, pl.String).alias(DAY)) for keys in self._deleted]
        if not gone and not self._arrived:
            return {}
        latest = pl.concat([*self._arrived, *gone]).unique(self.contract.key, keep="last")
        days = sorted({*self._pieces, *self._held, *(file.day for file in before.files)})
        found = {day: self._leaving(before, day, latest) for day in days}
        return {day: keys for day, keys in found.items() if not keys.is_empty()}

    def _leaving(self, before: Snapshot, day: str, latest: pl.DataFrame) -> pl.DataFrame:
        keys = list(self.contract.key)
        elsewhere = latest.filter(pl.col(DAY).is_null() | (pl.col(DAY) != day)).select(keys)
        stored = self._scan([*before.of_day(day), *self._pieces.get(day, [])])
        held = [rows.select(keys) for rows in self._held.get(day, [])]
        standing = pl.concat([stored.select(keys).collect(), *held])
        return standing.join(elsewhere, on=keys, how="semi").unique()

    def _without(self, rows: pl.DataFrame, gone: pl.DataFrame) -> pl.DataFrame:
        return rows.join(gone, on=self.contract.key, how="anti", maintain_order="left")

    def _unique(self, rows: pl.DataFrame) -> pl.DataFrame:
        twice = rows.select(pl.struct(self.contract.key).hash().is_duplicated()).to_series()
        if not twice.any():
            return rows
        last = rows.filter(twice).unique(self.contract.key, keep="last", maintain_order=True)
        return pl.concat([rows.filter(~twice), last])

    def _read(self, files: Sequence[DataFile]) -> pl.DataFrame:
        return self._scan(files).collect()

    def _scan(self, files: Sequence[DataFile]) -> pl.LazyFrame:
        return self.table.read(files, self.contract.lake_schema)

    def _write(self, rows: pl.DataFrame, day: str) -> DataFile:
        file = self.table.stage(rows, day)
        self._written.append(file)
        return file


def _by_day(rows: pl.DataFrame) -> Iterator[tuple[str, pl.DataFrame]]:
    days = rows[DAY]
    if not days.is_sorted():
        parts = rows.partition_by(DAY, as_dict=True, include_key=False, maintain_order=True)
        yield from ((str(day), part) for (day,), part in parts.items())
        return
    start = 0
    for length, day in days.rle().struct.unnest().iter_rows():
        yield str(day), rows.slice(start, length).drop(DAY)
        start += length
