from __future__ import annotations

import dagster as dg
import pytest

from connectors.registry import open_source
from connectors.source import Memory
from connectors.source import Source as Opened
from pipelines import assets, automation
from pipelines.steps import land
from schemas.errors import SourceRejected, SourceUnavailable
from schemas.source import Source
from tests.pipelines.waterworks import (
    LAKE,
    LANDING,
    RELEASED,
    Waterworks,
    attempts,
    failure_of,
    materialize,
    reading,
    told,
    verdicts,
)

pytestmark = [
    pytest.mark.filterwarnings("ignore::dagster.BetaWarning"),
    pytest.mark.filterwarnings("ignore::dagster.PreviewWarning"),
]
DAYS = ["2026-11-01", "2026-11-02", "2026-11-03"]


def test_a_range_is_one_run_that_tells_each_day_its_own_rows(
    works: Waterworks, record: dg.DagsterInstance
) -> None:
    works.drops("a.csv", *(reading(DAYS[0], hour=h) for h in range(3)), reading(DAYS[1]))
    run = materialize(works, record, DAYS)
    assert run.success
    assert len(record.get_runs()) == 1
    lake = told(record, run.run_id, LAKE)
    assert [lake[day]["rows in the day"] for day in DAYS] == [3, 1, 0]
    assert lake[DAYS[2]]["note"] == "no rows landed for this day"
    assert set(told(record, run.run_id, LANDING)) == set(DAYS)
    released = told(record, run.run_id, RELEASED)
    assert {released[day]["dagster/row_count"] for day in DAYS} == {4}


def test_a_day_shows_what_became_of_its_commit(
    works: Waterworks, record: dg.DagsterInstance
) -> None:
    works.drops("a.csv", reading(DAYS[0]), reading(DAYS[0], hour=13), reading(DAYS[0], level=99))
    run = materialize(works, record, DAYS[:1])
    day = told(record, run.run_id, LAKE)[DAYS[0]]
    assert "| landed | 3 |" in day["commit"]
    assert "| level_m:range | 1 |" in day["rejected by rule"]
    assert day["shape of the day"].startswith("![mean of level_m per hour](<data:image/svg+xml,")
    assert day["contract"] == "readings 1.0.0"


def test_nothing_new_leaves_the_lake_as_it_stands(
    works: Waterworks, record: dg.DagsterInstance
) -> None:
    works.drops("a.csv", reading(DAYS[0]))
    materialize(works, record, DAYS[:1])
    run = materialize(works, record, DAYS[:1])
    assert run.success
    [day] = told(record, run.run_id, LAKE).values()
    assert day["rows in the day"] == 1
    assert "nothing new" in day["commit"]
    assert told(record, run.run_id, LANDING)[DAYS[0]]["files landed"] == 0


def test_a_closed_gate_is_a_failed_check_and_nothing_materialized(
    works: Waterworks, record: dg.DagsterInstance
) -> None:
    works.drops("a.csv", *(reading(day, level=99) for day in DAYS))
    run = materialize(works, record, DAYS)
    assert not run.success
    assert [(v.partition, v.passed) for v in verdicts(record, run.run_id)] == [
        (day, False) for day in DAYS
    ]
    assert told(record, run.run_id, LAKE) == {}
    assert told(record, run.run_id, RELEASED) == {}
    verdict = verdicts(record, run.run_id)[0].metadata
    assert verdict["which failed"].value == "rejected rows within the limit (3 of 3 rows)"
    assert verdict["rejected by rule"].value == "level_m:range (3)"
    assert attempts(record, run.run_id) == 2
    assert "the gate is closed: rejected rows within the limit (3 of 3 rows)" in failure_of(
        record, run.run_id
    )


def test_a_warning_lets_the_commit_through_and_is_seen(
    works: Waterworks, record: dg.DagsterInstance
) -> None:
    many = {"name": "many", "metric": "rowCount", "mustBeGreaterThan": 5, "severity": "warning"}
    works.rewrites("datasets/readings.odcs.yaml", lambda c: c["schema"][0]["quality"].append(many))
    works.drops("a.csv", reading(DAYS[0]))
    run = materialize(works, record, DAYS[:1])
    assert run.success
    [verdict] = verdicts(record, run.run_id)
    assert not verdict.passed
    assert verdict.severity == dg.AssetCheckSeverity.WARN


