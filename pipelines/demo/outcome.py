"""What became of what was planted: read from lake, quarantine and receipts, never assumed."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import polars as pl

from pipelines.demo.planted import Planting
from pipelines.demo.traces import planted_traces, rows_with_traces
from pipelines.demo.week import OSLO, TWICE_DAY
from pipelines.steps.counts import counted, counts_site
from pipelines.steps.quarantine import quarantined
from pipelines.steps.receipts import read_receipts
from pipelines.steps.site import Site
from schemas.contract import Field
from schemas.counts import PERIOD, PERSONS, ROWS
from schemas.stages import BATCH, LINE, RULES

_TWICE_FROM = dt.datetime.combine(TWICE_DAY, dt.time(2), OSLO).astimezone(dt.UTC)
_TWICE_TO = _TWICE_FROM + dt.timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class Became:
    """What is found of one dataset after both waves, in the words of what was planted.

    `restated` are the days that the second wave wrote anew though the first had brought them;
    `in_clear` counts the rows that still say who somebody is. Of an aggregate, `groups` counts what
    the lake holds; `sizes` maps each group, period first, to the size that is told, None where it
    is suppressed, and is empty where sizes are hidden in noise; none below `least` may be told.
    """

    rejected: Mapping[str, int]
    duplicates: int
    updates: int
    deletions: int
    twice_hour: int
    in_lake: int
    restated: tuple[str, ...]
    in_clear: int
    groups: int = 0
    sizes: Mapping[tuple[str, ...], int | None] = field(default_factory=dict)
    least: int = 0

    @property
    def suppressed(self) -> int:
        """How many groups are suppressed."""
        return sum(size is None for size in self.sizes.values())


def became(site: Site) -> Became:
    """What became of the site's dataset, in a root where it was committed twice, a wave each."""
    first, second = read_receipts(site)
    before = site.lake.scan(version=first.table_version).collect()
    after = site.lake.scan(version=second.table_version).collect()
    key = list(site.contract.key)
    kept = before.join(after, on=key, how="semi")
    same = kept.join(after, on=after.columns, nulls_equal=True, how="semi")
    traces = planted_traces(site.municipality.number, site.contract.name)
    counts = _counts(site)
    return Became(
        rejected=_rejected(site),
        duplicates=first.counts.duplicate + second.counts.duplicate,
        updates=kept.height - same.height,
        deletions=before.height - kept.height,
        twice_hour=_in_twice_hour(after, site.contract.event),
        in_lake=after.height,
        restated=tuple(sorted(set(first.days) & set(second.days))),
        in_clear=rows_with_traces(after, traces) + rows_with_traces(counts, traces),
        groups=counts.height,
        sizes=_sizes(site, counts),
        least=site.policy.minimum_group,
    )


def differences(planted: Planting, found: Became) -> Iterator[str]:
    """A line for everything that became something else than what was planted."""
    expected = {
        "duplicates": planted.duplicates,
        "updates": planted.updates,
        "deletions": planted.deletions,
        "twice_hour": planted.twice_hour,
        "in_lake": planted.in_lake,
        "in_clear": 0,
    }
    for name, count in expected.items():
        if (became := getattr(found, name)) != count:
            yield f"{name}: {became} where {count} were planted"
    for rule in sorted({*planted.rejected, *found.rejected}):
        counts = found.rejected.get(rule, 0), planted.rejected.get(rule, 0)
        if counts[0] != counts[1]:
            yield f"{rule}: {counts[0]} in quarantine where {counts[1]} were planted"
    yield from miscounted(planted.groups, found)
    if planted.late and not found.restated:
        yield f"late: {planted.late} rows were planted, and no earlier day was restated"


def miscounted(planted: Mapping[tuple[str, ...], int], found: Became) -> Iterator[str]:
    """A line for each planted group that is told in another size, or ought not to be told.

    A change smaller than a group is held back, so a size may be that of before the change.
    """
    for group, size in planted.items():
        told, name = found.sizes.get(group), " ".join(group)
        if told is not None and size < found.least:
            yield f"{name}: a group smaller than {found.least} is told"
        elif told is not None and abs(told - size) >= found.least:
            yield f"{name}: {told} are counted where {size} were planted"


def held(planted: Mapping[tuple[str, ...], int], found: Became) -> int:
    """How many planted groups are told in the size that they had before a small change."""
    told = (found.sizes.get(group, size) for group, size in planted.items())
    return sum(now not in (None, size) for now, size in zip(told, planted.values(), strict=True))


def _in_twice_hour(rows: pl.DataFrame, event: Field) -> int:
    if event.type == "date":
        return 0
    return rows.filter(pl.col(event.name).is_between(_TWICE_FROM, _TWICE_TO, closed="left")).height


def _counts(site: Site) -> pl.DataFrame:
    """The dataset's counts; no rows where its rows are in the lake themselves."""
    if site.contract.aggregate is None:
        return pl.DataFrame()
    table = counted(site)
    schema = counts_site(site).contract.lake_schema
    return table.read(table.snapshot().files, schema).collect()


def _sizes(site: Site, counts: pl.DataFrame) -> dict[tuple[str, ...], int | None]:
    asked = site.contract.aggregate
    if asked is None or asked.noise:
        return {}
    named = counts.select(PERIOD, *asked.by, PERSONS if asked.persons else ROWS)
    return {tuple(map(str, group)): told for *group, told in named.iter_rows()}


def _rejected(site: Site) -> dict[str, int]:
    """Rule → rows in quarantine; a row that a source showed again unchanged counts once."""
    frames = [frame.drop(BATCH, LINE) for frame in quarantined(site)]
    if not frames:
        return {}
    rows = pl.concat(frames, how="diagonal_relaxed").unique()
    return dict(rows.explode(RULES).group_by(RULES).len().sort(RULES).iter_rows())
