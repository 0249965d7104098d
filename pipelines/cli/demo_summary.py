"""The demo's closing tables: what was planted in each dataset, and what became of it."""

import datetime as dt
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rich.table import Table

from pipelines.cli import show
from pipelines.demo.outcome import Became, held, miscounted
from pipelines.demo.planted import Planting
from pipelines.steps.site import Site
from schemas.municipality import Municipality


@dataclass(frozen=True, slots=True)
class Story:
    """One dataset: what was planted in its source, and what is found of it."""

    site: Site
    planted: Planting
    became: Became


@dataclass(frozen=True, slots=True)
class _Line:
    planted: str
    became: str
    holds: bool = True


def summary(stories: Sequence[Story]) -> Iterator[Table]:
    """A table a municipality: a line for each kind of row that was planted in each dataset."""
    for owner, group in itertools.groupby(stories, lambda story: story.site.municipality):
        yield _table(owner, list(group))


def _table(owner: Municipality, stories: Sequence[Story]) -> Table:
    title = f"\n{owner.number} {owner.name.nb}"
    made = Table(title=title, title_justify="left", title_style="bold", box=None, pad_edge=False)
    made.add_column("dataset", no_wrap=True)
    made.add_column("planted", max_width=24)
    made.add_column("what became of it")
    for story in stories:
        for at, line in enumerate(_lines(story.planted, story.became)):
            mark = "[green]✓[/green]" if line.holds else "[red]✗[/red]"
            name = "" if at else story.site.contract.name
            made.add_row(name, line.planted, f"{mark} {line.became}")
    return made


def _lines(planted: Planting, became: Became) -> Iterator[_Line]:
    where = "in the restricted zone" if planted.groups else "in the lake"
    in_lake = f"{show.number(became.in_lake)} {where}"
    yield _Line(f"{show.number(planted.rows)} rows", in_lake, became.in_lake == planted.in_lake)
    yield from _groups(planted, became)
    if planted.late:
        restated = f"in the lake, restated {_days(became.restated)}"
        yield _Line(f"{planted.late} late", restated, bool(became.restated))
    yield from _rows("sent twice", planted.duplicates, became.duplicates, "dropped")
    yield from _rows("corrected later", planted.updates, became.updates, "took the new value")
    yield from _rows("deleted later", planted.deletions, became.deletions, "removed")
    if planted.rejected:
        held = f"held back: {show.rules(became.rejected.items())}"
        yield _Line(_faults(planted), held, dict(became.rejected) == dict(planted.rejected))
    told = "told apart on 25 October"
    yield from _rows("in the double hour", planted.twice_hour, became.twice_hour, told)
    if planted.persons:
        clear = became.in_clear
        said = f"{clear} rows still tell who" if clear else "masked: no trace in the lake"
        yield _Line(f"{planted.persons} persons", said, not clear)


def _rows(kind: str, planted: int, found: int, what: str) -> Iterator[_Line]:
    if planted or found:
        became = f"{show.number(found)} {what}"
        yield _Line(f"{show.number(planted)} {kind}", became, found == planted)


def _groups(planted: Planting, became: Became) -> Iterator[_Line]:
    if not planted.groups:
        return
    told, groups = (
        f"{show.number(became.groups)} counts in the lake",
        f"{len(planted.groups)} groups",
    )
    if not became.sizes:
        yield _Line(groups, f"{told}, with noise")
        return
    holds = not any(miscounted(planted.groups, became))
    kept = held(planted.groups, became)
    yield _Line(groups, told + (f", {kept} held" if kept else ""), holds)
    small = sum(size < became.least for size in planted.groups.values())
    hidden = f"suppressed, {became.suppressed} counts in all"
    yield _Line(f"{small} of them below {became.least}", hidden, holds)


def _faults(planted: Planting) -> str:
    kinds = {
        "in a wrong unit": planted.unit_mistakes,
        "broken": planted.broken,
        "incomplete": planted.missing,
        "contradictory": planted.contradictions,
    }
    return ", ".join(f"{count} {kind}" for kind, count in kinds.items() if count)


def _days(days: Sequence[str]) -> str:
    return ", ".join(f"{dt.date.fromisoformat(day):%d.%m}" for day in days)
