import shutil
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest
from dagster._core.events import DagsterEvent, StepMaterializationData
from sqlalchemy.exc import DBAPIError

from pipelines.event_log import OneHostEventLog

pytestmark = [
    pytest.mark.filterwarnings("ignore::dagster.BetaWarning"),
    pytest.mark.filterwarnings("ignore::dagster.PreviewWarning"),
]
ROOT = Path(__file__).parents[2]
DAYS = dg.DailyPartitionsDefinition("2026-03-25", end_date="2026-04-02", timezone="Europe/Oslo")
LAKE = dg.AssetKey(["1103", "soil_moisture", "lake"])
RUN = "00000000-0000-0000-0000-000000000001"
WRITER = """
import sys
from tests.pipelines.test_event_log import OneHostEventLog, stored
log = OneHostEventLog(sys.argv[1])
for number in range(int(sys.argv[3])):
    log.store_event(stored(f"{sys.argv[2]}-{number}"))
    print(number, flush=True)
"""

REFUSE = """
CREATE TRIGGER refuse BEFORE INSERT ON event_logs WHEN NEW.partition = '{day}'
BEGIN SELECT RAISE(ABORT, 'no room'); END
"""

Result = (
    dg.AssetCheckEvaluation | dg.AssetMaterialization | dg.Output[None] | dg.MaterializeResult[None]
)


def stored(day: str, run_id: str = RUN) -> dg.EventLogEntry:
    materialization = dg.AssetMaterialization(LAKE, partition=day, metadata={"rows": 1})
    return dg.EventLogEntry(  # type: ignore[no-untyped-call]  # dagster leaves its __new__ bare
        error_info=None,
        level=10,
        user_message="",
        run_id=run_id,
        timestamp=1_774_400_000.0,
        dagster_event=DagsterEvent(
            event_type_value=dg.DagsterEventType.ASSET_MATERIALIZATION.value,
            job_name="lake",
            event_specific_data=StepMaterializationData(materialization),
        ),
    )


def lake(stop_before: str = "") -> dg.AssetsDefinition:
    gate = dg.AssetCheckSpec("gate", asset=LAKE, partitions_def=DAYS)

    @dg.asset(
        key=LAKE,
        partitions_def=DAYS,
        backfill_policy=dg.BackfillPolicy.single_run(),
        check_specs=[gate],
    )
    def lake(context: dg.AssetExecutionContext) -> Iterator[Result]:
        for number, day in enumerate(context.partition_keys):
            if day == stop_before:
                raise dg.Failure("the source went away")
            if stop_before:
                yield dg.AssetMaterialization(LAKE, partition=day, metadata={"rows": number})
            context.add_asset_metadata({"rows": number}, partition_key=day)
            yield dg.AssetCheckEvaluation(LAKE, gate.name, passed=number != 2, partition=day)
        yield dg.Output(None, gate.get_python_identifier())
        yield dg.MaterializeResult()

    return lake


def run_range(instance: dg.DagsterInstance, asset: dg.AssetsDefinition) -> str:
    days = DAYS.get_partition_keys()
    return dg.materialize(
        [asset],
        instance=instance,
        raise_on_error=False,
        tags={
            "dagster/asset_partition_range_start": days[0],
            "dagster/asset_partition_range_end": days[-1],
        },
    ).run_id


def rows_by_day(instance: dg.DagsterInstance) -> dict[str | None, object]:
    records = instance.fetch_materializations(LAKE, limit=100).records
    events = [record.asset_materialization for record in records]
    return {event.partition: event.metadata["rows"].value for event in events if event}


def days_in(log: OneHostEventLog) -> set[str | None]:
    entries = [record.event_log_entry for record in log.get_records_for_run(RUN).records]
    return {
        entry.asset_materialization.partition for entry in entries if entry.asset_materialization
    }


