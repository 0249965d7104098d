from __future__ import annotations

import datetime as dt
from collections.abc import Set as AbstractSet

import dagster as dg
import pytest

from tests.pipelines.waterworks import LAKE, LANDING, RELEASED, Waterworks, materialize, reading

pytestmark = [
    pytest.mark.filterwarnings("ignore::dagster.BetaWarning"),
    pytest.mark.filterwarnings("ignore::dagster.PreviewWarning"),
]
BEFORE = dt.datetime(2026, 11, 3, 11, 5, tzinfo=dt.UTC)
TODAY, LATE = "2026-11-03", "2026-11-01"
Requested = dict[dg.AssetKey, AbstractSet[str | None]]


class Daemon:
    """Evaluates the conditions tick after tick, as the daemon does."""

    def __init__(self, works: Waterworks, record: dg.DagsterInstance) -> None:
        self.definitions = works.definitions
        self.record = record
        self.result = self._evaluate(BEFORE, None)

    def tick(self, minutes: int) -> Requested:
        at = BEFORE + dt.timedelta(minutes=minutes)
        self.result = self._evaluate(at, self.result)
        return {
            key: days
            for key in (LANDING, LAKE, RELEASED)
            if (days := self.result.get_requested_partitions(key))
        }

    def _evaluate(
        self, at: dt.datetime, before: dg.EvaluateAutomationConditionsResult | None
    ) -> dg.EvaluateAutomationConditionsResult:
        return dg.evaluate_automation_conditions(
            self.definitions,
            self.record,
            evaluation_time=at,
            cursor=before.cursor if before else None,
        )


def test_nothing_is_asked_for_between_two_ticks_of_the_schedule(
    works: Waterworks, record: dg.DagsterInstance
) -> None:
    assert Daemon(works, record).tick(1) == {}


def test_at_its_schedule_today_is_landed_refined_and_released_in_one_go(
    works: Waterworks, record: dg.DagsterInstance
) -> None:
    asked = Daemon(works, record).tick(6)
    assert asked == {LANDING: {TODAY}, LAKE: {TODAY}, RELEASED: {TODAY}}


def test_the_schedule_is_in_the_time_of_the_municipality(
    works: Waterworks, record: dg.DagsterInstance
) -> None:
    def at_one(owner: dict[str, list[dict[str, str]]]) -> None:
        owner["bindings"][0]["schedule"] = "0 13 * * *"

    works.rewrites("municipalities/1103.yaml", at_one)
    daemon = Daemon(works, record)
    assert daemon.tick(40) == {}
    assert LANDING in daemon.tick(60)


def test_a_late_day_is_released_again(works: Waterworks, record: dg.DagsterInstance) -> None:
    works.drops("a.csv", reading(LATE))
    materialize(works, record, [LATE])
    daemon = Daemon(works, record)
    works.drops("b.csv", reading(LATE, hour=3), reading(TODAY))
    materialize(works, record, [TODAY], [LANDING, LAKE])
    assert daemon.tick(1) == {RELEASED: {LATE, TODAY}}


def test_behind_a_closed_gate_nothing_is_released(
    works: Waterworks, record: dg.DagsterInstance
) -> None:
    works.drops("a.csv", reading(LATE))
    materialize(works, record, [LATE])
    daemon = Daemon(works, record)
    works.drops("b.csv", reading(LATE, level=99), reading(TODAY, level=99), reading(LATE, level=98))
    assert not materialize(works, record, [TODAY], [LANDING, LAKE]).success
    assert RELEASED not in daemon.tick(1)
