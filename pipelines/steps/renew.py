"""A table's pseudonyms under the newest generation of the key, without asking the source."""

import dataclasses
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import polars as pl

from connectors.lake import CommitConflict, DataFile, Snapshot
from gdpr.keys import Keyring
from gdpr.pseudonyms.concealing import Concealing
from pipelines.steps.keys import keyring_of
from pipelines.steps.land import landed
from pipelines.steps.receipts import read_receipts
from pipelines.steps.refine import refine_batches
from pipelines.steps.rights.clean import clean_rows
from pipelines.steps.rights.erasures import recognition_of
from pipelines.steps.site import Site
from schemas.stages import Landed

_ATTEMPTS = 5
Way = Literal["re-encrypted", "made again from landing", "stays"]
Count = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class RenewedColumn:
    """One column of pseudonyms: the generation that it had, the one that it has, and how."""

    field: str
    algorithm: str
    before: int
    after: int
    way: Way
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Renewed:
    """What became of a table; no version where nothing was changed."""

    columns: tuple[RenewedColumn, ...]
    days: int = 0
    rows: int = 0
    seconds: float = 0.0
    table_version: int | None = None


@dataclass(frozen=True, slots=True)
class _Due:
    """A column whose pseudonyms are an older generation's: what made them, and what is to."""

    field: str
    old: Concealing
    new: Concealing
    ours: bool

    @property
    def can_be_undone(self) -> bool:
        return self.ours and self.old.reversible


def renew(site: Site, on_rows: Count = lambda _: None) -> Renewed:
    """Bring the table's pseudonyms to the newest generation of the key, in one commit.

    What the key undoes is made anew from the pseudonyms themselves. A one-way column is made again
    from landing where every batch that the table was made of is still there; or else it stays.
    What a restored copy holds of erased persons is taken out first.

    Raises:
        KeyUnavailable: the key cannot be used here.
        RecordBroken: the list of erasures is not what was written.
        GateClosed: a check failed on what was made again from landing; nothing was changed.
        CommitConflict: other writers kept committing first.
    """
    started = time.perf_counter()
    # by a newer generation's pseudonyms nobody on the list of erasures would be known again
    if known := recognition_of(site):
        clean_rows(site, known)
    ring = keyring_of(site)
    for _ in range(_ATTEMPTS):
        before = site.lake.snapshot()
        try:
            renewed = _renewed(site, before, _due(site, before, ring), on_rows)
        except CommitConflict:
            continue
        return _timed(renewed, time.perf_counter() - started)
    raise CommitConflict(f"{site.name}: another writer committed first, {_ATTEMPTS} times")


def _due(site: Site, before: Snapshot, ring: Keyring) -> list[_Due]:
    found = []
    for field in site.contract.stored:
        known = before.pseudonyms.get(field.name)
        new = Concealing.of(field, ring, ring.current)
        if known is None or new is None or known.version >= ring.current:
            continue
        old = Concealing.of(field, ring, known.version)
        if old is not None:
            found.append(_Due(field.name, old, new, ours=old.record == known))
    return found


def _renewed(site: Site, before: Snapshot, due: Sequence[_Due], on_rows: Count) -> Renewed:
    if not due:
        return Renewed(())
    if all(column.can_be_undone for column in due):
        return _re_encrypted(site, before, due, on_rows)
    batches = _all_landed(site)
    if batches:
        return _made_again(site, batches, due, on_rows)
    return _re_encrypted(site, before, due, on_rows)


def _all_landed(site: Site) -> list[Landed]:
    """The batches that the table was made of, if landing still holds every one of them."""
    made_of = {name for receipt in read_receipts(site) if receipt.open for name in receipt.inputs}
    held = [batch for batch in landed(site) if batch.batch in made_of]
    return held if len(held) == len(made_of) else []


def _made_again(
    site: Site, batches: Sequence[Landed], due: Sequence[_Due], on_rows: Count
) -> Renewed:
    receipt = refine_batches(site, batches, on_rows, anew=True)
    columns = tuple(_column(column, "made again from landing") for column in due)
    rows = receipt.counts.written
    return Renewed(columns, len(receipt.days), rows, table_version=receipt.table_version)


def _re_encrypted(site: Site, before: Snapshot, due: Sequence[_Due], on_rows: Count) -> Renewed:
    moved = {column.field: column for column in due if column.can_be_undone}
    columns = tuple(_outcome(column) for column in due)
    if not moved:
        return Renewed(columns)
    records = {name: column.new.record for name, column in moved.items()}
    note = {"rotated": ", ".join(sorted(moved))}
    files: list[DataFile] = []
    committed = False
    try:
        for day in sorted({file.day for file in before.files}):
            files.append(_day(site, before, day, moved))
            on_rows(files[-1].rows)
        version = site.lake.recording(records).replace(before, files, before.schema, note)
        committed = True
    finally:
        if not committed:
            site.lake.discard(files)
    return Renewed(columns, len(files), sum(file.rows for file in files), table_version=version)


def _day(site: Site, before: Snapshot, day: str, moved: Mapping[str, _Due]) -> DataFile:
    rows = site.lake.read(before.of_day(day), before.schema).collect()
    made = [_moved(rows[name], column) for name, column in moved.items()]
    return site.lake.stage(rows.with_columns(made), day)


def _moved(pseudonyms: pl.Series, column: _Due) -> pl.Series:
    return column.new.conceal(column.old.reveal(pseudonyms))


def _outcome(due: _Due) -> RenewedColumn:
    if due.can_be_undone:
        return _column(due, "re-encrypted")
    one_way = "the algorithm is one-way, and landing does not hold every batch"
    reason = one_way if due.ours else "the key is not the one behind its pseudonyms"
    was = due.old.version
    return RenewedColumn(due.field, due.old.algorithm.name, was, was, "stays", reason)


def _column(due: _Due, way: Way) -> RenewedColumn:
    return RenewedColumn(due.field, due.old.algorithm.name, due.old.version, due.new.version, way)


def _timed(renewed: Renewed, seconds: float) -> Renewed:
    return dataclasses.replace(renewed, seconds=round(seconds, 3))
