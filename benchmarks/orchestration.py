"""Dagster's own cost per day partition of a ranged run: our event log beside the stock one."""

import contextlib
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import dagster as dg
import yaml

DAYS_IN_RANGE = 365
BAR_MS = 20.0
OURS = ("pipelines.event_log", "OneHostEventLog")
STOCK = ("dagster._core.storage.event_log", "SqliteEventLogStorage")

Result = dg.AssetCheckEvaluation | dg.Output[None] | dg.MaterializeResult[None]


def measure() -> list[dict[str, str | float | bool | None]]:
    """Milliseconds of Dagster per partition with either event log, and their ratio."""
    ours, stock = _cost(OURS), _cost(STOCK)
    return [
        _figure("Dagster per day partition in a ranged run", ours, "ms", BAR_MS),
        _figure("Dagster per day partition, stock event log", stock, "ms"),
        _figure("stock event log against ours", stock / ours, "times"),
    ]


def _figure(
    figure: str, value: float, unit: str, bar: float | None = None
) -> dict[str, str | float | bool | None]:
    holds = None if bar is None else value <= bar
    return {"figure": figure, "value": round(value, 2), "unit": unit, "bar": bar, "holds": holds}


def _cost(event_log: tuple[str, str]) -> float:
    # beside the code, not in the system's temporary folder, which may lie in memory
    var = Path(__file__).parents[1] / "var"
    var.mkdir(exist_ok=True)
    with TemporaryDirectory(dir=var, prefix="orchestration-") as home:
        _configure(Path(home), event_log)
        with (
            Path(home, "console").open("w") as console,
            contextlib.redirect_stderr(console),  # it logs each event; that cost counts
            dg.DagsterInstance.from_config(home) as instance,
        ):
            return _timed_run(instance) / DAYS_IN_RANGE * 1000


def _configure(home: Path, event_log: tuple[str, str]) -> None:
    module, name = event_log
    storage = {"module": module, "class": name, "config": {"base_dir": str(home / "events")}}
    settings = {"event_log_storage": storage, "telemetry": {"enabled": False}}
    (home / "dagster.yaml").write_text(yaml.safe_dump(settings))


def _timed_run(instance: dg.DagsterInstance) -> float:
    days = dg.DailyPartitionsDefinition("2025-01-01", end_date="2026-01-01", timezone="Europe/Oslo")
    lake = _lake(days)
    first, *_, last = days.get_partition_keys()
    tags = {
        "dagster/asset_partition_range_start": first,
        "dagster/asset_partition_range_end": last,
    }
    start = time.perf_counter()
    dg.materialize([lake], instance=instance, tags=tags)
    seconds = time.perf_counter() - start
    if len(instance.get_materialized_partitions(lake.key)) != DAYS_IN_RANGE:
        raise RuntimeError("the run did not materialize every day of its range")
    return seconds


def _lake(days: dg.PartitionsDefinition[str]) -> dg.AssetsDefinition:
    """An asset whose body does no work of its own: all of the run's time is Dagster's."""
    key = dg.AssetKey(["1103", "soil_moisture", "lake"])
    gate = dg.AssetCheckSpec("gate", asset=key, partitions_def=days)

    @dg.asset(
        key=key,
        partitions_def=days,
        backfill_policy=dg.BackfillPolicy.single_run(),
        check_specs=[gate],
    )
    def lake(context: dg.AssetExecutionContext) -> Iterator[Result]:
        for number, day in enumerate(context.partition_keys):
            context.add_asset_metadata(_metadata(number), partition_key=day)
            yield dg.AssetCheckEvaluation(
                key, gate.name, passed=True, metadata={"rules": 11}, partition=day
            )
        yield dg.Output(None, gate.get_python_identifier())
        yield dg.MaterializeResult()

    return lake


def _metadata(number: int) -> dict[str, dg.MetadataValue]:
    return {
        "rows_in": dg.MetadataValue.int(48_000 + number),
        "rows": dg.MetadataValue.int(47_000 + number),
        "rejected": dg.MetadataValue.json({"out_of_range": 900, "unknown_unit": 100}),
        "bytes": dg.MetadataValue.int(1_234_567),
        "seconds": dg.MetadataValue.float(0.25),
        "newest_event": dg.MetadataValue.timestamp(1_767_225_540.0),
    }