@pytest.fixture
def instance(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[dg.DagsterInstance]:
    home = tmp_path / "home"
    home.mkdir()
    shutil.copy(ROOT / "deploy/dagster/dagster.yaml", home)
    monkeypatch.setenv("DAGSTER_HOME", str(home))
    with dg.DagsterInstance.get() as instance:
        yield instance


def database_of(tmp_path: Path) -> Path:
    return tmp_path / "events" / "event_log.db"


@pytest.fixture
def log(tmp_path: Path) -> Iterator[OneHostEventLog]:
    log = OneHostEventLog(str(database_of(tmp_path).parent))
    yield log
    log.dispose()


def writer(folder: Path, name: str, events: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", WRITER, str(folder), name, str(events)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def test_the_shipped_instance_keeps_its_events_here_and_sends_no_telemetry(
    instance: dg.DagsterInstance, tmp_path: Path
) -> None:
    assert isinstance(instance.event_log_storage, OneHostEventLog)
    assert (tmp_path / "home" / "event_log.db").exists()
    assert not instance.telemetry_enabled


@pytest.mark.parametrize("batch_size", ["0", "3"])
def test_each_day_of_a_range_is_materialized_with_metadata_and_check_of_its_own(
    instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch, batch_size: str
) -> None:
    monkeypatch.setenv("DAGSTER_EVENT_BATCH_SIZE", batch_size)
    run_range(instance, lake())
    days = DAYS.get_partition_keys()
    assert rows_by_day(instance) == {day: number for number, day in enumerate(days)}
    checks = instance.event_log_storage.get_asset_check_execution_history(
        dg.AssetCheckKey(LAKE, "gate"), limit=100
    )
    assert {check.partition: check.status.value == "SUCCEEDED" for check in checks} == {
        day: number != 2 for number, day in enumerate(days)
    }


def test_what_is_read_back_equals_what_the_stock_storage_gives(
    instance: dg.DagsterInstance, tmp_path: Path
) -> None:
    with dg.DagsterInstance.local_temp(str(tmp_path)) as stock:
        run_id = run_range(stock, lake())
        for entry in stock.all_logs(run_id):
            instance.event_log_storage.store_event(entry)
        assert len(stock.all_logs(run_id)) > 3 * len(DAYS.get_partition_keys())
        assert _as_read(instance, run_id) == _as_read(stock, run_id)


def _as_read(instance: dg.DagsterInstance, run_id: str) -> list[object]:
    log = instance.event_log_storage
    materializations = instance.fetch_materializations(LAKE, limit=100).records
    check_key = dg.AssetCheckKey(LAKE, "gate")
    (asset,) = instance.get_asset_records([LAKE])
    return [
        instance.all_logs(run_id),
        [record.event_log_entry for record in materializations],
        instance.get_materialized_partitions(LAKE),
        log.get_event_tags_for_asset(LAKE),
        [
            (check.partition, check.status, check.event)
            for check in log.get_asset_check_execution_history(check_key, limit=100)
        ],
        asset.asset_entry.last_run_id,
        asset.asset_entry.last_materialization,
    ]


def test_a_step_that_fails_half_way_keeps_what_came_before(instance: dg.DagsterInstance) -> None:
    days = DAYS.get_partition_keys()
    run_id = run_range(instance, lake(stop_before=days[3]))
    assert set(rows_by_day(instance)) == set(days[:3])
    run = instance.get_run_by_id(run_id)
    assert run
    assert run.status == dg.DagsterRunStatus.FAILURE


def test_an_event_is_stored_whole_or_not_at_all(
    instance: dg.DagsterInstance, tmp_path: Path
) -> None:
    run_id = run_range(instance, lake())
    log = instance.event_log_storage
    check = next(
        entry
        for entry in instance.all_logs(run_id)
        if entry.dagster_event_type == dg.DagsterEventType.ASSET_CHECK_EVALUATION
    )
    before = len(instance.all_logs(run_id))
    with sqlite3.connect(tmp_path / "home" / "event_log.db") as database:
        database.execute("DROP TABLE asset_check_executions")
    with pytest.raises(DBAPIError):
        log.store_event(check)
    assert len(instance.all_logs(run_id)) == before


def test_a_batch_is_stored_whole_or_not_at_all(log: OneHostEventLog, tmp_path: Path) -> None:
    days = ["2026-03-25", "2026-03-26"]
    with sqlite3.connect(database_of(tmp_path)) as database:
        database.execute(REFUSE.format(day=days[1]))
    with pytest.raises(DBAPIError):
        log.store_event_batch([stored(day) for day in days])
    assert days_in(log) == set()
    with sqlite3.connect(database_of(tmp_path)) as database:
        database.execute("DROP TRIGGER refuse")
    log.store_event_batch([stored(day) for day in days])
    assert days_in(log) == set(days)


def test_threads_do_not_share_a_transaction(log: OneHostEventLog) -> None:
    def store(name: str) -> None:
        for number in range(10):
            log.store_event(stored(f"{name}-{number}"))

    threads = [threading.Thread(target=store, args=[name]) for name in "abcdefgh"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(days_in(log)) == 80


def test_two_processes_create_and_fill_one_log_together(tmp_path: Path) -> None:
    folder = tmp_path / "events"
    writers = [writer(folder, name, 100) for name in ("a", "b")]
    for process in writers:
        process.communicate(timeout=300)
        assert process.returncode == 0
    log = OneHostEventLog(str(folder))
    assert days_in(log) == {f"{name}-{number}" for name in ("a", "b") for number in range(100)}
    log.dispose()
    assert [path.name for path in folder.iterdir()] == ["event_log.db"]


def test_kill_9_keeps_every_event_that_was_acknowledged(
    log: OneHostEventLog, tmp_path: Path
) -> None:
    process = writer(database_of(tmp_path).parent, "a", 100_000)
    assert process.stdout
    acknowledged = [int(process.stdout.readline()) for _ in range(50)]
    process.kill()
    rest, _ = process.communicate(timeout=300)
    acknowledged += [int(line) for line in rest.splitlines()[:-1]]
    assert days_in(log) >= {f"a-{number}" for number in acknowledged}
    with sqlite3.connect(database_of(tmp_path)) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_a_watcher_hears_what_another_writer_stores_after_its_cursor(
    log: OneHostEventLog, tmp_path: Path
) -> None:
    log.store_event(stored("2026-03-25"))
    cursor = log.get_records_for_run(RUN).cursor
    heard: list[str | None] = []
    both = threading.Event()

    def hear(entry: dg.EventLogEntry, _cursor: str) -> None:
        heard.append(entry.get_dagster_event().partition)
        if len(heard) == 2:
            both.set()

    log.watch(RUN, cursor, hear)
    other = OneHostEventLog(str(database_of(tmp_path).parent))
    other.store_event_batch([stored("2026-03-26"), stored("2026-03-27")])
    assert both.wait(timeout=60)
    log.end_watch(RUN, hear)
    other.store_event(stored("2026-03-28"))
    other.dispose()
    assert heard == ["2026-03-26", "2026-03-27"]
