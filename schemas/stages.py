"""The states of a record as types: from a source's bytes to a released version."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO, Literal

import polars as pl

from schemas.sidecar import Sidecar
from schemas.source import Format

LINE = "_line"
BATCH = "_batch"
EXCESS = "_excess"
BROKEN = "_broken"
DELETED = "_deleted"
RULES = "_rules"
DAY = "day"

FormatWord = Literal["csv", "parquet", "xlsx", "json", "geojson", "geoparquet"]
GEOMETRY = "geometry"
PACKAGE = "datapackage.json"
DICTIONARY = "dictionary.csv"
CROISSANT = "croissant.json"
RECEIPT = "receipt.json"
DOCUMENTS = frozenset({PACKAGE, DICTIONARY, CROISSANT, RECEIPT})


@dataclass(frozen=True, slots=True)
class Window:
    """Local days from `start` to `end`, both included."""

    start: dt.date
    end: dt.date

    @property
    def days(self) -> tuple[dt.date, ...]:
        """Every day of the window, in order."""
        count = (self.end - self.start).days + 1
        return tuple(self.start + dt.timedelta(days=n) for n in range(count))


def _nothing() -> None:
    return


@dataclass(frozen=True, slots=True)
class Batch:
    """Bytes that a source handed over, not yet on disk here.

    `open` gives the bytes from their beginning, any number of times. `acknowledge` is called once
    they rest in landing, and never before. `source_url` carries no credentials.
    """

    source_url: str
    format: Format
    open: Callable[[], BinaryIO]
    headers: Mapping[str, str] = field(default_factory=dict)
    cursor: str | None = None
    acknowledge: Callable[[], None] = _nothing


@dataclass(frozen=True, slots=True)
class Landed:
    """A batch at rest in the restricted zone: its bytes at `url` in the root, and its sidecar."""

    municipality: str
    dataset: str
    url: str
    sidecar: Sidecar

    @property
    def batch(self) -> str:
        """The batch's name, which sorts by the time it was fetched."""
        return self.url.rsplit("/", 1)[-1].split(".", 1)[0]


@dataclass(frozen=True, slots=True)
class Valid:
    """Rows that satisfy every row rule: one column a field of the contract, plus DAY.

    `deleted` holds the keys of rows that the source no longer has.
    """

    frame: pl.DataFrame
    deleted: pl.DataFrame


@dataclass(frozen=True, slots=True)
class Rejected:
    """Rows that break a rule, as the source wrote them, with RULES, BATCH and LINE."""

    frame: pl.DataFrame

    def counts(self) -> dict[str, int]:
        """How many rows broke each rule; a row that broke two is counted under both."""
        if self.frame.is_empty():
            return {}
        rules = self.frame.select(pl.col(RULES).explode().alias("rule"))
        return dict(rules.group_by("rule").len().sort("rule").iter_rows())


@dataclass(frozen=True, slots=True)
class Masked:
    """Rows that may be stored where others can see them. Only gdpr.apply builds it."""

    frame: pl.DataFrame
    deleted: pl.DataFrame


@dataclass(frozen=True, slots=True)
class Check:
    """One verdict of the gate: what was asked, of which fields, and how many rows failed."""

    name: str
    fields: Sequence[str]
    passed: bool
    severity: Literal["error", "warning"]
    rows: int
    unexpected: int

    @property
    def closes(self) -> bool:
        """Whether it failed in a way that closes the gate; a failed warning does not."""
        return not self.passed and self.severity == "error"


@dataclass(frozen=True, slots=True)
class Counts:
    """What became of the rows of one commit.

    landed = rejected + erased + duplicate + deleted + kept. An erased row is about a person who was
    erased; a duplicate gave way to a later row of the same key; a deleted row says that its key is
    gone. Of the lake's rows, restated counts those that
    gave way to one that was kept, removed those that were deleted, and written the rows of the
    partitions as committed.
    """

    landed: int = 0
    rejected: int = 0
    duplicate: int = 0
    deleted: int = 0
    kept: int = 0
    restated: int = 0
    removed: int = 0
    written: int = 0
    erased: int = 0
    rejected_by_rule: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Pseudonymised:
    """What lies behind a column of pseudonyms: the algorithm, the key's name and its version."""

    algorithm: str
    key_id: str
    version: int


@dataclass(frozen=True, slots=True)
class Receipt:
    """The gate's word on one commit: under which contract and policy, from what, with which result.

    `days` maps each local day that was restated to its rows; `open` is the verdict.
    """

    id: str
    municipality: str
    dataset: str
    open: bool
    contract_version: str
    contract_sha256: str
    policy: str
    policy_version: str
    inputs: Sequence[str]
    input_sha256: Sequence[str]
    counts: Counts
    checks: Sequence[Check]
    days: Mapping[str, int]
    pseudonyms: Mapping[str, Pseudonymised]
    newest_event: dt.datetime | None
    judged_at: dt.datetime
    seconds: float
    bytes_written: int = 0
    table_version: int | None = None


@dataclass(frozen=True, slots=True)
class Resource:
    """One file of a release; `part` is the year whose rows it holds, where it holds no others."""

    name: str
    format: FormatWord
    sha256: str
    size: int
    rows: int
    part: str | None = None

    @property
    def holds_rows(self) -> bool:
        """Whether it is the dataset's rows; or else it tells of the other files."""
        return self.name not in DOCUMENTS

    @property
    def holds_all_rows(self) -> bool:
        """Whether it is all of the dataset's rows, and not those of one year."""
        return self.holds_rows and self.part is None


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A format that a release does not have, because rows or a text are more than `most`."""

    format: FormatWord
    reason: Literal["rows", "text"]
    most: int


@dataclass(frozen=True, slots=True)
class FieldsChange:
    """What became of the released fields since the version before, by name."""

    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    retyped: tuple[str, ...] = ()

    @property
    def breaks(self) -> bool:
        """Whether who reads the version before may fail on this one."""
        return bool(self.removed or self.retyped)


@dataclass(frozen=True, slots=True)
class Change:
    """What a version changed: rows added, changed and removed, and the days that it restated.

    Where it was `reissued` without an erased person, nothing is told of rows and days.
    """

    version: str
    released_at: dt.datetime
    added: int
    changed: int
    removed: int
    days: Sequence[str]
    fields: FieldsChange = FieldsChange()
    reissued: bool = False


@dataclass(frozen=True, slots=True)
class Release:
    """An immutable version of a dataset, in the open.

    From `retired_on` on its files are gone: a person was erased, and a later version stands for it.
    Versions of one `generation` can be read by the same program: the next one begins where a field
    goes or changes its type, and its files have other names. `fields` gives each released field's
    type, with its unit; it is empty in records from before that was told.
    """

    municipality: str
    dataset: str
    version: str
    released_at: dt.datetime
    resources: Sequence[Resource]
    rows: int
    newest_event: dt.datetime | None
    contract_version: str
    receipt: str
    changes: Sequence[Change]
    retired_on: dt.date | None = None
    oldest_event: dt.datetime | None = None
    left_out: Sequence[LeftOut] = ()
    generation: int = 1
    fields: Mapping[str, str] = field(default_factory=dict)
