"""Counts of groups, made from restricted rows and committed to the lake.

Each commit of counts notes, period by period, which files of rows it was made from and by which
rules. So a killed run is finished by the next one, and nothing is counted twice.
"""

import datetime as dt
import hashlib
import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Self

import polars as pl

from connectors.lake import CommitConflict, DataFile, LakeTable, Snapshot
from pipelines.steps.cells import Counting
from pipelines.steps.counts import counted
from pipelines.steps.periods import Ripe, period_of
from pipelines.steps.site import Site
from schemas.aggregation import Aggregation, Period
from schemas.counts import PERIOD
from schemas.errors import ContractBroken, DatasjoError, PolicyBreach

_ATTEMPTS = 5
_NOTE = "counted"
_DIGITS = 16
_LOOKED_BACK = 100
_REGROUPED = (
    "counts of other groups or measures are told already, and both together could tell of few "
    "persons: put them back, or assess it and give the new reference as legal_basis: {dpia: ...}"
)


def count(site: Site, now: dt.datetime | None = None) -> int | None:
    """Bring the counts in the lake up to the rows of periods that have ended; the new version.

    None where they are up to them already, or the dataset's rows are in the lake themselves. Only
    the periods whose rows have changed are counted anew; all of them when the rules have.

    Raises:
        PolicyBreach: the rows cannot be counted so, or the groups are others than those told and
            no other assessment is named; the counts stand as they were.
        ContractBroken: the dataset's rows are in the lake, from before it was an aggregate.
        CommitConflict: other writers committed first, again and again.
    """
    asked = site.contract.aggregate
    if asked is None:
        return None
    for _ in range(_ATTEMPTS):
        try:
            return _count(site, asked, Ripe.of(site, asked, now or dt.datetime.now(dt.UTC)))
        except CommitConflict:
            continue
    raise CommitConflict(f"{site.name}: another writer committed first, {_ATTEMPTS} times")


@dataclass(frozen=True, slots=True)
class Note:
    """What counts were made of: the rules' hash, and of each period its rows' files' hash.

    Also the hash of how their groups are made, and the assessment that they stand on.
    """

    rules: str = ""
    periods: Mapping[str, str] = field(default_factory=dict)
    groups: str = ""
    dpia: str = ""

    @classmethod
    def of(cls, table: LakeTable) -> Self:
        """The note of the table's newest commit; an empty one where there is none."""
        # a vacuum commits too, and has no note
        noted = next((commit for commit in table.history(_LOOKED_BACK) if _NOTE in commit), None)
        return cls(**json.loads(noted[_NOTE])) if noted else cls()

    def due(self, before: Self) -> list[str]:
        """The periods that have changed since, or are gone, first day by first day."""
        if self.rules != before.rules:
            return sorted({*self.periods, *before.periods})
        changed = set(self.periods.items()) ^ set(before.periods.items())
        return sorted({period for period, _ in changed})


def _count(site: Site, asked: Aggregation, ripe: Ripe) -> int | None:
    rows, before = site.lake.snapshot(), counted(site).snapshot()
    if before.files and PERIOD not in before.schema:
        what = "the lake holds rows of before it was an aggregate; give the dataset another name"
        raise ContractBroken(f"{site.name}: {what}")
    noted, periods = Note.of(counted(site)), _by_period(rows, asked.every)
    standing = {period: _digest(files) for period, files in periods.items() if period in ripe}
    unripe = {period: made for period, made in noted.periods.items() if period not in ripe}
    note = Note(_rules(site, asked), standing | unripe, _groups(site, asked), _dpia(site))
    counting = Counting.of(site, asked)
    is_same = _is_same(noted, note, before, counting)
    if not is_same and note.dpia in ("", noted.dpia):
        raise PolicyBreach(f"{site.name}: {_REGROUPED}")
    due = [period for period in note.due(noted) if period in ripe]
    if not due:
        return None
    cells = {
        period: counting.cells(
            period,
            periods.get(period, ()),
            _published(counting, before, period if is_same else None),
        )
        for period in due
    }
    told = {_NOTE: json.dumps(asdict(note)), "rows_version": str(rows.version)}
    return _commit(counted(site), before, cells, (counting.schema, told))


def _is_same(noted: Note, note: Note, before: Snapshot, counting: Counting) -> bool:
    """Whether what is told already is of the same groups, so that the two can be compared."""
    if not before.files:
        return True
    return before.schema == counting.schema and noted.groups in ("", note.groups)


def _published(counting: Counting, before: Snapshot, period: str | None) -> pl.DataFrame:
    """What is told of the period already; nothing of no period."""
    files = before.of_day(period) if period else ()
    return counted(counting.site).read(files, counting.schema).collect()


def _commit(
    table: LakeTable,
    before: Snapshot,
    cells: Mapping[str, pl.DataFrame],
    described: tuple[pl.Schema, Mapping[str, str]],
) -> int:
    staged: list[DataFile] = []
    try:
        for period, frame in cells.items():
            staged.append(table.stage(frame, period))
        return table.replace(before, staged, *described)
    except DatasjoError:
        table.discard(staged)
        raise


def _by_period(rows: Snapshot, every: Period) -> dict[str, list[DataFile]]:
    periods: defaultdict[str, list[DataFile]] = defaultdict(list)
    for file in rows.files:
        periods[period_of(file.day, every)].append(file)
    return periods


def _rules(site: Site, asked: Aggregation) -> str:
    """The hash of all that decides how rows become counts: contract's words and policy's."""
    words = [asked.model_dump(mode="json"), site.policy.release.model_dump(mode="json")]
    return _hashed(json.dumps(words, sort_keys=True))


def _groups(site: Site, asked: Aggregation) -> str:
    """The hash of what decides in which group a row is: the period, and each field's values."""
    named = [site.contract.field(name) for name in asked.by]
    masks = [
        field.mask.model_dump(mode="json", exclude_defaults=True) if field.mask else None
        for field in named
    ]
    return _hashed(json.dumps([asked.every, asked.by, masks], sort_keys=True))


def _dpia(site: Site) -> str:
    basis = site.binding.legal_basis
    return (basis.dpia if basis else None) or ""


def _digest(files: Sequence[DataFile]) -> str:
    return _hashed("".join(sorted(file.path for file in files)))


def _hashed(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:_DIGITS]