def test_late_rows_restate_the_day_that_they_belong_to(
    works: Waterworks, record: dg.DagsterInstance
) -> None:
    works.drops("a.csv", reading(DAYS[0]))
    materialize(works, record, DAYS[:1])
    works.drops("b.csv", reading(DAYS[2]), reading(DAYS[0], hour=5))
    run = materialize(works, record, DAYS[2:])
    lake = told(record, run.run_id, LAKE)
    assert {day: lake[day]["rows in the day"] for day in lake} == {DAYS[0]: 2, DAYS[2]: 1}
    assert {v.partition for v in verdicts(record, run.run_id)} == {DAYS[0], DAYS[2]}


def test_days_outside_the_partitions_are_no_events(
    works: Waterworks, record: dg.DagsterInstance
) -> None:
    works.drops("a.csv", reading(DAYS[0]), reading("2019-12-30"), reading("2099-01-01"))
    run = materialize(works, record, DAYS[:1])
    assert set(told(record, run.run_id, LAKE)) == {DAYS[0]}
    assert told(record, run.run_id, LAKE)[DAYS[0]]["rows in the lake"] == 3


def test_the_newest_event_is_judged_by_the_time_inside_the_data(
    works: Waterworks, record: dg.DagsterInstance
) -> None:
    works.drops("a.csv", reading("2021-05-01"))
    run = materialize(works, record, ["2021-05-01"])
    works.drops("b.csv", reading("2099-05-01"))
    again = materialize(works, record, ["2021-05-01"])
    [stale] = verdicts(record, run.run_id, "newest_event")
    [fresh] = verdicts(record, again.run_id, "newest_event")
    assert (stale.passed, fresh.passed) == (False, True)
    assert stale.severity == dg.AssetCheckSeverity.WARN


class Flaky:
    """A source that fails a few times before it gives what it has."""

    def __init__(self, failures: int, error: Exception) -> None:
        self.failures = failures
        self.error = error

    def open(self, source: Source, memory: Memory) -> Opened:
        if self.failures:
            self.failures -= 1
            raise self.error
        return open_source(source, memory)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(automation, "RETRIES", dg.RetryPolicy(max_retries=3))


@pytest.mark.usefixtures("impatient")
def test_a_source_that_is_down_is_asked_again(
    works: Waterworks, record: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    works.drops("a.csv", reading(DAYS[0]))
    flaky = Flaky(2, SourceUnavailable("the source is down"))
    monkeypatch.setattr(land, "open_source", flaky.open)
    run = materialize(works, record, DAYS[:1], [LANDING])
    assert run.success
    assert attempts(record, run.run_id) == 3
    assert told(record, run.run_id, LANDING)[DAYS[0]]["files landed"] == 1


@pytest.mark.usefixtures("impatient")
def test_a_source_that_says_no_is_not_asked_again(
    works: Waterworks, record: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    flaky = Flaky(1, SourceRejected("1103 readings: 403 Forbidden"))
    monkeypatch.setattr(land, "open_source", flaky.open)
    run = materialize(works, record, DAYS[:1], [LANDING])
    assert not run.success
    assert attempts(record, run.run_id) == 1
    assert failure_of(record, run.run_id) == "1103 readings: 403 Forbidden"


@pytest.mark.usefixtures("impatient")
def test_an_error_of_others_is_told_by_its_kind_and_place_alone(
    works: Waterworks, record: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    def choke(_: object) -> None:
        raise ValueError("could not parse 'Kari-Kanarifugl'")

    monkeypatch.setattr(assets, "refine", choke)
    run = materialize(works, record, DAYS[:1], [LANDING, LAKE])
    assert attempts(record, run.run_id) == 2
    said = failure_of(record, run.run_id)
    assert said.startswith("1103 readings: ValueError in tests/pipelines/test_assets.py, line ")
    assert "Kari" not in str(record.all_logs(run.run_id))


def test_only_what_its_owner_approved_is_released(works: Waterworks) -> None:
    approved = works.definitions.resolve_asset_graph().get_all_asset_keys()
    works.rewrites("municipalities/1103.yaml", lambda owner: owner["bindings"][0].pop("release"))
    kept = works.definitions.resolve_asset_graph().get_all_asset_keys()
    assert (approved, kept) == ({LANDING, LAKE, RELEASED}, {LANDING, LAKE})
