"""Two rows of a harbour's sensors, one of them nowhere, in every format."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import polars as pl

from pipelines.steps.publication.formats.form import Form, Shape
from pipelines.steps.publication.formats.place import Place
from schemas.contract import Geometry

ROWS = pl.DataFrame(
    {
        "code": ["0042", "Bølgebryter, øst"],
        "read_at": [
            dt.datetime(2026, 10, 25, 0, 30, tzinfo=dt.UTC),
            dt.datetime(2026, 10, 25, 1, 30, 0, 123_000, tzinfo=dt.UTC),
        ],
        "built_on": [dt.date(1899, 12, 31), dt.date(2026, 3, 29)],
        "level": [1.25, -0.5],
        "serial": [1_234_567_890_123_456, 7],
        "is_wet": [True, None],
        "latitude": [58.97, None],
        "longitude": [5.73, 5.0],
    },
    schema_overrides={"read_at": pl.Datetime("us", "UTC")},
)
SHAPE = Shape("harbour", ROWS.schema, Place(Geometry(north="latitude", east="longitude")))


def written(form: Form, folder: Path, rows: pl.DataFrame = ROWS) -> Path:
    """The rows in that form."""
    path = form.path(SHAPE, folder)
    form.write([form.located(rows, SHAPE)], SHAPE, path)
    return path
