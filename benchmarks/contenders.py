"""The contenders of the ingest figures, each run in a process of its own: `python -m ... NAME`."""

from __future__ import annotations

import datetime as dt
import json
import os
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import polars as pl

from benchmarks.inputs import VAR, readings_csv, uplinks_ndjson
from connectors.store import Store
from gdpr.policy import effective
from pipelines.steps.refine import refine_batches
from pipelines.steps.site import Site
from schemas.documents import parse, read_yaml
from schemas.municipality import Municipality
from schemas.policy import Policy
from schemas.reading import read_contract
from schemas.sidecar import Sidecar
from schemas.stages import Counts, Landed

HERE = Path(__file__).parent
_UPLINK_FIELDS = (
    "end_device_ids.dev_eui AS device_id, received_at AS observed_at, "
    "uplink_message.f_cnt AS frame_count, "
    "uplink_message.decoded_payload.temperature AS temperature, "
    "uplink_message.decoded_payload.humidity AS humidity, "
    "uplink_message.decoded_payload.level_cm AS level_cm, "
    "uplink_message.decoded_payload.battery AS battery"
)
_UPLINK_TYPES = (
    "{received_at: 'TIMESTAMP', end_device_ids: 'STRUCT(dev_eui VARCHAR)', uplink_message: "
    "'STRUCT(f_cnt BIGINT, decoded_payload STRUCT(temperature DOUBLE, humidity DOUBLE, "
    "level_cm BIGINT, battery DOUBLE))'}"
)


def whole_path(source: Path, dataset: str, root: str) -> Counts:
    """Contract, quarantine, masks, gate and Delta commit of a file that has landed."""
    site = site_of(dataset, root)
    landed = f"landing/{dataset}/batch{source.suffix}"
    target = Path(site.store.uri(landed))
    target.parent.mkdir(parents=True)
    target.hardlink_to(source)
    word = "ndjson" if source.suffix == ".ndjson" else "csv"
    now = dt.datetime.now(dt.UTC)
    sidecar = Sidecar("0" * 64, source.name, now, source.stat().st_size, word, "benchmark")
    return refine_batches(site, [Landed("1103", dataset, landed, sidecar)]).counts


def bare_csv(root: str, *, by_day: bool) -> None:
    """The same columns straight to Parquet: Polars, neither checked nor masked."""
    rows = pl.scan_csv(readings_csv(), schema_overrides={"temperature": pl.String})
    at = pl.col("observed_at").str.to_datetime("%Y-%m-%dT%H:%M:%SZ", time_unit="us")
    typed = rows.with_columns(at, pl.col("temperature").cast(pl.Float64, strict=False))
    if by_day:
        dated = typed.with_columns(pl.col("observed_at").dt.date().alias("day"))
        dated.sink_parquet(pl.PartitionBy(root, key="day"), mkdir=True)
    else:
        typed.sink_parquet(Path(root) / "readings.parquet")


def bare_json(root: str, *, by_day: bool) -> None:
    """The same fields straight to Parquet: DuckDB, told the types, neither checked nor masked."""
    source = (
        f"read_json('{uplinks_ndjson()}', format='newline_delimited', "
        f"columns={_UPLINK_TYPES}, ignore_errors=true)"
    )
    day = ", strftime(received_at, '%Y-%m-%d') AS day" if by_day else ""
    into = "FORMAT parquet, COMPRESSION zstd" + (", PARTITION_BY (day)" if by_day else "")
    target = root if by_day else f"{root}/uplinks.parquet"
    duckdb.sql(f"COPY (SELECT {_UPLINK_FIELDS}{day} FROM {source}) TO '{target}' ({into})")


def site_of(dataset: str, root: str) -> Site:
    """The dataset of the benchmarks, bound in a root of its own."""
    os.environ["BENCHMARK_KEY"] = "1103" * 16
    contract = read_contract(HERE / "contracts" / f"{dataset}.odcs.yaml")
    policy = parse(Policy, read_yaml(HERE.parent / "gdpr/policies/datasjo_baseline.yaml"), "policy")
    owner = parse(Municipality, read_yaml(HERE / "contracts" / "municipality.yaml"), "municipality")
    rules = effective(policy.policy, {policy.policy: policy})
    return Site(owner, owner.binding(dataset), contract, rules, Store.at(root))


CONTENDERS: dict[str, Callable[[str], Counts | None]] = {
    "csv": lambda root: whole_path(readings_csv(), "sensor_readings", root),
    "csv-double": lambda root: whole_path(readings_csv(2), "sensor_readings", root),
    "csv-bare": lambda root: bare_csv(root, by_day=False),
    "csv-bare-days": lambda root: bare_csv(root, by_day=True),
    "json": lambda root: whole_path(uplinks_ndjson(), "sensor_uplinks", root),
    "json-bare": lambda root: bare_json(root, by_day=False),
    "json-bare-days": lambda root: bare_json(root, by_day=True),
}


def main(name: str) -> None:
    """Run one contender and print its seconds, peak memory and counts as JSON."""
    VAR.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=VAR, prefix=f"{name}-") as root:
        before = time.process_time()
        started = time.perf_counter()
        counts = CONTENDERS[name](root)
        seconds = time.perf_counter() - started
        processor = time.process_time() - before
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    said = {
        "seconds": seconds,
        "processor": processor,
        "peak_gib": peak,
        "counts": counts and counts.landed,
    }
    print(json.dumps(said))


if __name__ == "__main__":
    main(sys.argv[1])
