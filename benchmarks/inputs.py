"""The inputs: made once, the same each time, with some broken rows and some repeated ones."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import polars as pl

VAR = Path(__file__).parents[1] / "var" / "benchmarks"
SENSORS, READINGS_A_DAY, DAYS = 1_000, 96, 104
UPLINKS, DEVICES, UPLINK_SECONDS = 1_500_000, 1_000, 0.92
_START = dt.datetime(2025, 1, 1, tzinfo=dt.UTC)
_BROKEN = 2_003
_WELL = 0.98


def readings_csv(times: int = 1) -> Path:
    """Ten million rows a time: a municipality's thousand sensors at 96 readings a day, in order.

    One row in 2,003 is broken, and one repeated.
    """
    path = VAR / f"readings-{times}.csv"
    if not path.exists():
        VAR.mkdir(parents=True, exist_ok=True)
        _write_readings(path.with_suffix(".part"), times)
        path.with_suffix(".part").rename(path)
    return path


def uplinks_ndjson() -> Path:
    """A million and a half nested uplinks of sixteen days; one in 2,003 is broken JSON."""
    path = VAR / "uplinks.ndjson"
    if not path.exists():
        VAR.mkdir(parents=True, exist_ok=True)
        with path.with_suffix(".part").open("w") as stream:
            stream.writelines(_uplinks())
        path.with_suffix(".part").rename(path)
    return path


def _write_readings(path: Path, times: int) -> None:
    rng = np.random.default_rng(1103)
    number = np.arange(SENSORS * times)
    sensors = pl.DataFrame(
        {
            "sensor_id": [f"rt-{n:06d}" for n in number],
            "resident": [f"{n % 28 + 1:02d}{n % 12 + 81}{n * 7919 % 10**7:07d}" for n in number],
        }
    )
    with path.open("wb") as stream:
        for day in range(DAYS):
            frame = _readings_of(_START + dt.timedelta(days=day), sensors, rng)
            frame.write_csv(stream, include_header=day == 0)


def _readings_of(day: dt.datetime, sensors: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    step = dt.timedelta(days=1) / READINGS_A_DAY
    moments = pl.DataFrame({"observed_at": [day + step * n for n in range(READINGS_A_DAY)]})
    rows = moments.join(sensors, how="cross")
    count = rows.height
    measured = rows.select(
        "sensor_id",
        pl.col("observed_at").dt.strftime("%Y-%m-%dT%H:%M:%SZ"),
        pl.Series("temperature", rng.normal(8, 7, count).round(2).astype(str)),
        pl.Series("humidity", rng.uniform(20, 100, count).round(1)),
        pl.Series("pressure", rng.normal(1010, 12, count).round(1)),
        pl.Series("battery", rng.integers(0, 101, count)),
        pl.Series("status", np.where(rng.random(count) < _WELL, "ok", "low")),
        "resident",
    )
    nth = pl.int_range(pl.len()) % _BROKEN == 0
    broken = pl.when(nth).then(pl.lit("fault")).otherwise("temperature").alias("temperature")
    return pl.concat([measured.with_columns(broken), measured.gather_every(_BROKEN, 1)])


def _uplinks() -> Iterator[str]:
    rng = np.random.default_rng(1122)
    for start in range(0, UPLINKS, 100_000):
        temperatures = rng.normal(8, 7, 100_000).round(2).tolist()
        levels = rng.integers(0, 400, 100_000).tolist()
        volts = rng.uniform(2.8, 3.6, 100_000).round(2).tolist()
        for at in range(100_000):
            line = _uplink(start + at, temperatures[at], levels[at], volts[at])
            yield f"{line[:-40] if (start + at) % _BROKEN == 0 else line}\n"


def _uplink(number: int, temperature: float, level: int, volt: float) -> str:
    at = _START + dt.timedelta(seconds=number * UPLINK_SECONDS)
    received = f"{at:%Y-%m-%dT%H:%M:%S.%f}{number % 1000:03d}Z"
    device = number % DEVICES
    message = {
        "end_device_ids": {
            "device_id": f"sensor-{device:04d}",
            "application_ids": {"application_id": "water"},
            "dev_eui": f"70B3D57ED{device:07X}",
            "dev_addr": "260B1234",
        },
        "correlation_ids": ["as:up:01H", "gs:uplink:01H"],
        "received_at": received,
        "uplink_message": {
            "session_key_id": "AYBl",
            "f_port": 2,
            "f_cnt": number // DEVICES,
            "frm_payload": "AQIDBA==",
            "decoded_payload": {
                "temperature": temperature,
                "humidity": round(20 + number * 7 % 800 / 10, 1),
                "level_cm": level,
                "battery": volt,
            },
            "rx_metadata": [
                {"gateway_ids": {"gateway_id": "gw-1"}, "rssi": -60 - number % 60, "snr": 7.5}
            ],
            "settings": {
                "data_rate": {"lora": {"bandwidth": 125000, "spreading_factor": 7}},
                "frequency": "868300000",
            },
            "received_at": received,
            "consumed_airtime": "0.056576s",
        },
    }
    return json.dumps(message, separators=(",", ":"))
