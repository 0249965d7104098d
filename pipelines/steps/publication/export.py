"""The released rows of a dataset as files, in every format: the same rows give the same bytes."""

import datetime as dt
import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

import polars as pl

from connectors.lake import DataFile, LakeTable
from pipelines.steps.publication.formats.columnar import COLUMNAR
from pipelines.steps.publication.formats.form import Form, Shape
from pipelines.steps.publication.formats.registry import forms_of
from pipelines.steps.publication.formats.separated import SEPARATED
from pipelines.steps.publication.opened import Opened
from pipelines.steps.publication.sameness import Differing, differing
from schemas.errors import FormatsDiffer
from schemas.stages import LeftOut, Resource

_PORTION = 500_000


@dataclass(frozen=True, slots=True)
class Exported:
    """The two files that every release has in a local folder, what they are, and their events."""

    csv: Path
    parquet: Path
    shape: Shape
    resources: tuple[Resource, ...]
    rows: int
    oldest_event: dt.datetime | None
    newest_event: dt.datetime | None

    @property
    def folder(self) -> Path:
        """Where they stand."""
        return self.csv.parent


@dataclass(frozen=True, slots=True)
class Further:
    """The files of the other formats, in the same folder, and the formats that do not fit."""

    resources: tuple[Resource, ...]
    left_out: tuple[LeftOut, ...]


def export(opened: Opened, table: LakeTable, folder: Path) -> Exported:
    """The released rows in `folder` as Parquet, and what that holds as CSV.

    Rows stand by local day and then by key; by all their values where either is not released.
    Memory holds one day, or half a million rows of shorter days.
    """
    shape = opened.shape
    csv, parquet = SEPARATED.path(shape, folder), COLUMNAR.path(shape, folder)
    seen = _Seen(opened)
    COLUMNAR.write(seen.passing(_portions(opened, table)), shape, parquet)
    SEPARATED.write(COLUMNAR.read(parquet, shape), shape, csv)
    resources = (
        described_file(SEPARATED, csv, seen.rows),
        described_file(COLUMNAR, parquet, seen.rows),
    )
    ends = min(seen.events, default=None), max(seen.events, default=None)
    return Exported(csv, parquet, shape, resources, seen.rows, *ends)


def further(exported: Exported, site: str) -> Further:
    """The same rows in every other format that they may have and that can hold them.

    Each file is written from the Parquet, read back and compared with it, and so is the CSV.

    Raises:
        FormatsDiffer: a file does not hold the same values; names site, columns, counts.
    """
    longest = _longest(exported)
    reasons = {form: form.left_out(exported.rows, longest) for form in forms_of(exported.shape)}
    forms = [form for form, reason in reasons.items() if reason is None and form is not COLUMNAR]
    found = [_written(exported, form) for form in forms]
    if wrong := list(chain.from_iterable(found)):
        told = ", ".join(map(str, wrong))
        against = f"not as in {exported.parquet.name}"
        raise FormatsDiffer(f"{site}: nothing was released: {against}: {told}")
    more = [form for form in forms if form is not SEPARATED]
    resources = [described_file(form, _path(exported, form), exported.rows) for form in more]
    return Further(tuple(resources), tuple(reason for reason in reasons.values() if reason))


def _path(exported: Exported, form: Form) -> Path:
    return form.path(exported.shape, exported.folder)


def _written(exported: Exported, form: Form) -> tuple[Differing, ...]:
    """The rows in that form, which the CSV are already; what reading it gives otherwise."""
    shape, path = exported.shape, _path(exported, form)
    if form is not SEPARATED:
        portions = COLUMNAR.read(exported.parquet, shape)
        form.write((form.located(frame, shape) for frame in portions), shape, path)
    return differing(form, path, exported.parquet, shape)


def _longest(exported: Exported) -> int:
    texts = [name for name, kind in exported.shape.schema.items() if kind == pl.String]
    if not texts:
        return 0
    lengths = pl.max_horizontal(pl.col(texts).str.len_bytes()).max()
    found = pl.scan_parquet(exported.parquet).select(lengths).collect(engine="streaming")
    return int(found.item() or 0)


def described_file(form: Form, path: Path, rows: int) -> Resource:
    """The file of that form as a release names it."""
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    return Resource(path.name, form.name, digest, path.stat().st_size, rows)


@dataclass(slots=True)
class _Seen:
    opened: Opened
    rows: int = 0
    events: set[dt.datetime] = field(default_factory=set)

    def passing(self, portions: Iterable[pl.DataFrame]) -> Iterator[pl.DataFrame]:
        for frame in portions:
            self.rows += frame.height
            self.events.update(self.opened.span(frame) or ())
            yield frame


def _portions(opened: Opened, table: LakeTable) -> Iterator[pl.DataFrame]:
    files = table.snapshot().files
    for portion in _grouped(files) if opened.has_event else [files]:
        rows = table.read(portion, opened.schema).sort(opened.order)
        yield rows.collect(engine="streaming")


def _grouped(files: tuple[DataFile, ...]) -> Iterator[list[DataFile]]:
    group: list[DataFile] = []
    for file in files:
        if group and file.day != group[-1].day and sum(f.rows for f in group) >= _PORTION:
            yield group
            group = []
        group.append(file)
    if group:
        yield group
