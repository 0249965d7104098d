"""What was planted in the sources, so that what became of it can be compared."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

Fault = Literal["", "unit_mistake", "broken", "missing", "contradiction"]
Change = Literal["", "duplicate", "update"]


@dataclass(frozen=True, slots=True)
class Seed:
    """One row as planted: its key, its local day, the day it arrives, what is wrong with it.

    `rule` is the rule that it breaks, empty for a good row; `change` says that an earlier good row
    has the same key: a duplicate says the same again, an update says something else. `group` is
    the period and group that the row is counted in, and `member` who or what it counts as there.
    """

    key: str
    day: dt.date
    arrives: dt.date
    fault: Fault = ""
    rule: str = ""
    change: Change = ""
    twice: bool = False
    person: str = ""
    group: tuple[str, ...] = ()
    member: str = ""


@dataclass(frozen=True, slots=True)
class Planting:
    """What one source of one municipality has shown, up to and including a wave.

    A row that a database or an API shows again unchanged counts once; each row of a file counts.
    `rows` = the sum of `rejected` + `duplicates` + `updates` + `deletions` + `in_lake`; `late` and
    `twice_hour` count good rows that were shown first, `persons` the people whose data they hold.
    `groups` maps each group of an aggregate, period first, to its size.
    """

    municipality: str
    dataset: str
    rows: int
    late: int
    duplicates: int
    updates: int
    unit_mistakes: int
    broken: int
    missing: int
    contradictions: int
    twice_hour: int
    persons: int
    in_lake: int
    deletions: int = 0
    rejected: Mapping[str, int] = field(default_factory=dict)
    groups: Mapping[tuple[str, ...], int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Planted:
    """All that the demo's sources have shown, up to and including a wave."""

    wave: int
    plantings: tuple[Planting, ...]

    def of(self, municipality: str, dataset: str) -> Planting:
        """What was planted for that dataset of that municipality; KeyError where nothing was."""
        for planting in self.plantings:
            if (planting.municipality, planting.dataset) == (municipality, dataset):
                return planting
        raise KeyError(municipality, dataset)


def tally(municipality: str, dataset: str, seeds: Iterable[Seed]) -> Planting:
    """The seeds, counted."""
    rows = tuple(seeds)
    good = [seed for seed in rows if not seed.rule]
    faults = Counter(seed.fault for seed in rows)
    changes = Counter(seed.change for seed in good)
    return Planting(
        municipality=municipality,
        dataset=dataset,
        rows=len(rows),
        late=sum(seed.day < seed.arrives for seed in good if not seed.change),
        duplicates=changes["duplicate"],
        updates=changes["update"],
        unit_mistakes=faults["unit_mistake"],
        broken=faults["broken"],
        missing=faults["missing"],
        contradictions=faults["contradiction"],
        twice_hour=sum(seed.twice for seed in good if not seed.change),
        persons=len({seed.person for seed in rows if seed.person}),
        in_lake=len({seed.key for seed in good}),
        rejected=dict(sorted(Counter(seed.rule for seed in rows if seed.rule).items())),
        groups=_groups({seed.key: seed for seed in good}.values()),
    )


def _groups(standing: Iterable[Seed]) -> dict[tuple[str, ...], int]:
    """The size of each group, of the rows that stand at last."""
    members: defaultdict[tuple[str, ...], set[str]] = defaultdict(set)
    for seed in standing:
        if seed.group:
            members[seed.group].add(seed.member)
    return {group: len(found) for group, found in sorted(members.items())}
